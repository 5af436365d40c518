"""Every alert fires when it should and stays silent when it should not, by promtool's own reckoning."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, ROOT

pytestmark = pytest.mark.slow

RULES = DEPLOY / "prometheus" / "rules"
DAY = 24 * 60
"""Minutes."""
SLOW = 10
"""Minutes between the values of a series that is looked at for a day: a value a minute takes ten times as long."""


class Case(NamedTuple):
    """Series (name → values in promtool's notation) and whether the alert fires ``after`` minutes.

    Values are ``step`` minutes apart, and rules are looked at as often.
    """

    alert: str
    series: dict[str, str]
    after: int
    fires: bool
    step: int = 1


SITE = '{site="a"}'
HOME = '{site="a", scope="homepage"}'
WHOLE = '{site="a", scope="site"}'
SUCCESS = "sitehealth_inspection_last_success_timestamp_seconds"
INTERVAL = "sitehealth_inspection_interval_seconds"
NO_SUCCESS = {SUCCESS + HOME: "0x200", INTERVAL + HOME: "1x200"}
COLUMN = '{site="a", column="通知公告"}'
UPDATED, LIMIT = "sitehealth_column_last_update_timestamp_seconds", "sitehealth_column_max_age_seconds"
ENDS = 'sitehealth_tls_certificate_not_after_timestamp_seconds{site="a", host="a.cn"}'
RATIO, PROBES = "sitehealth_availability_ratio", "sitehealth_availability_probes"
FAULT, UNJUDGED = "sitehealth_inspection_network_fault", "sitehealth_availability_unjudged_total"
FUNCTION = 'sitehealth_probe_success{site="a", probe="办件查询"}'
MEDIA = 'sitehealth_media_last_post_timestamp_seconds{site="a", account="发布"}'
FAILURES = 'sitehealth_check_failures{site="a", scope="site", check="typos"}'
REPORTS = 'sitehealth_reports_total{format="html", result="%s"}'
MESSAGES = 'sitehealth_messages_total{target="值班群", result="%s"}'
WAITED = 'sitehealth_messages_oldest_waiting_age_seconds{target="值班群"}'
TYPOS = 'sitehealth_findings{site="a", scope="site", family="typos", severity="%s"}'
MISFIRES = 'sitehealth_scheduler_misfires_total{site="a", scope="site", reason="%s"}'
LATE = 'sitehealth_ledger_overdue{site="a", severity="%s"}'
LATE_OF_OTHERS = 'sitehealth_ledger_overdue{site="(others)", severity="minor"}'
LEDGER = 'sitehealth_ledger_entries{site="a", state="%s", severity="major"}'
LEADS = 'sitehealth_scheduler_leads{instance="%s"}'
QUEUE = 'sitehealth_queue_jobs{queue="%s", state="%s"}'
OLDEST = 'sitehealth_queue_oldest_waiting_age_seconds{queue="%s"}'
WORKERS = 'sitehealth_workers{version="1"}'
OTHERS = 'sitehealth_scheduler_misfires_total{site="(others)", scope="site", reason="%s"}'


def broken(scope: str) -> str:
    return f'sitehealth_broken_links{{site="a", scope="{scope}", kind="page", reason="http-404"}}'


def links(scope: str) -> str:
    return f'sitehealth_links{{site="a", scope="{scope}", kind="page"}}'


def backlog(left: str, closed: str, *, fires: bool) -> Case:
    """A month of a site's ledger, an hour a value."""
    series = {LEDGER % "to-fix": left, LEDGER % "closed": closed}
    return Case("SitehealthLedgerBacklogGrows", series, 30 * DAY, fires, step=60)


CASES = [
    Case("SitehealthDown", {'up{job="sitehealth"}': "1 0x20"}, 10, fires=True),
    Case("SitehealthDown", {'up{job="other"}': "1x20"}, 10, fires=True),
    Case("SitehealthDown", {'up{job="sitehealth"}': "0 0 1x20"}, 10, fires=False),
    Case("SitehealthConfigRefused", {"sitehealth_config_last_reload_successful": "0x10"}, 5, fires=True),
    Case("SitehealthConfigRefused", {"sitehealth_config_last_reload_successful": "1x10"}, 5, fires=False),
    Case("SitehealthStoreFails", {"sitehealth_store_available": "0x10"}, 5, fires=True),
    Case("SitehealthStoreFails", {"sitehealth_store_available": "1 0 1x10"}, 5, fires=False),
    Case("SitehealthNobodyLeads", {LEADS % "a": "0x9", LEADS % "b": "1 0x9"}, 6, fires=True),
    Case("SitehealthNobodyLeads", {LEADS % "a": "0x9", LEADS % "b": "0 1x9"}, 6, fires=False),
    Case("SitehealthWorkersGone", {QUEUE % ("site", "waiting"): "7x9"}, 7, fires=True),
    Case("SitehealthWorkersGone", {QUEUE % ("site", "waiting"): "7x9", WORKERS: "1x9"}, 7, fires=False),
    Case("SitehealthWorkersGone", {QUEUE % ("site", "waiting"): "0x9", WORKERS: "0x9"}, 7, fires=False),
    Case("SitehealthQueueWaits", {OLDEST % "homepage": "0+60x400"}, 390, fires=True),
    Case("SitehealthQueueWaits", {OLDEST % "homepage": "0+50x400", OLDEST % "site": "0+600x400"}, 390, fires=False),
    Case("SitehealthJobsBrokeDown", {QUEUE % ("site", "failed"): "0 1x5"}, 3, fires=True),
    Case("SitehealthJobsBrokeDown", {QUEUE % ("site", "failed"): "0x5"}, 3, fires=False),
    Case("SitehealthInspectionOverdue", {SUCCESS + HOME: "1x400", INTERVAL + HOME: "3600x400"}, 300, fires=True),
    Case("SitehealthInspectionOverdue", {SUCCESS + HOME: "1x400", INTERVAL + HOME: "36000x400"}, 300, fires=False),
    Case("SitehealthInspectionOverdue", {SUCCESS + HOME: "0x400", INTERVAL + HOME: "3600x400"}, 300, fires=False),
    Case("SitehealthInspectionFailed", {"sitehealth_inspection_last_success" + WHOLE: "0x5"}, 2, fires=True),
    Case(
        "SitehealthInspectionFailed",
        {
            "sitehealth_inspection_last_success" + WHOLE: "0x5",
            "sitehealth_inspection_retry_timestamp_seconds" + WHOLE: "9x5",
        },
        2,
        fires=False,
    ),
    Case("SitehealthInspectionFailed", {"sitehealth_inspection_last_success" + WHOLE: "1x5"}, 2, fires=False),
    Case("SitehealthNeverSucceeded", NO_SUCCESS, DAY + 10, fires=True, step=SLOW),
    Case("SitehealthNeverSucceeded", NO_SUCCESS, DAY - 10, fires=False, step=SLOW),
    Case("SitehealthNeverSucceeded", {SUCCESS + HOME: "0x200"}, DAY + 10, fires=False, step=SLOW),
    Case("SitehealthHomepageBrokenLinks", {broken("homepage"): "0 1x5"}, 3, fires=True),
    Case("SitehealthHomepageBrokenLinks", {broken("homepage"): "0x5", broken("site"): "9x5"}, 3, fires=False),
    Case("SitehealthBrokenLinkRatio", {broken("site"): "2x5", links("site"): "100x5"}, 3, fires=True),
    Case("SitehealthBrokenLinkRatio", {broken("site"): "1x5", links("site"): "100x5"}, 3, fires=False),
    Case("SitehealthBrokenLinkRatio", {broken("site"): "0x5", links("site"): "0x5"}, 3, fires=False),
    Case("SitehealthStaleColumn", {UPDATED + COLUMN: "0x300", LIMIT + COLUMN: "3600x300"}, 200, fires=True),
    Case("SitehealthStaleColumn", {UPDATED + COLUMN: "0x300", LIMIT + COLUMN: "36000x300"}, 200, fires=False),
    Case("SitehealthStaleColumns", {"sitehealth_stale_columns" + SITE: "2x90"}, 80, fires=True),
    Case("SitehealthStaleColumns", {"sitehealth_stale_columns" + SITE: "0x90"}, 80, fires=False),
    Case(
        "SitehealthStaleColumns",
        {"sitehealth_stale_columns" + SITE: "2x90", LIMIT + COLUMN: "3600x90"}, 80, fires=False,
    ),
    Case("SitehealthSevereTypo", {TYPOS % "critical": "1x5"}, 3, fires=True),
    Case("SitehealthSevereTypo", {TYPOS % "critical": "0x5", TYPOS % "major": "7x5"}, 3, fires=False),
    Case("SitehealthSecurityScoreDropped", {"sitehealth_security_score" + SITE: "100x5 80x5"}, 8, fires=True),
    Case("SitehealthSecurityScoreDropped", {"sitehealth_security_score" + SITE: "80x5 100x5"}, 8, fires=False),
    Case("SitehealthSecurityScoreDropped", {"sitehealth_security_score" + SITE: "100x5 95x5"}, 8, fires=False),
    Case("SitehealthCertificateExpiring", {ENDS: f"{20 * 86_400}x90"}, 80, fires=True),
    Case("SitehealthCertificateExpiring", {ENDS: "60x90"}, 80, fires=True),
    Case("SitehealthCertificateExpiring", {ENDS: f"{90 * 86_400}x90"}, 80, fires=False),
    Case("SitehealthNetworkFault", {FAULT + HOME: "1x5", FAULT + WHOLE: "0x5"}, 1, fires=True),
    Case("SitehealthNetworkFault", {UNJUDGED: "0x9 3x9"}, 15, fires=True),
    Case("SitehealthNetworkFault", {FAULT + HOME: "0x5", UNJUDGED: "3x5"}, 3, fires=False),
    Case("SitehealthAvailabilityLow", {RATIO + SITE: "0.96x5", PROBES + SITE: "100x5"}, 3, fires=True),
    Case("SitehealthAvailabilityLow", {RATIO + SITE: "0.97x5", PROBES + SITE: "100x5"}, 3, fires=False),
    Case("SitehealthAvailabilityLow", {RATIO + SITE: "0.5x5", PROBES + SITE: "4x5"}, 3, fires=False),
    Case("SitehealthFunctionFails", {FUNCTION: "1 1 0x5"}, 3, fires=True),
    Case("SitehealthFunctionFails", {FUNCTION: "0 0 1x5"}, 3, fires=False),
    Case("SitehealthMediaAccountStale", {MEDIA: "-1036800x5"}, 3, fires=True),
    Case("SitehealthMediaAccountStale", {MEDIA: "-1036000x5"}, 3, fires=False),
    Case("SitehealthRoundSkipped", {OTHERS % "skipped": "3x5 4x10"}, 10, fires=True),
    Case("SitehealthRoundSkipped", {MISFIRES % "skipped": "0x5 1x10"}, 10, fires=True),
    Case("SitehealthRoundSkipped", {MISFIRES % "skipped": "3x15", MISFIRES % "missed": "0x5 4x10"}, 10, fires=False),
    Case("SitehealthCheckFails", {FAILURES: "0 1x5"}, 4, fires=True),
    Case("SitehealthCheckFails", {FAILURES: "0x5"}, 4, fires=False),
    Case("SitehealthAddressesUnjudged", {f"sitehealth_inspection_unjudged{WHOLE}": "0 2x5"}, 4, fires=True),
    Case("SitehealthAddressesUnjudged", {f"sitehealth_inspection_unjudged{WHOLE}": "0x5"}, 4, fires=False),
    Case("SitehealthReportFailed", {REPORTS % "failure": "0x5 1x9"}, 9, fires=True),
    Case("SitehealthReportFailed", {REPORTS % "success": "0x5 1x9"}, 9, fires=False),
    Case("SitehealthMessageGivenUp", {MESSAGES % "given-up": "0x5 1x9"}, 9, fires=True),
    Case("SitehealthMessageGivenUp", {MESSAGES % "given-up": "3x15", MESSAGES % "failed": "0x5 9x9"}, 9, fires=False),
    Case("SitehealthMessagesWait", {WAITED: "0+60x90"}, 80, fires=True),
    Case("SitehealthMessagesWait", {WAITED: "0+60x60 0x30"}, 80, fires=False),
    Case("SitehealthLedgerOverdue", {LATE % "minor": "0x5 1x90", LATE % "major": "0x95"}, 80, fires=True),
    Case("SitehealthLedgerOverdue", {LATE % "minor": "2x30 0x90"}, 80, fires=False),
    backlog("100+0.05x800", "50+0.04x800", fires=True),
    backlog("100+0.05x800", "50+0.06x800", fires=False),  # more is closed than comes in
    backlog("100x800", "50x800", fires=False),
    backlog("100x300 160x500", "50x800", fires=False),  # one great round
    backlog("100+0.05x500 120x300", "50x800", fires=False),  # it has stopped
]  # fmt: skip


def alerts() -> list[dict]:
    document = yaml.safe_load((RULES / "alerts.yml").read_text("utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def as_test(case: Case) -> dict:
    """Return a case as promtool reads it."""
    expected = [{"labels": f'{{alertname="{case.alert}"}}', "value": 1}] if case.fires else []
    firing = f'count by (alertname) (ALERTS{{alertname="{case.alert}", alertstate="firing"}})'
    return {
        "interval": f"{case.step}m",
        "input_series": [{"series": name, "values": values} for name, values in case.series.items()],
        "promql_expr_test": [{"expr": firing, "eval_time": f"{case.after}m", "exp_samples": expected}],
    }


def write_test_file(folder: Path, rule: dict, step: int) -> Path:
    """Write the cases of an alert whose values are ``step`` minutes apart, and the rule in a file of its own.

    promtool reckons every rule of its files at every step of every case. No alert looks at another, and with all 30 of
    them beside each case the tests took 31 CPU seconds, not 6.
    """
    name = rule["alert"]
    alone = folder / f"{name}.yml"
    alone.write_text(yaml.safe_dump({"groups": [{"name": "sitehealth", "rules": [rule]}]}), "utf-8")
    document = {
        "rule_files": [str(RULES / "recording.yml"), str(alone)],
        "evaluation_interval": f"{step}m",
        "group_eval_order": ["sitehealth-figures", "sitehealth"],
        "tests": [as_test(case) for case in CASES if (case.alert, case.step) == (name, step)],
    }
    written = folder / f"{name}-{step}.yml"
    written.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return written


def test_every_alert_fires_and_stays_silent(programs, tmp_path):
    steps = {(case.alert, case.step) for case in CASES}
    files = [
        write_test_file(tmp_path, rule, step) for rule in alerts() for name, step in steps if name == rule["alert"]
    ]
    assert len(files) == len(steps)
    done = subprocess.run(["promtool", "test", "rules", *files], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


OF_NO_SITE = {
    "SitehealthLedgerOverdue": (
        {LATE_OF_OTHERS: "7x90"},
        ("各网站合计有 7 个提示级问题逾期未整改", "all sites together: 7 minor fault(s) are overdue"),
    ),
    "SitehealthRoundSkipped": (
        {OTHERS % "skipped": "0x5 1x90"},
        ("有网站跳过了一次检查", "some site: a round was skipped"),
    ),
    "SitehealthNetworkFault": (
        {UNJUDGED: "0+1x90"},
        (
            "本机网络有问题，外部链接或首页没有判断",
            "our own network could not judge external links or homepages",
        ),
    ),
}
"""What alerts say that are about no site: of all together, where there are thousands, or of this machine."""


@pytest.mark.parametrize("alert", OF_NO_SITE)
def test_an_alert_of_no_site_says_what_it_is_about_in_words(programs, tmp_path, alert):
    series, (chinese, english) = OF_NO_SITE[alert]
    rule = next(rule for rule in alerts() if rule["alert"] == alert)
    labels = {"site": "(others)"} if any("(others)" in name for name in series) else {}
    said = rule["annotations"] | {"summary": chinese, "summary_en": english}
    expected = {"exp_labels": rule["labels"] | labels, "exp_annotations": said}
    if alert == "SitehealthRoundSkipped":
        expected["exp_labels"] |= {"scope": "site", "reason": "skipped"}
    (tmp_path / "rule.yml").write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": [rule]}]}), "utf-8")
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [{"eval_time": "70m", "alertname": alert, "exp_alerts": [expected]}],
    }
    written = tmp_path / "test.yml"
    written.write_text(yaml.safe_dump({"rule_files": ["rule.yml"], "tests": [test]}, allow_unicode=True), "utf-8")
    done = subprocess.run(["promtool", "test", "rules", written], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_alert_looks_at_another():
    """Else one could not be tried without the rest."""
    assert [rule["alert"] for rule in alerts() if "ALERTS" in rule["expr"]] == []


def test_every_alert_has_a_case_of_both_kinds():
    assert {(case.alert, case.fires) for case in CASES} == {
        (rule["alert"], fires) for rule in alerts() for fires in (True, False)
    }


def test_the_rules_are_well_formed(programs):
    done = subprocess.run(
        ["promtool", "check", "rules", *RULES.glob("*.yml")], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_are_well_formed(programs):
    for command in (
        ["promtool", "check", "config", "prometheus.yml"],
        ["amtool", "check-config", "../alertmanager/alertmanager.yml"],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=DEPLOY / "prometheus")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_every_alert_speaks_both_languages_and_has_a_runbook(rule):
    said = rule["annotations"]
    assert re.search("[一-鿿]", said["summary"])
    assert re.search("[一-鿿]", said["description"])
    assert said["summary_en"].isascii() or "“" in said["summary_en"]
    assert said["description_en"]
    path, _, anchor = said["runbook"].partition("#")
    headings = re.findall(r"^## (\w+)", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    assert anchor in {heading.lower() for heading in headings}
    assert rule["labels"]["severity"] in {"critical", "warning"}


def test_every_runbook_has_its_alert():
    headings = re.findall(r"^## (Sitehealth\w+)", (ROOT / "docs" / "runbooks.md").read_text("utf-8"), re.MULTILINE)
    assert headings == [rule["alert"] for rule in alerts()]
