"""Read robots.txt and sitemaps: what the owner asks robots to leave, and pages that no link leads to."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct
from protego import Protego

from checks.reading.charsets import codec_of
from monitor.fetch.content_encoding import GZIP_MAGIC, DecodingError, Gzip

if TYPE_CHECKING:
    from lxml import etree

LIMIT = 50 * 1024 * 1024
"""Bytes of one sitemap, as the protocol allows (sitemaps.org); a packed one is read no further than this."""

MANY = 50
"""Sitemaps of one site that are read."""

LONGEST = 2048
"""Characters of an address, as the protocol allows."""

CHUNK = 64 * 1024
"""Bytes that are parsed at a time: a sitemap of a million addresses is never held as a tree."""
PACKED = 1024
"""Bytes that are unpacked at a time: they may hold a thousand times as many."""
WIDE = frozenset({"utf-16-le", "utf-16-be"})
"""Codecs in which no file is whose bytes can be read one by one."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, and what they tell."""

AMPERSANDS = re.compile(rb"<!\[CDATA\[[^\]]*(?:\]\]>)?|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
"""``&`` as many programs write it into an address, though XML wants ``&amp;``; in CDATA it is as it should be."""

DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
DECLARED = re.compile(rb"""[^<]*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]+)""")
FIRST_LINE = re.compile(rb"\s*https?://", re.IGNORECASE)
"""How a sitemap begins that is plain text."""

HOLDERS = frozenset({"url", "sitemap", "urlset", "sitemapindex"})
"""Elements whose ``loc`` is an address to read; that of an image or a video is none."""


FEED_ITEMS = frozenset({"item", "entry"})
"""Elements of RSS and Atom, which sitemaps may be written in (sitemaps.org, "other sitemap formats")."""

CLOSED = FEED_ITEMS | {"url", "sitemap"}
"""Elements that are let go when they end."""


class SitemapEntry(Struct, frozen=True):
    """One address of a sitemap; ``nested`` says that it is a further sitemap."""

    url: str
    nested: bool = False


def read_sitemap(body: bytes) -> Iterator[SitemapEntry]:
    """Yield what a sitemap lists, in XML or as plain text with an address a line; packed (twice at most) or not.

    The XML may be hostile or broken: entities are not resolved, nothing is loaded, what cannot be read is passed over.
    """
    chunks = _as_utf_8(_bounded(_unpacked(_unpacked(_pieces(body)))))
    first = next(chunks, b"")
    if b"<" in first and not FIRST_LINE.match(first):
        yield from _elements(chain([DECLARATION.sub(b"", first[first.index(b"<") :])], chunks))
    else:
        yield from _lines(chain([first], chunks))


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[start : start + CHUNK] for start in range(0, len(body), CHUNK))


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what gzip holds as far as it can be unpacked, and anything else as it is."""
    first = next(chunks, b"")
    if not first.startswith(GZIP_MAGIC):
        yield from chain([first], chunks)
        return
    gzip = Gzip()
    with suppress(DecodingError):
        for chunk in chain([first], chunks):
            for start in range(0, len(chunk), PACKED):
                yield gzip.feed(chunk[start : start + PACKED], LIMIT)


def _bounded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks up to the limit; none is empty."""
    left = LIMIT
    for chunk in chunks:
        if not chunk:
            continue
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def _as_utf_8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a file as UTF-8 without byte order marks. What its bytes are counts, and then what it says of them."""
    first = next(chunks, b"")
    codec = _wide(first)
    decoder = codecs.getincrementaldecoder(codec)("replace") if codec else None
    declared = DECLARED.match(first)
    claimed = codec_of(declared[1].decode("latin-1")) if declared else None
    for chunk in chain([first], chunks):
        if decoder is None and not chunk.isascii():
            decoder = codecs.getincrementaldecoder(_fitting(chunk, claimed))("replace")
        yield decoder.decode(chunk).replace("\ufeff", "").encode("utf-8", "replace") if decoder else chunk


def _wide(start: bytes) -> str | None:
    """Return which UTF-16 a file is in by its mark or its first character, None for every other encoding."""
    charset = charset_of(start)
    if charset != "utf-8":
        return charset
    if start[:2].count(0) != 1 or len(start) == 1:
        return None
    return "utf-16-be" if start[0] == 0 else "utf-16-le"


def _fitting(start: bytes, claimed: str | None) -> str:
    """Return the codec in which the first bytes beyond ASCII make sense, UTF-8 where none does."""
    for codec in dict.fromkeys(filter(None, (claimed, "utf-8", "gb18030"))):
        if codec not in WIDE:  # a program that writes UTF-8 says UTF-16 of it where its own strings are
            with suppress(UnicodeDecodeError):
                codecs.getincrementaldecoder(codec)().decode(start)
                return codec
    return "utf-8"


def _elements(chunks: Iterable[bytes]) -> Iterator[SitemapEntry]:
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    carried = b""
    try:
        for chunk in chunks:
            # Cut behind a tag, so that no entity is torn in two.
            head, mark, tail = (carried + chunk).rpartition(b">")
            parser.feed(AMPERSANDS.sub(_in_xml, head + mark))
            carried = tail[-CHUNK:]
            yield from _entries(parser)
        parser.close()
        yield from _entries(parser)
    except etree.XMLSyntaxError:
        return


def _in_xml(match: re.Match[bytes]) -> bytes:
    """Return what XML wants in the place of a bare ampersand; what stands in CDATA stays."""
    return b"&amp;" if match[0] == b"&" else match[0]


def _entries(parser: etree.XMLPullParser) -> Iterator[SitemapEntry]:
    """Yield the addresses of the elements that have ended, and let the elements go."""
    from lxml import etree

    for _, element in parser.read_events():
        if not isinstance(element, etree._Element):  # noqa: SLF001 - the class has no other name
            continue
        try:
            entry = _entry(element)
        except UnicodeDecodeError:  # a parser that recovers lets through half of a surrogate pair
            continue
        if entry is not None:
            yield entry


def _entry(element: etree._Element) -> SitemapEntry | None:
    """Return what an element names, and let it go where an address was all that it held. Raises UnicodeDecodeError."""
    parent = element.getparent()
    if parent is None:
        return None
    name, holder = _local(element), _local(parent)
    if name == "loc" and holder in HOLDERS:
        return _named(_text(element), nested=holder in {"sitemap", "sitemapindex"})
    if name == "link" and holder in FEED_ITEMS and element.get("rel", "alternate") == "alternate":
        return _named(element.get("href") or _text(element))
    if name in CLOSED:
        element.clear()
        while element.getprevious() is not None:
            del parent[0]
    return None


def _named(address: str, *, nested: bool = False) -> SitemapEntry | None:
    url = address.strip()
    return SitemapEntry(url, nested=nested) if 0 < len(url) <= LONGEST else None


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def _local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for comments and the like, whose tag is no text."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=64)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _lines(chunks: Iterable[bytes]) -> Iterator[SitemapEntry]:
    for line in b"".join(chunks).splitlines():
        address = line.strip()
        if FIRST_LINE.match(address) and len(address) <= LONGEST:
            yield SitemapEntry(address.decode("utf-8", "replace"))


def charset_of(body: bytes) -> str:
    """Return the encoding that a byte order mark tells, UTF-8 where there is none."""
    return next((charset for mark, charset in MARKS if body.startswith(mark)), "utf-8")


def decode_robots(body: bytes) -> str:
    """Return the text of a robots.txt: UTF-8 by the standard (RFC 9309, 2.2), GB18030 and UTF-16 as servers send it."""
    charset = _wide(body) or "utf-8"
    for name in (charset, "gb18030") if charset == "utf-8" else (charset,):
        decoder = codecs.getincrementaldecoder(name)()
        try:
            return decoder.decode(body).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    return body.decode(charset, "replace").lstrip("\ufeff")


VERSION = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*[a-z_-]+)/[^\s#]*", re.IGNORECASE | re.MULTILINE)
"""A program's name with a version behind it, which is no part of its name (RFC 9309, 2.2.1)."""


class Robots:
    """What a robots.txt asks of us. No file, or one that cannot be read, asks nothing."""

    def __init__(self, text: str, agent: str) -> None:
        self._rules = Protego.parse(VERSION.sub(r"\1", text))
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
