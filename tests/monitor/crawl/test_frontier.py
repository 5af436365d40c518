"""The frontier: what it could not write stays with it, in order, until the store answers again."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlalchemy import text

from checks import RULES
from checks.model import Finding, Kind, Reference, Response
from monitor.crawl.frontier import FLUSH_ANSWERS, FLUSH_SECONDS, PAGES_KEPT, Frontier, Places
from monitor.crawl.traps import Traps
from monitor.store import Store
from monitor.store.crawl.frontier import CrawlStore
from monitor.store.crawl.pages import PageRecord
from monitor.store.crawl.targets import TargetAnswer
from monitor.store.findings import CheckFinding

FULL = {
    "sqlite": (
        "CREATE TRIGGER is_full BEFORE INSERT ON targets BEGIN SELECT RAISE(ABORT, 'is_full'); END",
        "DROP TRIGGER is_full",
    ),
    "postgresql": (
        "ALTER TABLE targets ADD CONSTRAINT is_full CHECK (false) NOT VALID",
        "ALTER TABLE targets DROP CONSTRAINT is_full",
    ),
}
"""What makes insertions fail on each of the databases, and what ends it."""


def frontier_of(store: Store, run) -> Frontier:
    return Frontier(CrawlStore(store.engine, run), Traps(100))


def link(number: int) -> Reference:
    return Reference(href=f"/{number}", url=f"http://a/{number}", kind=Kind.PAGE, element="a")


def full(store: Store, *, is_full: bool) -> None:
    """Have every insertion of an address fail, as on a full disk, or succeed again."""
    begin, end = FULL[store.engine.dialect.name]
    with store.engine.begin() as connection:
        connection.execute(text(begin if is_full else end))


def test_a_batch_that_could_not_be_written_is_written_with_the_next(store):
    run = store.runs.begin(site="a", name="", url="http://a/", scope="site", engine="")
    frontier = frontier_of(store, run)
    full(store, is_full=True)
    frontier.add(link(0), 0, 0)
    with pytest.raises(Exception, match="is_full"):
        frontier.flush(force=True)
    full(store, is_full=False)
    frontier.add(link(1), 1, 0)
    frontier.flush(force=True)
    resumed = frontier_of(store, run)
    assert [job.url for job in resumed.load()] == ["http://a/0", "http://a/1"]
    assert resumed.add(link(2), 1, 0).id == 2
    resumed.flush(force=True)


def answered(store: Store, run) -> int:
    return sum(CrawlStore(store.engine, run).count_kinds().values())


def test_answers_are_written_by_the_batch_or_once_a_second(store):
    """A kill costs no more; a transaction for every request would cost more than reading its page."""
    run = store.runs.begin(site="a", name="", url="http://a/", scope="site", engine="")
    frontier = frontier_of(store, run)
    written = []
    for number in range(2 * FLUSH_ANSWERS + 1):
        job = frontier.add(link(number), 0, 0)
        frontier.settle(job, TargetAnswer((Response(job.url, 200),)))
        frontier.flushed = frontier.flushed and float("inf")  # no second passes
        frontier.flush()
        written.append(answered(store, run))
    assert sorted(set(written)) == [1, 1 + FLUSH_ANSWERS, 1 + 2 * FLUSH_ANSWERS]
    job = frontier.add(link(2 * FLUSH_ANSWERS + 1), 0, 0)
    frontier.settle(job, TargetAnswer((Response(job.url, 200),)))
    frontier.flushed = time.monotonic() - FLUSH_SECONDS - 1
    frontier.flush()
    assert answered(store, run) == 2 + 2 * FLUSH_ANSWERS


def test_a_page_that_is_broken_off_is_not_counted_twice(store):
    run = store.runs.begin(site="a", name="", url="http://a/", scope="site", engine="")
    frontier = frontier_of(store, run)
    with frontier.reading():
        frontier.add(link(0), 0, 0)
    reading = frontier.reading()
    reading.__enter__()
    assert frontier.counters.pages == 2  # so that it is no page too many
    frontier.add(link(1), 1, 0)
    frontier.flush(force=True)  # and the process may be killed
    assert store.runs.load(run.id).pages == 1
    assert not reading.__exit__(asyncio.CancelledError, asyncio.CancelledError(), None)
    frontier.add(link(2), 1, 0)
    frontier.flush(force=True)
    assert store.runs.load(run.id).pages == 1


def on_page(url: str) -> PageRecord:
    leak = Finding(RULES["version-leak"], url, key="nginx", placeless=True)
    return PageRecord(url, findings=(CheckFinding("leaks", leak),))


def test_what_stands_on_many_pages_is_counted_on_across_a_kill(store):
    run = store.runs.begin(site="a", name="", url="http://a/", scope="site", engine="")
    frontier = frontier_of(store, run)
    for number in range(15):
        frontier.keep(on_page(f"http://a/{number}"))
    frontier.flush(force=True)
    resumed = frontier_of(store, run)
    resumed.load()
    resumed.keep(on_page("http://a/15"))
    assert resumed.counters.findings == 0  # it is none of its own
    (places,) = resumed.places.values()
    assert places.count == 16
    assert set(places.pages) == {f"http://a/{number}" for number in range(16)}


def test_the_same_pages_are_named_in_whatever_order_they_were_read():
    urls = [f"http://a/{number}" for number in range(3 * PAGES_KEPT)]
    one, other = Places(), Places()
    for url in urls:
        one.add(url)
    for url in reversed(urls):
        other.add(url)
    assert one == other
    assert one.pages == urls[:PAGES_KEPT]


@pytest.mark.parametrize("order", [1, -1])
def test_what_stands_on_many_pages_is_kept_as_it_is_on_the_one_with_the_shortest_address(store, order):
    run = store.runs.begin(site="a", name="", url="http://a/", scope="site", engine="")
    frontier = frontier_of(store, run)
    for url in ["http://a/", "http://a/news/", "http://a/news/1.html"][::order]:
        frontier.keep(on_page(url))
        frontier.flush(force=True)
    ((kept,),) = frontier.store.findings.load()
    assert kept.finding.url == "http://a/"
    assert frontier.counters.findings == 1
