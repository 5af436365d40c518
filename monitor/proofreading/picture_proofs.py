"""Read a picture or the pages of a PDF, and judge what stands there as an inspection does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from checks.model import Block, Finding, PictureText, ReadCharacter
from checks.read_pictures import Pictures, as_read
from checks.reading.picture_lines import passages_of
from checks.typos import Typos
from monitor.inspection.picture_process import PictureProcess
from monitor.ocr.picture_decoding import is_pdf
from monitor.settings.ocr import OcrSettings
from monitor.typo_engine.load import with_engine


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The lines of a file. ``pages`` are those of a PDF, of which the first ``read`` were looked at; 0 for a picture.

    ``troubles`` are why a page gave nothing, or not all, by its number (``PictureReading.trouble``).
    """

    lines: tuple[tuple[ReadCharacter, ...], ...]
    pages: int
    read: int
    troubles: dict[int, str]


async def read_file(body: bytes, settings: OcrSettings) -> ReadFile:
    """Return what stands in a picture of any size or in the first pages of a PDF, which may be scans."""
    process = PictureProcess(settings.picture_seconds)
    try:
        pages = await process.count_pages(body) if is_pdf(body) else 0
        last = min(pages, settings.pages)
        numbers = range(1, last + 1) if is_pdf(body) else [0]
        readings = {number: await process.read(body, number) for number in numbers}
    finally:
        process.close()
    lines = tuple(line for reading in readings.values() for line in reading.lines)
    troubles = {number: reading.trouble for number, reading in readings.items() if reading.trouble}
    if is_pdf(body) and not pages:
        troubles[0] = "unreadable"
    return ReadFile(lines, pages, last, troubles)


def judged(check: Typos, name: str, read: ReadFile, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the text of a file, as far as its reading is sure; ``picture`` says where."""
    yield from Pictures().inspect(PictureText(name, read.lines, now))
    passages, ready = passages_of(read.lines), with_engine(check)
    for passage, found in zip(passages, ready.inspect_all([Block(each.text) for each in passages]), strict=True):
        stands = (as_read(finding, passage) for finding in found)
        yield from (finding for finding in stands if finding is not None)
