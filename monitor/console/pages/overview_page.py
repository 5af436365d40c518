"""The overview: groups of sites beside one another, and every site at a glance, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from monitor.console.queries.site_cards import LEVELS, SiteCard, open_entries, site_cards
from monitor.console.visit import SignedIn
from monitor.settings.site_groups import SEPARATOR, levels, right_below

CARDS = 100
"""Sites of one page."""

router = APIRouter()


class GroupBesideOthers(NamedTuple):
    """A group beside its neighbours: its sites, their ``mean`` score (None without any), and what is open."""

    name: str
    label: str
    sites: int
    mean: float | None
    figures: Counter[str]


@router.get("/")
def overview(visit: SignedIn) -> Response:
    """Show the sites that the person may see; ``level``, ``group`` and ``q`` choose some."""
    counts = open_entries(visit.parts.reading.counts.groups(visit.visible, visit.today))
    cards = site_cards(visit.parts, visit.settings, visit.sites, counts)
    members = frozenset(visit.settings.members.get(visit.field("group"), ()))
    level, group, text = visit.field("level"), visit.field("group"), visit.field("q").lower()
    in_group = [
        card
        for card in cards
        if (not group or card.key in members) and (text in card.name.lower() or text in card.url.lower())
    ]
    shown = [card for card in in_group if not level or card.level == level]
    page = max(1, visit.number("page") or 1)
    parts = right_below(visit.settings.members, group)
    return visit.show(
        "overview.html.jinja",
        cards=shown[(page - 1) * CARDS : page * CARDS],
        page=page,
        last_page=max(1, -(-len(shown) // CARDS)),
        total=len(shown),
        every=len(cards),
        levels={each: sum(card.level == each for card in in_group) for each in LEVELS},
        groups=[name for name, sites in visit.settings.members.items() if not visit.sites.keys().isdisjoint(sites)],
        level=level,
        group=group,
        above=[(path, path.rpartition(SEPARATOR)[2]) for path in levels(group)],
        parts=_rows(parts, in_group, group) if not text and not level else [],
        text=visit.field("q"),
        figures=_figures(in_group),
    )


def _rows(parts: dict[str, tuple[str, ...]], cards: Sequence[SiteCard], group: str) -> list[GroupBesideOthers]:
    """Return the groups right below one (``group``), that with the lowest mean score first."""
    by_key = {card.key: card for card in cards}
    rows = []
    for name, sites in parts.items():
        own = [by_key[site] for site in sites if site in by_key]
        scores = [card.standing.score for card in own if card.standing.score is not None]
        mean = sum(scores) / len(scores) if scores else None
        if own:
            label = name.removeprefix(f"{group}{SEPARATOR}") if group else name
            rows.append(GroupBesideOthers(name, label, len(own), mean, _figures(own)))
    return sorted(rows, key=lambda row: (row.mean is None, row.mean or 0.0, -row.figures["critical"], row.name))


def _figures(cards: Iterable[SiteCard]) -> Counter[str]:
    """Return what all sites come to."""
    figures: Counter[str] = Counter()
    for card in cards:
        figures["critical"] += card.entries.by_severity.get("critical", 0)
        figures["overdue"] += card.entries.overdue
        figures["open"] += card.entries.open
        figures["to_confirm"] += card.entries.to_confirm
        figures["to_verify"] += card.entries.to_verify
    return figures
