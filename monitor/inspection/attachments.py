"""Read the site's own attachments once a run, and have their text judged (上网不涉密 holds for files too).

What has not changed since an earlier run is not downloaded again: the server is asked whether it has, and what the
checks said of the same bytes still holds.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from checks.model import Document, Response, Text
from checks.reading.attachments import DEFAULT, Extract, Format
from monitor import __version__
from monitor.crawl.answers import opens
from monitor.crawl.crawler import Crawl
from monitor.crawl.link_subjects import referrers
from monitor.fetch import Fetched, Limits
from monitor.fetch.requests import conditional_headers
from monitor.inspection.attachment_reader import AttachmentReader
from monitor.inspection.checking import Judging
from monitor.inspection.file_places import FilePlace, FilePlaces
from monitor.store.findings import CheckFinding
from monitor.store.memory.attachments import AttachmentRecord, AttachmentStore

READ = frozenset({".pdf", ".docx", ".xlsx"})
"""Name endings of what can be read."""

AT_ONCE = 2
"""Files that are on their way at the same time: each may take 20 MB of memory. Those that others read are smaller."""

LIMITS = Limits(timeout=120.0, body=DEFAULT.body)

GLANCE = 1024
"""Bytes that are read of the answer to the question whether a file has changed, from servers that send all of it."""

GONE = frozenset({404, 410})
"""Answers that a file is there no more."""

ENGINE = __version__


class Attachments(Struct):
    """The attachments of one run. ``unread`` are those of which nothing was seen.

    ``scans`` are PDFs among them that may be pictures of text.
    ``unlinked`` are files that no page of the site links to any more and that are wanted all the same;
    ``asked_unlinked`` are those of them that were asked for.
    """

    crawl: Crawl
    judging: Judging
    memory: AttachmentStore
    unlinked: frozenset[str] = frozenset()
    reader: AttachmentReader = field(default_factory=AttachmentReader)
    unread: set[str] = field(default_factory=set)
    scans: set[str] = field(default_factory=set)
    asked_unlinked: set[str] = field(default_factory=set)

    async def inspect(self) -> list[CheckFinding]:
        """Return what is wrong with every attachment that opens; stops where the crawl was stopped."""
        waiting = deque(url for url in (*self._opening(), *sorted(self.unlinked)) if self._is_wanted(url))
        found: list[CheckFinding] = []
        places = FilePlaces(AT_ONCE, self.crawl.settings.delay)
        at_work = AT_ONCE + self.judging.help_of_others.at_most
        try:
            await asyncio.gather(*(self._work(waiting, places, found) for _ in range(at_work)))
        finally:
            await self.reader.close()
        return self._with_referrers(found)

    def notices(self) -> Iterable[Text]:
        """Say how many attachments could not be read."""
        count = len(self.unread)
        if count:
            yield Text(
                f"{count} 个附件没有读出文字（加密、扫描件、过大、损坏或没有下载成功），没有检查",
                f"{count} attachments gave no text (encrypted, scanned, too large, damaged, not downloaded): unchecked",
            )

    def _opening(self) -> Iterator[str]:
        for url, answer in self.crawl.frontier.store.load_attachments():
            if answer is None or opens(answer):
                yield url

    def _is_wanted(self, url: str) -> bool:
        return self.crawl.scope.internal(url) and PurePosixPath(urlsplit(url).path).suffix.lower() in READ

    def _with_referrers(self, found: list[CheckFinding]) -> list[CheckFinding]:
        """Return the findings, each with the pages that link to its file."""
        store, kept = self.crawl.frontier.store, self.crawl.settings.referrers_kept
        pages = referrers(store, {finding.url for _, finding in found}, kept)
        placed = []
        for check, finding in found:
            listed, count = pages[finding.url]
            placed.append(CheckFinding(check, replace(finding, referrers=listed, referrer_count=count)))
        return placed

    async def _work(self, waiting: deque[str], places: FilePlaces, found: list[CheckFinding]) -> None:
        while True:
            async with places.take() as place:
                if not waiting or self.crawl.stopped:
                    return
                if self.crawl.overdue:
                    self.crawl.stop("max_seconds")
                    return
                url = waiting.popleft()
                found += await self._judge(url, place)
                if url in self.unlinked:
                    self.asked_unlinked.add(url)
                await place.leave()

    async def _judge(self, url: str, place: FilePlace) -> list[CheckFinding]:
        known = self.memory.load(url) if self.crawl.settings.conditional else None
        verdict = self._verdict_if_unchanged(known) if known else None
        if known is not None and verdict is not None and await self._is_unchanged(known):
            return self._remembered(known, verdict)
        return await self._download(url, place)

    def _verdict_if_unchanged(self, known: AttachmentRecord) -> list[CheckFinding] | None:
        """Return what is wrong with an attachment if it has not changed, None where it must be read to tell."""
        if known.readable:
            return self._verdict(known.url, known.digest)
        return [] if known.engine == ENGINE else None

    async def _is_unchanged(self, known: AttachmentRecord) -> bool:
        headers = conditional_headers(known)
        if headers is None:
            return False
        fetched = await self.crawl.context.fetch(known.url, headers=headers, limits=LIMITS, head_bytes=GLANCE)
        response = fetched.response
        if response.error is not None:
            return False
        return response.status == 304 or (response.status == 200 and _is_same(known, response))

    def _remembered(self, known: AttachmentRecord, verdict: list[CheckFinding]) -> list[CheckFinding]:
        """Answer for an attachment from memory."""
        self.memory.save(known)
        if known.readable:
            self.judging.count(Document, [check for check, _ in verdict])
        else:
            self._leave_unread(known.url, may_be_scan=known.url.lower().endswith(".pdf"))
        return verdict

    def _leave_unread(self, url: str, *, may_be_scan: bool) -> None:
        self.unread.add(url)
        if may_be_scan:
            self.scans.add(url)

    async def _download(self, url: str, place: FilePlace) -> list[CheckFinding]:
        fetched = await self.crawl.context.fetch(url, limits=LIMITS)
        if url in self.unlinked and fetched.response.status in GONE:
            return []
        if fetched.response.error is not None or fetched.response.status != 200 or fetched.incomplete:
            self.unread.add(url)
            return []
        digest = hashlib.blake2b(fetched.body, digest_size=16).digest()
        if fetched.truncated:
            return self._remembered(record_of_file(url, fetched, digest, readable=False), [])
        verdict = self._verdict(url, digest)
        if verdict is not None:
            return self._remembered(record_of_file(url, fetched, digest, readable=True), verdict)
        return self._taken(url, fetched, digest, await self._extract(fetched.body, place))

    def _verdict(self, url: str, digest: bytes) -> list[CheckFinding] | None:
        """Return what the checks said of the same bytes before, None where one of them never saw them."""
        verdict: list[CheckFinding] = []
        for check in self.judging.checks_of(Document):
            known = self.judging.verdicts.load(check.id, check.version, [digest])
            if digest not in known:
                return None
            verdict += [CheckFinding(check.id, replace(finding, url=url)) for finding in known[digest]]
        return verdict

    async def _extract(self, body: bytes, place: FilePlace) -> Extract:
        """Return the text of a file, read by others where the reader of this machine has no time."""
        others = self.judging.help_of_others
        others.count()
        helped = None
        if self.reader.is_busy and others.takes(body):
            await place.leave()
            helped = await others.ask(lambda helpers: helpers.read_file(body))
        return helped or await self.reader.read(body)

    def _taken(self, url: str, fetched: Fetched, digest: bytes, extract: Extract) -> list[CheckFinding]:
        if not extract.text:
            is_scan = extract.format is Format.PDF and extract.reason == "no-text"
            self._leave_unread(url, may_be_scan=is_scan)
            if is_scan:
                self.crawl.context.answers.keep(url, fetched)  # for what reads its pages
            if not _may_pass(extract):
                self.memory.save(record_of_file(url, fetched, digest, readable=False))
            return []
        found = self.judging.inspect(Document(url, extract.text, self.crawl.now()))
        for check in self.judging.checks_of(Document):
            if url in self.judging.tallies.failed[check.id]:
                continue  # no verdict is not a clean one: the next run asks again
            verdict = [finding for by, finding in found if by == check.id]
            self.judging.verdicts.save(check.id, check.version, {digest: verdict}, time.time())
        self.memory.save(record_of_file(url, fetched, digest, readable=True))
        return found


def _may_pass(extract: Extract) -> bool:
    """Return whether a file gave no text because its reader had no time or died: it is read again the next time."""
    return extract.reason == "timeout" or (extract.reason == "unreadable" and extract.format is None)


def record_of_file(url: str, fetched: Fetched, digest: bytes, *, readable: bool) -> AttachmentRecord:
    """Return what is remembered of a file: what its answer said of it, and whether it could be read."""
    header = fetched.response.header
    validators = header("etag"), header("last-modified"), header("content-length")
    return AttachmentRecord(url, *validators, digest, readable, ENGINE)


def _is_same(known: AttachmentRecord, answer: Response) -> bool:
    """Return whether an answer describes the same file, from a server that does not answer the question itself."""
    etag = answer.header("etag")
    if etag or known.etag:
        return etag == known.etag
    described = answer.header("last-modified"), answer.header("content-length")
    return all(described) and described == (known.modified, known.length)
