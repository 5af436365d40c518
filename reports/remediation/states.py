"""Say in one table what states a ledger entry can be in, and which changes between them make sense.

Code, documents, console and spreadsheets all read ``STATES``. What a person may say is in its column ``next``; only a
look at the place closes an entry, and only a look or the end of a term reopens one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from checks.model import Confidence, Text


class State(StrEnum):
    """Where the office stands with a fault."""

    TO_CONFIRM = "to-confirm"
    TO_FIX = "to-fix"
    FIXING = "fixing"
    TO_VERIFY = "to-verify"
    CLOSED = "closed"
    FALSE_POSITIVE = "false-positive"
    ACCEPTED = "accepted"
    POSTPONED = "postponed"


class EndDate(StrEnum):
    """Whether a state carries a date after which the entry comes back."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class StateRule(Struct, frozen=True):
    """One row of the table. ``next`` are the states that a person may choose from here, in the order of work.

    ``working`` states are those in which somebody still has to do something: they can be overdue.
    """

    id: State
    title: Text
    next: tuple[State, ...]
    working: bool = False
    needs_reason: bool = False
    end: EndDate = EndDate.NONE


_JUDGED = (State.FALSE_POSITIVE, State.ACCEPTED, State.POSTPONED)

STATES: Mapping[State, StateRule] = {
    rule.id: rule
    for rule in (
        StateRule(
            State.TO_CONFIRM,
            Text("待确认", "To confirm"),
            (State.TO_FIX, State.FIXING, State.TO_VERIFY, *_JUDGED),
            working=True,
        ),
        StateRule(
            State.TO_FIX,
            Text("待整改", "To fix"),
            (State.TO_CONFIRM, State.FIXING, State.TO_VERIFY, *_JUDGED),
            working=True,
        ),
        StateRule(State.FIXING, Text("整改中", "Being fixed"), (State.TO_FIX, State.TO_VERIFY, *_JUDGED), working=True),
        StateRule(State.TO_VERIFY, Text("待复核", "To verify"), (State.TO_FIX, State.FIXING, *_JUDGED), working=True),
        StateRule(State.CLOSED, Text("已销号", "Closed"), ()),
        StateRule(
            State.FALSE_POSITIVE,
            Text("误报", "False positive"),
            (State.TO_CONFIRM, State.TO_FIX, State.ACCEPTED, State.POSTPONED),
            needs_reason=True,
            end=EndDate.OPTIONAL,
        ),
        StateRule(
            State.ACCEPTED,
            Text("不予整改", "Accepted"),
            (State.TO_FIX, State.FIXING, State.TO_VERIFY, State.FALSE_POSITIVE, State.POSTPONED),
            needs_reason=True,
            end=EndDate.REQUIRED,
        ),
        StateRule(
            State.POSTPONED,
            Text("延期", "Postponed"),
            (State.TO_FIX, State.FIXING, State.TO_VERIFY, State.FALSE_POSITIVE, State.ACCEPTED),
            needs_reason=True,
            end=EndDate.REQUIRED,
        ),
    )
}
"""Every state, in the order of work."""

WORKING = tuple(state for state, rule in STATES.items() if rule.working)
"""States in which somebody still has to do something."""


def entering_state(confidence: Confidence) -> State:
    """Return the state in which a fault enters the ledger, and to which it comes back."""
    return State.TO_CONFIRM if confidence is Confidence.SUSPECTED else State.TO_FIX


def find_state(text: str) -> State | None:
    """Return the state that people mean by an id or by a title in either language; None where there is none."""
    wanted = text.strip().lower()
    return next(
        (state for state, rule in STATES.items() if wanted in {state.value, rule.title.zh, rule.title.en.lower()}), None
    )


def refusal(current: State, wanted: State, *, reason: str, has_end: bool) -> Text | None:
    """Return why a person cannot bring an entry from one state to another, None where it makes sense.

    ``reason`` and ``has_end`` are what the entry would have afterwards.
    """
    rule = STATES[wanted]
    if wanted is not current and wanted not in STATES[current].next:
        return _no_way(current, wanted)
    if rule.needs_reason and not reason.strip():
        return Text(f"“{rule.title.zh}”要说明理由", f"{wanted} needs a reason")
    if rule.end is EndDate.REQUIRED and not has_end:
        return Text(f"“{rule.title.zh}”要有截止日期", f"{wanted} needs an end date")
    if rule.end is EndDate.NONE and has_end:
        return Text(f"“{rule.title.zh}”没有截止日期", f"{wanted} has no end date")
    return None


def _no_way(current: State, wanted: State) -> Text:
    there, here = STATES[wanted].title, STATES[current].title
    ways = STATES[current].next
    if not ways:
        return Text(
            f"“{here.zh}”的问题只有再次发现时才会重新打开", f"{current} is reopened only where the fault is found again"
        )
    why = Text(f"不能从“{here.zh}”改为“{there.zh}”", f"{current} cannot become {wanted}")
    if wanted is State.CLOSED:
        why = Text("“已销号”只能由复查得出", "only a look at the place closes an entry")
    chinese = "、".join(STATES[way].title.zh for way in ways)
    return Text(f"{why.zh}，可以改为：{chinese}", f"{why.en}; it can become: {', '.join(ways)}")


def past_end(until: date | None, today: date) -> Text | None:
    """Return why a judgement cannot end on a day, None where it can."""
    if until is None or until >= today:
        return None
    return Text(f"截止日期 {until} 已经过去", f"the end date {until} is past")
