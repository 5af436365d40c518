"""Name what a server's head breaks of HTTP's grammar where browsers make sense of it all the same (RFC 9110, 9112).

Line ends without CR are left out: a recipient may take them for what they mean (RFC 9112, 2.2), and everybody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.model import HttpFault, HttpFaultKind
from monitor.fetch.response_head import FOLD, HEADER, parse_head

STATUS_LINE = re.compile(rb"HTTP/[0-9]\.[0-9] [1-9][0-9]{2}(?: .*)?$")
"""A status line by the grammar, but for its end: the reason, and the blank before it, may be missing."""
NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:")
FOLDED = re.compile(rb"\n[ \t]+(\S[^\n]*)")

CODINGS = frozenset(
    b"gzip x-gzip deflate br zstd compress x-compress dcb dcz aes128gcm exi pack200-gzip identity".split()
)
"""IANA's registry of content codings."""
TRANSFER_CODINGS = frozenset(b"chunked gzip x-gzip deflate compress x-compress".split())
"""IANA's registry of transfer codings."""

SHOWN = 100
"""Bytes of a line that are shown."""


def faults_of(head: bytes) -> tuple[HttpFault, ...]:
    """Return what is wrong with a head as it came; an empty one is an answer without any (HTTP/0.9)."""
    if not head:
        return (HttpFault(HttpFaultKind.NO_HEAD, ""),)
    return tuple(dict.fromkeys(_faults(head)))


def _faults(head: bytes) -> Iterator[HttpFault]:
    first, _, rest = FOLD.sub(b" ", head).partition(b"\n")
    if not STATUS_LINE.match(first.rstrip(b"\r")):
        yield _fault(HttpFaultKind.STATUS_LINE, first)
    folded = FOLDED.search(head)
    if folded:
        yield _fault(HttpFaultKind.FOLDED, folded[1])
    for line in rest.split(b"\n"):
        if line.strip() and not (NAME.match(line) and HEADER.match(line)):
            yield _fault(HttpFaultKind.HEADER_LINE, line)
    yield from _framing(parse_head(head).headers)


def _framing(headers: list[tuple[bytes, bytes]]) -> Iterator[HttpFault]:
    """Yield what is wrong with the headers that say where a body ends and how it is packed."""
    transfer, length, content = (
        [value for name, value in headers if name.lower() == wanted]
        for wanted in (b"transfer-encoding", b"content-length", b"content-encoding")
    )
    codings = _members(transfer)
    if codings.count(b"chunked") > 1 or not TRANSFER_CODINGS.issuperset(codings):
        yield _fault(HttpFaultKind.TRANSFER_ENCODING, b", ".join(transfer))
    if len(length) > 1 or not all(value.isdigit() for value in length):
        yield _fault(HttpFaultKind.CONTENT_LENGTH, b", ".join(length))
    elif length and transfer:
        yield _fault(HttpFaultKind.TWO_LENGTHS, length[0] + b" + " + b", ".join(transfer))
    if not CODINGS.issuperset(_members(content)):
        yield _fault(HttpFaultKind.CONTENT_ENCODING, b", ".join(content))


def _members(values: list[bytes]) -> list[bytes]:
    return [member.strip(b" \t") for member in b",".join(values).lower().split(b",") if member.strip(b" \t")]


def _fault(kind: HttpFaultKind, line: bytes) -> HttpFault:
    return HttpFault(kind, line[:SHOWN].decode("utf-8", "replace").strip())
