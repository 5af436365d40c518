"""Show how the groups of sites stand beside one another, the worst first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import TypedDict

import click

from checks.model import Text
from monitor.beijing import beijing_time
from monitor.commands.common import language_of, opened_to_read
from monitor.commands.work.chosen_group import parts_of_group
from monitor.commands.work.text_table import table
from monitor.output.report_list import standings
from monitor.settings.site import Settings
from monitor.store.ledger.counts import LedgerCounts
from monitor.store.statistics import Statistics
from reports.index import SiteStanding
from reports.remediation.figures import SiteLedger

HEADINGS = {
    "group": Text("网站分组", "group"),
    "sites": Text("网站", "sites"),
    "unseen": Text("未检查", "not inspected"),
    "failed": Text("上次失败", "failed last"),
    "vetoed": Text("单项否决", "vetoed"),
    "score": Text("平均得分", "mean score"),
    "open": Text("待整改", "open"),
    "overdue": Text("逾期", "overdue"),
    "to_verify": Text("待复核", "to verify"),
}
"""What readers call the columns."""


class GroupRow(TypedDict):
    """What the sites of a group come to. ``score`` is the mean of those that have one, None where none has."""

    group: str
    sites: int
    unseen: int
    failed: int
    vetoed: int
    score: float | None
    open: int
    overdue: int
    to_verify: int


def show_groups(settings: Settings, group: str, form: str, now: float) -> None:
    """Print a line for each group right below one, or for each that lies in none. Raises Fault."""
    parts = parts_of_group(settings, group)
    with opened_to_read(settings) as store:
        stood = standings(Statistics(store.engine), {})
        ledgers = LedgerCounts(store.engine).by_site(beijing_time(now).date())
    rows = sorted((_row(name, sites, stood, ledgers) for name, sites in parts.items()), key=_worst_first)
    if form == "json":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    language = language_of(settings)
    cells = [[_cell(row[key]) for key in HEADINGS] for row in rows]  # type: ignore[literal-required] # keys of the row
    click.echo("\n".join(table([heading(language) for heading in HEADINGS.values()], cells)))


def _row(
    name: str, sites: Sequence[str], stood: Mapping[str, SiteStanding], ledgers: Mapping[str, SiteLedger]
) -> GroupRow:
    standing = [stood[site] for site in sites if site in stood]
    scores = [each.score for each in standing if each.score is not None]
    ledger = [ledgers[site] for site in sites if site in ledgers]
    return {
        "group": name,
        "sites": len(sites),
        "unseen": len(sites) - len(standing),
        "failed": sum(each.status == "failed" for each in standing),
        "vetoed": sum(each.vetoes > 0 for each in standing),
        "score": round(mean(scores), 1) if scores else None,
        "open": sum(each.open for each in ledger),
        "overdue": sum(each.overdue for each in ledger),
        "to_verify": sum(each.to_verify for each in ledger),
    }


def _worst_first(row: GroupRow) -> tuple[object, ...]:
    """Sort by the mean score; what has none comes last, and of equals what has most overdue for its sites first."""
    score = row["score"]
    return score is None, score or 0.0, -row["overdue"] / max(1, row["sites"]), row["group"]


def _cell(value: object) -> object:
    return "-" if value is None else value
