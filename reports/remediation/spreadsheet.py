"""Write the remediation ledger (整改台账) as a workbook that departments fill in, and whose cells find their way back.

What people may fill in is unlocked; the rest is protected without a password, against slips and not against people.
Three hidden columns carry what the import needs: the fault's fingerprint, the filled-in values as they were exported,
and a digest of the locked cells of the row. Every text is written as a string, so that none is ever a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from checks.model import Text, WordedError
from reports.remediation.ledger_row import LedgerRow
from reports.remediation.spreadsheet_cells import as_exported, canonical, digest_of_texts
from reports.remediation.spreadsheet_columns import (
    COLUMNS,
    FILLED_IN,
    LOCKED,
    PARTS,
    PRINTED,
    SheetColumn,
    SheetPart,
)
from reports.remediation.states import STATES
from reports.safe import cell
from reports.wording import Words, words
from reports.workbooks.streaming import (
    CellValue,
    EncodedSheet,
    Group,
    LongSheet,
    Row,
    SheetForm,
    encode_rows,
    write_workbook,
)
from reports.workbooks.tables import lay_out_paper

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 300_000
"""Entries of one workbook: as many as an import reads."""

TITLE = Text("整改台账", "Remediation ledger")

PIECE = 30_000
"""Characters that are put in one cell of the hidden sheet; Excel holds 32,767."""

HIDDEN_SHEET = "_sitehealth"
FINGERPRINT, EXPORTED, DIGEST = "#fingerprint", "#exported", "#digest"
HIDDEN = (FINGERPRINT, EXPORTED, DIGEST)

VERSION = 3
"""Of the layout; a reader refuses what it does not know."""

SHEET_NAME = 31
"""Characters that the name of a sheet may have."""

NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

LONG_TEXTS = frozenset({"site", "message", "page_title", "page", "target", "context", "remedy", "note", "remark"})
"""Printed columns that decide how high a row is."""

SPANS = [each for part in PARTS for each in ([1] * len(part.columns) if part.facet is None else [len(part.columns)])]
"""How many columns each item of a row fills, without the hidden ones."""


class SpreadsheetFullError(WordedError, ValueError):
    """There are more entries than one workbook may have."""

    def __init__(self, rows: int) -> None:
        super().__init__(
            f"一个文件最多 {rows:,} 个问题：请缩小筛选范围，或者每个处室一个文件",
            f"a workbook holds {rows:,} entries; narrow the filters, or write one file a department",
        )


@dataclass(frozen=True, slots=True)
class DropDowns:
    """What is offered in the columns of departments and owners; other words may be typed all the same."""

    departments: Sequence[str] = ()
    owners: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """One sheet of entries: its name, their numbers, and their rows as ``encode_entries`` makes them, in pieces."""

    name: str
    numbers: Sequence[int]
    pieces: Callable[[SheetForm], Iterable[bytes]]


def sheet_name(text: str) -> str:
    """Return a text as Excel allows the name of a sheet to be; it may be empty."""
    name = NOT_IN_SHEET_NAMES.sub("_", cell(text)).strip("' ")
    while len(name.encode("utf-16-le")) > 2 * SHEET_NAME:
        name = name[:-1]
    return f"{name}_" if name.lower() in {"history", HIDDEN_SHEET} else name


def write_spreadsheet(
    sheets: Sequence[EntrySheet], offered: DropDowns, written: date, language: str, out: BinaryIO
) -> int:
    """Write sheets of entries as a workbook and return the number of entries; ``written`` is today.

    Rows leave memory as they are written. Raises SpreadsheetFullError.
    """
    say = words(language)
    numbers = [number for sheet in sheets for number in sheet.numbers]
    if len(numbers) > ROWS:
        raise SpreadsheetFullError(ROWS)
    widths = [column.width if column.key in LONG_TEXTS else 0 for column in PRINTED]
    spans = [*SPANS, *[1] * len(HIDDEN)]
    long: dict[int, LongSheet | EncodedSheet] = {
        at: EncodedSheet(sheet.pieces, widths, spans) for at, sheet in enumerate(sheets)
    }
    long[len(sheets)] = LongSheet(_hidden_rows(numbers, offered, written))

    def lay_out(book: xlsxwriter.Workbook) -> None:
        book.set_properties({"title": TITLE(language)})
        looks = _Looks.of(book)
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            _lay_out_entries(page, sheet, looks, offered, say)
            title = f"{TITLE(language)} · {sheet.name}" if len(sheets) > 1 else sheet.name
            lay_out_paper(page, title, str(written))
            page.repeat_rows(0)
            page.print_area(0, 0, max(len(sheet.numbers), 1), len(PRINTED) - 1)
        _lay_out_hidden_sheet(book.add_worksheet(HIDDEN_SHEET), looks)

    write_workbook(out, lay_out, long)
    return len(numbers)


def encode_entries(form: SheetForm, language: str, rows: Sequence[LedgerRow]) -> bytes:
    """Return rows of the ledger as XML; where each stands in its sheet, its ``at`` says."""
    return encode_rows(form, rows[0].at + 1, _entry_rows(rows, words(language))) if rows else b""


def _entry_rows(rows: Iterable[LedgerRow], say: Words) -> Iterator[Row]:
    """Yield the cells of entries."""
    parts = [_PartCells(part, say) if part.facet is None else _FacetCells(part, say) for part in PARTS]
    for row in rows:
        items: list[CellValue | Group] = []
        locked = [str(row.entry.number)]
        for part in parts:
            part.add(row, items, locked)
        items += row.entry.fingerprint, as_exported(row.entry), digest_of_texts(locked)
        yield items


class _PartCells:
    """The cells of columns that stand side by side."""

    def __init__(self, part: SheetPart, say: Words) -> None:
        self._values = [column.value for column in part.columns]
        self._locked = [at for at, column in enumerate(part.columns) if column.key in LOCKED[VERSION]]
        self._say = say

    def add(self, row: LedgerRow, items: list[CellValue | Group], locked: list[str]) -> None:
        """Add the cells of a row, and the texts of those that are locked."""
        cells = self.cells(row)
        items += cells
        locked += self.texts(cells)

    def cells(self, row: LedgerRow) -> list[CellValue]:
        """Return the cells of a row."""
        return [value(row, self._say) for value in self._values]

    def texts(self, cells: Sequence[CellValue]) -> list[str]:
        """Return the locked ones of some cells as a digest has them."""
        return [canonical(cells[at]) for at in self._locked]


class _FacetCells(_PartCells):
    """The cells of columns that have a facet: made once for all rows in which it is equal."""

    def __init__(self, part: SheetPart, say: Words) -> None:
        super().__init__(part, say)
        self._facet = part.facet
        self._known: dict[Hashable, tuple[Group, list[str]]] = {}

    def add(self, row: LedgerRow, items: list[CellValue | Group], locked: list[str]) -> None:
        """Add the cells of a row as one group, and the texts of those that are locked."""
        facet = self._facet(row) if self._facet else None
        known = self._known.get(facet)
        if known is None:
            cells = self.cells(row)
            known = self._known[facet] = tuple(cells), self.texts(cells)
        items.append(known[0])
        locked += known[1]


def _hidden_rows(numbers: Sequence[int], offered: DropDowns, written: date) -> Iterator[Sequence[CellValue]]:
    """Yield what was exported, and when, in the first column; in the others what is offered."""
    facts = written.isoformat(), *_pieces(",".join(_ranges(sorted(numbers))))
    yield from zip_longest(facts, offered.departments, offered.owners)


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Yield the numbers as ``1-5``, in order."""
    start = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if start is not None:
            yield f"{start}-{last}"
        start = last = number
    if start is not None:
        yield f"{start}-{last}"


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(0, len(text), PIECE))


# ---- looks ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Looks:
    """The formats of a workbook, by what a column holds and whether it may be changed."""

    heading: Format
    locked: Mapping[type, Format]
    open: Mapping[type, Format]

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> _Looks:
        base = {"valign": "top", "text_wrap": True, "font_size": 10, "border": 1, "border_color": "#D9D9D9"}
        formats: dict[type, dict[str, object]] = {
            str: {**base, "num_format": "@"},
            int: {**base, "align": "center"},
            date: {**base, "num_format": "yyyy-mm-dd", "align": "left"},
            datetime: {**base, "num_format": "yyyy-mm-dd hh:mm", "align": "left"},
        }
        unlocked = {"locked": False, "bg_color": "#FFF9E5"}
        heading = {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": "#12335C", "align": "center"}
        return cls(
            book.add_format(heading),
            {kind: book.add_format(options) for kind, options in formats.items()},
            {kind: book.add_format({**options, **unlocked}) for kind, options in formats.items()},
        )

    def of_column(self, column: SheetColumn) -> Format:
        """Return the look of a column's cells."""
        return (self.open if column.key in FILLED_IN else self.locked)[column.kind]


def _lay_out_entries(sheet: Worksheet, entries: EntrySheet, looks: _Looks, offered: DropDowns, say: Words) -> None:
    """Write and freeze the headings; an empty cell has the looks of its column, and is unlocked with it."""
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, column.width, looks.of_column(column))
        sheet.write_string(0, at, column.title(say.language), looks.heading)
    hidden = len(COLUMNS)
    sheet.set_column(hidden, hidden + len(HIDDEN) - 1, 10, None, {"hidden": True})
    for at, name in enumerate(HIDDEN, hidden):
        sheet.write_string(0, at, name, looks.heading)
    samples = [*map(looks.of_column, COLUMNS), *[looks.locked[str]] * len(HIDDEN)]
    for at, look in enumerate(samples):
        sheet.write_blank(1, at, None, look)
    sheet.freeze_panes(1, 2)
    last = max(len(entries.numbers), 1)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    _offer_words(sheet, last, offered, say)
    options = ("autofilter", "sort", "format_columns", "format_rows", "format_cells")
    sheet.protect("", dict.fromkeys(options, True))


def _offer_words(sheet: Worksheet, last: int, offered: DropDowns, say: Words) -> None:
    titles = [rule.title(say.language) for rule in STATES.values()]
    _offer(sheet, "state", last, {"validate": "list", "source": titles})
    for key, letter, names in (("department", "B", offered.departments), ("owner", "C", offered.owners)):
        if names:
            source = f"={HIDDEN_SHEET}!${letter}$2:${letter}${len(names) + 1}"
            _offer(sheet, key, last, {"validate": "list", "source": source, "error_type": "information"})


def _offer(sheet: Worksheet, key: str, last: int, validation: Mapping[str, object]) -> None:
    at = next(at for at, column in enumerate(COLUMNS) if column.key == key)
    sheet.data_validation(1, at, last, at, dict(validation))


def _lay_out_hidden_sheet(sheet: Worksheet, looks: _Looks) -> None:
    sheet.write_string(0, 0, str(VERSION), looks.locked[str])
    for at in range(3):
        sheet.write_blank(1, at, None, looks.locked[str])
    sheet.hide()
