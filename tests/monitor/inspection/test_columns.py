"""Every fixture site, inspected from the command line: its columns and its planted faults are found, nothing else."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from tests.monitor.official import Office, below
from tests.sites.fixture import SITES, Site
from tests.sites.pages import NOW
from tests.sites.server import serving

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text("utf-8"))
NEWS, NOTICES = "/col/col1001/index.html", "/col/col1002/index.html"


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


@pytest.fixture
def dahan():
    with serving("dahan") as served:
        yield served


def columns(site, report):
    return {below(site, each["url"]): each for each in report["columns"]}


def faults(site, report):
    return sorted((each["rule"], below(site, each["url"])) for each in report["findings"])


def add(site, at, *items):
    """Publish further articles in a column."""
    site.columns[at]["items"][:0] = [site._item(site.columns[at], item) for item in items]
    for name in ("pages", "answers"):
        site.__dict__.pop(name, None)


@pytest.mark.parametrize("name", SITES)
def test_a_site_is_inspected_and_found_as_it_is(name, office):
    with serving(name) as site:
        report = office.inspect(site)
        told = {
            path: (each["type"], each["newest"], each["status"], each["items"])
            for path, each in columns(site, report).items()
        }
        assert told == {
            path: (truth["type"], truth["newest"] and f"{truth['newest']}", truth["status"], truth["items"])
            for path, truth in site.truth["columns"].items()
        }
        found, planted = faults(site, report), sorted((each["rule"], each["page"]) for each in site.truth["faults"])
        assert len(found) == len(planted), (found, planted)
        for (rule, url), (wanted, page) in zip(found, planted, strict=True):
            assert rule == wanted
            assert url.startswith(page)


def test_a_second_inspection_finds_the_same_and_nothing_fixed(office, dahan):
    before, after = office.inspect(dahan), office.inspect(dahan, when=NOW + timedelta(hours=1))
    assert {each["id"] for each in before["findings"]} == {each["id"] for each in after["findings"]}
    assert {each["baseline"] for each in after["findings"]} == {"unchanged"}
    assert (after["fixed"], after["columns"]) == ([], before["columns"])


def test_a_column_that_is_updated_is_a_fault_fixed(office, dahan):
    office.inspect(dahan)
    add(dahan, 1, {"title": "关于开展秋季防火检查的通知", "date": (NOW + timedelta(days=1)).date()})
    report = office.inspect(dahan, when=NOW + timedelta(days=1))
    assert ("stale-column", NOTICES) in [(each["rule"], below(dahan, each["url"])) for each in report["fixed"]]


def test_a_column_that_does_not_answer_is_not_called_updated(office, dahan):
    office.inspect(dahan)
    dahan.answers[NOTICES] = ("text/html", b"", 503)
    report = office.inspect(dahan, when=NOW + timedelta(hours=1))
    assert ("stale-column", NOTICES) in [(each["rule"], below(dahan, each["url"])) for each in report["unverified"]]
    assert report["fixed"] == []


def test_an_article_dated_before_an_inspection_that_did_not_find_it_is_doubted(office, dahan):
    office.inspect(dahan)
    old, new = NOW.date() - timedelta(days=60), NOW.date()
    add(dahan, 0, {"title": "补发的旧闻一则", "date": old}, {"title": "今天的新闻一则", "date": new})
    doubted = [
        each
        for each in office.inspect(dahan, when=NOW + timedelta(hours=2))["findings"]
        if each["rule"] == "forged-date"
    ]
    assert [each["evidence"] for each in doubted] == ["补发的旧闻一则"]
    assert doubted[0]["confidence"] == "suspected"
    again = office.inspect(dahan, when=NOW + timedelta(days=1))
    assert [each["id"] for each in again["findings"] if each["rule"] == "forged-date"] == [doubted[0]["id"]]


@pytest.mark.calendar
def test_the_first_inspection_doubts_no_date(office, dahan):
    add(dahan, 0, {"title": "很久以前的新闻一则", "date": NOW.date() - timedelta(days=900)})
    assert "forged-date" not in {each["rule"] for each in office.inspect(dahan)["findings"]}


def test_broken_articles_behind_an_interface_are_found_and_belong_to_the_list(office, dahan):
    hidden = dahan.columns[2]["items"][-1]["path"]
    del dahan.answers[hidden]
    broken = [each for each in office.inspect(dahan)["findings"] if each["rule"] == "broken-link"]
    assert [below(dahan, each["target"]["url"]) for each in broken] == [hidden]
    assert [below(dahan, each["url"]) for each in broken[0]["referrers"]] == ["/col/col1003/index.html"]


def test_a_killed_run_goes_on_where_its_lists_were(office, dahan):
    """The list page is known by then; what its interface was asked for is asked again."""
    asked = threading.Event()

    def slow(path, form=()):
        if form:
            asked.set()
            time.sleep(0.3)
        return Site.answer(dahan, path, form)

    object.__setattr__(dahan, "answer", slow)
    asyncio.run(office.cut_off(dahan, asked))
    report = office.inspect(dahan)
    assert report["run"]["id"] == "1"
    assert columns(dahan, report)["/col/col1003/index.html"]["items"] == 7


def test_the_configuration_corrects_what_was_found(office, dahan):
    corrections = [
        {"url": NOTICES, "type": "statistics", "name": "数据公告"},
        {"url": "/col/col1004/index.html", "exempt": True},
        {"url": "/col/col1005/index.html", "ignore": True},
        {"url": NEWS, "limit_days": 1},
    ]
    report = office.inspect(dahan, columns=corrections)
    told = columns(dahan, report)
    assert (told[NOTICES]["type"], told[NOTICES]["name"], told[NOTICES]["status"]) == (
        "statistics",
        "数据公告",
        "fresh",
    )
    assert told["/col/col1004/index.html"]["status"] == "exempt"
    assert "/col/col1005/index.html" not in told
    assert (told[NEWS]["limit_days"], told[NEWS]["status"]) == (1, "stale")
    assert [each["column"] for each in report["findings"] if each["rule"] in {"stale-column", "blank-column"}] == [
        "要闻动态"
    ]


def test_a_run_of_the_homepage_judges_no_column(office):
    with serving("trs") as site:
        report = office.inspect(site, scope="homepage")
    assert {each["rule"] for each in report["findings"]} == {"stale-homepage", "missing-source"}
    assert (report["columns"], report["score"]) == ([], None)


def test_an_inspection_of_links_alone_asks_no_list_for_more(office, dahan):
    report = office.inspect(dahan, checks="links")
    assert (report["columns"], report["score"]) == ([], None)
    assert report["run"]["requests"] < office.inspect(dahan)["run"]["requests"]


def test_the_report_has_the_score_with_its_reasons(office, dahan):
    report = office.inspect(dahan)
    jsonschema.validate(report, SCHEMA)
    score = report["score"]
    assert score["profile"] == "census-2015"
    assert score["points"] == 100 + sum(item["points"] for item in score["items"])
    assert {item["id"]: item["evidence"] for item in score["items"]}["stale-notices"] == "通知公告"
    assert score["veto"] == ["V4"]
    assert any("探测不足一周" in text for text in score["unjudged"])
    assert any("严重错别字" in text for text in score["unjudged"])


def test_what_is_behind_a_deduction_is_kept_with_the_run_and_shown_in_every_format(office, dahan):
    report = office.inspect(dahan)
    lines = {item["id"]: item["behind"] for item in report["score"]["items"]} | report["score"]["veto_behind"]
    assert [below(dahan, url) for url in lines["stale-notices"]] == [NOTICES]
    ids = {finding["id"] for finding in report["findings"]}
    known = ids | {column["url"] for column in report["columns"]} | {dahan.home}
    assert all(behind for behind in lines.values())
    assert {key for behind in lines.values() for key in behind} <= known
    assert set(report["score"]["veto_behind"]["V4"]) <= ids
    options = (f"--out={office.folder}/again", f"--config={office.config}", "--format=html,xlsx,json")
    office.run("report", "1", *options)
    (again,) = (office.folder / "again").glob("*.json")
    assert json.loads(again.read_text("utf-8"))["score"] == report["score"]
    (page,) = (office.folder / "again").glob("*.html")
    assert "通知公告 超期未更新，最近更新 2026-02-01" in " ".join(
        BeautifulSoup(page.read_text("utf-8"), "lxml").select_one("[aria-labelledby=score] table").get_text().split()
    )
    (book,) = (office.folder / "again").glob("*.xlsx")
    rows = list(load_workbook(book)["扣分明细"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == sum(key != dahan.home for behind in lines.values() for key in behind)


@pytest.mark.parametrize(("profile", "told"), [("gb-2019-19", "gb-2019-19"), ("none", None)])
def test_the_score_sheet_is_chosen_in_the_configuration(office, dahan, profile, told):
    score = office.inspect(dahan, settings=(f"score.profile={profile}",))["score"]
    assert (score and score["profile"]) == told


def test_the_columns_can_be_shown_and_put_into_the_configuration(office, dahan):
    report = office.inspect(dahan)
    told = office.run("columns", dahan.home, f"--config={office.config}").stdout
    assert "超期未更新\t通知公告\t2026-02-01\t3\t通知公告\t" in told
    shown = yaml.safe_load(office.run("columns", dahan.home, "--format=yaml", f"--config={office.config}").stdout)
    again = office.inspect(dahan, columns=shown["columns"])
    names = ("name", "url", "type")
    assert [[each[name] for name in names] for each in again["columns"]] == [
        [each[name] for name in names] for each in report["columns"]
    ]
    by_run = office.run("columns", "--run=1", "--format=json", f"--config={office.config}").stdout
    assert [each["status"] for each in json.loads(by_run)] == [each["status"] for each in report["columns"]]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("columns",), "请给出网址，或者 --run"),
        (("columns", "--run=9"), "没有编号为 9 的检查"),
        (("columns", "http://127.0.0.1:9/"), "还没有在 127.0.0.1:9 检查到栏目"),
        (("publications", "--site=nobody", "--year=2026"), "没有网站“nobody”"),
    ],
)
def test_what_is_not_there_is_told(office, command, said):
    assert said in office.run(*command, f"--set=store.url={office.store}", code=2).output


def test_publications_are_counted_by_month_from_every_page_of_a_list(office, dahan, tmp_path):
    office.inspect(dahan)
    out = tmp_path / "year.json"
    options = ("--site=fixture", "--year=2026", f"--config={office.config}")
    office.run("publications", *options, "--format=json", f"--out={out}")
    counted = json.loads(out.read_text("utf-8"))
    rows = {row["name"]: row for row in counted["columns"]}
    assert rows["政策文件"]["months"] == [0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0]
    assert (rows["政策文件"]["quarters"], rows["政策文件"]["total"]) == ([1, 1, 2, 0], 4)
    dated = [item for column in dahan.columns for item in column["items"] if item["date"].year == 2026]
    assert counted["total"]["total"] == len(dated) == sum(counted["by_type"].values())


def test_publications_are_a_workbook_with_charts(office, dahan, tmp_path):
    office.inspect(dahan)
    out = tmp_path / "year.xlsx"
    office.run("publications", "--site=fixture", "--year=2026", f"--out={out}", f"--config={office.config}")
    book = load_workbook(out)
    sheet = book["信息发布统计"]
    heading = [cell.value for cell in sheet[3]]
    assert (heading[0], heading[2], heading[14], heading[-1]) == ("栏目", "1 月", "第 1 季度", "合计")
    assert [len(each._charts) for each in book] == [1, 1]
