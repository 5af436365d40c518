"""Read the text of attachments: PDF, docx, xlsx. Bytes in, text out, within limits that hostile files cannot pass.

An attachment is untrusted: a zip that unpacks to gigabytes, a PDF whose pages point at each other. Sizes are checked
before anything is unpacked, and reading stops at the limits. Time is bounded by the caller, which runs this in a
worker process and ends it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct


class Format(StrEnum):
    """The formats that are read; told from the first bytes and the parts of the container, never from the name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


class AttachmentLimits(Struct, frozen=True):
    """What one attachment may cost."""

    body: int = 20 * 1024 * 1024
    """Bytes as they were sent; a longer file is not read."""
    unpacked: int = 200 * 1024 * 1024
    """Bytes of all parts of a docx or xlsx together, as the archive declares them and as they turn out."""
    characters: int = 2_000_000
    """Characters of text that are kept."""
    pages: int = 300
    """Pages of a PDF that are read."""
    rows: int = 100_000
    """Rows of all sheets of an xlsx that are read."""


class Extract(NamedTuple):
    """The text of an attachment.

    ``reason`` says why there is none or not all of it: ``encrypted``, ``too-large``, ``unreadable``, ``truncated``,
    ``no-text`` (a scan); it is empty where everything was read.
    """

    text: str
    format: Format | None
    reason: str = ""


DEFAULT = AttachmentLimits()


def read_attachment(body: bytes, limits: AttachmentLimits = DEFAULT) -> Extract:
    """Return the text of an attachment; never raises. A format that is not read gives no text and no format."""
    form = sniff(body)
    if form is None:
        return Extract("", None)
    if len(body) > limits.body or (form is not Format.PDF and _unpacked(body) > limits.unpacked):
        return Extract("", form, "too-large")
    try:
        pieces = list(_within(READERS[form](body, limits), limits.characters))
    except _EncryptedError:
        return Extract("", form, "encrypted")
    except Exception:  # noqa: BLE001 - a parser may fail on hostile bytes in any way; none is ours to mend
        return Extract("", form, "unreadable")
    text = "\n".join(pieces)
    if not text.strip():
        return Extract("", form, "no-text")
    return Extract(text[: limits.characters], form, "truncated" if len(text) >= limits.characters else "")


def sniff(body: bytes) -> Format | None:
    """Return the format of a file by its bytes, None for all that cannot be read."""
    if b"%PDF-" in body[:1024]:
        return Format.PDF
    if not body.startswith(b"PK\x03\x04"):
        return None
    try:
        names = set(zipfile.ZipFile(io.BytesIO(body)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "word/document.xml" in names:
        return Format.DOCX
    return Format.XLSX if "xl/workbook.xml" in names else None


class _EncryptedError(Exception):
    """The file asks for a password."""


def _unpacked(body: bytes) -> int:
    return sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(body)).infolist())


def _within(pieces: Iterator[str], characters: int) -> Iterator[str]:
    """Pass pieces on until so many characters have gone by."""
    passed = 0
    for piece in pieces:
        yield piece[: characters - passed]
        passed += len(piece) + 1
        if passed >= characters:
            return


def _pdf(body: bytes, limits: AttachmentLimits) -> Iterator[str]:
    """Yield the text of a PDF, a page a piece."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _EncryptedError
    for number, page in enumerate(reader.pages):
        if number >= limits.pages:
            return
        yield page.extract_text()


def _docx(body: bytes, limits: AttachmentLimits) -> Iterator[str]:
    """Yield the text of a docx, a paragraph or a row of a table a piece; headers and footers last."""
    from docx import Document
    from docx.table import Table

    del limits
    document = Document(io.BytesIO(body))
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from _rows(part)
        else:
            yield part.text
    for section in document.sections:
        for frame in (section.header, section.footer):
            yield from (paragraph.text for paragraph in frame.paragraphs)


def _rows(table: object) -> Iterator[str]:
    """Yield the rows of a table, merged cells once. Reads the elements: python-docx's cells are quadratic."""
    from docx.oxml.ns import qn

    for row in table._tbl.tr_lst:  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        yield "\t".join("".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.tc_lst)


def _xlsx(body: bytes, limits: AttachmentLimits) -> Iterator[str]:
    """Yield the text of an xlsx, a row a piece."""
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    left = limits.rows
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(values_only=True):
            if left == 0:
                return
            left -= 1
            cells = [str(value) for value in row if value is not None]
            if cells:
                yield "\t".join(cells)


READERS: dict[Format, Callable[[bytes, AttachmentLimits], Iterator[str]]] = {
    Format.PDF: _pdf,
    Format.DOCX: _docx,
    Format.XLSX: _xlsx,
}
