"""Read the workbook that departments sent back: bytes in, rows out. What is broken or hostile gets a clear error.

Sheets and columns are found by their headings, in either language, so that a moved column is still read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from reports.remediation.spreadsheet import DIGEST, EXPORTED, FINGERPRINT, HIDDEN, HIDDEN_SHEET, ROWS, VERSION
from reports.remediation.spreadsheet_cells import digest_of, exported_from
from reports.remediation.spreadsheet_columns import COLUMNS, DAYS, FILLED_IN_OF, LOCKED
from reports.remediation.spreadsheet_values import CoveredCell, is_touched
from reports.workbooks.sheets import Content, MergedRange, SheetLine
from reports.workbooks.workbook_reader import WorkbookReader

PACKED = 200 * 1024 * 1024
"""Bytes of a file; 200,000 entries are 30 MB."""

UNPACKED = 1024 * 1024 * 1024
"""Bytes of all parts together, as the archive declares them; zipfile reads no more of a part than that."""

SHARED_STRINGS = 256 * 1024 * 1024
"""Bytes of the one part that is held in memory whole."""

SHEET_ROWS = ROWS
"""Rows of a file that are read."""

MERGED_ROWS = 3_000_000
"""Rows that the merged ranges of a sheet cover together; more is an attack."""

SHEET_COLUMNS = 100
"""Columns of a sheet that are read: what people add beside the ledger is not ours."""

HEADING_ROWS = 10
"""First rows among which the headings are looked for: people put a title above them."""

SERIALS = 100_000
"""What serial numbers of days are below; a larger number is a date that somebody typed as 20261201."""

UNTOUCHED: Mapping[str, str] = MappingProxyType({})
"""What a row holds that nobody changed: most rows of most files."""

OLE = b"\xd0\xcf\x11\xe0"
"""What old xls files begin with, and xlsx files with a password."""


class SpreadsheetError(ValueError):
    """The file cannot be read; the message says why and what to do."""


class SheetRow(NamedTuple):
    """One row as it came back. ``place`` is sheet and row; ``number`` is None where there is none.

    ``touched`` are the cells that people may fill in and that are not as they were exported, by column; ``exported``
    the values that they had, None for a row that somebody made by hand. ``intact`` says that the locked cells are those
    of the export.
    """

    place: str
    number: int | None
    fingerprint: str
    exported: Mapping[str, str] | None
    touched: Mapping[str, object]
    intact: bool


@dataclass(frozen=True, slots=True)
class ReturnedSpreadsheet:
    """What came back: ``numbers`` were exported, on the day ``written``."""

    rows: Sequence[SheetRow]
    numbers: frozenset[int]
    written: date


def read_spreadsheet(stream: BinaryIO) -> ReturnedSpreadsheet:
    """Return the rows of a workbook that ``write_spreadsheet`` made. Raises SpreadsheetError."""
    _refuse_what_is_no_workbook(stream)
    try:
        book = WorkbookReader(stream)
        export = _export_of(book)
        rows: list[SheetRow] = []
        for name in book.sheets:
            if name != HIDDEN_SHEET:
                rows += _LedgerSheet(book, name, export).rows(SHEET_ROWS - len(rows))
    except SpreadsheetError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file fails in every way there is
        raise SpreadsheetError(f"the file is damaged: {type(error).__name__}: {error}"[:300]) from None
    return ReturnedSpreadsheet(rows, export.numbers, export.written)


def _refuse_what_is_no_workbook(stream: BinaryIO) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    if start == OLE:
        raise SpreadsheetError("an old xls file, or one with a password: save it as xlsx without a password")
    if not start.startswith(b"PK"):
        raise SpreadsheetError("no xlsx file: save the table as an Excel workbook (xlsx), not as csv or text")
    if size > PACKED:
        raise SpreadsheetError(f"the file is larger than {PACKED >> 20} MB")
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise SpreadsheetError("the file is damaged: its archive cannot be opened") from None
    stream.seek(0)
    if any(name.endswith("vbaProject.bin") for name in parts):
        raise SpreadsheetError("a workbook with macros: save it as xlsx")
    if "xl/workbook.xml" not in parts:
        raise SpreadsheetError("no xlsx file: its archive holds no workbook")
    if sum(parts.values()) > UNPACKED or parts.get("xl/sharedStrings.xml", 0) > SHARED_STRINGS:
        raise SpreadsheetError("the file unpacks to more than can be read")


@dataclass(frozen=True, slots=True)
class _Export:
    """What the hidden sheet says: the version of the layout, which numbers were exported, and on what day."""

    version: int
    numbers: frozenset[int]
    written: date


def _export_of(book: WorkbookReader) -> _Export:
    if HIDDEN_SHEET not in book.sheets:
        raise SpreadsheetError(f"no export of this ledger: the hidden sheet {HIDDEN_SHEET} is missing")
    lines = islice(book.rows(HIDDEN_SHEET, 1, []), SHEET_ROWS)
    texts = [str(line.cells[0]) for line in lines if line.cells.get(0) is not None]
    try:
        version, written = int(texts[0]), date.fromisoformat(texts[1])
        spans = [span.split("-") for span in "".join(texts[2:]).split(",") if span]
        numbers = frozenset(number for first, last in spans for number in _span(int(first), int(last)))
    except (ValueError, IndexError):
        raise SpreadsheetError(
            f"the hidden sheet {HIDDEN_SHEET} was changed; take the file as it was exported"
        ) from None
    if version not in LOCKED:
        raise SpreadsheetError(f"a file of layout {version}, and this version reads layouts up to {VERSION}")
    return _Export(version, numbers, written)


def _span(first: int, last: int) -> range:
    if last - first > SHEET_ROWS:
        raise ValueError("more numbers than rows")
    return range(first, last + 1)


TITLES = {title: column.key for column in COLUMNS for title in column.title} | {name: name for name in HIDDEN}


class _LedgerSheet:
    """A sheet that holds rows of the ledger, below headings; one without headings has none."""

    def __init__(self, book: WorkbookReader, name: str, export: _Export) -> None:
        self._book, self._name, self._export = book, name, export
        self._places: Mapping[str, int] = {}

    def rows(self, limit: int) -> list[SheetRow]:
        """Return the rows. Raises SpreadsheetError where there are more than ``limit``."""
        merged: list[MergedRange] = []
        found: dict[int, SheetRow] = {}
        for line in self._book.rows(self._name, SHEET_COLUMNS, merged):
            if not self._places:
                if line.number > HEADING_ROWS:
                    return []
                self._places = _headings(line.cells)
            elif any(value not in {None, ""} for value in line.cells.values()):
                found[line.number] = self._row(line)
                if len(found) > limit:
                    raise SpreadsheetError(f"the file has more than {SHEET_ROWS} rows")
        self._mark_covered(found, merged)
        return list(found.values())

    def _row(self, line: SheetLine) -> SheetRow:
        values = {key: line.cells.get(at) for key, at in self._places.items()}
        for key in DAYS if self._book.days_later else ():  # one that has lost its looks; with them it is a date already
            day = values.get(key)
            if isinstance(day, int) and day < SERIALS:
                values[key] = day + self._book.days_later
        number = _whole(values["number"])
        exported = exported_from(values[EXPORTED])
        locked = [values.get(key) for key in LOCKED[self._export.version]]
        touched = {
            key: values[key]
            for key in FILLED_IN_OF[self._export.version]
            if key in values and is_touched(key, values[key], (exported or {}).get(key, ""), self._export.written)
        }
        return SheetRow(
            place=f"{self._name}!{line.number}",
            number=number,
            fingerprint=str(values[FINGERPRINT] or "").strip(),
            exported=exported and (exported if touched else UNTOUCHED),
            touched=touched or UNTOUCHED,
            intact=digest_of(number, locked) == str(values[DIGEST] or "").strip(),
        )

    def _mark_covered(self, rows: dict[int, SheetRow], merged: Sequence[MergedRange]) -> None:
        """Mark the filled-in cells that a merged range covers: only its first cell holds what somebody typed."""
        if sum(each.last_row - each.first_row for each in merged) > MERGED_ROWS:
            raise SpreadsheetError(f"the sheet {self._name} has too many merged cells")
        filled_in = FILLED_IN_OF[self._export.version]
        open_cells = [(key, self._places[key]) for key in filled_in if key in self._places]
        for each in merged:
            covered = {key: at for key, at in open_cells if each.first_column <= at <= each.last_column}
            for number in range(each.first_row, each.last_row + 1):
                marks = {
                    key: CoveredCell()
                    for key, at in covered.items()
                    if (number, at) != (each.first_row, each.first_column)
                }
                if number in rows and marks:
                    rows[number] = rows[number]._replace(touched={**rows[number].touched, **marks})


def _headings(cells: Mapping[int, Content]) -> Mapping[str, int]:
    """Return where each column is, nothing where the row has no headings. Raises SpreadsheetError."""
    texts = {at: str(value or "").strip() for at, value in cells.items()}
    found = {TITLES[text]: at for at, text in texts.items() if text in TITLES}
    if "number" not in found:
        return {}
    missing = [name for name in HIDDEN if name not in found]
    if missing:
        raise SpreadsheetError(f"hidden columns are missing ({', '.join(missing)}): take the file as it was exported")
    return found


def _whole(value: object) -> int | None:
    """Return a number as programs write it back: 12, 12.0, or its text, also in full width."""
    if isinstance(value, bool | datetime):
        return None
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return int(number) if number == int(number) and 0 < number < 2**53 else None
