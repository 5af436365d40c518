"""Counts from memory are those of the table, under every filter, and after every change."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from monitor.store import Store
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryOrder, EntryQuery, Facet, Visibility
from monitor.store.ledger.entry_cube import EntryCube
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from reports.remediation.states import State
from tests.monitor.feeding import DAY, Feed, fault

LATER = date(2027, 2, 20)
"""When some of what was found in January 2027 is overdue."""


@pytest.fixture(scope="module")
def ledger(lasting_store_url):
    """Two sites, some of whose entries were judged and handed out; tests compare with what it holds then."""
    with Store(lasting_store_url) as store:
        for site, count in (("a", 30), ("b", 7)):
            feed = Feed(store, site)
            feed.run(
                [fault(f"{at}.html", sure=at % 3 > 0, rule=("typo", "broken-link")[at % 2]) for at in range(count)]
            )
        feed.ledger.change([1, 2, 3], WantedChange(state=State.TO_VERIFY, department="办公室"), "张三")
        feed.ledger.change([4, 5], WantedChange(state=State.FALSE_POSITIVE, reason="x"), "张三")
        yield feed.ledger


QUERIES = {
    "everything": EntryQuery(),
    "a state": EntryQuery().choosing(Facet.STATE, ["to-fix"]),
    "states of a site": EntryQuery().choosing(Facet.STATE, ["to-fix", "to-confirm"]).choosing(Facet.SITE, ["a"]),
    "a rule and a confidence": EntryQuery().choosing(Facet.RULE, ["typo"]).choosing(Facet.CONFIDENCE, ["suspected"]),
    "late ones": EntryQuery(overdue=LATER),
    "late ones of a site": EntryQuery(overdue=LATER).choosing(Facet.SITE, ["b"]),
    "what a department sees": EntryQuery(visible=Visibility({"a": frozenset({"办公室"}), "b": None})),
    "nothing": EntryQuery(visible=Visibility({})),
    "a search": EntryQuery(text="1.html").choosing(Facet.STATE, ["to-fix"]),
    "what a search has found": EntryQuery(located_in=(1, 2, 9, 31)).choosing(Facet.STATE, ["to-fix"]),
}


def values_of(entry) -> dict[Facet, str]:
    return {facet: str(getattr(entry, facet.value)) for facet in Facet}


def fits(entry, wanted: EntryQuery, *, but_for: Facet | None = None) -> bool:
    reach = wanted.visible.reach
    if reach is not None and (
        entry.site not in reach or entry.department not in (reach[entry.site] or {entry.department})
    ):
        return False
    if wanted.located_in is not None and entry.number not in wanted.located_in:
        return False
    if wanted.text and wanted.text not in entry.page:
        return False
    chosen = all(values_of(entry)[facet] in values for facet, values in wanted.chosen if facet is not but_for)
    return chosen and (wanted.overdue is None or entry.overdue(wanted.overdue))


@pytest.mark.parametrize("name", QUERIES)
def test_counts_are_those_of_the_table(ledger, name):
    wanted = QUERIES[name]
    every = list(ledger.select(LedgerFilter()))
    counts = EntryCube(ledger.entries.engine).count(wanted, LATER)
    assert counts.total == sum(fits(each, wanted) for each in every)
    for facet in Facet:
        expected = Counter(values_of(each)[facet] for each in every if fits(each, wanted, but_for=facet))
        assert +counts.facets[facet] == expected, facet


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("order", EntryOrder)
@pytest.mark.parametrize("name", QUERIES)
def test_pages_hold_what_is_counted_each_once(ledger, name, order, many):
    wanted, browser = QUERIES[name], EntryBrowser(ledger.entries.engine)
    shown, after = [], ""
    while True:
        page = browser.page(wanted, order, 4, after, many=many)
        shown += [entry.number for entry in page.entries]
        after = page.after
        if not after:
            break
    assert sorted(shown) == [each.number for each in ledger.select(LedgerFilter()) if fits(each, wanted)]


def test_a_change_counts_at_once(ledger):
    cube = EntryCube(ledger.entries.engine)
    wanted = EntryQuery().choosing(Facet.STATE, ["fixing"])
    assert cube.count(wanted, LATER).total == 0
    ledger.change([8, 9, 35], WantedChange(state=State.FIXING), "张三")
    assert cube.count(wanted, LATER).total == 3
    with Store(str(ledger.entries.engine.url)) as store:
        Feed(store, "c", now=Feed(store).now + DAY).run([fault("new.html")])
    assert cube.count(EntryQuery(), LATER).facets[Facet.SITE]["c"] == 1
    assert EntryStore(ledger.entries.engine).count(LedgerFilter()) == cube.count(EntryQuery(), LATER).total
