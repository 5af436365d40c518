"""Read the site's own attachments once a run, and have their text judged (上网不涉密 holds for files too)."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from checks.attachments import DEFAULT
from checks.model import Document, Text
from monitor.crawl.crawler import Crawl
from monitor.engines.attachments import Reader
from monitor.fetch import Limits
from monitor.judging import Judging
from monitor.store.codec import finding_from_json

READ = frozenset({".pdf", ".docx", ".xlsx"})
"""Name endings of what can be read."""

AT_ONCE = 2
"""Files that are on their way at the same time: each may take 20 MB of memory."""

LIMITS = Limits(timeout=120.0, body=DEFAULT.body)

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Attachments:
    """The attachments of one run. ``unread`` are those of which nothing was seen."""

    crawl: Crawl
    judging: Judging
    reader: Reader = field(default_factory=Reader)
    unread: set[str] = field(default_factory=set)

    async def inspect(self) -> Rows:
        """Return what is wrong with every attachment that opens; stops where the crawl was stopped."""
        waiting = deque(url for url in self.crawl.frontier.store.files() if self._is_wanted(url))
        found: Rows = []
        try:
            await asyncio.gather(*(self._work(waiting, found) for _ in range(AT_ONCE)))
        finally:
            await self.reader.close()
        return found

    def notices(self) -> Iterable[Text]:
        """Say how many attachments could not be read."""
        count = len(self.unread)
        if count:
            yield Text(
                f"{count} 个附件没有读出文字（加密、扫描件、过大、损坏或没有下载成功），没有检查",
                f"{count} attachments gave no text (encrypted, scanned, too large, damaged, not downloaded): unchecked",
            )

    def _is_wanted(self, url: str) -> bool:
        return self.crawl.scope.internal(url) and PurePosixPath(urlsplit(url).path).suffix.lower() in READ

    async def _work(self, waiting: deque[str], found: Rows) -> None:
        while waiting and not self.crawl.stopped:
            if self.crawl.overdue:
                self.crawl.stop("max_seconds")
                return
            found += await self._judge(waiting.popleft())
            await asyncio.sleep(self.crawl.settings.delay)

    async def _judge(self, url: str) -> Rows:
        fetched = await self.crawl.fetch(url, limits=LIMITS)
        if fetched.response.error is not None or fetched.response.status != 200 or fetched.truncated:
            self.unread.add(url)
            return []
        digest = hashlib.blake2b(fetched.body, digest_size=16).digest()
        remembered = self._recall(url, digest)
        return remembered if remembered is not None else await self._read(url, fetched.body, digest)

    def _recall(self, url: str, digest: bytes) -> Rows | None:
        """Return what the checks said of the same bytes before, None where one of them never saw them."""
        rows: Rows = []
        for check in self.judging.checks_of(Document):
            known = self.judging.verdicts.known(check.id, check.version, [digest])
            if digest not in known:
                return None
            bodies = known[digest]
            rows += [self.judging.row(check.id, replace(finding_from_json(body), url=url)) for body in bodies]
        self.judging.count(Document, rows)
        return rows

    async def _read(self, url: str, body: bytes, digest: bytes) -> Rows:
        extract = await self.reader.read(body)
        if not extract.text:
            self.unread.add(url)
            return []
        rows = self.judging.inspect(Document(url, extract.text, self.crawl.now()))
        for check in self.judging.checks_of(Document):
            said = [row["body"] for row in rows if row["check"] == check.id]
            self.judging.verdicts.remember(check.id, check.version, {digest: said}, time.time())
        return rows
