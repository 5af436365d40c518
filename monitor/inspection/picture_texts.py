"""Read the text of a site's pictures and scanned PDFs, and have it judged.

What was read is remembered by the bytes of the file: a picture that has not changed is neither downloaded nor read
again. What there was no time for is read by later runs.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from checks.model import Finding, Page, PictureText, ReadCharacter, Response, Text
from checks.read_pictures import as_read
from checks.reading.picture_lines import PicturePassage, passages_of
from checks.typos import Typos
from monitor import __version__
from monitor.crawl.answers import opens
from monitor.crawl.crawler import Crawl
from monitor.crawl.link_subjects import referrers
from monitor.fetch import Fetched, Limits
from monitor.fetch.requests import conditional_headers
from monitor.inspection.attachments import GLANCE, GONE, record_of_file
from monitor.inspection.checking import Judging
from monitor.inspection.file_places import FilePlace, FilePlaces
from monitor.inspection.picture_process import PictureProcess, PictureReading
from monitor.ocr.line_reader import engine_version, why_not_read
from monitor.ocr.picture_decoding import is_pdf, is_picture
from monitor.settings.ocr import OcrSettings
from monitor.store.findings import CheckFinding
from monitor.store.memory.attachments import AttachmentRecord, AttachmentStore
from monitor.store.memory.picture_readings import FileReading, PictureReadings
from monitor.store.pictures import FindingPicture
from monitor.store.run_facts import PicturesRead
from reports.picture import PictureKind, picture_of

DRAWINGS = frozenset({".svg", ".ico", ".cur"})
"""Name endings of pictures without text, or with text that is no picture."""

SMALLEST = 2_000
"""Bytes of a file below which no picture has room for a sentence."""

LIMITS = Limits(timeout=120.0, body=20 * 1024 * 1024)

AT_ONCE = 2

CONFIDENTIAL = frozenset({"privacy", "secrecy"})
"""Families of faults: of a file that has one, nothing else is said, and neither its text nor a picture is kept. What
leaked once must not leak again, and the file has to go in any case."""

TOO_SMALL = "too-small"
"""The trouble of a picture that nobody wants read."""

CROPS = 3
"""Pictures that are cut out of one file: the findings that follow point at the same words or at their neighbours."""


class _File(NamedTuple):
    """A file that is at hand: ``body`` is empty where memory answers for it."""

    url: str
    digest: bytes
    body: bytes


@dataclass(slots=True)
class PictureTexts:
    """The pictures and scans of one run.

    ``scans`` are PDFs without text. ``unlinked`` are files that no page of the site has any more and that are wanted
    all the same; ``asked_unlinked`` are those of them that were asked for. ``unread`` are those of which nothing was
    seen, or not all; ``shown`` are pictures of findings.
    """

    crawl: Crawl
    judging: Judging
    settings: OcrSettings
    memory: AttachmentStore
    scans: frozenset[str] = frozenset()
    unlinked: frozenset[str] = frozenset()
    missing: Text | None = field(default_factory=why_not_read)
    unread: set[str] = field(default_factory=set)
    read_scans: set[str] = field(default_factory=set)
    asked_unlinked: set[str] = field(default_factory=set)
    shown: list[FindingPicture] = field(default_factory=list)
    _process: PictureProcess = field(init=False)
    _readings: PictureReadings = field(init=False)
    _begun: int = 0
    _spent_elsewhere: float = 0.0
    _spent: int = 0
    """Files that were left for want of a budget."""

    def __post_init__(self) -> None:
        """Prepare the process; it starts with the first picture."""
        self._process = PictureProcess(self.settings.picture_seconds)
        self._readings = PictureReadings(self.memory.engine, engine_version())

    async def inspect(self) -> list[CheckFinding]:
        """Return what is wrong with the text of every picture that opens; stops where the crawl was stopped."""
        wanted = list(dict.fromkeys((*self._pictures(), *sorted(self.scans), *sorted(self.unlinked))))
        if self.missing is not None:
            self.unread.update(wanted)
            return []
        found: list[CheckFinding] = []
        waiting = iter(wanted)
        places = FilePlaces(AT_ONCE, self.crawl.settings.delay)
        at_work = AT_ONCE + self.judging.help_of_others.at_most
        try:
            await asyncio.gather(*(self._work(waiting, places, found) for _ in range(at_work)))
        finally:
            self._process.close()
        return self._with_referrers(found)

    @property
    def figures(self) -> PicturesRead:
        """What was read in this run, what was not, and what it cost."""
        return PicturesRead(self._begun, len(self.unread), round(self._seconds, 3))

    def notices(self) -> Iterator[Text]:
        """Say what was not read, and how to have it read."""
        count = len(self.unread)
        if not count:
            return
        files = "1 picture or scan was" if count == 1 else f"{count} pictures and scans were"
        if self.missing is not None:
            yield Text(
                f"{count} 个图片或扫描件中的文字没有检查：{self.missing.zh}",
                f"{files} not read: {self.missing.en}",
            )
        elif self._spent:
            yield Text(
                f"{count} 个图片或扫描件中的文字没有读完，其中 {self._spent} 个因达到上限"
                "（ocr.pictures、ocr.seconds），由以后的检查接着读",
                f"{files} not read to their end, {self._spent} because a limit was reached (ocr.pictures, ocr.seconds);"
                " later inspections go on",
            )
        else:
            yield Text(
                f"{count} 个图片或扫描件中的文字没有读完（损坏、过大、太慢、页数过多、格式不支持或没有下载成功）",
                f"{files} not read to their end (damaged, too large, too slow, too many pages, of another format, not"
                " downloaded)",
            )

    # ---- which, and their bytes ------------------------------------------------------------------

    def _pictures(self) -> Iterator[str]:
        for url, answer in self.crawl.frontier.store.load_pictures():
            is_drawing = PurePosixPath(urlsplit(url).path).suffix.lower() in DRAWINGS
            if self.crawl.scope.internal(url) and not is_drawing and (answer is None or opens(answer)):
                yield url

    async def _work(self, waiting: Iterator[str], places: FilePlaces, found: list[CheckFinding]) -> None:
        for url in waiting:
            async with places.take() as place:
                if self.crawl.stopped or self.crawl.overdue:
                    self.unread.add(url)
                    continue
                found += await self._judge(url, place)
                if url in self.unlinked:
                    self.asked_unlinked.add(url)
                await place.leave()

    async def _judge(self, url: str, place: FilePlace) -> list[CheckFinding]:
        file = await self._file(url)
        if file is None:
            return []
        reading = await self._reading(file, place)
        return await self._wrong(file, reading) if reading is not None else []

    async def _file(self, url: str) -> _File | None:
        """Return a file as it is now; None where it is gone, was not got, or is known to be too small."""
        known = self.memory.load(url)
        is_known = known is not None and (_is_small(known) or self._remembered(known.digest) is not None)
        if known is not None and is_known and await self._is_unchanged(known):
            self.memory.save(known)
            return None if _is_small(known) else _File(url, known.digest, b"")
        if not is_known and not self._has_budget:
            self._leave(url)
            return None
        fetched = await self._fetched(url)
        if url in self.unlinked and fetched.response.status in GONE:
            return None
        if fetched.response.status != 200 or fetched.response.error or fetched.incomplete or fetched.truncated:
            self.unread.add(url)
            return None
        return self._got(url, fetched)

    async def _fetched(self, url: str) -> Fetched:
        """Fetch a file, unless it came already in this run, as an attachment or for a browser."""
        context = self.crawl.context
        return context.answers.whole(url) or await context.fetch_once(url, keep=True, limits=LIMITS)

    def _got(self, url: str, fetched: Fetched) -> _File | None:
        digest = hashlib.blake2b(fetched.body, digest_size=16).digest()
        is_small = not is_pdf(fetched.body) and (len(fetched.body) < SMALLEST or not is_picture(fetched.body))
        if url not in self.scans:  # of those the attachments keep what is known
            self.memory.save(record_of_file(url, fetched, digest, readable=not is_small))
        return None if is_small else _File(url, digest, fetched.body)

    async def _is_unchanged(self, known: AttachmentRecord) -> bool:
        """Return whether a file is as it is known; what attachments are, was asked for them in this run."""
        if known.url in self.scans:
            return True
        headers = conditional_headers(known) if self.crawl.settings.conditional else None
        if headers is None:
            return False
        fetched = await self.crawl.context.fetch(known.url, headers=headers, limits=LIMITS, head_bytes=GLANCE)
        return fetched.response.error is None and fetched.response.status == 304

    # ---- reading ---------------------------------------------------------------------------------

    def _remembered(self, digest: bytes) -> FileReading | None:
        """Return what was read from a file before, None where there is more to read of it."""
        known = self._readings.load(digest)
        is_enough = known is not None and known.read >= min(known.pages, self.settings.pages)
        return known if is_enough else None

    async def _reading(self, file: _File, place: FilePlace) -> FileReading | None:
        """Return what stands in a file, from memory where it is known; None where it was not read."""
        reading = self._remembered(file.digest)
        if reading is None:
            reading = await (self._read_pages(file, place) if is_pdf(file.body) else self._read_picture(file, place))
        if reading is not None and (reading.read < reading.pages or not reading.is_whole):
            self.unread.add(file.url)
        if reading is not None and file.url in self.scans:
            self.read_scans.add(file.url)
        return reading

    @property
    def _has_budget(self) -> bool:
        return self._begun < self.settings.pictures and self._seconds < self.settings.seconds

    @property
    def _seconds(self) -> float:
        """CPU seconds that pictures took, here and elsewhere."""
        return self._process.spent + self._spent_elsewhere

    def _leave(self, url: str) -> None:
        """Note a file that is left for later runs."""
        self._spent += 1
        self.unread.add(url)

    async def _read_picture(self, file: _File, place: FilePlace) -> FileReading | None:
        """Return the lines of a picture, None where it could not be read."""
        sides = self.settings.longer_side, self.settings.shorter_side
        reading = await self._read(file, place, smallest=sides)
        if reading is None or (reading.trouble not in {"", TOO_SMALL} and not reading.lines):
            return None
        return FileReading(reading.lines, is_whole=reading.trouble in {"", TOO_SMALL})

    async def _read_pages(self, file: _File, place: FilePlace) -> FileReading | None:
        """Return the lines of the first pages of a PDF, None where the budget ended first."""
        count = await self._process.count_pages(file.body)
        if not count:
            self.unread.add(file.url)
            return None
        last = min(count, self.settings.pages)
        lines, is_whole = list[tuple[ReadCharacter, ...]](), True
        for page in range(1, last + 1):
            reading = await self._read(file, place, page)
            if reading is None:
                return None
            lines += reading.lines
            is_whole &= not reading.trouble
        return FileReading(tuple(lines), count, last, is_whole)

    async def _read(
        self, file: _File, place: FilePlace, page: int = 0, smallest: tuple[int, int] = (1, 1)
    ) -> PictureReading | None:
        """Return what came of a picture or page; None where the budget is spent."""
        if not self._has_budget:
            self._leave(file.url)
            return None
        self._begun += 1
        reading = await self._read_elsewhere(file.body, place, page, smallest)
        if reading is None:
            reading = await self._process.read(file.body, page, smallest)
        if reading.trouble == TOO_SMALL:
            self._begun -= 1
        elif reading.trouble:
            self.unread.add(file.url)
        return reading

    async def _read_elsewhere(
        self, body: bytes, place: FilePlace, page: int, smallest: tuple[int, int]
    ) -> PictureReading | None:
        """Return what others read where the process of this machine has no time, None where none of them did."""
        others = self.judging.help_of_others
        others.count()
        if not (self._process.is_busy and others.takes(body)):
            return None
        await place.leave()
        seconds = self.settings.picture_seconds
        reading = await others.ask(lambda helpers: helpers.read_picture(body, seconds, page, smallest))
        if reading is not None:
            self._spent_elsewhere += reading.seconds
        return reading

    # ---- judging ---------------------------------------------------------------------------------

    async def _wrong(self, file: _File, reading: FileReading) -> list[CheckFinding]:
        """Return what is wrong with the text of a file, and remember what was read unless nobody should."""
        now, lines = self.crawl.now(), reading.lines
        found = self.judging.inspect(PictureText(file.url, lines, now))
        if any(finding.rule.family in CONFIDENTIAL for _, finding in found):
            return found
        self._readings.save(file.digest, reading, now.timestamp())
        by, passages = "pictures", passages_of(lines)
        texts = "\n".join(passage.text for passage in passages)
        page = Page(url=file.url, response=Response(file.url, status=200), html="", fetched=now, text=texts)
        typos = []
        for block, finding in await self.judging.judge_read(page, Typos.id):
            passage = next(each for each in passages if each.text == block.text)
            stands = as_read(replace(finding, url=file.url), passage)
            if stands is not None:
                typos.append((stands, passage))
        self.judging.tallies.findings[by] += len(typos)
        await self._show(file, typos)
        return [*found, *(CheckFinding(by, finding) for finding, _ in typos)]

    async def _show(self, file: _File, typos: Iterable[tuple[Finding, PicturePassage]]) -> None:
        """Cut out the words in question; a file that memory answered for is fetched once more for it."""
        wanted = list(typos)[:CROPS]
        if not wanted:
            return
        body = file.body or (await self._fetched(file.url)).body
        for finding, passage in wanted:
            if finding.text is None:
                continue
            start = finding.text.start
            crop = await self._process.crop(body, passage.line_of(start, start + len(finding.text.wrong)))
            picture = picture_of(PictureKind.CROP, crop)
            if picture is not None:
                self.shown.append(FindingPicture(finding.fingerprint, picture))

    def _with_referrers(self, found: list[CheckFinding]) -> list[CheckFinding]:
        """Return the findings, each with the pages that show its file."""
        store, kept = self.crawl.frontier.store, self.crawl.settings.referrers_kept
        pages = referrers(store, {finding.url for _, finding in found}, kept)
        return [
            CheckFinding(check, replace(finding, referrers=pages[finding.url][0], referrer_count=pages[finding.url][1]))
            for check, finding in found
        ]


def _is_small(known: AttachmentRecord) -> bool:
    """Return whether a file is known to be no picture that is worth reading; what no version could read may be one."""
    return not known.readable and known.engine == __version__ and not known.url.lower().endswith(".pdf")
