"""Show one run: how it went, what it found by rule, how that stands to the run before, what was not looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from checks import RULES
from checks.model import Rule, Severity
from monitor.output.report import run_of
from monitor.store.reading_store import ReadingStore
from monitor.store.runs import RunRecord
from monitor.store.statistics import Counted, Statistics
from reports.model import Run


@dataclass(frozen=True, slots=True)
class RuleCount:
    """The findings of one rule in a run; ``rule`` is None where the program no longer has it."""

    id: str
    rule: Rule | None
    severity: Severity
    confirmed: int
    suspected: int
    new: int


@dataclass(frozen=True, slots=True)
class RunDetails:
    """A run with its figures; ``closed`` counts the entries that it verified to be gone."""

    record: RunRecord
    run: Run
    previous: RunRecord | None
    rules: tuple[RuleCount, ...]
    severities: dict[str, int]
    closed: int


def run_details(reading: ReadingStore, number: int) -> RunDetails | None:
    """Return a run, None where there is none of that number."""
    try:
        record = reading.runs.load(number)
    except KeyError:
        return None
    statistics = Statistics(reading.engine)
    counted = list(statistics.counted([number]))
    severities: Counter[str] = Counter()
    for row in counted:
        severities[row.severity] += row.places if row.confidence == "confirmed" else 0
    return RunDetails(
        record=record,
        run=run_of(record),
        previous=reading.runs.previous(record),
        rules=_by_rule(counted),
        severities=dict(severities),
        closed=statistics.fixed([number]).get(number, 0),
    )


def _by_rule(counted: list[Counted]) -> tuple[RuleCount, ...]:
    """Return a line for each rule and severity, the worst and most frequent first."""
    lines: dict[tuple[str, str], Counter[str]] = {}
    for row in counted:
        of_rule = lines.setdefault((row.rule, row.severity), Counter())
        of_rule[row.confidence] += row.places
        of_rule["new"] += row.new
    found = [
        RuleCount(rule, RULES.get(rule), Severity(severity), counts["confirmed"], counts["suspected"], counts["new"])
        for (rule, severity), counts in lines.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.severity.rank, -each.confirmed, -each.suspected, each.id)))
