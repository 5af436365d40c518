"""Large pages are read in another process: what they cost, or do to it, is no other page's trouble."""

import asyncio
import os

import pytest

from monitor.inspection import large_pages
from monitor.inspection.child import LostWorkerError
from monitor.inspection.large_pages import LARGE, LargePages
from tests.monitor.inspection.page_work import die, die_once, dying, echo, fail, hang, wait_and_echo
from tests.monitor.official import Office, Served
from tests.monitor.web import html, web


@pytest.fixture
def pages():
    made = LargePages()
    yield made
    made.close()


async def test_large_pages_leave_the_process(pages):
    assert await pages.run(LARGE - 1, os.getpid) == os.getpid()
    other = await pages.run(LARGE, os.getpid)
    assert other != os.getpid()
    assert await pages.run(LARGE, os.getpid) == other, "one process reads them all"
    assert await pages.run(LARGE, echo, 3, doubled=True) == 6


async def test_what_the_work_raises_is_known_and_the_process_goes_on(pages):
    before = await pages.run(LARGE, os.getpid)
    with pytest.raises(LostWorkerError, match="ValueError: odd page"):
        await pages.run(LARGE, fail)
    assert await pages.run(LARGE, os.getpid) == before


async def test_a_process_that_dies_is_started_again_and_asked_once_more(pages, tmp_path):
    first = await pages.run(LARGE, os.getpid)
    second = await pages.run(LARGE, die_once, tmp_path / "died")
    assert second not in {first, os.getpid()}


async def test_a_page_that_kills_it_twice_is_given_up(pages):
    with pytest.raises(LostWorkerError, match="died"):
        await pages.run(LARGE, die)
    assert await pages.run(LARGE, echo, 1) == 1


async def test_a_page_that_takes_too_long_is_given_up(pages):
    await pages.run(LARGE, echo, 1)
    pages.seconds = 0.01
    with pytest.raises(LostWorkerError, match="not read within"):
        await pages.run(LARGE, hang)
    pages.seconds = large_pages.SECONDS
    assert await pages.run(LARGE, echo, 2) == 2


async def test_the_answer_of_a_page_nobody_waits_for_is_not_taken_for_the_next_ones(pages, tmp_path):
    began = tmp_path / "began"
    given_up = asyncio.create_task(pages.run(LARGE, wait_and_echo, began, 1))
    while not began.exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.01)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert await pages.run(LARGE, echo, 2) == 2


async def test_pages_take_turns(pages):
    assert await asyncio.gather(*(pages.run(LARGE, echo, number) for number in range(4))) == [0, 1, 2, 3]


def large_page() -> str:
    rows = "".join(f'<tr><td><a href="/a{n % 7}.html">关于第{n}号事项的通知</a></td></tr>' for n in range(5_000))
    return html(f"<p>{{{{title}}}}</p><p id=a>张伟 11010519491231002X</p><table>{rows}</table><a href='#b'>b</a>")


def test_a_large_page_is_judged_as_any_other(tmp_path, monkeypatch):
    assert len(large_page()) > LARGE
    told = []
    for name, least in (("here", 1 << 40), ("there", LARGE)):
        monkeypatch.setattr(large_pages, "LARGE", least)
        (tmp_path / name).mkdir()
        with web({"/": html('<a href="/large.html">大页</a>'), "/large.html": large_page()}).running() as site:
            report = Office(tmp_path / name).inspect(Served(site.url), checks="links,privacy,templates,columns")
        told.append(sorted((each["rule"], each["message"].replace(site.url, "")) for each in report["findings"]))
    assert told[0] == told[1]
    assert {"broken-link", "broken-fragment", "leaked-id-number", "template-leftover"} <= {rule for rule, _ in told[1]}


def test_a_page_whose_process_dies_costs_itself_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(large_pages, "_serve", dying)
    pages = {"/": html('<a href="/large.html">大页</a><a href="/gone">无</a>'), "/large.html": large_page()}
    with web(pages).running() as site:
        report = Office(tmp_path).inspect(Served(site.url), checks="links")
    assert report["run"]["status"] == "complete"
    assert [finding["rule"] for finding in report["findings"]] == ["broken-link"]
    assert "/large.html" in report["notices"][0]
