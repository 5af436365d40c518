"""Decide what a look, a person or the calendar changes of an entry. Pure: values in, rows of the history out.

Whatever changes an entry goes through here as ``FieldChange`` rows, and the entry's new state is made by applying
them, so the present cannot differ from its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checks.model import Confidence, Finding, Severity, Text
from reports.remediation.entry import ChangeCause, FieldChange, Handling, LedgerEntry, as_text
from reports.remediation.policy import LedgerPolicy
from reports.remediation.reasons import severity_risen
from reports.remediation.recheck_verdict import RecheckResult, RecheckVerdict
from reports.remediation.states import STATES, WORKING, EndDate, State, entering_state, past_end, refusal
from reports.remediation.suppressions import Suppression

SUPPRESSIBLE = frozenset(WORKING)
"""States that a remembered judgement takes an entry out of; what people decided otherwise stands."""

CONFIRMED = frozenset(WORKING) - {State.TO_CONFIRM}
"""States that a person brings a fault to who takes it for one: its term begins."""


class Circumstance(NamedTuple):
    """When, by a person or by what, and why something changes."""

    at: datetime
    cause: ChangeCause
    by: str = ""
    run: int | None = None
    why: str = ""


class SiteFault(Struct, frozen=True):
    """A finding, and the site that it is on."""

    site: str
    finding: Finding


class WantedChange(Struct, frozen=True):
    """What a person wants an entry to be; None leaves a field as it is, "" empties a text.

    ``reason`` is kept with the entry where its state needs one, and always with the history.
    """

    state: State | None = None
    owner: str | None = None
    department: str | None = None
    deadline: date | None = None
    until: date | None = None
    note: str | None = None
    remark: str | None = None
    mended: date | None = None
    reason: str = ""


def changed_fields(
    number: int, handling: Handling, wanted: Mapping[str, object], when: Circumstance
) -> list[FieldChange]:
    """Return a row for each field that is not yet as wanted."""
    rows = ((name, as_text(getattr(handling, name)), as_text(value)) for name, value in wanted.items())
    return [
        FieldChange(number, when.at, when.cause, when.by, when.run, name, before, after, when.why)
        for name, before, after in rows
        if before != after
    ]


def opening(
    number: int, fault: SiteFault, policy: LedgerPolicy, suppression: Suppression | None, when: Circumstance
) -> list[FieldChange]:
    """Return the first rows of an entry's history: its state, who it belongs to, until when."""
    if suppression is None:
        state = entering_state(fault.finding.confidence)
        first = FieldChange(number, when.at, when.cause, when.by, when.run, "state", "", state, when.why)
        return [first, *_assigned(number, Handling(state=state), fault, policy, when)]
    judged = Circumstance(when.at, ChangeCause.SUPPRESSION, suppression.author, when.run, suppression.reason)
    state = State.FALSE_POSITIVE
    first = FieldChange(number, when.at, judged.cause, judged.by, when.run, "state", "", state, suppression.reason)
    rest = {"reason": suppression.reason, "until": suppression.until}
    return [first, *changed_fields(number, Handling(state=state), rest, judged)]


def _assigned(
    number: int, handling: Handling, fault: SiteFault, policy: LedgerPolicy, when: Circumstance
) -> list[FieldChange]:
    """Return who mends the fault and until when; a department and an owner that are there already stay."""
    responsible = policy.assign(fault.site, fault.finding)
    wanted: dict[str, object] = {
        "department": handling.department or responsible.department,
        "owner": handling.owner or responsible.owner,
    }
    confirmed = handling.state is State.TO_FIX
    wanted |= _term(fault.finding.weight, policy, when.at) if confirmed else {"deadline": None, "estimated": False}
    return changed_fields(number, handling, wanted, when._replace(cause=ChangeCause.ASSIGNMENT, by="", why=""))


def _term(severity: Severity, policy: LedgerPolicy, start: datetime) -> dict[str, object]:
    day, estimated = policy.deadline(severity, start.date())
    return {"deadline": day, "estimated": estimated}


def found_again(  # noqa: PLR0913 - what a look is judged by
    entry: LedgerEntry,
    finding: Finding,
    policy: LedgerPolicy,
    suppression: Suppression | None,
    when: Circumstance,
    *,
    deadline_is_named: bool = False,
) -> list[FieldChange]:
    """Return what it changes that a look found the fault of a known entry.

    ``deadline_is_named`` says that a person set its deadline: then it stays, however grave the fault has become.
    """
    sure = finding.confidence
    seen: dict[str, object] = {"severity": finding.weight, "confidence": sure}
    rows = changed_fields(entry.number, entry, seen, when)
    if suppression is not None and entry.state in (*SUPPRESSIBLE, State.CLOSED):
        return rows + suppressed(entry, suppression, when)
    state = _state_after_look(entry.state, sure)
    if state is entry.state:
        # An entry that an older version opened has no term yet; it gets one when it is next seen.
        begins = state is State.TO_FIX and entry.deadline is None
    else:
        rows += changed_fields(entry.number, entry, {"state": state, **_without_judgement(state)}, when)
        begins = state is State.TO_FIX and entry.state is not State.TO_VERIFY
    if begins:
        return rows + _assigned(entry.number, _at(entry, state), SiteFault(entry.site, finding), policy, when)
    return rows if deadline_is_named else rows + _hastened(entry, finding, policy, when)


def rises(entry: LedgerEntry, finding: Finding) -> bool:
    """Return whether an entry that has a deadline is about something graver than before."""
    return entry.deadline is not None and entry.state in WORKING and finding.weight.rank < entry.severity.rank


def _hastened(entry: LedgerEntry, finding: Finding, policy: LedgerPolicy, when: Circumstance) -> list[FieldChange]:
    """Return the deadline of a severity that has risen, where it is before the one that the entry has."""
    severity = finding.weight
    day, estimated = policy.deadline(severity, when.at.date())
    if not rises(entry, finding) or entry.deadline is None or entry.deadline <= day:
        return []
    why = severity_risen(entry.severity, severity)
    term = {"deadline": day, "estimated": estimated}
    return changed_fields(entry.number, entry, term, when._replace(cause=ChangeCause.ASSIGNMENT, by="", why=why))


def is_false_positive(entry: LedgerEntry | None, suppression: Suppression | None) -> bool:
    """Return whether a fault that was just found is a false positive once its run is closed.

    It must agree with ``opening`` (no entry yet) and ``found_again``: figures of a run are made before it closes.
    """
    if entry is None:
        return suppression is not None
    if entry.state is State.FALSE_POSITIVE:
        return True
    return suppression is not None and entry.state in (*SUPPRESSIBLE, State.CLOSED)


def _state_after_look(state: State, confidence: Confidence) -> State:
    """Return the state of an entry whose fault a look found."""
    if state is State.CLOSED:
        return entering_state(confidence)
    if state is State.TO_VERIFY or (state is State.TO_CONFIRM and confidence is Confidence.CONFIRMED):
        return State.TO_FIX
    return state


def _at(entry: LedgerEntry, state: State) -> Handling:
    """Return what of an entry its new term depends on: a term that it had before does not count."""
    return Handling(
        state=state,
        department=entry.department,
        owner=entry.owner,
        deadline=entry.deadline,
        estimated=entry.estimated,
    )


def suppressed(entry: LedgerEntry, suppression: Suppression, when: Circumstance) -> list[FieldChange]:
    """Return what it changes that a remembered judgement covers an entry."""
    wanted = {"state": State.FALSE_POSITIVE, "reason": suppression.reason, "until": suppression.until}
    judged = Circumstance(when.at, ChangeCause.SUPPRESSION, suppression.author, when.run, suppression.reason)
    return changed_fields(entry.number, entry, wanted, judged)


def gone(entry: LedgerEntry, when: Circumstance) -> list[FieldChange]:
    """Return what it changes that a look verified the fault to be gone; a false positive stays what it is."""
    if entry.state in {State.CLOSED, State.FALSE_POSITIVE}:
        return []
    return changed_fields(entry.number, entry, {"state": State.CLOSED, **_without_judgement(State.CLOSED)}, when)


def rechecked(
    entry: LedgerEntry,
    verdict: RecheckVerdict,
    policy: LedgerPolicy,
    suppression: Suppression | None,
    when: Circumstance,
) -> list[FieldChange]:
    """Return what a recheck changes: first a row that says what it saw, whatever that was, then what follows from it.

    What was found stays as inspections saw it, with all its referrers; a recheck looks at some of them. It may make a
    suspicion certain, never a certainty a suspicion.
    """
    seen = FieldChange(entry.number, when.at, when.cause, when.by, when.run, "recheck", "", verdict.result, when.why)
    match verdict.result:
        case RecheckResult.GONE:
            return [seen, *gone(entry, when)]
        case RecheckResult.STILL_THERE:
            finding = rechecked_finding(entry, verdict)
            return [seen, *found_again(entry, finding, policy, suppression, when)]
        case RecheckResult.UNKNOWN:
            return [seen]


def rechecked_finding(entry: LedgerEntry, verdict: RecheckVerdict) -> Finding:
    """Return the fault of an entry as it is known after a recheck that still found it."""
    sure = verdict.sure or entry.confidence is Confidence.CONFIRMED
    return replace(entry.finding, confidence=Confidence.CONFIRMED if sure else Confidence.SUSPECTED)


def come_back(entry: LedgerEntry, policy: LedgerPolicy, when: Circumstance) -> list[FieldChange]:
    """Return what it changes that a judgement no longer holds: the entry is open again, with a term of its own."""
    state = entering_state(entry.confidence)
    rows = changed_fields(entry.number, entry, {"state": state, **_without_judgement(state)}, when)
    return rows + _assigned(entry.number, _at(entry, state), SiteFault(entry.site, entry.finding), policy, when)


def is_over(entry: LedgerEntry, today: date) -> bool:
    """Return whether the last day of an entry's judgement is past."""
    return entry.until is not None and entry.until < today


def _without_judgement(state: State) -> dict[str, object]:
    """Return the fields that a state empties: a reason and an end date belong to judgements."""
    rule = STATES[state]
    fields: dict[str, object] = {} if rule.needs_reason else {"reason": ""}
    return fields if rule.end is not EndDate.NONE else fields | {"until": None}


def asked_for(
    entry: LedgerEntry, wanted: WantedChange, policy: LedgerPolicy, when: Circumstance
) -> list[FieldChange] | Text:
    """Return what a person's wish changes, or why it makes no sense."""
    state = wanted.state or entry.state
    moved = state is not entry.state
    reason = wanted.reason or ("" if moved else entry.reason)
    until = wanted.until or (None if moved else entry.until)
    refused = refusal(entry.state, state, reason=reason, has_end=until is not None) or _unfit(wanted)
    refused = refused or past_end(wanted.until, when.at.date())
    if refused is None and wanted.mended is not None and wanted.mended > when.at.date():
        refused = Text(f"整改时间 {wanted.mended} 还没有到", f"the day of mending, {wanted.mended}, is yet to come")
    if refused is not None:
        return refused
    fields: dict[str, object] = {"state": state}
    if STATES[state].needs_reason:
        fields |= {"reason": reason, "until": until}
    elif moved:
        fields |= _without_judgement(state)
    texts = {
        "owner": wanted.owner,
        "department": wanted.department,
        "note": wanted.note,
        "remark": wanted.remark,
    }
    fields |= {name: text.strip() for name, text in texts.items() if text is not None}
    if wanted.mended is not None:
        fields["mended"] = wanted.mended  # behind the state, which dates what it calls mended, or forgets the date
    if wanted.deadline is not None:
        fields |= {"deadline": wanted.deadline, "estimated": False}
    rows = changed_fields(entry.number, entry, fields, when)
    if wanted.deadline is not None or not moved:
        return rows
    # Not in the person's name: a deadline that somebody named outlives a severity that rises, this one does not.
    counted = when._replace(cause=ChangeCause.ASSIGNMENT, by="", why="")
    return rows + changed_fields(entry.number, entry, _term_after_move(entry, state, policy, when), counted)


def _term_after_move(entry: LedgerEntry, state: State, policy: LedgerPolicy, when: Circumstance) -> dict[str, object]:
    """Return the term that a person's move gives an entry; one that goes on being worked on keeps what it has.

    An entry that comes back from a judgement has a new one, as where its judgement ends by itself (``come_back``).
    """
    reopened = entry.state not in WORKING
    if state in CONFIRMED and (reopened or entry.deadline is None):
        return _term(entry.severity, policy, when.at)
    return {"deadline": None, "estimated": False} if reopened and state is State.TO_CONFIRM else {}


NAME_CHARACTERS = 255
"""The longest name of a person or a department that every store holds."""


def _unfit(wanted: WantedChange) -> Text | None:
    """Return why a text cannot be kept, None where all can."""
    for title, name in ((Text("责任处室", "department"), wanted.department), (Text("责任人", "owner"), wanted.owner)):
        if name is not None and len(name.strip()) > NAME_CHARACTERS:
            return Text(
                f"“{title.zh}”最多 {NAME_CHARACTERS} 个字", f"{title.en} has more than {NAME_CHARACTERS} characters"
            )
    texts = "".join(filter(None, (wanted.department, wanted.owner, wanted.note, wanted.remark, wanted.reason)))
    if "\0" in texts or (not texts.isascii() and any("\ud800" <= character <= "\udfff" for character in texts)):
        return Text("文字中有无法保存的字符", "a text has characters that cannot be kept")
    return None
