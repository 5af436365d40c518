"""Take a change of the ledger back: what a person just did by one click too many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.model import Text
from monitor.beijing import beijing_time
from monitor.remediation.ledger import CONFLICT, ChangeRefusedError, Ledger
from monitor.store.ledger.entry_changes import ConflictError
from reports.remediation.changes import Circumstance, changed_fields
from reports.remediation.entry import UNDO, ChangeCause, FieldChange, LedgerEntry, applied, as_text, replay

CHANGED_SINCE = Text("之后又有改动，没有撤销", "it was changed again since, and is left as it is")


def take_back(ledger: Ledger, rows: Sequence[FieldChange], by: str) -> list[FieldChange]:
    """Put the fields that some rows of the history changed back as they were, all or none; return the rows of that.

    The table of states does not count here: what was, may be again. Raises ChangeRefusedError where an entry was
    changed since.
    """
    known = ledger.entries.get(dict.fromkeys(row.number for row in rows))
    histories = ledger.entries.histories(known)
    touched = {
        number: _TakenBack(entry, [row for row in rows if row.number == number], histories[number])
        for number, entry in known.items()
    }
    stale = [number for number, each in touched.items() if not each.stands]
    if stale:
        raise ChangeRefusedError(dict.fromkeys(stale, CHANGED_SINCE))
    when = Circumstance(beijing_time(ledger.clock()), ChangeCause.PERSON, by, why=UNDO)
    back = [row for each in touched.values() for row in each.put_back(when)]
    try:
        ledger.entries.write(known, back)
    except ConflictError as error:
        raise ChangeRefusedError(dict.fromkeys(error.numbers, CONFLICT)) from None
    return back


class _TakenBack:
    """An entry, the rows that changed it, and what it was before and right after them."""

    def __init__(self, entry: LedgerEntry, rows: Sequence[FieldChange], history: Sequence[FieldChange]) -> None:
        self.entry, self.rows = entry, _net(rows)
        first = next((at for at, row in enumerate(history) if row == rows[0]), len(history))
        self.before = replay(history[:first])
        self.after = applied(self.before, *rows)

    @property
    def stands(self) -> bool:
        """Whether the entry still is what the rows made of it."""
        changed = all(as_text(getattr(self.entry, row.field)) == row.after for row in self.rows)
        return changed and (not self._moves or self.entry.mended == self.after.mended)

    @property
    def _moves(self) -> bool:
        return any(row.field == "state" for row in self.rows)

    def put_back(self, when: Circumstance) -> list[FieldChange]:
        """Return the rows that put the fields back, and the day of mending with them.

        A state dates what it calls mended, or forgets that date, without a row of its own: so does the undo of one, and
        a date that somebody had named would be lost.
        """
        number = self.entry.number
        back = changed_fields(number, self.entry, {row.field: row.before for row in self.rows}, when)
        if not self._moves:
            return back
        return back + changed_fields(number, applied(self.entry, *back), {"mended": self.before.mended}, when)


def _net(rows: Iterable[FieldChange]) -> list[FieldChange]:
    """Return one row a field: from what it was before all of them to what it is after."""
    fields: dict[str, FieldChange] = {}
    for row in rows:
        first = fields.get(row.field)
        fields[row.field] = row if first is None else first._replace(after=row.after)
    return [row for row in fields.values() if row.before != row.after]
