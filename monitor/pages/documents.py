"""Read a document as passages of plain text with their places in it: text, Markdown, HTML, Word.

Text and Markdown stream: a passage is given out as soon as its line has been read, and no more than a line is kept, so
a file may be larger than memory. A place is an offset in characters of the plain text: for text and Markdown the
decoded file as it is, for HTML and Word the paragraphs joined by line feeds.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from lxml import etree

from checks.model import Text, WordedError, blocks_of
from monitor.pages.decoding import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

PIECE = 1 << 16
"""Bytes read at a time where a line does not end."""

LONGEST = 20_000
"""Characters of the longest passage; longer lines are cut at the end of a sentence."""

LARGEST_PART = 1 << 30
"""Bytes that one part of a Word file may unpack to."""

SENTENCE_END = re.compile("[。！？；.!?;](?=[^。！？；.!?;]*$)")

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
WORD_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml")

IMAGE = Text("图片读不了：其中没有文字", "an image; the text in it cannot be read")

BINARY = Text("二进制文件，不是文本", "a binary file, no text")

HEAD = 4096
"""Bytes at the beginning of a file that tell its kind."""

CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that text does not hold: all controls but the white space and the escape of terminals' colours."""

FEW_CONTROLS = 0.01
"""Share of them that a text may have all the same: one that was damaged; in random bytes it is a tenth."""

ARCHIVE = Text("压缩包读不了，请先解压", "archives cannot be read; unpack first")

UNREADABLE = {
    b"%PDF": Text("PDF 文件读不了，请另存为 .docx 或 .txt", "PDF files cannot be read; save the text as .docx or .txt"),
    b"\xd0\xcf\x11\xe0": Text(
        "旧的 Word、WPS 文件（.doc、.wps）读不了，请另存为 .docx",
        "old Word and WPS files (.doc, .wps) cannot be read; save as .docx",
    ),
    b"\x1f\x8b": Text("压缩文件读不了，请先解压", "compressed files cannot be read; unpack first"),
    b"Rar!": ARCHIVE,
    b"7z\xbc\xaf": ARCHIVE,
    b"\x89PNG": IMAGE,
    b"\xff\xd8\xff": IMAGE,
    b"GIF8": IMAGE,
    b"{\\rtf": Text("RTF 文件读不了，请另存为 .docx", "RTF files cannot be read; save as .docx"),
}
"""First bytes → what to do about it."""


class UnreadableError(WordedError, ValueError):
    """A file of a kind that cannot be read, or one that is broken."""


class Passage(NamedTuple):
    """A line or paragraph: its text, where it starts in the plain text, its number, from 1, and its file's name."""

    text: str
    start: int
    number: int
    source: str = ""


def passages(stream: IO[bytes], name: str) -> Iterator[Passage]:
    """Yield the passages of a document; its kind is told by first bytes, then by the suffix of ``name``.

    Raises UnreadableError.
    """
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_Raw(stream))
    head = buffered.peek(HEAD)[:HEAD]
    for magic, advice in UNREADABLE.items():
        if head.startswith(magic):
            raise UnreadableError(*advice)
    suffix = Path(name).suffix.lower()
    if head.startswith(b"PK\x03\x04"):
        return word(buffered)
    if suffix in {".html", ".htm", ".shtml", ".xhtml"} or re.match(
        rb"\s*(?:<!doctype html|<html)", head, re.IGNORECASE
    ):
        return html(buffered)
    if _is_binary(head):
        raise UnreadableError(*BINARY)
    pieces = decoded(buffered)
    return markdown(lines(pieces)) if suffix in {".md", ".markdown"} else lines(pieces)


def _is_binary(head: bytes) -> bool:
    """Return whether a file that begins so is no text; UTF-16 has NULs, and says so by its byte order mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return b"\x00" in head or len(CONTROLS.findall(head)) > FEW_CONTROLS * len(head)


class _Raw(io.RawIOBase):
    """Give any binary stream the interface that buffering needs; what has arrived is passed on at once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = getattr(self._stream, "read1", self._stream.read)(len(view))
        view[: len(data)] = data
        return len(data)


class TextDecoder:
    """Decode a stream piece by piece as UTF-8 or GB18030, whichever fits; a byte order mark decides at once."""

    def __init__(self) -> None:
        self._charset, self._rest, self._begun = "utf-8", b"", False

    def feed(self, data: bytes) -> str:
        """Return the text of the data; an unfinished character waits for the next piece."""
        if not self._begun:
            self._begun = True
            data = self._after_mark(data)
        data, self._rest = self._rest + data, b""
        if self._charset.startswith("utf-16"):
            even = len(data) - len(data) % 2
            data, self._rest = data[:even], data[even:]
            return data.decode(self._charset, "replace")
        for charset in (self._charset, {"utf-8": "gb18030", "gb18030": "utf-8"}[self._charset]):
            text = self._strict(data, charset)
            if text is not None:
                return text
        return data.decode(self._charset, "replace")

    def finish(self) -> str:
        """Return what was waiting for more bytes."""
        return self._rest.decode(self._charset, "replace")

    def _after_mark(self, data: bytes) -> bytes:
        for mark, charset in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
            if data.startswith(mark):
                self._charset = charset
                return data[len(mark) :]
        return data

    def _strict(self, data: bytes, charset: str) -> str | None:
        try:
            text = data.decode(charset)
        except UnicodeDecodeError as error:
            if len(data) - error.start >= 4 or data.endswith(b"\n"):
                return None
            text, self._rest = data[: error.start].decode(charset), data[error.start :]
        if not text.isascii():
            self._charset = charset
        return text


def decoded(stream: IO[bytes]) -> Iterator[str]:
    """Yield the text of a stream: whole lines, or parts of very long ones, as they come."""
    decoder = TextDecoder()
    while data := stream.readline(PIECE):
        yield decoder.feed(data)
    yield decoder.finish()


def lines(pieces: Iterable[str]) -> Iterator[Passage]:
    """Cut text into lines; a line without end is cut at the end of a sentence."""
    kept, start, number = "", 0, 1
    for piece in pieces:
        kept += piece
        while (end := kept.find("\n")) >= 0:
            yield Passage(kept[:end].rstrip("\r"), start, number)
            kept, start, number = kept[end + 1 :], start + end + 1, number + 1
        while len(kept) > LONGEST:
            cut = _cut(kept)
            yield Passage(kept[:cut], start, number)
            kept, start = kept[cut:], start + cut
    if kept:
        yield Passage(kept, start, number)


def _cut(text: str) -> int:
    match = SENTENCE_END.search(text[:LONGEST])
    return match.end() if match else LONGEST


CODE = re.compile(r"`[^`\n]+`|\]\([^)\n]*\)|<[^<>\n]+>|^\s*\[[^\]]+\]:.*$")


def markdown(read: Iterable[Passage]) -> Iterator[Passage]:
    """Leave out fenced code; blank inline code, link targets and tags, so that every place stays as it was."""
    fenced = False
    for passage in read:
        if passage.text.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            yield passage._replace(text=CODE.sub(lambda match: " " * len(match[0]), passage.text))


def html(stream: IO[bytes]) -> Iterator[Passage]:
    """Yield the runs of visible text of a page."""
    from monitor.pages.visible_text import text_of  # with the parser of HTML: 20 ms

    for number, block in enumerate(blocks_of(text_of(decode(stream.read(), None).text)), start=1):
        yield Passage(block.text, block.start, number)


def word(stream: IO[bytes]) -> Iterator[Passage]:
    """Yield the paragraphs of a Word file: the document, then notes, headers and footers. Deleted text is left out."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(stream.read()))
        parts = word_parts(archive)
    except zipfile.BadZipFile:
        raise UnreadableError(
            "Word 文件已损坏：不是 zip 压缩包", "the Word file is broken: not a zip archive"
        ) from None
    if "word/document.xml" not in parts:
        raise UnreadableError(*_other_archive(archive))
    return _number(text for part in parts for text in _paragraphs(archive, part))


def word_parts(archive: zipfile.ZipFile) -> list[str]:
    """Return the names of the parts of a Word file that hold text, in the order in which they are read."""
    return sorted(filter(WORD_PARTS.fullmatch, archive.namelist()), key=lambda name: ("document" not in name, name))


def _other_archive(archive: zipfile.ZipFile) -> Text:
    """Return what a zip archive is that is no Word file, and what to do about it."""
    first = {name.partition("/")[0] for name in archive.namelist()}
    if "xl" in first:
        return Text(
            "Excel 文件（.xlsx）读不了，请把文字另存为 .docx 或 .txt",
            "Excel files (.xlsx) cannot be read; save the text as .docx or .txt",
        )
    if "ppt" in first:
        return Text(
            "PowerPoint 文件（.pptx）读不了，请把文字另存为 .docx 或 .txt",
            "PowerPoint files (.pptx) cannot be read; save the text as .docx or .txt",
        )
    return Text(
        "是 zip 压缩包，但不是 Word 文件：没有 word/document.xml",
        "a zip archive, but no Word file: word/document.xml is missing",
    )


def _number(texts: Iterable[str]) -> Iterator[Passage]:
    start = 0
    for number, text in enumerate(texts, start=1):
        yield Passage(text, start, number)
        start += len(text) + 1


def _paragraphs(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    """Yield the text of each paragraph, forgetting the paragraph before it: the tree never grows."""
    if archive.getinfo(part).file_size > LARGEST_PART:
        raise UnreadableError(
            f"{part} 解开后超过 {LARGEST_PART >> 20} MiB", f"{part} unpacks to more than {LARGEST_PART >> 20} MiB"
        )
    try:
        with archive.open(part) as stream:
            for _, paragraph in etree.iterparse(stream, tag=f"{WORD}p", resolve_entities=False, huge_tree=True):
                if _is_outer(paragraph):
                    yield from filter(None, map(text_of_nodes, text_nodes(paragraph)))
                    paragraph.clear()
    except (etree.XMLSyntaxError, zipfile.BadZipFile, RuntimeError) as error:
        raise UnreadableError(f"{part} 读不出来：{error}", f"{part} cannot be read: {error}") from None


MARKS: dict[str, Callable[[str | None], str]] = {
    f"{WORD}t": lambda text: text or "",
    f"{WORD}tab": lambda _: "\t",
    f"{WORD}br": lambda _: " ",
    f"{WORD}cr": lambda _: " ",
    f"{WORD}noBreakHyphen": lambda _: "-",
}
"""What an element of a paragraph puts into its text."""


def outer_paragraphs(root: _Element) -> Iterator[_Element]:
    """Yield the paragraphs of a part in the order in which they are read; those inside one come with it."""
    return filter(_is_outer, root.iter(f"{WORD}p"))


def _is_outer(paragraph: _Element) -> bool:
    return not any(ancestor.tag in {FALLBACK, f"{WORD}p"} for ancestor in paragraph.iterancestors())


def text_of_nodes(nodes: Iterable[_Element]) -> str:
    """Return the text that elements of a paragraph make."""
    return "".join(MARKS[str(node.tag)](node.text) for node in nodes)


def text_nodes(paragraph: _Element) -> Iterator[list[_Element]]:
    """Yield the elements that make the text of a paragraph, and then those of each text box inside it."""
    boxes: list[_Element] = []
    own = []
    for node in paragraph.iter(*MARKS):
        holder = next(node.iterancestors(f"{WORD}p"))
        if holder is paragraph:
            own.append(node)
        elif holder not in boxes and next(holder.iterancestors(FALLBACK), None) is None:
            boxes.append(holder)
    yield own
    for box in boxes:
        yield from text_nodes(box)
