"""Read the rows of an xlsx workbook one at a time, whatever program saved it (ECMA-376, part 1, 18).

openpyxl takes 300 µs for a row of forty cells and says nothing of merged cells while it streams; this takes a tenth of
that. Only what a ledger needs is read: texts, numbers, dates, formulas as such, merged ranges. Of the parts of the
archive, the shared strings alone are held in memory whole.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from reports.workbooks.sheets import CellValues, MergedRange, SheetLine, SheetParser
from reports.workbooks.xml_parts import PartReader, WorkbookError, local_name, parsed

EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in formats that show dates where the program speaks Chinese, Japanese or Korean (ECMA-376, 18.8.30); openpyxl
does not name them."""

PACKAGE = "_rels/.rels"
"""What the archive as a whole refers to (ECMA-376, part 2, 9.3)."""

LATER = 1_462
"""Days by which the serial numbers of a workbook whose days count from 1904 are less than those of one from 1900."""


TEXTS = 256 * 1024 * 1024
"""Bytes of the shared strings, the one part that is held in memory whole."""


def workbook_part(archive: zipfile.ZipFile) -> str:
    """Return the name of the part that lists the sheets, as the archive says: programs differ in it.

    Raises ExpatError and BadZipFile.
    """
    package = _Relationships("")
    if PACKAGE in archive.namelist():
        _read_part(archive, PACKAGE, package)
    return package.workbook or "xl/workbook.xml"


class WorkbookReader:
    """A workbook, opened: its sheets by name, in their order."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read what is common to all sheets. Raises WorkbookError, BadZipFile and expat's ExpatError."""
        self._archive = zipfile.ZipFile(stream)
        place = workbook_part(self._archive)
        book = _WorkbookPart()
        _read_part(self._archive, place, book)
        folder, name = posixpath.split(place)
        targets = _Relationships(folder)
        _read_part(self._archive, f"{folder}/_rels/{name}.rels".lstrip("/"), targets)
        self.sheets = {name: targets.parts[key] for name, key in book.sheets.items() if key in targets.parts}
        self.days_later = LATER if book.is_1904 else 0
        styles, strings = _Styles(), _SharedStrings()
        for part, reader in ((targets.styles, styles), (targets.strings, strings)):
            if part in self._archive.namelist():
                self._refuse_giant(part)
                _read_part(self._archive, part, reader)
        self._values = CellValues(
            strings.texts, styles.dates(), CALENDAR_MAC_1904 if book.is_1904 else CALENDAR_WINDOWS_1900
        )

    def rows(self, name: str, columns: int, merged: list[MergedRange]) -> Iterator[SheetLine]:
        """Yield the rows of a sheet, as far as its first ``columns``; at the end ``merged`` has its merged ranges."""
        sheet = SheetParser(self._values, columns, merged)
        with self._archive.open(self.sheets[name]) as part:
            for _ in parsed(part, sheet):
                yield from sheet.lines
                sheet.lines.clear()

    def _refuse_giant(self, name: str) -> None:
        if self._archive.getinfo(name).file_size > TEXTS:
            raise WorkbookError(f"{name} unpacks to more than can be read")


def _read_part(archive: zipfile.ZipFile, name: str, reader: PartReader) -> None:
    with archive.open(name) as part:
        for _ in parsed(part, reader):
            pass


class _WorkbookPart(PartReader):
    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local_name(name)
        if kind == "sheet":
            keys = [value for key, value in attributes.items() if key.endswith(" id")]
            if keys:
                self.sheets[attributes.get("name", "")] = keys[0]
        elif kind == "workbookPr":
            self.is_1904 = attributes.get("date1904") in {"1", "true"}


class _Relationships(PartReader):
    """What a part refers to; ``folder`` is the one that it stands in."""

    def __init__(self, folder: str) -> None:
        self.parts: dict[str, str] = {}
        self.workbook = self.styles = self.strings = ""
        self._folder = folder

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local_name(name) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        part = posixpath.normpath(posixpath.join("/", self._folder, attributes.get("Target", ""))).lstrip("/")
        if kind == "worksheet":
            self.parts[attributes.get("Id", "")] = part
        elif kind == "officeDocument":
            self.workbook = part
        elif kind == "styles":
            self.styles = part
        elif kind == "sharedStrings":
            self.strings = part


class _Styles(PartReader):
    def __init__(self) -> None:
        self._formats = dict(BUILTIN_FORMATS)
        self._looks: list[int] = []
        self._in_looks = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local_name(name)
        if kind == "numFmt" and "numFmtId" in attributes:
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif kind == "cellXfs":
            self._in_looks = True
        elif kind == "xf" and self._in_looks:
            self._looks.append(int(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if local_name(name) == "cellXfs":
            self._in_looks = False

    def dates(self) -> list[bool]:
        """Return whether the cells of each look show dates."""
        return [
            is_date_format(self._formats[number]) if number in self._formats else number in EAST_ASIAN_DATES
            for number in self._looks
        ]


class _SharedStrings(PartReader):
    """The texts that cells share. A text with several looks is joined; how it is read aloud (rPh) is left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._in_text = self._aloud = False

    def start(self, name: str, _: dict[str, str]) -> None:
        kind = local_name(name)
        if kind == "t":
            self._in_text = not self._aloud
        elif kind == "rPh":
            self._aloud = True

    def end(self, name: str) -> None:
        kind = local_name(name)
        if kind == "t":
            self._in_text = False
        elif kind == "rPh":
            self._aloud = False
        elif kind == "si":
            self.texts.append("".join(self._pieces))
            self._pieces.clear()

    def text(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)
