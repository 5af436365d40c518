"""Commands over groups of sites that nest: list, count, export and status, of one group or group by group."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy import select, update

from monitor.beijing import beijing_time
from monitor.cli import main
from monitor.output.period import KnownSite, build_report_of_sites
from monitor.remediation.ledger import Ledger
from monitor.settings.config_file import load
from monitor.settings.site_groups import right_below
from monitor.store import Store
from monitor.store.schema import runs
from reports.period.period_report import Period
from reports.remediation.policy import LedgerPolicy
from tests.monitor.feeding import Feed, fault

CONFIG = """\
store: {{url: 'sqlite:///{}'}}
schedule: {{quarterly: {{run: false}}}}
sites:
- {{url: http://a.cn, group: 甲省/东市}}
- {{url: http://b.cn, group: 甲省/西市}}
- {{url: http://c.cn, group: 甲省}}
- {{url: http://d.cn, group: 乙省}}
- {{url: http://e.cn}}
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """Sites with 1 to 4 open faults, of which the first two were scored."""
    folder = tmp_path_factory.mktemp("province")
    path = folder / "config.yaml"
    path.write_text(CONFIG.format(folder / "store.db"), "utf-8")
    scores = {"a.cn": 80.0, "b.cn": 90.5}
    with Store(f"sqlite:///{folder / 'store.db'}") as store:
        for count, site in enumerate(("a.cn", "b.cn", "c.cn", "d.cn"), 1):
            feed = Feed(store, now=time.time() - 40 * 86_400, site=site)
            run, _ = feed.run([fault(str(n)) for n in range(count)])
            if site in scores:
                with store.engine.begin() as connection:
                    known = connection.execute(select(runs.c.facts).where(runs.c.id == run.id)).scalar_one() or {}
                    score = {"profile": "census-2015", "points": scores[site], "veto": [], "items": [], "unjudged": []}
                    connection.execute(update(runs).where(runs.c.id == run.id).values(facts=known | {"score": score}))
    return path


def sitehealth(config, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, [*arguments, "--config", str(config)])
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.output


def listed(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(("group", "count"), [("甲省", 6), ("甲省/东市", 1), ("乙省", 4)])
def test_the_entries_of_a_group_are_those_of_all_that_lies_in_it(config, tmp_path, group, count):
    assert len(listed(sitehealth(config, "ledger", "list", "--group", group, "--format", "json"))) == count
    assert (
        listed(sitehealth(config, "ledger", "stats", "--group", group, "--format", "json"))[0]["total"]["open"] == count
    )
    file = tmp_path / "out.xlsx"
    assert f"{count} 个问题" in sitehealth(config, "ledger", "export", "--group", group, "--out", str(file))
    assert load_workbook(file)


def test_figures_are_those_of_each_group_right_below(config):
    def figures(*options: str) -> list[tuple[str, int]]:
        lines = listed(sitehealth(config, "ledger", "stats", "--by", "group", "--format", "json", *options))
        return [(line["group"], line["open"]) for line in lines]

    assert figures() == [("甲省", 6), ("乙省", 4)]
    assert figures("--group", "甲省") == [("甲省/西市", 2), ("甲省/东市", 1)]
    assert sitehealth(config, "ledger", "stats", "--by", "group").startswith("甲省  发现 6")


def test_status_has_the_sites_of_a_group_or_its_groups_the_lowest_score_first(config):
    sites = [line["site"] for line in listed(sitehealth(config, "status", "--group", "甲省", "--format", "json"))]
    assert sites == ["a.cn", "b.cn", "c.cn"]
    rows = listed(sitehealth(config, "status", "--by-group", "--format", "json"))
    assert [(row["group"], row["sites"], row["score"], row["open"]) for row in rows] == [
        ("甲省", 3, 85.2, 6),
        ("乙省", 1, None, 4),
    ]
    assert rows[0] | {"group": "", "score": 0} == {
        "group": "", "sites": 3, "unseen": 0, "failed": 0, "vetoed": 0, "score": 0, "open": 6, "overdue": 6,
        "to_verify": 0,
    }  # fmt: skip
    within = sitehealth(config, "status", "--by-group", "--group", "甲省").splitlines()
    assert [line.split()[0] for line in within] == ["网站分组", "甲省/东市", "甲省/西市"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ledger", "list", "--group", "甲"), "没有名为“甲”的网站组；是不是 甲省？"),
        (("ledger", "stats", "--group", "丁", "--by", "site"), "没有名为“丁”的网站组；现有：乙省, 甲省"),
        (("status", "--group", "甲省/东"), "是不是 甲省/东市？"),
        (("status", "--by-group", "--group", "乙省"), "乙省没有下级网站组"),
        (("ledger", "list", "--group", "甲省", "--site", "a.cn"), "--site 和 --group 只能给一个"),
        (("ledger", "stats", "--group", "甲省", "--site", "a.cn"), "--site 和 --group 只能给一个"),
    ],
)
def test_what_cannot_be_meant_is_said(config, arguments, told):
    assert told in sitehealth(config, *arguments, code=2)


def test_the_report_of_a_period_ranks_the_groups_right_below(config, tmp_path):
    def ranked(*options: str) -> list[tuple[str, int]]:
        today = time.strftime("%Y-%m-%d")
        days = ["--from", "2020-01-01", "--to", today]
        sitehealth(config, "report", *days, "--format", "json", "--out", str(tmp_path), *options)
        (path,) = tmp_path.glob("*.json")
        document = json.loads(path.read_text("utf-8"))
        path.unlink()
        return [(group["name"], group["open"]) for group in document["groups"]]

    assert ranked() == [("甲省", 6), ("乙省", 4), ("", 0)]  # the first alone has scores, the second has most overdue
    assert ranked("--group", "甲省") == [("东市", 1), ("西市", 2), ("", 3)]
    assert ranked("--group", "乙省") == []


def test_runs_are_those_of_a_group(config):
    assert [row["site"] for row in listed(sitehealth(config, "runs", "--group", "甲省", "--format", "json"))] == [
        "c.cn",
        "b.cn",
        "a.cn",
    ]
    assert "--site 和 --group 只能给一个" in sitehealth(config, "runs", "--group", "甲省", "--site", "a.cn", code=2)


def test_no_group_is_named_none_of_whose_sites_the_reader_may_see(config):
    settings = load(config, ())
    known = {site.key: KnownSite(site.key, site.key, site.url) for site in settings.sites}
    seen = {name: known[name] for name in ("a.cn", "c.cn", "e.cn")}
    with Store(settings.store.url.get_secret_value()) as store:
        period = Period(date(2020, 1, 1), beijing_time(time.time()).date())
        parts = right_below(settings.members, "")
        report = build_report_of_sites(store, Ledger(store, LedgerPolicy()), seen, period, parts=parts)
    assert [(each.name, {site.id for site in each.sites}) for each in report.groups] == [
        ("甲省", {"a.cn", "c.cn"}),
        ("", {"e.cn"}),
    ]
