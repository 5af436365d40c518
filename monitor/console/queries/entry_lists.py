"""Read filters of the ledger out of an address and write them into one; show the entries that they choose, with counts.

The address is the filter: it can be kept, sent and typed. What makes no sense in it is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import QueryParams

from checks import RULES
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryOrder, EntryPage, EntryQuery, Facet, Visibility
from monitor.store.ledger.entry_context import page_titles
from monitor.store.reading_store import ReadingStore
from reports.remediation.entry import LedgerEntry
from reports.remediation.states import STATES, WORKING
from reports.wording import Words

PAGE = 50
"""Entries of a page."""

MANY = 4_000
"""Entries of a filter from which on a page of them is met soonest in their order."""

ANY = "any"
"""Stands in the address for every state; without a state the open ones are meant."""

VALUES_SHOWN = 12
"""Values of a facet that are offered; what is chosen is always among them."""

CHOSEN_AT_MOST = 50
"""Values of one facet that an address may choose."""

TEXT = 200
"""Characters of a search."""


@dataclass(frozen=True)
class EntryFilter:
    """What an address asks for. ``states`` are as it names them: () for the open ones, ``any`` for all.

    ``group`` is the group of sites that it is about, "" for none.
    """

    query: EntryQuery
    order: EntryOrder
    after: str
    states: tuple[str, ...]
    is_overdue: bool
    group: str = ""

    def address(self, **changes: object) -> dict[str, object]:
        """Return the query part of this filter's address, with changes; a filter begins at its first page."""
        chosen: dict[str, object] = {facet.value: list(values) for facet, values in self.query.chosen}
        chosen[Facet.STATE] = list(self.states)
        chosen["overdue"] = "1" if self.is_overdue else ""
        chosen["q"] = self.query.text
        chosen["group"] = self.group
        chosen["order"] = self.order.value if self.order is not EntryOrder.WORST else ""
        return {str(name): value for name, value in {**chosen, **changes}.items()}

    def toggled(self, facet: Facet, value: str) -> dict[str, object]:
        """Return the address with a value of a facet chosen, or no longer."""
        present = list(self.states) if facet is Facet.STATE else list(self.query.values(facet))
        wanted = [each for each in present if each != value] if value in present else [*present, value]
        if facet is Facet.STATE and value != ANY:
            wanted = [each for each in wanted if each != ANY]
        return self.address(**{facet.value: [ANY] if facet is Facet.STATE and value == ANY else wanted})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        others = [facet for facet, _ in self.query.chosen if facet is not Facet.STATE]
        return bool(others or self.is_overdue or self.query.text or self.group)


def filter_of(
    params: QueryParams, visible: Visibility, today: date, members: Mapping[str, Sequence[str]]
) -> EntryFilter:
    """Return what the query part of an address asks for; ``members`` are the sites of each group."""
    group = params.get("group", "")[:255]
    if group:
        visible = visible.within(members.get(group, ()))
    states = tuple(each for each in _values(params, Facet.STATE) if each in {*STATES, ANY})
    query = EntryQuery(text=params.get("q", "").strip()[:TEXT], visible=visible)
    for facet in Facet:
        if facet is not Facet.STATE:
            query = query.choosing(facet, _values(params, facet))
    if ANY not in states:
        query = query.choosing(Facet.STATE, states or [state.value for state in WORKING])
    is_overdue = params.get("overdue") == "1"
    if is_overdue:
        query = EntryQuery(query.chosen, today, query.text, visible)
    order = params.get("order", "")
    return EntryFilter(
        query=query,
        order=EntryOrder(order) if order in set(EntryOrder) else EntryOrder.WORST,
        after=params.get("after", "")[:64],
        states=states,
        is_overdue=is_overdue,
        group=group,
    )


def _values(params: QueryParams, facet: Facet) -> list[str]:
    return [value[:255] for value in params.getlist(facet.value) if value][:CHOSEN_AT_MOST]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: what it is called, how many entries it has, and whether it is chosen."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class EntryList:
    """A page of entries, the counts beside it, and the titles of the pages that they are on, by site and address."""

    page: EntryPage
    total: int
    overdue: int
    facets: Mapping[Facet, Sequence[FacetValue]]
    titles: Mapping[tuple[str, str], str]


def entry_list(
    reading: ReadingStore, wanted: EntryFilter, today: date, say: Words, site_names: Mapping[str, str]
) -> EntryList:
    """Return what a filter has."""
    browser = EntryBrowser(reading.engine)
    query = browser.located(wanted.query)
    counts = reading.counts.count(query, today)
    many = counts.total > MANY
    page = browser.page(query, wanted.order, PAGE, wanted.after, many=many)
    facets = {facet: list(offered(counts.facets[facet], facet, wanted, say, site_names)) for facet in Facet}
    return EntryList(
        page=page,
        total=counts.total,
        overdue=counts.late,
        facets=facets,
        titles=titles_of(reading, page.entries),
    )


def titles_of(reading: ReadingStore, entries: Sequence[LedgerEntry]) -> dict[tuple[str, str], str]:
    """Return the titles of the pages that entries are on, by site and address."""
    places: dict[str, set[str]] = {}
    for entry in entries:
        places.setdefault(entry.site, set()).add(entry.page)
    return {
        (site, url): title
        for site, urls in places.items()
        for url, title in page_titles(reading.engine, site, urls).items()
    }


def offered(
    counts: Counter[str], facet: Facet, wanted: EntryFilter, say: Words, site_names: Mapping[str, str]
) -> Iterator[FacetValue]:
    """Yield the values of a facet: states and severities in their own order and all, of the rest the most frequent."""
    chosen = wanted.states if facet is Facet.STATE else wanted.query.values(facet)
    match facet:
        case Facet.STATE:
            values = [state.value for state in STATES]
        case Facet.SEVERITY:
            values = ["critical", "major", "minor"]
        case Facet.CONFIDENCE:
            values = ["confirmed", "suspected"]
        case _:
            frequent = [value for value, _ in counts.most_common(VALUES_SHOWN + 1) if value][:VALUES_SHOWN]
            values = [*frequent, *(value for value in chosen if value not in frequent)]
    for value in values:
        yield FacetValue(value, label_of(facet, value, say, site_names), counts[value], value in chosen)


def label_of(facet: Facet, value: str, say: Words, site_names: Mapping[str, str]) -> str:
    """Return what a value of a facet is called."""
    match facet:
        case Facet.STATE:
            return next((rule.title(say.language) for state, rule in STATES.items() if state == value), value)
        case Facet.SEVERITY | Facet.CONFIDENCE | Facet.FAMILY:
            return say.label(facet.value, value)
        case Facet.SITE:
            return site_names.get(value, value)
        case Facet.RULE:
            return RULES[value].title(say.language) if value in RULES else value
        case Facet.DEPARTMENT | Facet.OWNER:
            return value
