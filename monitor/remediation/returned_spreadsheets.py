"""Take back the workbooks of the ledger: what departments filled in, an entry at a time, and a line for all else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from checks.model import Text
from monitor.remediation.ledger import ChangeRefusedError, Ledger
from monitor.remediation.ledger_rows import LedgerRows
from reports.remediation.changes import WantedChange
from reports.remediation.entry import FieldChange, LedgerEntry
from reports.remediation.ledger_row import LedgerRow
from reports.remediation.spreadsheet_merging import LineKind, Merged, OutcomeLine, clear_rows, merge_row
from reports.remediation.spreadsheet_reading import SheetRow, read_spreadsheet

WRITTEN_AT_ONCE = 200
"""Entries that are changed in one transaction; one that is refused is taken out of it."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did: the rows of the history that it added, or would have, and a line for all else."""

    changes: list[FieldChange]
    lines: list[OutcomeLine]

    @property
    def held_back(self) -> int:
        """How many lines say that something was not taken."""
        return sum(line.kind is not LineKind.NOTE for line in self.lines)


Refusal = Callable[[LedgerEntry, WantedChange | None], Text | None]
"""Why somebody may not change an entry in some way, or with None in any; None where they may."""


def _refuses_nothing(_: LedgerEntry, __: WantedChange | None) -> None:
    """Who runs a command may change everything."""


def import_spreadsheet(
    ledger: Ledger, stream: BinaryIO, by: str, *, dry_run: bool = False, refusal: Refusal = _refuses_nothing
) -> ImportOutcome:
    """Take back what people filled in, in the name of ``by``. Raises SpreadsheetError.

    What makes no sense for one entry, or is not allowed there, is refused for that entry alone.
    """
    returned = read_spreadsheet(stream)
    fingerprints = ledger.entries.fingerprints({row.number for row in returned.rows if row.number is not None})
    merged = Merged()
    changes: list[FieldChange] = []
    present = _present_rows(ledger, returned.rows, fingerprints, refusal)
    for rows in _batches(clear_rows(returned, fingerprints, present, merged)):
        numbered = {row.number: row for row in rows if row.number is not None}
        entries = ledger.entries.get(numbered)
        merged.wishes.clear()
        for number, row in numbered.items():
            if reason := refusal(entries[number], None):
                merged.say(LineKind.SKIPPED, row, *reason)
            else:
                merge_row(merged, row, entries[number], returned.written)
        reasons = {number: refusal(entries[number], wish) for number, wish in merged.wishes.items()}
        _refuse(merged, {number: reason for number, reason in reasons.items() if reason is not None})
        changes += _changed(ledger, entries, by, merged, dry_run=dry_run)
    return ImportOutcome(changes, merged.lines)


def _present_rows(
    ledger: Ledger, rows: Iterable[SheetRow], fingerprints: Mapping[int, str], refusal: Refusal
) -> dict[int, LedgerRow]:
    """Return the rows as they are now of which locked cells were changed, of entries that the person may see."""
    changed = {
        row.number
        for row in rows
        if row.number is not None
        and row.changed is not None
        and row.changed.cells
        and fingerprints.get(row.number) == row.fingerprint
    }
    present = LedgerRows(ledger.entries).get(sorted(changed))
    return {row.entry.number: row for row in present if refusal(row.entry, None) is None}


def _batches(rows: Iterable[SheetRow]) -> Iterator[list[SheetRow]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, WRITTEN_AT_ONCE)):
        yield batch


def _changed(
    ledger: Ledger, entries: Mapping[int, LedgerEntry], by: str, merged: Merged, *, dry_run: bool
) -> list[FieldChange]:
    """Change what can be of ``entries``, as the rows were compared with them; say of the rest why it cannot.

    What somebody changed since then is refused: read again here, it would be overwritten, and nobody would know.
    """
    while merged.wishes:
        wishes = dict(merged.wishes)
        seen = {number: entries[number] for number in wishes}
        try:
            return ledger.change_each(wishes, by, dry_run=dry_run, seen=seen)
        except ChangeRefusedError as error:
            _refuse(merged, error.reasons)
    return []


def _refuse(merged: Merged, reasons: Mapping[int, Text]) -> None:
    """Take wishes back, and say of each why."""
    for number, reason in reasons.items():
        merged.wishes.pop(number, None)
        merged.lines.append(OutcomeLine(LineKind.REFUSED, merged.places[number], number, reason))
