"""Take a change of the ledger back: what a person just did by one click too many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.model import Text
from monitor.beijing import beijing_time
from monitor.remediation.ledger import CONFLICT, ChangeRefusedError, Ledger
from monitor.store.ledger.entry_changes import ConflictError
from reports.remediation.entry import ChangeCause, FieldChange, LedgerEntry, as_text

WHY = "undo"
"""What the history says of why: the row before is the change that was taken back."""

CHANGED_SINCE = Text("之后又有改动，没有撤销", "it was changed again since, and is left as it is")


def take_back(ledger: Ledger, rows: Sequence[FieldChange], by: str) -> list[FieldChange]:
    """Put the fields that some rows of the history changed back as they were, all or none; return the rows of that.

    The table of states does not count here: what was, may be again. Raises ChangeRefusedError where an entry was
    changed since.
    """
    known = ledger.entries.get(dict.fromkeys(row.number for row in rows))
    touched = {number: [row for row in rows if row.number == number] for number in known}
    stale = [number for number, own in touched.items() if not _stands(known[number], own)]
    if stale:
        raise ChangeRefusedError(dict.fromkeys(stale, CHANGED_SINCE))
    at = beijing_time(ledger.clock())
    back = [
        FieldChange(number, at, ChangeCause.PERSON, by, None, row.field, row.after, row.before, WHY)
        for number, own in touched.items()
        for row in _net(own)
    ]
    try:
        ledger.entries.write(known, back)
    except ConflictError as error:
        raise ChangeRefusedError(dict.fromkeys(error.numbers, CONFLICT)) from None
    return back


def _net(rows: Iterable[FieldChange]) -> list[FieldChange]:
    """Return one row a field: from what it was before all of them to what it is after."""
    fields: dict[str, FieldChange] = {}
    for row in rows:
        first = fields.get(row.field)
        fields[row.field] = row if first is None else first._replace(after=row.after)
    return [row for row in fields.values() if row.before != row.after]


def _stands(entry: LedgerEntry, rows: Iterable[FieldChange]) -> bool:
    """Return whether an entry still is what the rows made of it."""
    return all(as_text(getattr(entry, row.field)) == row.after for row in _net(rows))
