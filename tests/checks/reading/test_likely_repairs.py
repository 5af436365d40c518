"""Likely repairs, before anybody asks: which addresses a broken link may have meant, and why."""

from __future__ import annotations

import pytest

from checks.model import ErrorKind, Referrer, RepairReason
from checks.reading.likely_repairs import REASONS, KnownPages, candidates
from tests.factories import link

SITE = "https://www.qinghe.gov.cn"


def meant(url, *pages, text="旧文件", **fields):
    broken = link(url, **({"referrers": ((SITE, text),)} | fields))
    known = KnownPages.wanted_by([broken])
    for page in pages:
        known.add(*page) if isinstance(page, tuple) else known.add(page)
    return {candidate.url: candidate.reason.value for candidate in candidates(broken, known)}


@pytest.mark.parametrize(
    ("url", "other", "reason"),
    [
        ("http://www.a.gov.cn/x", "https://www.a.gov.cn/x", "https"),
        ("http://www.a.gov.cn:80/x", "https://www.a.gov.cn/x", "https"),
        ("https://www.a.gov.cn/x", "https://a.gov.cn/x", "www"),
        ("https://a.gov.cn/x", "https://www.a.gov.cn/x", "www"),
        (f"{SITE}/Zwgk/List.html", f"{SITE}/zwgk/list.html", "case"),
        (f"{SITE}/zwgk", f"{SITE}/zwgk/", "slash"),
        (f"{SITE}/zwgk/", f"{SITE}/zwgk", "slash"),
        (f"{SITE}/zwgk/", f"{SITE}/zwgk/index.html", "index"),
        (f"{SITE}/zwgk/index.htm", f"{SITE}/zwgk/", "index"),
        (f"{SITE}/zwgk/1.htm", f"{SITE}/zwgk/1.html", "suffix"),
        (f"{SITE}/zwgk/1.html%20", f"{SITE}/zwgk/1.html", "stray-end"),
        (f"{SITE}/zwgk/1.html%E3%80%82", f"{SITE}/zwgk/1.html", "stray-end"),
        (f"{SITE}/zwgk/1.html）", f"{SITE}/zwgk/1.html", "stray-end"),
    ],
)
def test_another_spelling_of_the_same_address(url, other, reason):
    assert meant(url)[other] == reason


@pytest.mark.parametrize(
    ("url", "not_meant"),
    [
        ("http://127.0.0.1/x", "http://www.127.0.0.1/x"),
        ("http://a.gov.cn:8080/x", "https://a.gov.cn:8080/x"),
        (f"{SITE}/index.html", f"{SITE}/"),
        (f"{SITE}/a.pdf", f"{SITE}/a.pdf/"),
        (f"{SITE}/show?id=1", f"{SITE}/show/?id=1"),
    ],
)
def test_what_nobody_means(url, not_meant):
    assert not_meant not in meant(url)


def test_a_broken_address_is_never_its_own_repair():
    assert f"{SITE}/zwgk/1.html" not in meant(f"{SITE}/zwgk/1.html", f"{SITE}/zwgk/1.html")


def test_an_article_that_moved_is_found_by_its_file_name():
    moved = f"{SITE}/zcwj/202410/t20241030_4917654.htm"
    assert meant(f"{SITE}/tzgg/202410/t20241030_4917654.htm", moved)[moved] == "file-name"


@pytest.mark.parametrize("end", ["", "?from=/x/y.htm", "?a=1#/z", "#top"])
def test_a_file_name_ends_before_the_query(end):
    moved = f"{SITE}/zcwj/T20241030_491765%34.htm{end}"
    assert meant(f"{SITE}/tzgg/t20241030_4917654.htm", moved)[moved] == "file-name"


@pytest.mark.parametrize("name", ["list.html", "index.html", "1.html", "content.htm"])
def test_a_name_that_many_pages_have_tells_nothing(name):
    assert f"{SITE}/b/{name}" not in meant(f"{SITE}/a/{name}", f"{SITE}/b/{name}")


def test_a_name_that_turns_up_everywhere_tells_nothing():
    pages = [f"{SITE}/{folder}/t20241030_4917654.htm" for folder in "abcde"]
    assert not set(pages) & set(meant(f"{SITE}/tzgg/t20241030_4917654.htm", *pages))


@pytest.mark.parametrize(
    "title",
    [
        "关于做好防汛工作的通知",
        "关于做好防汛工作的通知-清河县人民政府",
        "关于做好防汛工作的通知_通知公告_清河县人民政府",
        " 关于做好防汛工作的通知 | 清河县 ",
    ],
)
def test_an_article_that_moved_is_found_by_its_title(title):
    moved = f"{SITE}/art/2026/9/4/art_1_2.html"
    assert meant(f"{SITE}/old.html", (moved, title), text="关于做好防汛工作的通知")[moved] == "title"


def test_the_date_beside_a_title_in_a_list_is_not_part_of_it():
    moved = f"{SITE}/art/1.html"
    assert moved in meant(
        f"{SITE}/old.html", (moved, "关于做好防汛工作的通知"), text="关于做好防汛工作的通知 [2026-09-04]"
    )


@pytest.mark.parametrize("text", ["通知公告", "更多", "关于做好防汛…", ""])
def test_words_that_name_no_single_page_tell_nothing(text):
    assert f"{SITE}/art/1.html" not in meant(f"{SITE}/old.html", (f"{SITE}/art/1.html", text), text=text)


def test_of_a_host_that_is_not_there_only_other_hosts_are_meant():
    found = meant("http://www.gone.gov.cn/Zwgk/", status=None, error=ErrorKind.DNS)
    assert found == {"https://www.gone.gov.cn/Zwgk/": "https", "http://gone.gov.cn/Zwgk/": "www"}


def test_an_address_in_another_case_that_the_run_knows():
    assert meant(f"{SITE}/zwgk/a.html", f"{SITE}/ZWGK/A.html")[f"{SITE}/ZWGK/A.html"] == "case"


def test_every_reason_has_words():
    assert set(REASONS) == set(RepairReason)


def test_the_index_of_known_pages_holds_what_is_wanted_alone():
    known = KnownPages.wanted_by([link(f"{SITE}/a/t20241030_4917654.htm", referrers=(Referrer(SITE, "更多"),))])
    for number in range(1000):
        known.add(f"{SITE}/b/t20250101_{number}.htm", f"关于做好防汛工作的第{number}号通知")
    assert not any((*known.paths.values(), *known.names.values(), *known.titles.values()))
