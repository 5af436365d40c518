"""The folder of reports: files by site and date, a page with the worst site first, nothing older than it should be."""

from __future__ import annotations

import os
import re
import time
from datetime import date

import pytest

from checks import RULES
from checks.model import Finding, Severity
from monitor.output.publish import list_reports, prune_reports, publish, sweep_leftovers
from monitor.settings.report import ReportSettings
from monitor.store import Store
from reports.index import Listed, index
from reports.remediation.changes import WantedChange
from reports.remediation.states import State
from tests.monitor.feeding import DAY, HOME, Feed, fault


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as made:
        yield made


def run(store: Store, site: str, *severities: str, status: str = "complete") -> int:
    found = [
        Finding(RULES["broken-link"], HOME, str(at), {"status": 404}, "http-404", severity=Severity(severity))
        for at, severity in enumerate(severities)
    ]
    made, _ = Feed(store, site, name=f"{site} 局", now=time.time()).run(found)
    store.runs.finish(made.id, status=status)
    return made.id


def test_reports_are_filed_by_site_date_and_scope(store, tmp_path):
    number = run(store, "a.cn:8080", "major")
    written = publish(store, number, tmp_path / "out", ReportSettings(), ("html", "json"))
    assert [re.sub(r"\d{4}-\d\d-\d\d", "DATE", path.name) for path in written] == [
        f"a.cn-8080-DATE-homepage-{number}.html",
        f"a.cn-8080-DATE-homepage-{number}.json",
    ]
    assert {path.parent.name for path in written} == {"a.cn-8080"}
    assert list((tmp_path / "out").rglob(".*")) == []


def test_a_second_run_of_one_day_leaves_the_report_of_the_first(store, tmp_path):
    runs = [run(store, "a.cn", "major") for _ in range(11)]
    for number in runs:
        publish(store, number, tmp_path, ReportSettings(), ("html",))
    (tmp_path / "a.cn" / "2020-01-01-site.html").touch()  # as earlier versions called it
    page = list_reports(store, [("a.cn", "甲局")], tmp_path, "zh-CN").read_text("utf-8")
    listed = [int(number) for number in re.findall(r'href="a.cn/a.cn-[\d-]+-homepage-(\d+).html"', page)]
    assert listed == runs[::-1], "the newest stands first"
    assert 'href="a.cn/2020-01-01-site.html"' in page


def test_the_worst_site_is_listed_first(store, tmp_path):
    for site, severities in {"fine": (), "bad": ("critical",), "so-so": ("major", "major")}.items():
        publish(store, run(store, site, *severities), tmp_path, ReportSettings(), ("html",))
    run(store, "down", status="failed")
    names = [(site, f"{site} 局") for site in ("fine", "bad", "new", "so-so", "down")]
    page = list_reports(store, names, tmp_path, "zh-CN").read_text("utf-8")
    assert re.findall(r'scope="row">([\w-]+) 局', page) == ["down", "bad", "so-so", "fine", "new"]
    assert "尚未检查" in page
    rows = dict(re.findall(r'scope="row">([\w-]+) 局(.*?)</tr>', page, re.DOTALL))
    figures = {name: re.findall(r">(\d+|—)</td>", row) for name, row in rows.items()}
    assert figures["down"] == figures["new"] == [*"———", *"000"]
    assert figures["fine"] == [*"000", *"000"]
    assert figures["so-so"] == [*"020", *"200"]
    for link in re.findall(r'href="([^"]+)"', page):
        assert (tmp_path / link).is_file()
    assert len(re.findall(r"href=", page)) == 3


def test_it_says_what_is_open_late_and_called_mended(store, tmp_path):
    feed = Feed(store, "a", now=time.time() - 60 * DAY)
    feed.run([fault(path) for path in "abc"])
    feed.ledger.change([1], WantedChange(state=State.TO_VERIFY), "张三")
    feed.now = time.time()
    feed.ledger.change([2], WantedChange(deadline=feed.ledger.today), "张三")
    page = list_reports(store, [("a", "甲局")], tmp_path, "zh-CN").read_text("utf-8")
    assert re.findall(r'ledger (\w+)" data-label="(\w+)">(\d+)<', page) == [
        ("open", "待整改", "3"),
        ("overdue", "逾期", "2"),
        ("to_verify", "待复核", "1"),
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_name_from_outside_cannot_become_markup(language):
    page = "".join(index([Listed("<script>alert(1)</script>", "a", ("2026-01-01-site.html",))], language))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_old_reports_go(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    reports = ("2023-01-01-site.html", "a-2023-01-01-site-7.html", "2026-01-01-site.html", "a-2026-01-01-site-8.html")
    for name in (*reports, "2023-01-01-notes.txt"):
        (folder / name).touch()
    assert prune_reports(tmp_path, 1000, date(2026, 6, 1)) == 2
    kept = {"2023-01-01-notes.txt", "2026-01-01-site.html", "a-2026-01-01-site-8.html"}
    assert {path.name for path in folder.iterdir()} == kept


def test_what_a_killed_process_left_behind_goes(tmp_path):
    (tmp_path / "a").mkdir()
    old, new = tmp_path / "a" / ".2026-01-01-site.html.x1", tmp_path / "a" / ".2026-01-01-site.html.x2"
    for path in (old, new):
        path.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    sweep_leftovers(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)
