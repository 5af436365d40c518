"""Write the ledger's entries into workbooks for departments; ``returned_spreadsheets`` takes back what they fill in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from monitor.remediation.ledger import Ledger
from monitor.remediation.spreadsheet_pieces import WORTH_IT, piece_maker
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.spreadsheet import SHEET_NAME, TITLE, DropDowns, EntrySheet, sheet_name, write_spreadsheet

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""Characters that some file system does not allow in a name."""

UNASSIGNED = "未分派"
"""What the file or sheet of the entries that no department has is called."""


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
