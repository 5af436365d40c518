"""List findings as rows with the columns that a remediation ledger (整改台账) has; spreadsheets and CSV share them.

Findings of one wording are one row (``gathering``), with the number of its places and of its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from reports import facts
from reports.model import Baseline
from reports.remediation.states import STATES

if TYPE_CHECKING:
    from checks.model import Finding
    from reports.gathering import Alike
    from reports.model import Entry, Run
    from reports.wording import Words

Value = str | int | date
"""What a cell holds; a datetime is a date as well."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What the columns of one row read from. In the report of a first run (``is_first``) nothing is called new."""

    same: Alike
    run: Run
    say: Words
    is_first: bool = False

    @property
    def entry(self) -> Entry:
        """The finding that stands for all of the row, with its history."""
        return self.same.first

    @property
    def finding(self) -> Finding:
        """The finding of the row."""
        return self.entry.finding

    def values(self) -> list[Value]:
        """Return the values of all columns, in their order."""
        return [column.value(self) for column in COLUMNS]


@dataclass(frozen=True, slots=True)
class FindingColumn:
    """One column: ``key`` names its heading under ``[table]`` of the wording, ``width`` is in characters."""

    key: str
    width: int
    value: Callable[[FindingRow], Value]


def standing(baseline: Baseline, say: Words, *, is_first: bool) -> str:
    """Return how a finding stands against the run before, "" where there is none that could make it new."""
    return "" if is_first and baseline is Baseline.NEW else say.label("baseline", baseline)


def _joined(parts: Iterable[str], row: FindingRow) -> str:
    return row.say("frame.separator").join(parts)


COLUMNS = (
    FindingColumn("id", 13, lambda row: row.entry.number),
    FindingColumn("site", 16, lambda row: row.run.site),
    FindingColumn("run", 14, lambda row: row.run.id),
    FindingColumn("family", 12, lambda row: row.say.label("family", row.finding.rule.family)),
    FindingColumn("rule", 18, lambda row: row.finding.rule.title(row.say.language)),
    FindingColumn("severity", 7, lambda row: row.say.label("severity", row.finding.weight)),
    FindingColumn("confidence", 8, lambda row: row.say.label("confidence", row.finding.confidence)),
    FindingColumn("baseline", 10, lambda row: standing(row.same.baseline, row.say, is_first=row.is_first)),
    FindingColumn(
        "state", 10, lambda row: _joined((STATES[each].title(row.say.language) for each in row.same.states), row)
    ),
    FindingColumn("department", 14, lambda row: _joined(row.same.departments, row)),
    FindingColumn("owner", 10, lambda row: _joined(row.same.owners, row)),
    FindingColumn("deadline", 12, lambda row: row.same.deadline or ""),
    FindingColumn("overdue", 8, lambda row: row.say("ledger.overdue") if row.same.overdue else ""),
    FindingColumn("column", 12, lambda row: row.finding.column),
    FindingColumn("page_title", 24, lambda row: row.entry.page_title),
    FindingColumn("page", 36, lambda row: facts.place(row.finding)),
    FindingColumn("region", 14, lambda row: facts.where(row.finding, row.run, row.say)),
    FindingColumn("places", 8, lambda row: row.same.count),
    FindingColumn("pages", 8, lambda row: max(row.same.page_count, facts.referrer_count(row.finding))),
    FindingColumn("target", 36, lambda row: facts.target_url(row.finding)),
    FindingColumn("link_text", 18, lambda row: facts.link_text(row.finding)),
    FindingColumn("message", 36, lambda row: facts.message(row.finding, row.say.language)),
    FindingColumn("context", 36, lambda row: facts.wording(row.finding)),
    FindingColumn("wrong", 14, lambda row: row.finding.text.wrong if row.finding.text else ""),
    FindingColumn("suggestion", 32, lambda row: facts.remedy(row.finding, row.say.language)),
    FindingColumn("answer", 14, lambda row: facts.answer(row.finding, row.say)),
    FindingColumn("basis", 24, lambda row: row.finding.rule.basis(row.say.language)),
    FindingColumn("first_seen", 16, lambda row: row.entry.first_seen),
    FindingColumn("last_seen", 16, lambda row: row.entry.last_seen),
    FindingColumn("runs", 8, lambda row: row.entry.runs),
    FindingColumn("referrer_count", 8, lambda row: facts.referrer_count(row.finding)),
)
"""The columns in the order in which a remediation ledger has them, as far as the data has them."""


def cells(values: Iterable[Value], say: Words) -> tuple[str, ...]:
    """Return the values of a row as texts."""
    return tuple(say.day(value) if isinstance(value, date) else str(value) for value in values)
