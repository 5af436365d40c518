"""Read the workbook that departments sent back: bytes in, rows out. What is broken or hostile gets a clear error.

Sheets and columns are found by their headings, in either language, so that a moved column is still read.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, NamedTuple

import openpyxl
from openpyxl.workbook import Workbook

from reports.remediation.spreadsheet import (
    COLUMNS,
    DIGEST,
    EXPORTED,
    FINGERPRINT,
    HIDDEN,
    HIDDEN_SHEET,
    LOCKED_TEXT,
    VERSION,
    digest_of,
)

PACKED = 200 * 1024 * 1024
"""Bytes of a file; 200,000 entries are 30 MB."""

UNPACKED = 1024 * 1024 * 1024
"""Bytes of all parts together, as the archive declares them; zipfile reads no more of a part than that."""

SHARED_STRINGS = 256 * 1024 * 1024
"""Bytes of the one part that is held in memory whole."""

SHEET_ROWS = 300_000
"""Rows of a sheet that are read."""

SHEET_COLUMNS = 100
"""Columns of a sheet that are read: what people add beside the ledger is not ours."""

HEADING_ROWS = 10
"""First rows among which the headings are looked for: people put a title above them."""

OLE = b"\xd0\xcf\x11\xe0"
"""What old xls files begin with, and xlsx files with a password."""


class SpreadsheetError(ValueError):
    """The file cannot be read; the message says why and what to do."""


class Formula(str):
    """What stands in a cell in the place of a value: nobody can say what it came to when somebody looked at it."""

    __slots__ = ()


class SheetRow(NamedTuple):
    """One row as it came back. ``place`` is sheet and row; ``number`` is None where there is none.

    ``cells`` are the values by column; ``exported`` the filled-in values as they were exported, None for a row that
    somebody made by hand. ``intact`` says that the locked cells are those of the export.
    """

    place: str
    number: int | None
    cells: Mapping[str, object]
    fingerprint: str
    exported: Mapping[str, str] | None
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
        book = openpyxl.load_workbook(stream, read_only=True)
        numbers, written = _hidden_facts(book)
        rows = [row for sheet in book.sheetnames if sheet != HIDDEN_SHEET for row in _rows(book, sheet)]
    except SpreadsheetError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file fails in openpyxl in every way there is
        raise SpreadsheetError(f"the file is damaged: {type(error).__name__}: {error}"[:300]) from None
    return ReturnedSpreadsheet(rows, numbers, written)


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


def _hidden_facts(book: Workbook) -> tuple[frozenset[int], date]:
    """Return the numbers that were exported, and the day."""
    if HIDDEN_SHEET not in book.sheetnames:
        raise SpreadsheetError(f"no export of this ledger: the hidden sheet {HIDDEN_SHEET} is missing")
    texts = [str(cells[0] or "") for cells in _sheet_rows(book, HIDDEN_SHEET, columns=1) if cells]
    try:
        version, written = int(texts[0]), date.fromisoformat(texts[1])
        spans = [span.split("-") for span in "".join(texts[2:]).split(",") if span]
        numbers = frozenset(number for first, last in spans for number in _span(int(first), int(last)))
    except (ValueError, IndexError):
        raise SpreadsheetError(
            f"the hidden sheet {HIDDEN_SHEET} was changed; take the file as it was exported"
        ) from None
    if version != VERSION:
        raise SpreadsheetError(f"a file of layout {version}, and this version reads layout {VERSION}")
    return numbers, written


def _span(first: int, last: int) -> range:
    if last - first > SHEET_ROWS:
        raise ValueError("more numbers than rows")
    return range(first, last + 1)


def _sheet_rows(book: Workbook, name: str, columns: int = SHEET_COLUMNS) -> Iterator[tuple[object, ...]]:
    sheet = book[name]
    if not hasattr(sheet, "reset_dimensions"):
        return  # a sheet of charts
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    for at, cells in enumerate(sheet.iter_rows(max_col=columns)):
        if at > SHEET_ROWS:
            raise SpreadsheetError(f"the sheet {name} has more than {SHEET_ROWS} rows")
        yield tuple([Formula(cell.value) if cell.data_type == "f" else cell.value for cell in cells])


def _rows(book: Workbook, name: str) -> Iterator[SheetRow]:
    places: dict[str, int] | None = None
    for at, cells in enumerate(_sheet_rows(book, name), 1):
        if places is None:
            places = _headings(cells)
            if places is None and at > HEADING_ROWS:
                return
        elif any(value not in {None, ""} for value in cells):
            yield _row(f"{name}!{at}", places, cells)


TITLES = {title: column.key for column in COLUMNS for title in column.title} | {name: name for name in HIDDEN}


def _headings(cells: Sequence[object]) -> dict[str, int] | None:
    """Return where each column is, None where the row has no headings."""
    texts = [str(value or "").strip() for value in cells]
    found = {TITLES[text]: at for at, text in enumerate(texts) if text in TITLES}
    if "number" not in found:
        return None
    missing = [name for name in HIDDEN if name not in found]
    if missing:
        raise SpreadsheetError(f"hidden columns are missing ({', '.join(missing)}): take the file as it was exported")
    return found


def _row(place: str, places: Mapping[str, int], cells: Sequence[object]) -> SheetRow:
    values = {key: cells[at] if at < len(cells) else None for key, at in places.items()}
    number = _whole(values["number"])
    locked = [values.get(key) for key in LOCKED_TEXT]
    return SheetRow(
        place=place,
        number=number,
        cells=values,
        fingerprint=str(values[FINGERPRINT] or "").strip(),
        exported=_exported(values[EXPORTED]),
        intact=digest_of(number, locked) == str(values[DIGEST] or "").strip(),
    )


def _whole(value: object) -> int | None:
    """Return a number as programs write it back: 12, 12.0, or its text, also in full width."""
    if isinstance(value, bool | datetime):
        return None
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return int(number) if number == int(number) and 0 < number < 2**53 else None


def _exported(value: object) -> Mapping[str, str] | None:
    try:
        values = json.loads(str(value or ""))
    except ValueError:
        return None
    if not isinstance(values, dict) or not all(isinstance(text, str) for text in values.values()):
        return None
    return values
