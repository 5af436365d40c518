"""Gather what a row of the ledger's spreadsheet is made of: an entry, and what the store knows around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from checks.model import NOTHING, Text
from checks.scoring.sheet import Score
from reports.remediation.entry import ChangeCause, LedgerEntry


class ScoreShare(NamedTuple):
    """What a fault costs by the last official score of its site.

    ``points`` is its share of what its lines of the score sheet take off, None where it is behind no line; ``veto``
    names the 单项否决 that it is behind.
    """

    points: float | None = None
    veto: Text = NOTHING


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What is known of a site: its name, its 网站标识码 ("" where its homepage has none), what its faults cost."""

    name: str
    code: str = ""
    shares: Mapping[str, ScoreShare] = field(default_factory=dict)


class Look(NamedTuple):
    """The last look that verified an entry: whether the fault was gone, by what, and who asked for it."""

    gone: bool
    at: datetime
    cause: ChangeCause
    by: str
    run: int | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What a row is made of: the entry, and what the store knows around it; ``at`` counts the rows of a sheet."""

    entry: LedgerEntry
    site: SiteFacts
    page_title: str = ""
    look: Look | None = None
    at: int = 1


def score_shares(score: Score) -> dict[str, ScoreShare]:
    """Return what each fault behind a score costs, by fingerprint.

    What a line takes off is shared equally by the faults that it counts: an estimate, since a line may have a bound.
    """
    points: dict[str, float] = {}
    for item in score.items:
        for key in item.behind:
            points[key] = points.get(key, 0.0) - item.points / max(item.count, 1)
    vetoes = {key: veto.title for veto in score.veto for key in veto.behind}
    return {
        key: ScoreShare(round(points[key], 2) if key in points else None, vetoes.get(key, NOTHING))
        for key in points.keys() | vetoes.keys()
    }
