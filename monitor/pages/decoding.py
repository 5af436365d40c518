"""Decode the bytes of a page: byte order mark, header, meta, strict UTF-8, what the bytes look like, in this order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from checks.late_pattern import late
from checks.reading.charsets import codec_of
from monitor.pages.guessing import guess, read

HEADER = re.compile(r"""charset\s*=\s*["']?\s*([^\s"'/;>]+)""", re.IGNORECASE)

CONTENT = late(r"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"'][^\s;]*))""", re.IGNORECASE)
"""A charset in the ``content`` of a meta (HTML, "extracting a character encoding from a meta element")."""

XML = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]+)""")

VALUE = rb"""\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|((?!["'])[^\s>]*+))"""
TAG = re.compile(
    rb"<(?:!--(?:-?>|.*?(?:-->|\Z))|(?:[!?]|/(?![a-zA-Z]))[^>]*+>?"
    rb"|(?P<name>/?[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[\s/]++|[^\s/>][^\s/>=]*+(?:" + VALUE + rb"|(?!\s*+=)))*+)>?)",
    re.DOTALL,
)
"""A comment, or what is no element, or a tag with its name and attributes, as the standard's prescan steps over them.

A quote that is never closed ends the attributes there: nothing behind it is a declaration.
"""

ATTRIBUTES = re.compile(rb"([^\s/>][^\s/>=]*+)(?:" + VALUE + rb"|(?!\s*+=))")

PRESCAN = 4096
"""Bytes in which a declaration is looked for; the standard says 1024, and templates with long comments need more."""

MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "utf-8"),
    (b"\xfe\xff", "utf-16be", "utf-16-be"),
    (b"\xff\xfe", "utf-16le", "utf-16-le"),
)
"""Byte order marks: the bytes, the label and Python's codec of what they announce."""

JAPANESE = re.compile(rb"\x1b\$[@B]")
"""The step from ASCII to Japanese in ISO-2022-JP, whose bytes are all ASCII's."""

WIDE = frozenset({"utf-16-le", "utf-16-be"})
"""Codecs that a readable ``meta`` disproves; browsers take UTF-8 instead (HTML, "prescan a byte stream")."""


class Decoded(Struct, frozen=True):
    """Text, what it was read as, what the sender claims (None: nothing), and whether no charset fits it.

    ``charset`` is the name of Python's codec; ``declared`` is the label as it is written there, such as ``gb2312``.
    ``source`` are the bytes of the text where they are UTF-8 as they came, None where it has to be written so.
    """

    text: str
    charset: str
    declared: str | None
    undecodable: bool
    source: bytes | None = None

    @property
    def sent(self) -> str:
        """The charset in which a query of the page is sent (Encoding standard, "get an output encoding").

        What is read as GB18030 is sent as GBK, which lacks most of it, unless the page says ``gb18030``.
        """
        if self.charset == "gb18030" and (self.declared or "").lower() != "gb18030":
            return "gbk"
        return self.charset


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Read bytes as text; never raises.

    ``gb2312`` and ``gbk`` mean GB18030, as in browsers. What is declared counts only where it fits: a page that claims
    UTF-8 over GB18030 bytes is read as GB18030, and its claim is kept for the check that reports it.
    """
    for mark, label, codec in MARKS:
        if body.startswith(mark):
            return _fitting(body[len(mark) :], label, codec)
    declared = _of_header(content_type) or _of_meta(body[:PRESCAN])
    return _fitting(body, declared, codec_of(declared) if declared else None)


def _fitting(body: bytes, declared: str | None, claimed: str | None) -> Decoded:
    """Return the text in the first charset that fits, the claimed one first.

    A claim of a single-byte charset proves nothing, as nearly every byte fits it: there UTF-8 is tried before.
    """
    if declared is None and JAPANESE.search(body):
        text = read(body, "iso2022_jp")
        if text is not None:
            return Decoded(text, "iso2022_jp", None, undecodable=False)
    candidates = ("utf-8", claimed) if _is_single_byte(claimed) else (claimed, "utf-8")
    for charset in dict.fromkeys(filter(None, candidates)):
        text = read(body, charset)
        if text is not None:
            # Where a last character was cut off, its first half is no ASCII.
            source = body if charset == "utf-8" and body[-1:].isascii() else None
            return Decoded(text, charset, declared, undecodable=False, source=source)
    guessed = guess(body)
    if guessed is not None:
        return Decoded(*guessed, declared, undecodable=False)
    return Decoded(body.decode(claimed or "utf-8", "replace"), claimed or "utf-8", declared, undecodable=True)


def _is_single_byte(codec: str | None) -> bool:
    return codec is not None and codec.startswith(("cp125", "iso8859", "koi8", "mac-", "cp866", "cp874"))


def _of_header(content_type: str | None) -> str | None:
    match = HEADER.search(content_type or "")
    return match[1] if match and codec_of(match[1]) else None


def _of_meta(head: bytes) -> str | None:
    """Return the first label in a ``meta`` or an XML declaration that names a charset (HTML, "prescan a byte stream").

    What stands in comments, in other attributes (a description that speaks of a charset) or in a ``meta`` that is no
    ``http-equiv=Content-Type`` declares nothing. Scripts are not passed over: what they write is found there.
    """
    for label in _labels(head):
        codec = codec_of(label)
        if codec is not None:
            return "utf-8" if codec in WIDE else label
    return None


def _labels(head: bytes) -> Iterator[str]:
    """Yield what is declared, one by one: mostly the first tags say it, and the others are not looked at."""
    declaration = XML.match(head)
    if declaration:
        yield declaration[1].decode("latin-1")
    for tag in TAG.finditer(head):
        if tag["name"] and tag["name"].lower() == b"meta":
            yield _label(tag["attributes"])


@lru_cache(maxsize=64)  # the pages of a site declare it in the same words
def _label(attributes: bytes) -> str:
    """Return the label that a ``meta`` declares, which may be none; of attributes of one name the first counts."""
    values: dict[str, str] = {}
    for name, *quoted in ATTRIBUTES.findall(attributes):
        values.setdefault(name.decode("latin-1").lower(), b"".join(quoted).decode("latin-1"))
    if "charset" in values:
        return values["charset"].strip()
    if values.get("http-equiv", "").lower() != "content-type":
        return ""
    match = CONTENT.search(values.get("content", ""))
    return "".join(filter(None, match.groups())).strip() if match else ""
