"""Declare what programs send and get. What is sent is read by these; what is answered is held to them by the tests.

Times are of China (+08:00) as ISO 8601, days are ISO 8601 without a time, "" is "none" of a text and null of the rest.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from checks.model import Confidence, Severity
from monitor.accounts.permissions import Action, TokenScope
from monitor.console.actions.ledger_changes import AT_ONCE
from monitor.console.actions.rechecks_now import ENTRIES
from monitor.console.api.cursors import NoNul
from monitor.store.outbox import MessageState
from reports.model import Scope
from reports.picture import PictureKind
from reports.remediation.changes import WantedChange
from reports.remediation.entry import ChangeCause
from reports.remediation.recheck_verdict import RecheckResult
from reports.remediation.states import State
from reports.remediation.suppressions import SuppressionKind

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: object) -> object:
    """Take a day as it is written, and neither a number nor a time for one."""
    if value is not None and not (isinstance(value, str) and DAY.fullmatch(value)):
        raise ValueError("must be a day such as 2026-11-30")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[int, Field(ge=1, lt=2**63, strict=True)]
Name = Annotated[str, Field(max_length=255), NoNul]
LongText = Annotated[str, Field(max_length=4_000), NoNul]


class Sent(BaseModel):
    """What a program sends: nothing but what is declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answered(BaseModel):
    """What a program gets: nothing but what is declared."""

    model_config = ConfigDict(extra="forbid")


class PageOfList(Answered):
    """A page of a list."""

    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


# ---- sites ------------------------------------------------------------------------------------------


class OpenBySeverity(Answered):
    """Entries that somebody has to work on."""

    critical: int
    major: int
    minor: int


class SiteOut(Answered):
    """A site at a glance."""

    id: str
    name: str
    url: str
    group: str
    level: str = Field(description="critical, major, unknown, minor, good: the worst first.")
    status: str
    inspected: str | None
    score: float | None
    vetoes: int
    grade: str
    open: OpenBySeverity
    overdue: int
    to_confirm: int
    to_verify: int
    next_round: str | None
    next_scope: str
    availability: float | None
    running: bool


class SitePage(PageOfList):
    """A page of sites."""

    items: list[SiteOut]


class InspectionUnderway(Answered):
    """An inspection that runs, or waits for its turn: then ``run`` is null."""

    site: str
    scope: Scope
    run: int | None
    started: str | None
    pages: int
    links: int
    requests: int
    queued: int
    findings: int
    can_be_cancelled: bool


class InspectionList(Answered):
    """What is under way."""

    items: list[InspectionUnderway]


class InspectionWanted(Sent):
    """What to inspect: the homepage, or the whole site."""

    scope: Scope


# ---- runs -------------------------------------------------------------------------------------------


class RunOut(Answered):
    """A run."""

    id: int
    site: str
    name: str
    url: str
    scope: Scope
    status: str
    pages: int
    links: int
    requests: int
    bytes: int
    started: str
    finished: str | None
    scheduled_for: str | None
    alive: bool
    reason: str
    score: float | None
    grade: str


class RunPage(PageOfList):
    """A page of runs."""

    items: list[RunOut]


class RuleFigures(Answered):
    """What a run found by one rule."""

    rule: str
    title: str
    severity: Severity
    confirmed: int
    suspected: int
    new: int


class RunWithRules(RunOut):
    """A run with what it found by rule, and how many entries it verified to be gone."""

    rules: list[RuleFigures]
    closed: int
    previous: int | None
    notices: list[str]


class ReportFileOut(Answered):
    """A file of a report, and its bytes."""

    name: str
    ending: str
    size: int


class ReportList(Answered):
    """The files of a run's report."""

    items: list[ReportFileOut]


# ---- ledger -----------------------------------------------------------------------------------------


class SuggestedTarget(Answered):
    """A likely repair of a broken link."""

    target: str
    reason: str


class EntryOut(Answered):
    """An entry of the ledger; docs/remediation.md says what each field means."""

    number: int
    site: str
    rule: str
    family: str
    severity: Severity
    confidence: Confidence
    state: State
    page: str
    target: str
    message: str
    department: str
    owner: str
    deadline: str | None
    estimated: bool
    overdue: bool
    first_seen: str
    last_seen: str
    closed: str | None
    reopened: int
    bounced: int
    until: str | None
    reason: str
    note: str
    mended: str | None
    remark: str
    fingerprint: str
    suggestions: list[SuggestedTarget]
    hidden: int
    suppression: int | None
    last_run: int
    revision: int = Field(description="Grows with every change that a person, a look or a date makes.")


class ChangeRow(Answered):
    """One row of the history: a field of an entry went from one value to another."""

    number: int
    at: str
    cause: ChangeCause
    by: str
    run: int | None
    field: str
    before: str
    after: str
    why: str


class PictureOut(Answered):
    """A picture that shows a finding; ``digest`` names it in its address."""

    kind: PictureKind
    digest: str
    width: int
    height: int


class EntryWithHistory(EntryOut):
    """An entry with every change of it, the oldest first, and what shows it as the last inspection saw it."""

    history: list[ChangeRow]
    pictures: list[PictureOut]


class EntryPageOut(PageOfList):
    """A page of entries."""

    items: list[EntryOut]


class ChangeWanted(Sent):
    """What an entry is to be; what is left out or null stays as it is, "" empties a text."""

    state: State | None = None
    owner: Name | None = None
    department: Name | None = None
    deadline: Day | None = None
    until: Day | None = Field(None, description="The last day of a judgement.")
    note: LongText | None = None
    remark: LongText | None = None
    mended: Day | None = None
    reason: LongText = Field("", description="Judgements need one.")

    def as_change(self) -> WantedChange:
        """Return it as the ledger takes it."""
        return WantedChange(**dict(self))


class ManyChangesWanted(Sent):
    """The same change of several entries: all of them, or none."""

    numbers: list[Number] = Field(min_length=1, max_length=AT_ONCE)
    change: ChangeWanted


class ChangeOutcome(Answered):
    """The entries that are different now, and the rows that this added to their histories."""

    changed: list[int]
    changes: list[ChangeRow]


class RecheckWanted(Sent):
    """Entries whose places are to be looked at."""

    numbers: list[Number] = Field(min_length=1, max_length=ENTRIES)


class LookResult(Answered):
    """What a look saw of an entry."""

    number: int
    result: RecheckResult
    evidence: str


class RecheckOut(Answered):
    """A recheck; ``fault`` says why it ended early, "" where it did not."""

    id: str
    numbers: list[int]
    ended: bool
    fault: str
    results: list[LookResult]


class PeriodCounts(Answered):
    """Entries found, closed and come back in the period; open and overdue are of today."""

    found: int
    closed: int
    open: int
    overdue: int
    reopened: int
    median_days: float | None


class FiguresOut(Answered):
    """The figures of a period, in all and by family, department and severity."""

    total: PeriodCounts
    families: dict[str, PeriodCounts]
    departments: dict[str, PeriodCounts]
    severities: dict[str, PeriodCounts]


# ---- suppressions -----------------------------------------------------------------------------------


class SuppressionOut(Answered):
    """A judgement that is remembered; ``site`` "" is everywhere."""

    id: int
    kind: SuppressionKind
    subject: str
    site: str
    wrong: str
    right: str
    host: str
    rule: str
    pattern: str
    author: str
    reason: str
    made: str
    until: str | None
    configured: bool
    hidden: int
    last_hidden: str | None
    stale: bool


class SuppressionPage(PageOfList):
    """A page of judgements."""

    items: list[SuppressionOut]


class SuppressionMade(SuppressionOut):
    """A judgement, and how many open entries it hides now."""

    hides: int


SUBJECTS = {
    SuppressionKind.ENTRY: ("entry",),
    SuppressionKind.PAIR: ("wrong", "right"),
    SuppressionKind.TARGET: ("host",),
}
"""What says what each kind is about. A rule on pages of some pattern is remembered by the command line alone: what a
pattern costs, nobody can bound."""


class SuppressionWanted(Sent):
    """What to remember: all that is like an entry, a wording, or a host of links; on one site or everywhere."""

    kind: SuppressionKind = Field(
        description="entry, with `entry`; pair, with `wrong` and `right`; target, with `host`."
    )
    entry: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 0
    wrong: Name = ""
    right: Name = ""
    host: Name = ""
    site: Name = ""
    reason: Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S"), NoNul]
    until: Day | None = None

    @model_validator(mode="after")
    def _subject(self) -> SuppressionWanted:
        """Have the fields of its kind, and of no other."""
        wanted = SUBJECTS.get(self.kind)
        if wanted is None:
            raise ValueError("a rule is remembered by the command line alone")
        given = {name for names in SUBJECTS.values() for name in names if getattr(self, name)}
        if given != set(wanted):
            raise ValueError(f"kind {self.kind} goes with {' and '.join(wanted)}, and nothing else")
        return self


# ---- administration ---------------------------------------------------------------------------------


class Me(Answered):
    """In whose place a program acts, with which scopes, and what it may do somewhere."""

    name: str
    full_name: str
    scopes: list[TokenScope]
    actions: list[Action]
    sites: list[str]
    departments: list[str]


class MessageOut(Answered):
    """A message to people."""

    id: int
    target: str
    occasion: str
    subject: str
    state: MessageState
    attempts: int
    created: str
    due: str
    ended: str | None
    error: str


class MessageList(Answered):
    """The newest messages."""

    items: list[MessageOut]


class Numbers(Sent):
    """Numbers of messages."""

    numbers: list[Number] = Field(max_length=200)


class AuditLine(Answered):
    """A line of the audit log."""

    number: int
    at: str
    who: str
    address: str
    channel: str
    action: str
    object: str
    before: str
    after: str


class AuditPage(PageOfList):
    """A page of the audit log."""

    items: list[AuditLine]


class InvalidPlace(Answered):
    """Where a request makes no sense, and why."""

    at: str
    reason: str


class Refusal(Answered):
    """Why an entry cannot be changed so."""

    number: int
    reason: str


class ProblemOut(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[InvalidPlace] = []
    reasons: list[Refusal] = []


def schema_of_problem() -> dict[str, Any]:
    """Return the schema of a problem, for a document of OpenAPI."""
    return ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
