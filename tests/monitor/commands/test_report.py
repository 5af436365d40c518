"""`sitehealth report` writes a run again or a period, whose figures are the ledger's, and names what it cannot do."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from monitor.beijing import ZONE
from monitor.cli import main
from monitor.store import Store
from reports.remediation.changes import WantedChange
from tests.monitor.feeding import DAY, Feed, fault

JULY = datetime(2026, 7, 6, 2, tzinfo=ZONE).timestamp()


@pytest.fixture
def feed(tmp_path):
    """A site whose quarter had three runs: two faults were found, one of them was closed, one more was found later."""
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        made = Feed(store, "a.cn", name="甲局", now=JULY)
        made.run([fault("a"), fault("b")])
        made.now += 10 * DAY
        made.run([fault("a")])
        made.now += 60 * DAY
        made.run([fault("a"), fault("c")])
        numbers = [entry.number for entry in made.ledger.select() if entry.page.endswith("/a")]
        made.ledger.change(numbers, WantedChange(department="办公室"), "张三")
        yield made


def report(tmp_path, *options, code=0):
    config = tmp_path / "config.yaml"
    store = f"store: {{url: 'sqlite:///{tmp_path / 'store.db'}'}}\n"
    config.write_text(f"{store}report: {{folder: '{tmp_path / 'out'}'}}\n")
    done = CliRunner().invoke(main, ["report", "--config", str(config), *options])
    assert done.exit_code == code, done.output
    return done.output


def test_the_figures_of_a_quarter_are_those_of_the_ledger(feed, tmp_path):
    written = report(tmp_path, "--site", "a.cn", "--quarter", "2026Q3", "--format", "json,markdown")
    assert [line.rpartition("/")[2] for line in written.splitlines()] == ["a.cn-2026Q3.json", "a.cn-2026Q3.md"]
    document = json.loads((tmp_path / "out" / "a.cn-2026Q3.json").read_text("utf-8"))
    total = feed.ledger.count("a.cn", date(2026, 7, 1), date(2026, 9, 30)).total
    assert (total.found, total.closed, total.open, total.median_days) == (3, 1, 2, 10.0)
    assert {name: document["total"][name] for name in ("found", "closed", "open", "reopened", "median_days")} == {
        name: getattr(total, name) for name in ("found", "closed", "open", "reopened", "median_days")
    }
    assert [month["found"] for month in document["months"]] == [2, 0, 1]
    assert [run["id"] for run in document["runs"]] == [1, 2, 3]
    assert {entry["department"] for entry in document["open"]} == {"办公室", ""}


def test_days_may_be_given_in_the_place_of_a_quarter(feed, tmp_path):
    document = json.loads(
        report(tmp_path, "--site=a.cn", "--from=2026-07-10", "--to=2026-08-31", "--format=json", "--out=-")
    )
    assert (document["total"]["found"], document["total"]["closed"]) == (0, 1)
    assert [run["id"] for run in document["runs"]] == [2]


def of_sites(tmp_path, *options):
    return json.loads(report(tmp_path, *options, "--quarter=2026Q3", "--format=json", "--out=-"))


def test_a_quarter_of_all_sites_adds_up_to_the_ledger_and_to_the_report_of_each(feed, tmp_path):
    """Beside the first site: one that comes back and is late, and one of config.yaml that nobody has inspected."""
    other = Feed(feed.store, "b.cn", name="乙局", now=JULY)
    other.run([fault("a"), fault("d"), fault("e", sure=False)])
    other.now += DAY
    other.run([fault("d")])
    other.now += DAY
    other.run([fault("a")])
    sites = "sites=[{id: c.cn, url: 'http://c.cn/', name: 丙局}, {id: b.cn, url: 'http://b.cn/', name: 乙局}]"
    document = of_sites(tmp_path, f"--set={sites}")
    assert {site["id"]: site["name"] for site in document["sites"]} == {"a.cn": "甲局", "b.cn": "乙局", "c.cn": "丙局"}
    ledger = feed.ledger.count("", date(2026, 7, 1), date(2026, 9, 30)).total
    for figure in ("found", "closed", "reopened", "open", "overdue"):
        of_each = {site: of_sites(tmp_path, f"--site={site}")["total"][figure] for site in ("a.cn", "b.cn")}
        ranked = {site["id"]: site[figure] for site in document["sites"]}
        assert ranked == of_each | {"c.cn": 0}
        assert sum(ranked.values()) == document["total"][figure]
        assert figure == "overdue" or document["total"][figure] == getattr(ledger, figure)
    assert document["total"]["reopened"] == 1
    listed = [entry["site"] for entry in document["open"]]
    assert {site["id"]: site["open"] for site in document["sites"]} == {
        site: listed.count(site) for site in ("a.cn", "b.cn", "c.cn")
    }
    assert document["sites"][-1] == {
        "place": 3, "id": "c.cn", "name": "丙局", "url": "http://c.cn/", "found": 0, "closed": 0, "open": 0,
        "overdue": 0, "reopened": 0, "median_days": None, "critical": 0, "score": None, "vetoes": 0, "runs": 0,
        "failed": False,
    }  # fmt: skip


def test_the_report_of_a_group_has_its_sites_alone(feed, tmp_path):
    other = Feed(feed.store, "b.cn", name="乙局", now=JULY)
    other.run([fault("d")])
    sites = ["--set=sites=[{id: a.cn, url: 'http://a.cn/'}, {id: b.cn, url: 'http://b.cn/', name: 乙局}]"]
    sites.append("--set=console.groups={教育系统: [b.cn]}")
    document = of_sites(tmp_path, *sites, "--group=教育系统")
    assert (document["group"], [site["id"] for site in document["sites"]]) == ("教育系统", ["b.cn"])
    assert document["total"]["found"] == len(document["open"]) == 1
    written = report(tmp_path, *sites, "--group=教育系统", "--quarter=2026Q3", "--format=markdown")
    assert written.strip().rpartition("/")[2] == "教育系统-2026Q3.md"
    assert "现有：教育系统" in report(tmp_path, *sites, "--group=卫生", "--quarter=2026Q3", code=2)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--site=a.cn", "--quarter=2026Q5"), "--quarter：“2026Q5”不是季度，请写成 2026Q3"),
        (("--site=a.cn", "--quarter=2099Q1"), "--quarter：2099Q1 还没有开始，今天是 "),
        (("--site=a.cn", "--from=2026-02-30", "--to=2026-03-01"), "“2026-02-30”不是日期"),
        (("--site=a.cn", "--from=2026-03-02", "--to=2026-03-01"), "--from：2026-03-02 在 --to（2026-03-01）之后"),
        (("--site=a.cn", "--from=2026-03-02", "--to=2099-03-01"), "--to：2099-03-01 还没有到，今天是 "),
        (("--site=a.cn", "--from=2026-03-02"), "请给出 --quarter，或者 --from 和 --to"),
        (("--site=a.cn", "--quarter=2026Q3", "--from=2026-03-02"), "--quarter 和 --from、--to 只能给一种"),
        (("--site=b.cn", "--quarter=2026Q3"), "还没有检查过“b.cn”；是不是 a.cn？"),
        (("--site=a.cn", "--group=x", "--quarter=2026Q3"), "--site 和 --group 只能给一个"),
        (("--group=教育", "--quarter=2026Q3"), "没有名为“教育”的网站组"),
        (("--site=a.cn", "--quarter=2026Q3", "--format=csv"), "统计期报告没有 csv 格式，可以是：html, docx"),
        (("1", "--site=a.cn"), "请给出检查编号，或者 --quarter"),
        ((), "请给出检查编号，或者 --quarter"),
        (("7",), "没有编号为 7 的检查"),
        (("1", "--format=odt"), "没有 odt 格式"),
        (("1", "--set=report.logo=/nowhere.png"), "report.logo：/nowhere.png：文件不存在"),
    ],
)
def test_what_cannot_be_written_is_named(feed, tmp_path, options, fault):
    assert fault in report(tmp_path, *options, code=2)


def test_a_site_speaks_its_own_language(feed, tmp_path):
    document = json.loads(report(tmp_path, "1", "--format=json", "--out=-", "--set=report.language=en"))
    assert document["language"] == "en"
