"""Read the head of an HTTP/1 response as browsers do: make sense of what can be, and pass over the rest.

The rules are those that Chromium and Firefox share, as far as the tests they share know them (web-platform-tests,
``fetch/h1-parsing`` and ``fetch/content-length``): a line that is no header is skipped, a folded line goes on, a status
line without a number means 200. What neither of them opens is an error here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from monitor.fetch.framing import BodyReader, BodyUntilClose, ChunkedBody, CountedBody
from monitor.fetch.wire_errors import MalformedResponseError

HEAD_BYTES = 256 * 1024
"""Bytes of one head; Chromium stops there, Firefox at 384 KB."""

SLOP = 4
"""Bytes before ``HTTP`` that are passed over (Chromium's figure)."""
START = SLOP + 4
"""Bytes after which it is known whether an answer begins like HTTP."""

END = re.compile(rb"\n\r?\n")
"""The empty line after the headers."""
FOLD = re.compile(rb"\r?\n[ \t]+")
"""The end of a line that the next one goes on with. It begins at a line end, so it is linear in runs of blanks."""
STATUS_LINE = re.compile(
    rb"(?:http|icy)(?:/[ \t]*(?P<version>[0-9.]+))?[^ \t]*[ \t]*(?P<status>[0-9]{0,3})", re.IGNORECASE
)
HEADER = re.compile(rb"^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:([^\n]*)", re.MULTILINE)
"""A line that is a header: a token (RFC 9110, 5.1), blanks that should not be there, a colon, and the value."""

FRAMING = frozenset({b"connection", b"content-disposition", b"content-length", b"transfer-encoding"})
"""Headers that say where an answer ends, and whether it is one at all."""
BODILESS = frozenset({204, 205, 304})
FIRST_REDIRECT, FIRST_ERROR = 300, 400
LONGEST_NUMBER = 18
"""Digits of a Content-Length that is one; 64 bits hold no more."""


class Head(Struct, frozen=True):
    """The head of a response; ``headers`` keep their order, repetition and case, values without blanks around them."""

    status: int
    headers: list[tuple[bytes, bytes]]
    modern: bool
    """Whether the version is 1.1 or later: older ones know no chunks and close when they are done."""
    raw: bytes = b""
    """The head as it came."""
    framing: Mapping[bytes, list[bytes]] = {}
    """The values of those headers that are ``FRAMING``, one a line, by their names in lower case."""


def find_end(received: bytes | bytearray, start: int) -> int | None:
    """Return where the body begins, None while the head is not complete; ``start`` is what was searched before."""
    end = END.search(received, max(0, start - 2))
    return end.end() if end else None


def begins_like_http(received: bytes | bytearray) -> bool:
    """Return whether the first bytes can be a status line: ``http`` in any case, a few bytes aside.

    ``ICY`` is what servers of broadcasts begin with.
    """
    return received.startswith((b"HTTP", b"ICY ")) or b"http" in bytes(received[:START]).lower()


def slop_before(received: bytes | bytearray) -> int:
    """Return how many bytes stand before the status line, 0 as well where none has begun."""
    return 0 if received.startswith(b"HTTP") else max(0, bytes(received[:START]).lower().find(b"http"))


def parse_head(raw: bytes) -> Head:
    """Return what a head says. ``raw`` begins like HTTP; raises MalformedResponseError."""
    # Not asked with ``in``, which takes bytes for a number first, and costs three times as much.
    if raw.find(b"\0") >= 0:
        raise MalformedResponseError("a NUL in the headers")
    first, _, rest = raw[slop_before(raw) :].partition(b"\n")
    status, modern = _read_status_line(first)
    if rest.find(b"\n ") >= 0 or rest.find(b"\n\t") >= 0:
        rest = FOLD.sub(b" ", rest)
    headers = [(name, value.strip(b" \t\r")) for name, value in HEADER.findall(rest)]
    framing: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        small = name.lower()
        if small in FRAMING:
            framing.setdefault(small, []).append(value)
    return Head(status, headers, modern, raw, framing)


def _read_status_line(line: bytes) -> tuple[int, bool]:
    """Return status and modernity; a status that cannot be read, or is none, is 200."""
    read = STATUS_LINE.match(line)
    status = int(read["status"] or 0) if read else 0
    modern = read is not None and (read["version"] or b"") >= b"1.1"
    return status if status >= 100 else 200, modern


def telling_lines(raw: bytes | bytearray) -> bytes | None:
    """Return the whole lines of a head that ended before its empty line, None where they do not tell enough.

    Browsers take it for a head. What says where to go, or that nothing is here, has said it; after a good status the
    page is missing, and an address may be cut.
    """
    lines = bytes(raw[: raw.rfind(b"\n") + 1])
    if not lines or not begins_like_http(lines):
        return None
    head = parse_head(lines)
    names = {name.lower() for name, _ in head.headers}
    return lines if head.status >= FIRST_ERROR or (head.status >= FIRST_REDIRECT and b"location" in names) else None


def body_reader(head: Head, method: str) -> BodyReader:
    """Return what reads the body; raises MalformedResponseError for what a head must not say twice.

    Chunks count wherever they are named (RFC 9112, 6.3), however often and with whatever beside.
    """
    if len(set(head.framing.get(b"content-disposition", ()))) > 1:  # both browsers refuse it
        raise MalformedResponseError("different Content-Dispositions")
    if method == "HEAD" or head.status in BODILESS:
        return CountedBody(0)
    if head.modern and b"chunked" in _values(head, b"transfer-encoding"):
        return ChunkedBody()
    length = _content_length(_values(head, b"content-length"))
    return BodyUntilClose() if length is None else CountedBody(length)


def keeps_alive(head: Head) -> bool:
    """Return whether the server means to go on with the connection (RFC 9112, 9.3)."""
    options = _values(head, b"connection")
    return b"close" not in options and (head.modern or b"keep-alive" in options)


def _values(head: Head, wanted: bytes) -> list[bytes]:
    """Return the members of a list header that is one of ``FRAMING``, in lower case."""
    lines = head.framing.get(wanted)
    return [member.strip(b" \t") for member in b",".join(lines).lower().split(b",")] if lines else []


def _content_length(values: list[bytes]) -> int | None:
    """Return the length, None where no number can be read (Fetch standard, "extract a length")."""
    if len(set(values)) > 1:
        raise MalformedResponseError("different lengths: " + b", ".join(values[:5]).decode("latin-1")[:100])
    digits = values[0] if values else b""
    return int(digits) if digits.isdigit() and len(digits) <= LONGEST_NUMBER else None
