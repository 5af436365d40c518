"""Read the workbook that departments sent back: bytes in, rows out. What is broken or hostile gets a clear error.

Sheets and columns are found by their headings, in either language, so that a moved column is still read.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType
from typing import BinaryIO, NamedTuple
from xml.parsers.expat import ExpatError

from xlsxwriter.utility import xl_rowcol_to_cell

from checks.model import Text, WordedError
from reports.remediation.spreadsheet import DIGEST, EXPORTED, FINGERPRINT, HIDDEN, HIDDEN_SHEET, ROWS, VERSION
from reports.remediation.spreadsheet_cells import digest_of, exported_from
from reports.remediation.spreadsheet_columns import COLUMNS, DAYS, FILLED_IN_OF, LOCKED
from reports.remediation.spreadsheet_values import CoveredCell, is_touched
from reports.workbooks.sheets import Content, MergedRange, SheetLine
from reports.workbooks.workbook_reader import WorkbookReader, workbook_part

PACKED = 200 * 1024 * 1024
"""Bytes of a file; 200,000 entries are 30 MB."""

UNPACKED = 1024 * 1024 * 1024
"""Bytes of all parts together, as the archive declares them; zipfile reads no more of a part than that."""

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

LOOKED_INTO = 500
"""Rows with changed locked cells whose cells are kept, to say which were changed; more are a table made anew."""

UNTOUCHED: Mapping[str, str] = MappingProxyType({})
"""What a row holds that nobody changed: most rows of most files."""

OLE = b"\xd0\xcf\x11\xe0"
"""What old xls files begin with, and xlsx files with a password."""


OTHER_KINDS = {
    "content.xml": "ods",
    "xl/workbook.bin": "xlsb",
    "Index/Document.iwa": "Numbers",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
}
"""Archives that are no workbooks in XML, by the part that each of them has."""


class SpreadsheetError(WordedError, ValueError):
    """The file cannot be read; the reason says why and what to do."""


class LockedCell(NamedTuple):
    """A locked cell as it came back; ``place`` is column and row (``D12``), "" where the sheet has no such column."""

    place: str
    value: Content


class LockedCells(NamedTuple):
    """The locked cells of a row that are not those of the export: by column, 问题编号 as well.

    ``digest`` is that of the row as it was exported, and ``keys`` the columns that it is made of. There are no
    ``cells`` where more rows than are looked into were changed.
    """

    cells: Mapping[str, LockedCell]
    keys: Sequence[str]
    digest: str


class SheetRow(NamedTuple):
    """One row as it came back. ``place`` is sheet and row; ``number`` is None where there is none.

    ``touched`` are the cells that people may fill in and that are not as they were exported, by column; ``exported``
    the values that they had, None for a row that somebody made by hand. ``changed`` are the locked cells where they are
    not those of the export, None where they are.
    """

    place: str
    number: int | None
    fingerprint: str
    exported: Mapping[str, str] | None
    touched: Mapping[str, object]
    changed: LockedCells | None = None


class UnreadPart(NamedTuple):
    """What of a sheet was not read, and why."""

    sheet: str
    reason: Text


@dataclass(frozen=True, slots=True)
class ReturnedSpreadsheet:
    """What came back: ``numbers`` were exported, on the day ``written``; ``unread`` is what was not read of sheets."""

    rows: Sequence[SheetRow]
    numbers: frozenset[int]
    written: date
    unread: Sequence[UnreadPart] = ()


def read_spreadsheet(stream: BinaryIO) -> ReturnedSpreadsheet:
    """Return the rows of a workbook that ``write_spreadsheet`` made. Raises SpreadsheetError."""
    _refuse_what_is_no_workbook(stream)
    try:
        book = WorkbookReader(stream)
        export = _export_of(book)
        rows: list[SheetRow] = []
        looked_into = iter(range(LOOKED_INTO))
        sheets = [_LedgerSheet(book, name, export, looked_into) for name in book.sheets if name != HIDDEN_SHEET]
        for sheet in sheets:
            rows += sheet.rows(SHEET_ROWS - len(rows))
    except SpreadsheetError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file fails in every way there is
        what = f"{type(error).__name__}: {error}"[:300]
        raise SpreadsheetError(f"文件已损坏：{what}", f"the file is damaged: {what}") from None
    unread = [part for sheet in sheets for part in sheet.unread]
    if unread and not any(sheet.is_read for sheet in sheets):
        raise SpreadsheetError(*unread[0].reason)
    return ReturnedSpreadsheet(rows, export.numbers, export.written, unread)


def _refuse_what_is_no_workbook(stream: BinaryIO) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    if start == OLE:
        raise SpreadsheetError(
            "这是旧的 xls 文件，或者加了密码：请另存为没有密码的 xlsx",
            "an old xls file, or one with a password: save it as xlsx without a password",
        )
    if not start.startswith(b"PK"):
        raise SpreadsheetError(
            "不是 xlsx 文件：请把表格保存为 Excel 工作簿（xlsx），不要存为 csv 或文本",
            "no xlsx file: save the table as an Excel workbook (xlsx), not as csv or text",
        )
    if size > PACKED:
        raise SpreadsheetError(f"文件超过 {PACKED >> 20} MB", f"the file is larger than {PACKED >> 20} MB")
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
            has_workbook = workbook_part(archive) in parts
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, ExpatError):
        raise SpreadsheetError(
            "文件已损坏：压缩包打不开", "the file is damaged: its archive cannot be opened"
        ) from None
    stream.seek(0)
    if any(name.endswith("vbaProject.bin") for name in parts):
        raise SpreadsheetError("这是带宏的工作簿：请另存为 xlsx", "a workbook with macros: save it as xlsx")
    if kind := next((OTHER_KINDS[name] for name in OTHER_KINDS if name in parts), None):
        raise SpreadsheetError(
            f"这是 {kind} 文件：请另存为 Excel 工作簿（xlsx）",
            f"a file of kind {kind}: save it as an Excel workbook (xlsx)",
        )
    if not has_workbook:
        raise SpreadsheetError("不是 xlsx 文件：里面没有工作簿", "no xlsx file: its archive holds no workbook")
    if sum(parts.values()) > UNPACKED:
        raise SpreadsheetError("文件解压后太大，读不了", "the file unpacks to more than can be read")


@dataclass(frozen=True, slots=True)
class _Export:
    """What the hidden sheet says: the version of the layout, which numbers were exported, and on what day."""

    version: int
    numbers: frozenset[int]
    written: date


def _export_of(book: WorkbookReader) -> _Export:
    if HIDDEN_SHEET not in book.sheets:
        raise SpreadsheetError(
            f"不是从本台账导出的文件：缺少隐藏的工作表 {HIDDEN_SHEET}。请在导出的原文件里填写，不要把行复制到新文件",
            f"no export of this ledger: the hidden sheet {HIDDEN_SHEET} is missing; fill the exported file in",
        )
    lines = islice(book.rows(HIDDEN_SHEET, 1, []), SHEET_ROWS)
    texts = [str(line.cells[0]) for line in lines if line.cells.get(0) is not None]
    try:
        version, written = int(texts[0]), date.fromisoformat(texts[1])
        spans = [span.split("-") for span in "".join(texts[2:]).split(",") if span]
        numbers = frozenset(number for first, last in spans for number in _span(int(first), int(last)))
    except (ValueError, IndexError):
        raise SpreadsheetError(
            f"隐藏的工作表 {HIDDEN_SHEET} 被改动过，请用导出时的文件",
            f"the hidden sheet {HIDDEN_SHEET} was changed; take the file as it was exported",
        ) from None
    if version not in LOCKED:
        raise SpreadsheetError(
            f"文件是第 {version} 版格式，本版本只能读到第 {VERSION} 版",
            f"a file of layout {version}, and this version reads layouts up to {VERSION}",
        )
    return _Export(version, numbers, written)


def _span(first: int, last: int) -> range:
    if last - first > SHEET_ROWS:
        raise ValueError("more numbers than rows")
    return range(first, last + 1)


def heading(text: object) -> str:
    """Return a heading without what people and programs change of it: white space, and the width of its characters."""
    return "".join(unicodedata.normalize("NFKC", str(text or "")).split())


NAMES = {column.key: column.title for column in COLUMNS}
TITLES = {heading(title): key for key, titles in NAMES.items() for title in titles} | {name: name for name in HIDDEN}


class _LedgerSheet:
    """A sheet that holds rows of the ledger, below headings; one without headings has none.

    ``unread`` says what of it was not read. ``looked_into`` counts, over all sheets, rows with changed locked cells.
    """

    def __init__(self, book: WorkbookReader, name: str, export: _Export, looked_into: Iterator[int]) -> None:
        self._book, self._name, self._export, self._looked_into = book, name, export, looked_into
        self._places: Mapping[str, int] = {}
        self.unread: list[UnreadPart] = []

    @property
    def is_read(self) -> bool:
        """Whether it was read as one of the ledger's."""
        return bool(self._places)

    def rows(self, limit: int) -> list[SheetRow]:
        """Return the rows. Raises SpreadsheetError where there are more than ``limit``."""
        merged: list[MergedRange] = []
        found: dict[int, SheetRow] = {}
        for line in self._book.rows(self._name, SHEET_COLUMNS, merged):
            if not self._places:
                if self.unread or line.number > HEADING_ROWS:
                    return []
                self._places = self._headings(line.cells)
            elif any(value not in {None, ""} for value in line.cells.values()):
                found[line.number] = self._row(line)
                if len(found) > limit:
                    raise SpreadsheetError(f"文件超过 {SHEET_ROWS} 行", f"the file has more than {SHEET_ROWS} rows")
        self._mark_covered(found, merged)
        return list(found.values())

    def _row(self, line: SheetLine) -> SheetRow:
        values = {key: line.cells.get(at) for key, at in self._places.items()}
        for key in DAYS if self._book.days_later else ():  # one that has lost its looks; with them it is a date already
            day = values.get(key)
            if isinstance(day, int) and day < SERIALS:
                values[key] = day + self._book.days_later
        number, digest = _whole(values["number"]), str(values[DIGEST] or "").strip()
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
            changed=None if digest_of(number, locked) == digest else self._locked_cells(line.number, values, digest),
        )

    def _locked_cells(self, row: int, values: Mapping[str, Content], digest: str) -> LockedCells:
        """Return the locked cells of a row in which some were changed."""
        keys = LOCKED[self._export.version]
        if next(self._looked_into, None) is None:
            return LockedCells({}, keys, digest)
        cells = {
            key: LockedCell(
                xl_rowcol_to_cell(row - 1, self._places[key]) if key in self._places else "", values.get(key)
            )
            for key in ("number", *keys)
        }
        return LockedCells(cells, keys, digest)

    def _headings(self, cells: Mapping[int, Content]) -> Mapping[str, int]:
        """Return where each column is, nothing where the row has no headings or the sheet is none of an export.

        Of a heading that stands in several columns the first counts, but for cells that people fill in: nobody knows
        which of them is meant.
        """
        places: defaultdict[str, list[int]] = defaultdict(list)
        for at, value in sorted(cells.items()):
            if (key := TITLES.get(heading(value))) is not None:
                places[key].append(at)
        if "number" not in places:
            return {}
        if missing := [name for name in HIDDEN if name not in places]:
            names = ", ".join(missing)
            zh, en = (
                f"缺少隐藏列（{names}），请用导出时的文件",
                f"hidden columns are missing ({names}): take the file as it was exported",
            )
            self.unread.append(UnreadPart(self._name, Text(zh, en)))
            return {}
        for key in FILLED_IN_OF[self._export.version]:
            if len(places[key]) != 1:
                self.unread.append(UnreadPart(self._name, _unclear(key, len(places.pop(key)))))
        return {key: at[0] for key, at in places.items()}

    def _mark_covered(self, rows: dict[int, SheetRow], merged: Sequence[MergedRange]) -> None:
        """Mark the filled-in cells that a merged range covers: only its first cell holds what somebody typed."""
        if sum(each.last_row - each.first_row for each in merged) > MERGED_ROWS:
            raise SpreadsheetError(
                f"工作表“{self._name}”的合并单元格太多", f"the sheet {self._name} has too many merged cells"
            )
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


def _unclear(key: str, columns: int) -> Text:
    """Return why a column that people fill in is not read."""
    zh, en = NAMES[key]
    if columns:
        return Text(
            f"有 {columns} 列的标题都是“{zh}”，都没有读取", f"{columns} columns are headed {en}; none of them is read"
        )
    return Text(
        f"没有标题为“{zh}”的列（标题被改动，或者列被删除），这一列没有读取",
        f"no column is headed {en} (it was renamed or deleted); nothing of it is read",
    )


WHOLE = re.compile(r"(\d{1,15})(?:\.0+)?")


def _whole(value: object) -> int | None:
    """Return a number as programs write it back: 12, 12.0, or its text, also in full width."""
    if isinstance(value, bool | datetime):
        return None
    match = WHOLE.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
    return int(match[1]) or None if match else None
