"""Read robots.txt and sitemaps: what the owner asks robots to leave, and pages that no link leads to."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from protego import Protego

LIMIT = 50 * 1024 * 1024
"""Bytes of one sitemap, as the protocol allows (sitemaps.org); a packed one is read no further than this."""

MANY = 50
"""Sitemaps of one site that are read."""

LOC = re.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,2048}?)\s*(?:\]\]>)?\s*</loc>", re.IGNORECASE)


class Sitemap(NamedTuple):
    """The addresses of one file; ``is_index`` says that they are further sitemaps."""

    urls: tuple[str, ...]
    is_index: bool


def read_sitemap(body: bytes) -> Sitemap:
    """Return what a sitemap lists. XML, which may be hostile, is searched, never parsed; plain text has one a line."""
    plain = _unpack(body) if body[:2] == b"\x1f\x8b" else body
    if b"<loc" in plain or b"<LOC" in plain:
        urls = tuple(unescape(match[1].decode("utf-8", "replace")) for match in LOC.finditer(plain))
        return Sitemap(urls, b"<sitemapindex" in plain[:4096])
    return Sitemap(tuple(_lines(plain)), is_index=False)


def _unpack(body: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            return packed.read(LIMIT)
    except (OSError, EOFError, zlib.error):
        return b""


def _lines(plain: bytes) -> Iterator[str]:
    for line in plain[:LIMIT].splitlines():
        if line.startswith((b"http://", b"https://")) and len(line) < 2048:
            yield line.decode("utf-8", "replace").strip()


class Robots:
    """What a robots.txt asks of us. No file, or one that cannot be read, asks nothing."""

    def __init__(self, text: str, agent: str) -> None:
        self._rules = Protego.parse(text)
        self._agent = agent

    def allows(self, url: str) -> bool:
        """Return whether we may ask for an address."""
        return bool(self._rules.can_fetch(url, self._agent))

    @property
    def delay(self) -> float:
        """Seconds between two requests that the owner asks for, 0 where nothing is said."""
        return float(self._rules.crawl_delay(self._agent) or 0.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names."""
        return tuple(self._rules.sitemaps)
