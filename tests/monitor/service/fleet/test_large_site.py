"""A large site is crawled by one worker, and its texts and files are read by others, whatever becomes of them."""

from __future__ import annotations

import os

import pytest

from tests.monitor.fleet import PAGES, SETTINGS, Fleet, Province, Worker, fleet, html
from tests.monitor.inspection.test_attachments import docx
from tests.server.site import Exchange

pytestmark = pytest.mark.slow

HELP = "--queues", "texts", "--concurrency", "1"
SENTENCES = 12


async def long_page(exchange: Exchange) -> None:
    """Answer with some six hundred characters that stand on no other page of any site, and one slip of the pen.

    Each page has an attachment that must not be public.
    """
    host = exchange.writer.get_extra_info("sockname")[0].rpartition(".")[2]
    name, _, kind = exchange.last.rpartition(".")
    place = f"第{host}号第{name}页"
    if kind == "docx":
        await exchange.answer(docx(f"{place}的附件", "秘密★1年"), type="application/octet-stream")
        return
    sentences = (
        f"<p>{place}第{number}段：各部门要认真贯彻落实会议精神，切实加强组织领导，按时完成各项工作任务，并向办公室报告。"
        for number in range(SENTENCES)
    )
    attached = f"<a href={name}.docx>附件</a>"
    await exchange.answer(html("".join(sentences) + f"<p>{place}：希望大家再接再励，取得更好的成绩。" + attached))


@pytest.fixture
def province():
    with Province(2, answer_page=long_page).running() as running:
        yield running


def found(it: Fleet, name: str) -> list[tuple[str, int]]:
    """Return which rules were broken on a site, and on how many pages."""
    report = it.report(name)
    assert report["run"]["pages"] == PAGES + 1
    return sorted((each["rule"], len(each["pages"]) or 1) for each in report["findings"])


def reads(helper: Worker) -> bool:
    """Return whether a helper has begun to read."""
    return bool(helper.events("reading texts for another worker"))


def crawler(it: Fleet, name: str) -> Worker:
    """Start a worker that has one core: all pages but one at a time are for others."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        return it.worker(name, "--queues", "site", "--concurrency", "1", environment=os.environ)
    finally:
        os.sched_setaffinity(0, allowed)


def test_texts_are_read_by_others_and_here_where_they_die_with_the_same_findings(tmp_path, store, province):
    settings = {
        "checks": {**SETTINGS["checks"], "typos": {"models": str(tmp_path / "none")}},
        "engine": {**SETTINGS["engine"], "help_after": 0},
    }
    province.hold("site2")
    with fleet(tmp_path, store, province, **settings) as it:
        alone = crawler(it, "alone")
        first = found(it, "site1")
        assert alone.events("no other worker has time for texts of this one")
        assert {("typo", PAGES), ("secrecy-marking", 1)} <= set(first)
        assert first.count(("secrecy-marking", 1)) == PAGES
        it.until(lambda: province.waiting, "site2 amid its crawl")
        alone.end()

        helpers = [it.worker(name, *HELP) for name in ("one", "other")]
        second = crawler(it, "second")
        province.let_go()
        lost = it.until(lambda: next(filter(reads, helpers), None), "reads texts")
        lost.process.kill()
        lost.process.wait()
        assert found(it, "site2") == first
        it.until(it.is_empty, "nothing left")
        asked = {each.process for each in province.asked if each.site == "site2"}
        assert asked == {alone.process.pid, second.process.pid}
