"""Metrics over a store: right after a restart, zero where nothing is wrong, silent about sites that are gone."""

from __future__ import annotations

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.exposition import generate_latest as openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from checks import RULES
from checks.model import ColumnStatus, ColumnType, Finding
from checks.scoring.sheet import Score
from monitor.output.report import build_report
from monitor.service.metrics.store import StoreCollector
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.probe_results import ProbeStore
from monitor.store.run_facts import PicturesRead, RunFacts, TextRead
from monitor.store.schedules import ScheduleRecord, ScheduleStore
from monitor.store.schema import findings
from monitor.store.statistics import Statistics
from monitor.store.upkeep import prune
from reports.model import ColumnSummary, Security, Tally
from reports.remediation.changes import WantedChange
from reports.remediation.states import WORKING, State
from tests.monitor.feeding import Feed, fault

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 12, tzinfo=SHANGHAI).timestamp()


def column(name: str, newest: date | None, status: ColumnStatus) -> ColumnSummary:
    return ColumnSummary(name, f"http://a.cn/{name}/", ColumnType.NOTICE, 1, newest, 14, status)


FACTS = RunFacts(
    checks=(Tally("links", 90, 3), Tally("typos", 90, 3, errors=2, failed=("http://a.cn/x",))),
    links={"page": 90, "image": 10},
    text={"typos": TextRead(10_000, 0.5)},
    columns=(
        column("通知公告", date(2026, 11, 20), ColumnStatus.FRESH),
        column("工作动态", date(2026, 1, 1), ColumnStatus.STALE),
        column("历史专题", date(2010, 1, 1), ColumnStatus.EXEMPT),
        column("空白栏目", None, ColumnStatus.BLANK),
    ),
    security=Security(75, "B"),
    score=Score("census-2015", 92.5),
    certificate_not_after=NOW + 3600,
    unjudged=2,
    pictures=PicturesRead(12, 1, 20.5),
)


class Made:
    """A store and what is collected from it."""

    def __init__(self, store: Store, *sites: str, probes: tuple[str, ...] = (), **daemon: int) -> None:
        self.store = store
        self.configure(*sites, probes=probes, **daemon)
        self.collector = StoreCollector(store, lambda: self.settings, self.calendars, lambda: NOW)

    def calendars(self):
        return self.settings.calendars()

    def configure(self, *sites: str, probes: tuple[str, ...] = (), **daemon: int) -> None:
        tried = [{"name": name, "steps": [{"url": "/"}]} for name in probes]
        listed = [{"url": f"http://{name}.cn/", "id": name, "name": f"{name} 局", "probes": tried} for name in sites]
        self.settings = Settings.model_validate({"sites": listed, "daemon": daemon, "schedule": {"spread": 0}})

    def run(self, site: str, scope: str = "site", status: str = "complete", rows: tuple = (), facts=FACTS) -> int:
        run = self.store.runs.begin(
            site=site, name="", url=f"http://{site}.cn/", scope=scope, engine="", scheduled_for=None
        )
        for number, (rule, severity, confidence, baseline, body) in enumerate(rows):
            row = {"run": run.id, "fingerprint": f"{number}", "check": "links", "rule": rule, "severity": severity}
            with self.store.engine.begin() as connection:
                connection.execute(
                    findings.insert(), [row | {"confidence": confidence, "baseline": baseline, "body": body}]
                )
        self.store.runs.finish(run.id, status=status, pages=7, facts=facts)
        return run.id

    def samples(self) -> dict[tuple[str, frozenset], float]:
        registry = CollectorRegistry()
        registry.register(self.collector)
        text = openmetrics(registry).decode()
        return {
            (sample.name.removeprefix("sitehealth_"), frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def value(self, metric: str, /, **labels: str) -> float | None:
        return self.samples().get((metric, frozenset(labels.items())))


def link(kind: str, reason: str = "") -> dict:
    return {"rule": "broken-link", "target": {"kind": kind}} | ({"variant": reason} if reason else {})


ROWS = (
    ("broken-link", "major", "confirmed", "new", link("page", "http-404")),
    ("broken-link", "major", "confirmed", "unchanged", link("page", "http-404")),
    ("broken-link", "major", "confirmed", "reopened", link("image", "dns")),
    ("broken-link", "major", "suspected", "new", link("page", "timeout")),
    ("soft-404", "major", "confirmed", "unchanged", link("page")),
    ("blocked-link", "minor", "confirmed", "unchanged", link("page")),
    ("a-rule-of-long-ago", "critical", "confirmed", "unchanged", {}),
)


def test_what_a_run_found_is_counted(store):
    made = Made(store, "a")
    made.run("a", rows=ROWS)
    at = {"site": "a", "scope": "site"}
    assert made.value("broken_links", **at, kind="page", reason="http-404") == 2
    assert made.value("broken_links", **at, kind="image", reason="dns") == 1
    assert made.value("broken_links", **at, kind="page", reason="soft-404") == 1
    assert made.value("broken_links", **at, kind="page", reason="timeout") is None
    assert made.value("broken_links", **at, kind="script", reason="http-404") is None
    assert made.value("links", **at, kind="page") == 90
    assert made.value("findings", **at, family="links", severity="major") == 4
    assert made.value("findings", **at, family="typos", severity="critical") == 0
    assert made.value("findings", **at, family="retired", severity="critical") == 1
    assert made.value("suspected_findings", **at) == 1
    assert made.value("findings_new", **at) == 3
    assert made.value("pages", **at) == 7
    assert made.value("text_check_characters", **at, check="typos") == 10_000
    pictures = [made.value(f"pictures_{name}", **at) for name in ("read", "unread", "seconds")]
    assert pictures == [12, 1, 20.5]


def test_the_last_run_that_saw_the_site_counts(store):
    made = Made(store, "a")
    made.run("a", rows=ROWS)
    made.run("a", status="failed", facts=RunFacts())
    at = {"site": "a", "scope": "site"}
    assert made.value("inspection_last_success", **at) == 0
    assert made.value("broken_links", **at, kind="page", reason="http-404") == 2
    assert made.value("inspections_total", **at, result="failed") == 1
    assert made.value("inspection_last_success_timestamp_seconds", **at) == pytest.approx(time.time(), abs=60)
    made.run("a")
    assert made.value("inspection_last_success", **at) == 1
    assert made.value("broken_links", **at, kind="page", reason="http-404") == 0


def test_a_site_without_runs_is_shown_as_such(store):
    made = Made(store, "a")
    at = {"site": "a", "scope": "homepage"}
    assert made.value("inspections_total", **at, result="complete") == 0
    assert made.value("inspection_last_success_timestamp_seconds", **at) == 0
    assert made.value("inspection_last_success", **at) is None
    assert made.value("inspection_interval_seconds", **at) == 7 * 86_400
    monday = datetime(2026, 11, 30, 2, tzinfo=SHANGHAI).timestamp()
    assert made.value("inspection_next_run_timestamp_seconds", **at) == monday
    assert made.value("scheduler_misfires_total", **at, reason="skipped") == 0
    assert made.value("site_info", site="a", name="a 局", url="http://a.cn/") == 1
    assert made.value("availability_probes", site="a") == 0
    assert made.value("availability_ratio", site="a") is None


def test_a_site_that_is_gone_leaves_no_series(store):
    made = Made(store, "a", "b")
    for site in ("a", "b"):
        made.run(site, rows=ROWS)
        made.run(site, scope="homepage")
    Statistics(store.engine).probed("a", "2026-11-24", failed=False)
    assert any(("site", "a") in labels for _, labels in made.samples())
    made.configure("b")
    assert not any(("site", "a") in labels for _, labels in made.samples())


def test_what_checks_failed_on_is_counted_by_check(store):
    made = Made(store, "a")
    made.run("a")
    at = {"site": "a", "scope": "site"}
    assert made.value("check_failures", **at, check="typos") == 2
    assert made.value("check_failures", **at, check="links") == 0


def test_columns_are_as_fresh_as_the_last_full_inspection_saw_them(store):
    made = Made(store, "a")
    made.run("a")
    newest = datetime(2026, 11, 20, tzinfo=SHANGHAI).timestamp()
    assert made.value("column_last_update_timestamp_seconds", site="a", column="通知公告") == newest
    assert made.value("column_max_age_seconds", site="a", column="工作动态") == 14 * 86_400
    assert made.value("column_max_age_seconds", site="a", column="历史专题") is None
    assert made.value("stale_columns", site="a") == 1


def test_grades_are_those_of_the_newest_run_that_has_them(store):
    made = Made(store, "a")
    made.run("a")
    made.run("a", scope="homepage", facts=RunFacts(security=Security(90, "A-")))
    assert made.value("security_score", site="a") == 90
    assert made.value("security_grade_info", site="a", grade="A-") == 1
    assert made.value("security_grade_info", site="a", grade="B") is None
    assert made.value("score_points", site="a") == 92.5
    assert made.value("tls_certificate_not_after_timestamp_seconds", site="a", host="a.cn") == NOW + 3600


def test_facts_of_another_version_hurt_nobody(store):
    made = Made(store, "a")
    made.run("a", facts={"columns": [{"name": "x", "newest": "soon"}], "security": [1], "links": "many", "score": {}})
    assert made.value("security_score", site="a") is None
    assert made.value("links", site="a", scope="site", kind="page") == 0


def test_history_and_misfires_are_the_stores(store):
    feed = Feed(store, "a")
    feed.run([fault("a"), fault("b"), fault("c")], scope="site")
    feed.run([fault("a"), fault("b"), fault("c")])
    wrong = next(each.number for each in feed.ledger.select() if each.page.endswith("/c"))
    feed.ledger.change([wrong], WantedChange(state=State.FALSE_POSITIVE, reason="没有错"), "张三")
    run, _ = feed.run([fault("a")], scope="site")
    made = Made(store, "a")
    ScheduleStore(store.engine).save({("a", "site"): ScheduleRecord("", 0.0, None, 3, 5)})
    at = {"site": "a", "scope": "site"}
    assert (made.value("findings_open", **at), made.value("findings_fixed", **at)) == (1, 1)
    assert made.value("findings_fixed", **at) == len(build_report(store, run.id).fixed)
    assert made.value("scheduler_misfires_total", **at, reason="skipped") == 3
    assert made.value("scheduler_misfires_total", **at, reason="missed") == 5


def test_open_findings_are_the_working_entries_of_the_ledger(store):
    """Of one scope, and without what people decided to live with: a false positive is none, and counts nowhere."""
    feed = Feed(store, "a")
    feed.run([fault("a"), fault("b"), fault("c", sure=False)], scope="site")
    feed.run([fault("a"), fault("b")], looked=["a", "b"])
    feed.ledger.change([1], WantedChange(state=State.FALSE_POSITIVE, reason="没有错"), "张三")
    made = Made(store, "a")
    working = sum(1 for each in feed.ledger.select(LedgerFilter(states=WORKING)))
    assert made.value("findings_open", site="a", scope="site") == working == 2
    assert made.value("findings_open", site="a", scope="homepage") == 1


def test_availability_is_over_seven_days(store):
    made = Made(store, "a")
    statistics = Statistics(store.engine)
    for day, failed in (("2026-11-24", False), ("2026-11-18", True), ("2026-11-18", False), ("2026-11-17", True)):
        statistics.probed("a", day, failed=failed)
    assert made.value("availability_ratio", site="a") == pytest.approx(2 / 3)
    assert made.value("availability_probes", site="a") == 3


def test_functions_are_as_they_were_when_last_tried(store):
    made = Made(store, "a", probes=("登录", "查询", "申报"))
    results = ProbeStore(store.engine)
    results.save("a", "登录", NOW - 60, 0.5, None)
    broken = Finding(RULES["failed-probe"], "http://a.cn/", "查询")
    results.save("a", "查询", NOW - 90, 0.2, broken)
    results.save("a", "早已取消", NOW, 0.2, broken)
    assert made.value("probe_success", site="a", probe="登录") == 1
    assert made.value("probe_success", site="a", probe="查询") == 0
    assert made.value("probe_success", site="a", probe="申报") is None
    assert made.value("probe_success", site="a", probe="早已取消") is None
    assert made.value("probe_duration_seconds", site="a", probe="登录") == 0.5
    assert made.value("probe_last_run_timestamp_seconds", site="a", probe="查询") == NOW - 90


def test_durations_are_counted_by_scope(store):
    made = Made(store, "a")
    made.run("a")
    assert made.value("inspection_duration_seconds_count", scope="site") == 1
    assert made.value("inspection_duration_seconds_bucket", scope="site", le="10.0") == 1
    assert made.value("inspection_duration_seconds_count", scope="homepage") == 0


def test_pruning_keeps_the_last_two_runs_and_every_count(store):
    made = Made(store, "a")
    numbers = [made.run("a", rows=ROWS) for _ in range(4)]
    dropped = prune(store.engine, findings_days=1, verdicts_days=400, snapshots_days=1, now=time.time() + 10 * 86_400)
    assert dropped == 2 * len(ROWS)
    assert [store.runs.load(number).facts != RunFacts() for number in numbers] == [False, False, True, True]
    assert made.value("inspections_total", site="a", scope="site", result="complete") == 4
    assert made.value("broken_links", site="a", scope="site", kind="page", reason="http-404") == 2
    assert prune(store.engine, findings_days=1, verdicts_days=400, snapshots_days=1, now=time.time() + 10 * 86_400) == 0
