"""Write the ledger's entries into workbooks for departments, and take back what they filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from checks.model import Text
from monitor.remediation.ledger import ChangeRefusedError, Ledger
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from reports.remediation.entry import FieldChange
from reports.remediation.spreadsheet import DropDowns, write_spreadsheet
from reports.remediation.spreadsheet_merging import LineKind, Merged, OutcomeLine, merge
from reports.remediation.spreadsheet_reading import read_spreadsheet

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""Characters that some file system does not allow in a name."""

UNASSIGNED = "未分派"
"""What the file of the entries that no department has is called."""

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


def export_spreadsheet(ledger: Ledger, wanted: LedgerFilter, language: str, out: BinaryIO) -> int:
    """Write entries as one workbook; return their number."""
    offered = ledger.entries.responsible(wanted.site)
    return write_spreadsheet(ledger.select(wanted), DropDowns(*offered), ledger.today, language, out)


def department_files(ledger: Ledger, wanted: LedgerFilter, out: Path) -> Iterator[tuple[Path, LedgerFilter]]:
    """Yield the file and the filter of each department that has entries: ``FILE-部门.xlsx``, and ``FILE-未分派.xlsx``.

    Two names that file systems cannot tell apart get a number.
    """
    taken: set[str] = set()
    named = [*ledger.entries.responsible(wanted.site)[0], ""]
    departments = [wanted.department] if wanted.department is not None else named
    for department in departments:
        stem = base = f"{out.stem}-{UNSAFE.sub('_', department).strip(' .')[:60] or UNASSIGNED}"
        at = 1
        while stem.lower() in taken:
            at += 1
            stem = f"{base}-{at}"
        taken.add(stem.lower())
        yield out.with_name(f"{stem}{out.suffix}"), replace(wanted, department=department)


def import_spreadsheet(ledger: Ledger, stream: BinaryIO, by: str, *, dry_run: bool = False) -> ImportOutcome:
    """Take back what people filled in, in the name of ``by``. Raises SpreadsheetError.

    What makes no sense for one entry is refused for that entry alone.
    """
    returned = read_spreadsheet(stream)
    entries = ledger.entries.get({row.number for row in returned.rows if row.number is not None})
    merged = merge(returned, entries)
    changes: list[FieldChange] = []
    numbers = list(merged.wishes)
    for at in range(0, len(numbers), WRITTEN_AT_ONCE):
        wishes = {number: merged.wishes[number] for number in numbers[at : at + WRITTEN_AT_ONCE]}
        changes += _changed(ledger, wishes, by, merged, dry_run=dry_run)
    return ImportOutcome(changes, merged.lines)


def _changed(
    ledger: Ledger, wishes: dict[int, WantedChange], by: str, merged: Merged, *, dry_run: bool
) -> list[FieldChange]:
    """Change what can be; say of the rest why it cannot."""
    while wishes:
        try:
            return ledger.change_each(wishes, by, dry_run=dry_run)
        except ChangeRefusedError as error:
            _say_refused(merged, error.reasons)
            wishes = {number: wish for number, wish in wishes.items() if number not in error.reasons}
    return []


def _say_refused(merged: Merged, reasons: Mapping[int, Text]) -> None:
    merged.lines += [
        OutcomeLine(LineKind.REFUSED, merged.places[number], number, reason) for number, reason in reasons.items()
    ]
