"""Cut the body of an HTTP/1 response out of what comes over the wire (RFC 9112, 6 and 7), as browsers do."""

from __future__ import annotations

import re
from typing import Protocol

LONGEST_LINE = 16 * 1024
"""Bytes of a line with a chunk's size, or of a trailer; Chromium's figure."""
MOST_TRAILER = 64 * 1024
"""Bytes of all trailers together."""
SIZE = re.compile(rb"[ \t]*0*([0-9A-Fa-f]{1,15})[ \t]*(?:;|$)")
"""The line that begins a chunk: its size with whatever zeros before it, blanks that should not be there, an extension
that nobody knows."""


class BodyReader(Protocol):
    """Turns what comes over the wire into the body, whatever way the wire cuts it up.

    ``ended`` is True once the body is whole; ``rest`` is what came after it. ``broken`` says why there will be no whole
    body, "" as long as there may be: an attribute, so that what came before the damage is not lost with it.
    """

    ended: bool
    rest: bytes
    broken: str

    def feed(self, data: bytes) -> bytes:
        """Take what came and return what it holds of the body; not to be asked once it has ended or is broken."""

    def close(self) -> None:
        """Note that the connection has ended, which ends the body or breaks it."""


class CountedBody:
    """A body of so many bytes."""

    def __init__(self, length: int) -> None:
        self.ended = length == 0
        self.rest = b""
        self.broken = ""
        self._left = length

    def feed(self, data: bytes) -> bytes:
        """Return what belongs to the body."""
        if len(data) > self._left:
            data, self.rest = data[: self._left], data[self._left :]
        self._left -= len(data)
        self.ended = self._left == 0
        return data

    def close(self) -> None:
        """Note what is missing."""
        self.broken = f"the body ends {self._left} bytes early"


class BodyUntilClose:
    """A body that ends with its connection."""

    rest = b""
    broken = ""

    def __init__(self) -> None:
        self.ended = False

    def feed(self, data: bytes) -> bytes:
        """Return everything."""
        return data

    def close(self) -> None:
        """Note that it is whole."""
        self.ended = True


class ChunkedBody:
    """A body in chunks. Trailers are passed over: nothing that anybody here reads is sent there."""

    def __init__(self) -> None:
        self.ended = False
        self.rest = b""
        self.broken = ""
        self._left = 0
        self._after_chunk = False
        self._after_last = False
        self._trailer = 0
        self._line = b""

    def feed(self, data: bytes) -> bytes:
        """Return what the chunks hold."""
        data, self._line = self._line + data, b""
        pieces, position = [], 0
        while position < len(data) and not (self.ended or self.broken):
            if self._left:
                pieces.append(data[position : position + self._left])
                position += len(pieces[-1])
                self._left -= len(pieces[-1])
                continue
            end = data.find(b"\n", position)
            if (len(data) if end < 0 else end) - position > LONGEST_LINE:
                self.broken = "a line between chunks is too long"
                break
            if end < 0:
                self._line = data[position:]
                break
            self._read_line(data[position:end].removesuffix(b"\r"))
            position = end + 1
        self.rest = data[position:] if self.ended else b""
        return b"".join(pieces)

    def close(self) -> None:
        """Take an end after the last chunk for one, whatever is missing of its trailers."""
        self.ended = self._after_last
        self.broken = "" if self.ended else "the body ends before its last chunk"

    def _read_line(self, line: bytes) -> None:
        if self._after_last:
            self._trailer += len(line) + 1
            if self._trailer > MOST_TRAILER:
                self.broken = f"more than {MOST_TRAILER} bytes of trailers"
            self.ended = not line
        elif self._after_chunk and not line:
            self._after_chunk = False
        else:
            self._begin_chunk(line)

    def _begin_chunk(self, line: bytes) -> None:
        size = SIZE.match(line)
        if size is None or self._after_chunk:
            self.broken = f"not the beginning of a chunk: {line[:20]!r}"
            return
        self._left = int(size[1], 16)
        self._after_chunk, self._after_last = self._left > 0, self._left == 0
