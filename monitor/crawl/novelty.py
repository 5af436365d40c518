"""Tell pages that say something new from pages that say the same again but for dates and numbers.

Two looks: at the bytes of pages whose addresses a person may have made, and at the pieces of text between the tags of
pages whose addresses a program makes up, compared with what pages of the same shape said before.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from msgspec import Struct, field

from checks.late_pattern import late
from monitor.crawl.shapes import NUMBERS

BEGINNING = 256 * 1024
"""Bytes of a page that are looked at."""

ERASED = b"0123456789 \t\r\n\f\v"
"""What a piece of text may change in without saying anything new."""

SCRIPTS = re.compile(rb"(?i)<(?:script|style)[^>]*+>?[^<]*+(?:<(?!/(?:script|style))[^<]*+)*+")
"""A script or style. No part can be tried twice: the time is linear."""

TEXT = re.compile(rb">([^<]+)")
"""A piece of text. Two patterns take three quarters of the time of one that passes over scripts."""

WRITTEN = late(
    r"[〇零○一二两三四五六七八九十百千廿卅初正腊闰]|(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
"""Numbers and dates in words: 二〇二六年九月, September."""

VALUES = re.compile(rb"[,;|+]")
"""What stands between the values of one parameter of an address."""

WORDS = re.compile(r"[^\W_]+")
"""What stands between marks and blanks: the names in “教育、医疗”."""

FEW = 12
"""New pieces of text up to which they may be no more than a date in words."""

PIECES = 2_000
"""Pieces that are known of a shape before it is taken for one whose pages have much to say."""

NAMES = 20_000
"""As before, for lists that are compared word by word: those of a whole program are of one shape."""

FIGURE = re.compile(rb"\d+(?:\.\d+)?")
DATE = re.compile(rb"[0-2]?\d|3[01]|(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?")
"""Figures that a calendar has: days, hours, months, years, and dates without a separator."""

FIGURES = 5
"""New figures that make a page of data: prices, levels, measurements. Clocks, counters and timings bring fewer."""


class _Known(Struct):
    """What pages of one shape said; ``rich`` once that was more than is kept."""

    pieces: set[int] = field(default_factory=set)
    undated: set[int] = field(default_factory=set)
    figures: set[bytes] = field(default_factory=set)
    rich: bool = False


class Novelty(Struct):
    """What the pages of one crawl said, in hashes."""

    _digests: set[bytes] = field(default_factory=set)
    _shapes: dict[str, _Known] = field(default_factory=dict)

    def repeats(  # noqa: PLR0913 - a page, and what is known of it
        self, url: str, shape: str, body: bytes, digest: bytes, *, suspicious: bool, beside: Iterable[str] = ()
    ) -> bool:
        """Return whether a page says nothing new, and take note of what it says.

        ``digest`` names the bytes. Pages of a shape that has much to say are looked at only if they are
        ``suspicious``: found on a page of their own shape, or on one that itself repeated what was known. What pages of
        the shapes ``beside`` had is known as well.
        """
        made_up = shape != url
        if digest in self._digests:
            return True
        if not made_up or "…" in shape:
            self._digests.add(digest)
        if not made_up:
            return False
        known = self._shapes.setdefault(shape, _Known())
        if known.rich and not suspicious:
            return False
        pieces = _without_values(text_pieces(body), url)
        heard = [self._shapes[each].pieces for each in beside if each in self._shapes] if known.pieces else []
        if heard:
            known.pieces |= set(map(hash, pieces)).intersection(set().union(*heard))
        return not self._learn(known, pieces, PIECES) and not _has_new_figures(known, url, body)

    def repeats_in_words(self, url: str, shape: str, body: bytes, digest: bytes, new_values: int) -> bool:
        """Return as ``repeats`` does, comparing word by word: for lists that say what their address puts together.

        ``new_values`` of the address were not met before: the page may name each of them twice and say no more.
        """
        if digest in self._digests:
            return True
        self._digests.add(digest)
        known = self._shapes.setdefault(shape, _Known())
        pieces = _without_values(text_pieces(body), url)
        words = {word for piece in pieces for word in WORDS.findall(_text(piece))}
        return not self._learn(known, words, NAMES, new_values * 2) and not _has_new_figures(known, url, body)

    def remember(self, url: str, shape: str, digest: bytes) -> None:
        """Take note of a page that was not read again."""
        if shape == url or "…" in shape:
            self._digests.add(digest)

    def _learn(self, known: _Known, pieces: set[bytes] | set[str], kept: int, names: int = 0) -> bool:
        """Return whether more pieces than ``names`` are new, and keep them, ``kept`` at most."""
        first = not known.pieces
        hashes = set(map(hash, pieces))
        fresh = hashes - known.pieces
        known.pieces |= fresh
        if len(known.pieces) > kept:
            known.pieces, known.undated, known.rich = hashes, set(), True
        if first or len(fresh) > max(FEW, names):
            return True
        undated = {hash(without_dates(each)) for each in pieces if hash(each) in fresh} - known.undated
        known.undated |= undated
        return len(undated) > names


def text_pieces(body: bytes) -> set[bytes]:
    """Return what stands between the tags of a page, without digits and blanks (50 µs for 20 KB)."""
    return set(TEXT.findall(SCRIPTS.sub(b"", body[:BEGINNING].translate(None, ERASED))))


def without_dates(piece: bytes | str) -> str:
    """Return a piece of text without numbers and dates in words."""
    return WRITTEN.sub("", _text(piece))


def _without_values(pieces: set[bytes], url: str) -> set[bytes]:
    """Return pieces of text without the values in an address: a search that finds nothing says what was looked for."""
    _, _, query = url.partition("?")
    if not query:
        return pieces
    values = {value.translate(None, ERASED) for value in unquote_to_bytes(query).split(b"&")}
    values = {part for value in values for part in VALUES.split(value.partition(b"=")[2]) if len(part) > 1}
    if not values:
        return pieces
    named = re.compile(b"|".join(map(re.escape, sorted(values, key=len, reverse=True))))
    return {named.sub(b"", piece) for piece in pieces}


def _text(piece: bytes | str) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return piece.decode("gb18030", "replace")


def _has_new_figures(known: _Known, url: str, body: bytes) -> bool:
    texts = TEXT.findall(SCRIPTS.sub(b"", body[:BEGINNING]))
    figures = {figure for text in texts for figure in FIGURE.findall(text)}
    address = url.encode()
    fresh = {figure for figure in figures - known.figures if not DATE.fullmatch(figure) and figure not in address}
    if len(known.figures) < PIECES:
        known.figures |= fresh
    return len(fresh) >= FIGURES


def words_digest(text: str) -> bytes:
    """Name what a page says, numbers taken out."""
    return hashlib.blake2b(NUMBERS.sub("", text).encode("utf-8", "replace"), digest_size=16).digest()
