"""Count what finished runs found, once a run: it does not change any more, and there may be 26,000 of them."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from functools import lru_cache
from typing import Any, NamedTuple

from checks import rule_of
from checks.link_rules import DEAD_LINK_RULES
from checks.model import ColumnStatus
from monitor.beijing import ZONE
from monitor.service.metrics.packed_counts import Counts, Labels
from monitor.store.database import chunks
from monitor.store.run_facts import PicturesRead, RunFacts
from monitor.store.statistics import Statistics

Pair = tuple[str, str]
"""Values of two labels of a metric."""

NONE: Counts[Any] = Counts()
NO_COLUMNS = array("d")
"""What all figures share that have nothing to say: 26,000 runs with four empty dictionaries each took 8 MB."""


class ColumnAge(NamedTuple):
    """When a column was last updated, in seconds since the epoch, and the seconds in which the next has to follow."""

    name: str
    newest: float
    limit: float


@dataclass(slots=True)
class RunFigures:
    """The figures of one run; ``columns`` are kept only where somebody shows them by name."""

    links: Counts[str] = field(default_factory=lambda: NONE)
    broken: Counts[Pair] = field(default_factory=lambda: NONE)
    """By kind of target and reason."""
    families: Counts[Pair] = field(default_factory=lambda: NONE)
    """Confirmed findings by family and severity."""
    suspected: int = 0
    new: int = 0
    failures: Counts[str] = field(default_factory=lambda: NONE)
    """Subjects without a verdict, by check."""
    text: Counts[Pair] = field(default_factory=lambda: NONE)
    """By check, and whether it is ``characters`` or ``seconds``."""
    pictures: PicturesRead | None = None
    columns: tuple[ColumnAge, ...] = ()
    deadlines: array[float] = field(default_factory=lambda: NO_COLUMNS)
    """Of the columns, in seconds since the epoch: 26,000 runs have half a million of them."""
    has_network_fault: bool = False
    unjudged: int = 0
    """Addresses on which the inspection itself failed."""
    security: tuple[float, str] | None = None
    """Points and grade."""
    points: float | None = None
    certificate_ends: float | None = None

    @property
    def broken_links(self) -> float:
        """Links that certainly do not open."""
        return sum(self.broken.values())


class FigureCache:
    """The figures of the runs that were last asked for."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._known: dict[int, RunFigures] = {}
        self._names, self._pairs = Labels[str](), Labels[Pair]()
        self._grades: dict[tuple[float, str], tuple[float, str]] = {}
        """Of all sites: points and grades are some dozens of pairs."""
        self._named = True

    def of(self, numbers: Collection[int], *, named: bool) -> dict[int, RunFigures]:
        """Return the figures of runs, with the names of columns or without, and forget those of all others."""
        wanted = set(numbers)
        if named != self._named:
            self._known, self._named = {}, named
        self._known = {number: self._known[number] for number in wanted & self._known.keys()}
        for chunk in chunks(sorted(wanted - self._known.keys())):  # counting all at once took 20 MB more
            counted = {number: self._from_facts(facts, named=named) for number, facts in self._statistics.facts(chunk)}
            self._count(counted)
            self._known |= counted
        return self._known

    def _count(self, figures: dict[int, RunFigures]) -> None:
        families: dict[int, Counter[Pair]] = defaultdict(Counter)
        for row in self._statistics.counted(figures):
            of, rule = figures[row.run], rule_of(row.rule)
            of.new += row.new
            if row.confidence == "confirmed":
                families[row.run][rule.family if rule else "retired", row.severity] += row.places
            else:
                of.suspected += row.places
        for number, counts in families.items():
            figures[number].families = self._pairs.count(counts)
        broken: dict[int, Counter[Pair]] = defaultdict(Counter)
        for number, kind, reason, count in self._statistics.links(figures, DEAD_LINK_RULES):
            broken[number][kind, reason] += count
        for number, counts in broken.items():
            figures[number].broken = self._pairs.count(counts)

    def _from_facts(self, facts: RunFacts, *, named: bool) -> RunFigures:
        columns = tuple(_columns(facts))
        security = (float(facts.security.score), facts.security.grade) if facts.security else None
        return RunFigures(
            links=self._names.count(facts.links),
            failures=self._names.count({tally.id: tally.errors for tally in facts.checks if tally.errors or named}),
            text=self._pairs.count(dict(_text(facts))),
            pictures=facts.pictures,
            columns=columns if named else (),
            deadlines=array("d", [column.newest + column.limit for column in columns]) if columns else NO_COLUMNS,
            has_network_fault=facts.network_fault is not None,
            unjudged=facts.unjudged,
            security=self._grades.setdefault(security, security) if security else None,
            points=facts.score.points if facts.score else None,
            certificate_ends=facts.certificate_not_after,
        )


def _text(facts: RunFacts) -> Iterator[tuple[Pair, float]]:
    for check, read in facts.text.items():
        yield (check, "characters"), read.characters
        yield (check, "seconds"), read.seconds


def _columns(facts: RunFacts) -> Iterator[ColumnAge]:
    for column in facts.columns:
        if column.newest is not None and column.limit_days and column.status is not ColumnStatus.EXEMPT:
            yield ColumnAge(column.name[:100], _midnight(column.newest), column.limit_days * 86_400.0)


@lru_cache(maxsize=4096)  # half a million columns were updated on some hundred days
def _midnight(day: date) -> float:
    return datetime.combine(day, time_of_day.min, ZONE).timestamp()
