"""The list of all reports: the worst site first, its score beside last time's, the page before the spreadsheet."""

from __future__ import annotations

import re
import time

import pytest
from bs4 import BeautifulSoup

from checks.model import Text
from checks.scoring.sheet import Score, Veto
from monitor.output.publish import publish
from monitor.output.report_list import list_reports
from monitor.settings.report import ReportSettings
from monitor.store import Store
from monitor.store.run_facts import RunFacts
from reports.index import Listed, ListedReport, index
from reports.model import Security
from reports.remediation.changes import WantedChange
from reports.remediation.states import State
from tests.factories import MONDAY
from tests.monitor.feeding import DAY, Feed, fault
from tests.monitor.output.test_publish import run


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
    assert re.findall(r'scope="row"><bdi>([\w-]+) 局', page) == ["down", "bad", "so-so", "fine", "new"]
    assert "尚未检查" in page
    assert re.findall(r'class="failed-run">(\w+)<', page) == ["未能完成"]
    rows = dict(re.findall(r'scope="row"><bdi>([\w-]+) 局(.*?)</tr>', page, re.DOTALL))
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
    assert re.findall(r'ledger (\w+)(?: late)?" data-label="(\w+)">(\d+)<', page) == [
        ("open", "待整改", "3"),
        ("overdue", "逾期", "2"),
        ("to_verify", "待复核", "1"),
    ]


def scored(store: Store, site: str, points: float | None, vetoes: int = 0, **values) -> None:
    number = run(store, site, "major")
    veto = tuple(Veto(str(at), Text("严重问题", "Severe"), Text("", "")) for at in range(vetoes))
    score = None if points is None else Score("census-2015", points, veto=veto)
    facts = RunFacts(score=score, security=Security(45, "C-"))
    store.runs.finish(number, **{"status": "complete", "facts": facts} | values)


def cells(page: str) -> dict[str, str]:
    rows = BeautifulSoup(page, "lxml").select("tbody tr")
    return {row.bdi.get_text(): " ".join(row.select_one(".score-cell").get_text(" ").split()) for row in rows}


def test_the_score_stands_beside_that_of_last_time(store, tmp_path):
    for points in (61.0, 64.6):
        scored(store, "up", points, vetoes=3)
    for points in (70, 60):
        scored(store, "down", points)
    scored(store, "first", 80)
    scored(store, "unscored", None)
    for points in (90, 91):
        scored(store, "failing", points)
    store.runs.finish(run(store, "failing"), status="failed")
    names = [(site, site) for site in ("up", "down", "first", "unscored", "failing")]
    assert cells(list_reports(store, names, tmp_path, "zh-CN").read_text("utf-8")) == {
        "up": "64.6 ▲ 比上次高 3.6 单项否决 ×3",
        "down": "60 ▼ 比上次低 10",
        "first": "80 没有上次可比",
        "unscored": "—",
        "failing": "91 ▲ 比上次高 1",
    }


def test_the_page_leads_and_files_for_programs_follow():
    files = ListedReport("2026-09-07", "site", ("a.csv", "a.json", "a.xlsx", "a.html", "a.docx"))
    assert [ending for ending, _ in files.in_order] == ["html", "docx", "xlsx", "csv", "json"]
    page = "".join(index([Listed("甲", "a")], lambda _: (files,), "zh-CN", MONDAY))
    links = BeautifulSoup(page, "lxml").select(".reports a")
    assert [link["href"] for link in links] == ["a/a.html", "a/a.docx", "a/a.xlsx", "a/a.csv", "a/a.json"]
    assert links[0].get_text() == "2026-09-07 全站巡检"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_name_from_outside_cannot_become_markup(language):
    files = ListedReport("2026-01-01", "site", ("2026-01-01-site.html",))
    page = "".join(index([Listed("<script>alert(1)</script>\u202e", "a")], lambda _: (files,), language, MONDAY))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
