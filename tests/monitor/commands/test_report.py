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


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--site=a.cn", "--quarter=2026Q5"), "--quarter: '2026Q5' is no quarter; write it as 2026Q3"),
        (("--site=a.cn", "--quarter=2099Q1"), "--quarter: 2099Q1 has not begun; today is "),
        (("--site=a.cn", "--from=2026-02-30", "--to=2026-03-01"), "'2026-02-30' 不合格式"),
        (("--site=a.cn", "--from=2026-03-02", "--to=2026-03-01"), "--from: 2026-03-02 is after --to, 2026-03-01"),
        (("--site=a.cn", "--from=2026-03-02", "--to=2099-03-01"), "--to: 2099-03-01 is yet to come; today is "),
        (("--site=a.cn", "--from=2026-03-02"), "a period needs --quarter, or both --from and --to"),
        (("--site=a.cn", "--quarter=2026Q3", "--from=2026-03-02"), "stands in the place of --from and --to"),
        (("--site=b.cn", "--quarter=2026Q3"), "nobody has inspected 'b.cn'; did you mean a.cn?"),
        (("--quarter=2026Q3",), "a period needs --site"),
        (("--site=a.cn", "--quarter=2026Q3", "--format=csv"), "a period has no format 'csv'; allowed: html, docx"),
        (("1", "--site=a.cn"), "请给出检查编号，或者 --site"),
        ((), "请给出检查编号，或者 --site"),
        (("7",), "there is no run 7"),
        (("1", "--format=odt"), "unknown format 'odt'"),
        (("1", "--set=report.logo=/nowhere.png"), "report.logo: /nowhere.png: No such file or directory"),
    ],
)
def test_what_cannot_be_written_is_named(feed, tmp_path, options, fault):
    assert fault in report(tmp_path, *options, code=2)


def test_a_site_speaks_its_own_language(feed, tmp_path):
    document = json.loads(report(tmp_path, "1", "--format=json", "--out=-", "--set=report.language=en"))
    assert document["language"] == "en"
