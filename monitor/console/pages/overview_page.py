"""The overview: every site at a glance, the worst first."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter
from starlette.responses import Response

from monitor.console.queries.site_cards import LEVELS, SiteCard, open_entries, site_cards
from monitor.console.visit import SignedIn

CARDS = 100
"""Sites of one page."""

router = APIRouter()


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
        text=visit.field("q"),
        figures=_figures(in_group),
    )


def _figures(cards: list[SiteCard]) -> Counter[str]:
    """Return what all sites come to."""
    figures: Counter[str] = Counter()
    for card in cards:
        figures["critical"] += card.entries.by_severity.get("critical", 0)
        figures["overdue"] += card.entries.overdue
        figures["open"] += card.entries.open
        figures["to_confirm"] += card.entries.to_confirm
        figures["to_verify"] += card.entries.to_verify
    return figures
