"""The past of the demo site is written down as what was different from today."""

from datetime import date

import pytest

from monitor.demo.bureau import DemoSite
from monitor.demo.content_files import read
from monitor.demo.edition import PRESENT, Edition, edition_of, is_in

TODAY = date(2026, 11, 30)
ORIGINS = (
    "http://127.0.0.1:1",
    "http://127.0.0.2:1",
    "http://127.0.0.3:1",
    "http://127.0.0.2:2",
    "https://127.0.0.2:1",
)
LAST = read("history")["weeks"]


def site(edition: Edition = PRESENT) -> DemoSite:
    return DemoSite(TODAY, *ORIGINS, edition=edition)


@pytest.mark.parametrize(
    ("weeks", "listed"), [("", []), ("3", [3]), ("0-2", [0, 1, 2]), ("0-1 4", [0, 1, 4]), ("8-10", [8, 9, 10])]
)
def test_weeks_are_spans(weeks, listed):
    assert [week for week in range(11) if is_in(week, weeks)] == listed


def test_every_text_of_the_story_is_on_its_page_today():
    today = site()
    said = {each["page"]: today.answer(each["page"]).body.decode() for each in read("history")["texts"]}
    assert [each["text"] for each in read("history")["texts"] if each["text"] not in said[each["page"]]] == []


@pytest.mark.parametrize("week", range(LAST + 1))
def test_every_page_of_a_week_opens(week):
    then = site(edition_of(week))
    assert [path for path in then.paths() if then.answer(path).status != 200] == []


def test_a_text_that_is_no_longer_on_its_page_is_a_mistake_of_the_story():
    with pytest.raises(LookupError, match="does not say"):
        site(Edition(replaced={"/": (("nobody ever wrote this", ""),)})).answer("/")


def test_what_was_published_later_is_not_there_yet():
    first, last = (site(edition_of(week)) for week in (0, LAST))
    newest = "/gzdt/101.html"
    assert first.answer(newest).status == 404
    assert newest not in first.answer("/gzdt/").body.decode()
    assert last.answer(newest).status == 200


def test_a_fault_stands_in_its_weeks_only():
    said = [site(edition_of(week)).answer("/tzgg/204.html").body.decode() for week in range(LAST + 1)]
    assert ["2月30日" in text for text in said] == [week <= 1 for week in range(LAST + 1)]


def test_a_page_moves_and_its_old_address_says_where_to():
    before, after = site(edition_of(5)), site(edition_of(6))
    assert before.answer("/bszn/502.html").status == 200
    moved = after.answer("/bszn/502.html")
    assert (moved.status, dict(moved.headers)["Location"]) == (301, "/bszn/gongzufang.html")
    assert after.answer("/bszn/gongzufang.html").status == 200


def test_the_break_in_and_its_traces_are_gone_afterwards():
    during, after = site(edition_of(4)), site(edition_of(6))
    assert "bocai" in during.answer("/").body.decode()
    assert "bocai" in during.answer("/fzjs/").body.decode()
    assert "bocai" not in after.answer("/").body.decode() + after.answer("/fzjs/").body.decode()
