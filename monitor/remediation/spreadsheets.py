"""Write the ledger's entries into workbooks for departments, and take back what they filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from checks.model import Text
from monitor.remediation.ledger import ChangeRefusedError, Ledger
from monitor.remediation.spreadsheet_pieces import WORTH_IT, piece_maker
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from reports.remediation.entry import FieldChange, LedgerEntry
from reports.remediation.spreadsheet import SHEET_NAME, TITLE, DropDowns, EntrySheet, sheet_name, write_spreadsheet
from reports.remediation.spreadsheet_merging import LineKind, Merged, OutcomeLine, clear_rows, merge_row
from reports.remediation.spreadsheet_reading import SheetRow, read_spreadsheet

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""Characters that some file system does not allow in a name."""

UNASSIGNED = "未分派"
"""What the file or sheet of the entries that no department has is called."""

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


def export_spreadsheet(  # noqa: PLR0913 - what, in which words, divided how
    ledger: Ledger,
    wanted: LedgerFilter,
    language: str,
    out: BinaryIO,
    *,
    sheet_per_department: bool = False,
    processes: int = 1,
) -> int:
    """Write entries as one workbook, on one sheet or on one a department; return their number.

    Large workbooks are made by as many ``processes``. Raises SpreadsheetFullError.
    """
    parts = _department_sheets(ledger, wanted) if sheet_per_department else {TITLE(language): wanted}
    numbers = {name: ledger.entries.numbers(part) for name, part in parts.items()}
    # Of all on the site; but where somebody gets these entries and no others, only people that they name.
    offered = DropDowns(*ledger.entries.responsible(LedgerFilter(site=wanted.site, numbers=wanted.numbers)))
    worth_it = sum(map(len, numbers.values())) >= WORTH_IT
    with piece_maker(ledger.entries, language, processes if worth_it else 1) as make:
        sheets = [EntrySheet(name, those, partial(make, those)) for name, those in numbers.items()]
        return write_spreadsheet(sheets, offered, ledger.today, language, out)


def _departments(ledger: Ledger, wanted: LedgerFilter) -> list[LedgerFilter]:
    """Return a filter for each department that has entries, and one for those that no department has."""
    named = [*ledger.entries.responsible(LedgerFilter(site=wanted.site))[0], ""]
    names = [wanted.department] if wanted.department is not None else named
    parts = [replace(wanted, department=name) for name in names]
    return [part for part in parts if ledger.entries.count(part)] or parts[:1]


def _department_sheets(ledger: Ledger, wanted: LedgerFilter) -> dict[str, LedgerFilter]:
    """Return the sheets of a workbook by name; Excel tells no two names apart that differ in case alone."""
    names = DistinctNames(sheet_name)
    return {names.name(part.department or UNASSIGNED): part for part in _departments(ledger, wanted)}


def department_files(ledger: Ledger, wanted: LedgerFilter, out: Path) -> Iterator[tuple[Path, LedgerFilter]]:
    """Yield the file and the filter of each department that has entries: ``FILE-部门.xlsx``, ``FILE-未分派.xlsx``."""
    names = DistinctNames(_file_part)
    for part in _departments(ledger, wanted):
        yield out.with_name(f"{out.stem}-{names.name(part.department or UNASSIGNED)}{out.suffix}"), part


def _file_part(name: str) -> str:
    return UNSAFE.sub("_", name).strip(" .")[:60]


class DistinctNames:
    """Names made of what people call things, as ``allowed`` makes them; two that would be the same get a number."""

    def __init__(self, allowed: Callable[[str], str]) -> None:
        self._allowed = allowed
        self._taken: set[str] = set()

    def name(self, text: str) -> str:
        """Return a name that was not given before, whatever its case."""
        base = self._allowed(text) or UNASSIGNED
        name, at = base, 1
        while name.lower() in self._taken:
            at += 1
            name = f"{base[: SHEET_NAME - 5]}-{at}"
        self._taken.add(name.lower())
        return name


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
    for rows in _batches(clear_rows(returned, fingerprints, merged)):
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
        changes += _changed(ledger, dict(merged.wishes), by, merged, dry_run=dry_run)
    return ImportOutcome(changes, merged.lines)


def _batches(rows: Iterable[SheetRow]) -> Iterator[list[SheetRow]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, WRITTEN_AT_ONCE)):
        yield batch


def _changed(
    ledger: Ledger, wishes: dict[int, WantedChange], by: str, merged: Merged, *, dry_run: bool
) -> list[FieldChange]:
    """Change what can be; say of the rest why it cannot."""
    while wishes:
        try:
            return ledger.change_each(wishes, by, dry_run=dry_run)
        except ChangeRefusedError as error:
            _refuse(merged, error.reasons)
            wishes = {number: wish for number, wish in wishes.items() if number not in error.reasons}
    return []


def _refuse(merged: Merged, reasons: Mapping[int, Text]) -> None:
    """Take wishes back, and say of each why."""
    for number, reason in reasons.items():
        merged.wishes.pop(number, None)
        merged.lines.append(OutcomeLine(LineKind.REFUSED, merged.places[number], number, reason))
