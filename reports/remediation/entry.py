"""Hold what the remediation ledger (整改台账) knows of a fault, and how every bit of it came about.

The part that people and looks decide is ``Handling``, and it is what its history adds up to: ``replay`` makes it from
the rows, and a test holds the store to it. The rest is what the last run saw. Times are aware, dates are Beijing's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checks.model import Confidence, Finding, Severity, Text
from reports import facts
from reports.remediation.states import WORKING, State


class ChangeCause(StrEnum):
    """What brought a change about."""

    PERSON = "person"
    RUN = "run"
    RECHECK = "recheck"
    TERM = "term"
    """The end date of a judgement is over."""
    ASSIGNMENT = "assignment"
    """``remediation.assign`` or ``remediation.deadlines`` of the configuration."""
    SUPPRESSION = "suppression"
    """A remembered judgement that applies to the fault."""
    MIGRATION = "migration"
    """The entry was made from the history that an older version kept."""


LOOKS = frozenset({ChangeCause.RUN, ChangeCause.RECHECK, ChangeCause.MIGRATION})
"""Causes that looked at the place: nothing else closes an entry."""


UNDO = "undo"
"""Why a change was made that takes another one back."""


def named(by: str) -> str:
    """Return the person who is named for a change, "" for a recheck that nobody is named for."""
    return "" if by == ChangeCause.RECHECK else by


class FieldChange(NamedTuple):
    """One row of the history: ``field`` of entry ``number`` went from ``before`` to ``after``, both as text.

    ``by`` names the person where there is one. ``run`` is the run that caused it, None for anything else. ``why`` is
    the person's reason, or the evidence of a look.
    """

    number: int
    at: datetime
    cause: ChangeCause
    by: str
    run: int | None
    field: str
    before: str
    after: str
    why: str


class Suggestion(Struct, frozen=True):
    """A likely repair of a broken link: an address that was asked and answered, and why it is offered."""

    target: str
    reason: Text


class Handling(Struct, frozen=True, kw_only=True):
    """What was decided about a fault, by people, looks and configuration.

    ``estimated`` says that ``deadline`` was counted over days that no announcement covers. ``until`` is the last day of
    a false positive, an acceptance or a postponement. ``closed`` is when a look verified that the fault was gone, None
    while it is open; ``reopened`` counts how often it came back afterwards, ``bounced`` how often a look still found
    what somebody had called mended. ``note`` says what was done, ``remark`` anything else. ``mended`` is the day on
    which people say that the fault was mended: that on which they said so where they named none, and None again once a
    look still found it.
    """

    state: State = State.TO_FIX
    department: str = ""
    owner: str = ""
    deadline: date | None = None
    estimated: bool = False
    until: date | None = None
    reason: str = ""
    note: str = ""
    remark: str = ""
    mended: date | None = None
    closed: datetime | None = None
    reopened: int = 0
    bounced: int = 0


class LedgerEntry(Handling, frozen=True, kw_only=True):
    """One fault of one site, whichever scope met it.

    ``number`` is what people say on the telephone: unique over all sites of the store, and never given twice.
    ``finding`` is the fault as the last run that saw it made it. ``suppression`` numbers the remembered judgement that
    made it a false positive. ``hidden`` counts the runs that met the fault while it was one.
    """

    number: int
    site: str
    fingerprint: str
    check: str
    finding: Finding
    severity: Severity
    confidence: Confidence
    first_seen: datetime
    last_seen: datetime
    last_run: int
    hidden: int = 0
    suppression: int | None = None
    suggestions: tuple[Suggestion, ...] = ()
    revision: int = 0

    @property
    def rule(self) -> str:
        """The id of the rule."""
        return self.finding.rule.id

    @property
    def family(self) -> str:
        """The family of the rule."""
        return self.finding.rule.family

    @property
    def page(self) -> str:
        """The page to open to see the fault."""
        return facts.place(self.finding)

    @property
    def target(self) -> str:
        """The address that the page points at, "" for a fault that is no link's."""
        return facts.target_url(self.finding)

    def message(self, language: str) -> str:
        """Return what is wrong, in a sentence."""
        return facts.message(self.finding, language)

    def overdue(self, today: date) -> bool:
        """Return whether the deadline is over and somebody still has to do something; never stored."""
        return self.deadline is not None and self.deadline < today and self.state in WORKING


def replay(history: Iterable[FieldChange]) -> Handling:
    """Return what the history of one entry, oldest row first, adds up to. Raises ValueError for an unknown field."""
    return applied(Handling(), *history)


def is_named_deadline(history: Iterable[FieldChange], deadline: date | None) -> bool:
    """Return whether a person set the deadline that an entry has, by its history, oldest row first.

    A deadline that an undo put back is the person's or the configuration's, as it was before.
    """
    given = [row for row in history if row.field == "deadline" and row.after == as_text(deadline) and row.why != UNDO]
    return bool(given) and given[-1].cause is ChangeCause.PERSON


def applied(handling: Handling, *changes: FieldChange) -> Handling:
    """Return what rows of the history make of an entry. Raises ValueError for an unknown field."""
    present: dict[str, Any] = {}
    for change in changes:
        if change.field == "state":
            present |= _with_state(present, handling, change)
        elif change.field in READERS:
            present[change.field] = READERS[change.field](change.after)
        elif change.field not in SEEN_FIELDS:
            raise ValueError(f"no field of a ledger entry is called {change.field!r}")
    return replace(handling, **present) if present else handling


def _with_state(present: Mapping[str, Any], handling: Handling, change: FieldChange) -> dict[str, object]:
    """Return what a new state changes of an entry of which ``present`` has changed already."""

    def current(name: str) -> Any:  # noqa: ANN401 - the value of a field
        return present.get(name, getattr(handling, name))

    before, after = change.before, State(change.after)
    mended = current("mended")
    if after is State.TO_VERIFY:
        mended = mended or change.at.date()
    elif after is not State.CLOSED and before in {State.TO_VERIFY, State.CLOSED}:
        mended = None
    return {
        "state": after,
        "mended": mended,
        "closed": change.at if after is State.CLOSED else None,
        "reopened": current("reopened") + (before == State.CLOSED),
        "bounced": current("bounced") + (before == State.TO_VERIFY and after in WORKING and change.cause in LOOKS),
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


READERS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("department", "owner", "reason", "note", "remark"), str),
    **dict.fromkeys(("deadline", "until", "mended"), _day),
    "estimated": "true".__eq__,
}
"""What makes the value of a field of ``Handling`` out of a row's text; a state changes more than itself."""

SEEN_FIELDS = frozenset({"severity", "confidence", "recheck"})
"""Rows that are a look's word on the finding, not a decision about it."""


def as_text(value: object) -> str:
    """Return a value of ``Handling`` as a row of the history has it: dates in ISO 8601, "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
