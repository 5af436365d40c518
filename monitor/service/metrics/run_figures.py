"""Count what finished runs found, once a run: it does not change any more, and there may be 26,000 of them."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from itertools import starmap
from typing import NamedTuple

from checks import rule_of
from checks.link_rules import DEAD_LINK_RULES
from checks.model import ColumnStatus
from monitor.beijing import ZONE
from monitor.service.metrics.packed_counts import PackedTables, TablePacker
from monitor.store.database import chunks
from monitor.store.run_facts import PicturesRead, RunFacts
from monitor.store.statistics import Statistics

Pair = tuple[str, str]
"""Values of two labels of a metric."""

EMPTY = PackedTables(((), (), (), (), ()), array("d"))
NO_DAYS = array("i")
"""What all figures share that have nothing to say."""


class ColumnAge(NamedTuple):
    """When a column was last updated, in seconds since the epoch, and the seconds in which the next has to follow."""

    name: str
    newest: float
    limit: float


@dataclass(frozen=True, slots=True)
class RunFigures:
    """The figures of one run; ``columns`` are kept only where somebody shows them by name.

    What is counted by label is packed, and made a dictionary of when it is asked for: there are 26,000 of these.
    """

    tables: PackedTables = EMPTY
    """The five properties below, in their order."""
    suspected: int = 0
    new: int = 0
    pictures: PicturesRead | None = None
    columns: tuple[ColumnAge, ...] = ()
    deadlines: array[int] = field(default_factory=lambda: NO_DAYS)
    """The days (proleptic ordinals) on which columns are overdue: 26,000 runs have half a million of them."""
    has_network_fault: bool = False
    unjudged: int = 0
    """Addresses on which the inspection itself failed."""
    security: tuple[float, str] | None = None
    """Points and grade."""
    points: float | None = None
    certificate_ends: float | None = None

    @property
    def links(self) -> dict[str, float]:
        """Addresses that answered, by kind."""
        return self.tables.table(0)

    @property
    def broken(self) -> dict[Pair, float]:
        """Links that certainly do not open, by kind of target and reason."""
        return self.tables.table(1)

    @property
    def broken_links(self) -> float:
        """Links that certainly do not open, all together."""
        return sum(self.broken.values())

    @property
    def families(self) -> dict[Pair, float]:
        """Confirmed findings by family and severity."""
        return self.tables.table(2)

    @property
    def failures(self) -> dict[str, float]:
        """Subjects without a verdict, by check."""
        return self.tables.table(3)

    @property
    def text(self) -> dict[Pair, float]:
        """What was read by check, and whether it is ``characters`` or ``seconds``."""
        return self.tables.table(4)


@dataclass(slots=True)
class FindingCounts:
    """What the findings of one run come to, while they are counted."""

    families: Counter[Pair] = field(default_factory=Counter)
    broken: Counter[Pair] = field(default_factory=Counter)
    suspected: int = 0
    new: int = 0


class FigureCache:
    """The figures of the runs that were last asked for."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._known: dict[int, RunFigures] = {}
        self._packer = TablePacker()
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
            counts = self._count(chunk)
            for number, facts in self._statistics.facts(chunk):
                self._known[number] = self._figures(facts, counts[number], named=named)
        return self._known

    def _count(self, numbers: Collection[int]) -> dict[int, FindingCounts]:
        counts: dict[int, FindingCounts] = defaultdict(FindingCounts)
        for row in self._statistics.counted(numbers):
            of, rule = counts[row.run], rule_of(row.rule)
            of.new += row.new
            if row.confidence == "confirmed":
                of.families[rule.family if rule else "retired", row.severity] += row.places
            else:
                of.suspected += row.places
        for number, kind, reason, count in self._statistics.links(numbers, DEAD_LINK_RULES):
            counts[number].broken[kind, reason] += count
        return counts

    def _figures(self, facts: RunFacts, counts: FindingCounts, *, named: bool) -> RunFigures:
        columns = list(_judged(facts))
        failures = {tally.id: tally.errors for tally in facts.checks if tally.errors or named}
        security = (float(facts.security.score), facts.security.grade) if facts.security else None
        return RunFigures(
            tables=self._packer.pack(facts.links, counts.broken, counts.families, failures, dict(_text(facts))),
            suspected=counts.suspected,
            new=counts.new,
            pictures=facts.pictures,
            columns=tuple(starmap(_age, columns)) if named else (),
            deadlines=array("i", [newest.toordinal() + limit for _, newest, limit in columns]) if columns else NO_DAYS,
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


def _judged(facts: RunFacts) -> Iterator[tuple[str, date, int]]:
    """Yield of each column that has to be kept fresh its name, its last update, and the days that the next may take."""
    for column in facts.columns:
        if column.newest is not None and column.limit_days and column.status is not ColumnStatus.EXEMPT:
            yield column.name, column.newest, column.limit_days


def _age(name: str, newest: date, limit: int) -> ColumnAge:
    return ColumnAge(name[:100], datetime.combine(newest, time_of_day.min, ZONE).timestamp(), limit * 86_400.0)
