"""Change entries of the ledger as a person wishes, where they may; say what became of it, and offer to take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from http import HTTPStatus

from fastapi import HTTPException

from checks.model import Text
from monitor.accounts.permissions import Action, actions_of
from monitor.console.actions.remembering import take_judgement_back
from monitor.console.caller import Caller
from monitor.console.visit import Visit
from monitor.remediation.ledger import ChangeRefusedError
from monitor.remediation.taking_back import take_back
from reports.remediation.changes import WantedChange
from reports.remediation.entry import FieldChange, LedgerEntry
from reports.remediation.states import STATES, State, find_state

AT_ONCE = 1_000
"""Entries that one click changes."""

REASONS_SHOWN = 5
"""Refused entries that are named."""


def wanted_change(visit: Visit) -> WantedChange:
    """Return the change that a form asks for; a field that it lacks stays as it is.

    Answers with an error page where a state or a date makes no sense.
    """

    def text(name: str) -> str | None:
        # Browsers send a line's end as CRLF: a note of several lines would differ from itself.
        return visit.field(name).replace("\r\n", "\n") if name in visit.form else None

    state = visit.field("state")
    if state and find_state(state) is None:
        visit.refuse(Text(f"没有“{state}”这个状态", f"there is no state {state!r}"))
    return WantedChange(
        state=State(find_state(state) or state) if state else None,
        owner=text("owner"),
        department=text("department"),
        deadline=_day(visit, "deadline"),
        until=_day(visit, "until"),
        note=text("note"),
        remark=text("remark"),
        mended=_day(visit, "mended"),
        reason=visit.field("reason"),
    )


def _day(visit: Visit, name: str) -> date | None:
    value = visit.field(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        visit.refuse(Text(f"“{value}”不是日期", f"{value!r} is no date"))


def change_entries(visit: Visit, numbers: Iterable[int], wanted: WantedChange) -> list[FieldChange]:
    """Change entries, all or none, and tell on the next page what was done or why nothing was.

    Answers "not found" for an entry that the person may not see, "forbidden" for what they may not change.
    """
    chosen = list(dict.fromkeys(numbers))[: AT_ONCE + 1]
    if not chosen:
        visit.tell(visit.say("changes.none_chosen"), is_error=True)
        return []
    if len(chosen) > AT_ONCE:
        visit.tell(visit.say("changes.too_many", n=AT_ONCE), is_error=True)
        return []
    try:
        rows = change_seen(visit, chosen, wanted)
    except ChangeRefusedError as error:
        visit.tell(refusal_text(visit, error), is_error=True)
        return []
    if not rows:
        visit.tell(visit.say("changes.nothing"))
        return []
    changed = len({row.number for row in rows})
    undo = visit.notices.undoable(visit.user.name, rows)
    visit.tell(visit.say.count("changes.done", changed), undo=undo)
    return rows


def change_seen(
    caller: Caller, numbers: Sequence[int], wanted: WantedChange, seen: Mapping[int, LedgerEntry] | None = None
) -> list[FieldChange]:
    """Change entries, all or none, and keep it in the audit log; return the rows that this added to their history.

    ``seen`` are the entries as the caller knows them: one that was changed since is refused. Answers as
    ``demand_change`` does. Raises ChangeRefusedError.
    """
    allowed = demand_change(caller, numbers, wanted)
    rows = caller.ledger.change(numbers, wanted, caller.author, seen=seen or allowed)
    keep(caller, rows)
    return rows


def states_open_to(visit: Visit, entry: LedgerEntry) -> list[State]:
    """Return the states that make sense for an entry now and that the person may bring it to, in the order of work."""
    return [state for state in STATES[entry.state].next if _may_bring_to(visit, state, entry.site, entry.department)]


def states_offered(visit: Visit) -> list[tuple[str, str]]:
    """Return the states that the person can bring some entries to, with their titles; only a look closes one."""
    language = visit.preferences.language
    return [
        (state.value, rule.title(language))
        for state, rule in STATES.items()
        if state is not State.CLOSED and all(map(visit.may_somewhere, actions_of(WantedChange(state=state))))
    ]


def _may_bring_to(visit: Visit, state: State, site: str, department: str) -> bool:
    return all(visit.may(action, site, department) for action in actions_of(WantedChange(state=state)))


def undo_change(visit: Visit, name: str) -> int | None:
    """Take back a change that its author may still take back; return an entry of it, None where none came back."""
    change = visit.notices.take_change(visit.user.name, name)
    if change is None:
        visit.tell(visit.say("changes.too_late"), is_error=True)
        return None
    if change.suppression:
        return take_judgement_back(visit, change.suppression)
    try:
        back = take_back(visit.ledger, change.rows, visit.author)
    except ChangeRefusedError as error:
        visit.tell(refusal_text(visit, error), is_error=True)
        return None
    keep(visit, back)
    visit.tell(visit.say("changes.undone"))
    return back[0].number if back else None


def keep(caller: Caller, rows: Sequence[FieldChange]) -> None:
    """Write rows that a change added to the history into the audit log."""
    caller.audit.add_ledger_change(caller.actor, rows)


def demand_change(caller: Caller, numbers: Sequence[int], wanted: WantedChange) -> dict[int, LedgerEntry]:
    """Return the entries, where the person may change each in this way.

    Answers "not found" for an entry that is not there or that they may not see, without saying which of the two it is,
    and "forbidden" for what they may not change.
    """
    known = caller.ledger.entries.get(numbers)
    for entry in known.values():
        caller.demand_sight(Action.ENTRY_SEE, entry.site, entry.department)
    if len(known) < len(set(numbers)):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    for entry in known.values():
        for action in actions_of(wanted):
            caller.demand(action, entry.site, entry.department)
    return known


def refusal_text(visit: Visit, error: ChangeRefusedError) -> str:
    """Return why a change was refused, the first entries by their numbers."""
    language = visit.preferences.language
    named = list(error.reasons.items())[:REASONS_SHOWN]
    if len(error.reasons) == 1:
        return named[0][1](language)
    separator = Text("；", "; ")(language)
    return separator.join(f"#{number} {reason(language)}" for number, reason in named)
