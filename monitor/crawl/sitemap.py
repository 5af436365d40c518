"""Read robots.txt and sitemaps: what the owner asks robots to leave, and pages that no link leads to."""

from __future__ import annotations

import codecs
import gzip
import io
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

from lxml import etree
from protego import Protego

LIMIT = 50 * 1024 * 1024
"""Bytes of one sitemap, as the protocol allows (sitemaps.org); a packed one is read no further than this."""

MANY = 50
"""Sitemaps of one site that are read."""

LONGEST = 2048
"""Characters of an address, as the protocol allows."""

CHUNK = 64 * 1024
"""Bytes that are parsed at a time: a sitemap of a million addresses is never held as a tree."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, and what they tell."""

BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
"""``&`` as many programs write it into an address, though XML wants ``&amp;``."""

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

HOLDERS = frozenset({"url", "sitemap", "urlset", "sitemapindex"})
"""Elements whose ``loc`` is an address to read; that of an image or a video is none."""


FEED_ITEMS = frozenset({"item", "entry"})
"""Elements of RSS and Atom, which sitemaps may be written in (sitemaps.org, "other sitemap formats")."""

CLOSED = FEED_ITEMS | {"url", "sitemap"}
"""Elements that are let go when they end."""


class SitemapEntry(NamedTuple):
    """One address of a sitemap; ``nested`` says that it is a further sitemap."""

    url: str
    nested: bool = False


def read_sitemap(body: bytes) -> Iterator[SitemapEntry]:
    """Yield what a sitemap lists, in XML or as plain text with an address a line; packed or not.

    The XML may be hostile or broken: entities are not resolved, nothing is loaded, what cannot be read is passed over.
    """
    chunks = _chunks(body)
    first = next(chunks, b"")
    charset = _utf_16(first)
    if charset:
        first, chunks = _as_utf_8(b"".join([first, *chunks]), charset), iter(())
    whole = chain([first.removeprefix(codecs.BOM_UTF8).lstrip()], chunks)
    yield from _elements(whole) if b"<" in first else _lines(whole)


def _chunks(body: bytes) -> Iterator[bytes]:
    """Yield a body in pieces, unpacked, up to the limit or to where it cannot be unpacked."""
    packed = body[:2] == b"\x1f\x8b"
    with gzip.open(io.BytesIO(body)) if packed else io.BytesIO(body) as stream:
        for _ in range(LIMIT // CHUNK):
            try:
                chunk = stream.read(CHUNK)
            except (OSError, EOFError, zlib.error):
                return
            if not chunk:
                return
            yield chunk


def _utf_16(start: bytes) -> str | None:
    """Return which UTF-16 a file begins in, None for every other encoding: XML begins with ``<``."""
    charset = charset_of(start)
    if charset != "utf-8":
        return charset
    return {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(start[:2])


def _as_utf_8(body: bytes, charset: str) -> bytes:
    """Return a file in UTF-16, which is rare and held as a whole, as UTF-8 without the declaration of its encoding."""
    text = body.decode(charset, "replace").lstrip("\ufeff")
    return DECLARATION.sub("", text).encode()


def _elements(chunks: Iterable[bytes]) -> Iterator[SitemapEntry]:
    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    carried = b""
    try:
        for chunk in chunks:
            # Cut behind a tag, so that no entity is torn in two.
            head, mark, tail = (carried + chunk).rpartition(b">")
            parser.feed(BARE_AMPERSAND.sub(b"&amp;", head + mark))
            carried = tail[-CHUNK:]
            yield from _entries(parser)
        parser.close()
        yield from _entries(parser)
    except etree.XMLSyntaxError:
        return


def _entries(parser: etree.XMLPullParser) -> Iterator[SitemapEntry]:
    """Yield the addresses of the elements that have ended, and let the elements go."""
    for _, element in parser.read_events():
        if not isinstance(element, etree._Element):  # noqa: SLF001 - the class has no other name
            continue
        entry = None
        # A parser that recovers lets through what is no character, as half of a surrogate pair.
        with suppress(UnicodeDecodeError):
            entry = _entry(element)
        if entry is not None:
            yield entry


def _entry(element: etree._Element) -> SitemapEntry | None:
    """Return what an element names, and let it go where an address was all that it held. Raises UnicodeDecodeError."""
    name, parent = _local(element), element.getparent()
    holder = _local(parent) if parent is not None else ""
    if name == "loc" and holder in HOLDERS:
        return _named(_text(element), nested=holder in {"sitemap", "sitemapindex"})
    if name == "link" and holder in FEED_ITEMS and element.get("rel", "alternate") == "alternate":
        return _named(element.get("href") or _text(element))
    if parent is not None and name in CLOSED:
        element.clear()
        while element.getprevious() is not None:
            del parent[0]
    return None


def _named(address: str, *, nested: bool = False) -> SitemapEntry | None:
    url = address.strip()
    return SitemapEntry(url, nested=nested) if 0 < len(url) <= LONGEST else None


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for comments and the like, whose tag is no text."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _lines(chunks: Iterable[bytes]) -> Iterator[SitemapEntry]:
    for line in b"".join(chunks).splitlines():
        address = line.strip()
        if address.startswith((b"http://", b"https://")) and len(address) <= LONGEST:
            yield SitemapEntry(address.decode("utf-8", "replace"))


def charset_of(body: bytes) -> str:
    """Return the encoding that a byte order mark tells, UTF-8 where there is none."""
    return next((charset for mark, charset in MARKS if body.startswith(mark)), "utf-8")


def decode_robots(body: bytes) -> str:
    """Return the text of a robots.txt: UTF-8 by the standard (RFC 9309, 2.2), GB18030 and UTF-16 as servers send it."""
    charset = charset_of(body)
    for name in (charset, "gb18030") if charset == "utf-8" else (charset,):
        decoder = codecs.getincrementaldecoder(name)()
        try:
            return decoder.decode(body).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    return body.decode(charset, "replace").lstrip("\ufeff")


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
        """Seconds between two requests that the owner asks for; 0 where nothing is said, or nothing that can be."""
        delay = float(self._rules.crawl_delay(self._agent) or 0.0)
        return delay if math.isfinite(delay) and delay > 0 else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names, as it writes them: absolute, or against the standard relative."""
        return tuple(self._rules.sitemaps)
