"""Undo content encodings piece by piece, never further than the caller has room for.

A kilobyte of gzip can stand for a megabyte, of brotli for far more (CWE-409): the decoders here are asked for a
bounded number of bytes at a time, so a bomb costs its limit and no more.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol

import brotli
from backports import zstd

BETWEEN = 16 * 1024 * 1024
"""Bytes that one encoding may turn a piece from the wire into before the next one is undone."""
AT_ONCE = 4096
"""Bytes given to zlib at once. It copies what follows a member at the end of each: a piece of 60 KB of nothing but
empty members, 20 bytes each, took 6 ms of CPU, and takes 3."""
GZIP_MAGIC = b"\x1f\x8b\x08"
"""How a member of gzip begins: its mark, and the only method there is."""
GZIP_FIXED, GZIP_TRAILER = 10, 8
"""Bytes of a member's header that every one has, and of its end."""
LONGEST_HEADER = 128 * 1024
"""Bytes of a member's header; one may hold a field of 64 KB."""
ZSTD_WINDOW_LOG = 23
"""8 MB."""
MOST_LAYERS = 5
"""Encodings around one body; curl's figure."""


class DecodingError(Exception):
    """The body is not in the encoding that its header names."""


class ContentDecoder(Protocol):
    """What turns pieces from the wire into pieces of the body.

    Once it has returned all the bytes there was room for, the rest of that piece is gone: the body is cut there.
    """

    def feed(self, data: bytes, room: int) -> bytes:
        """Take what came and return at most ``room`` (1 or more) bytes of the body; raises DecodingError."""

    @property
    def ended(self) -> bool:
        """Whether the encoding says that the body is complete."""


class Deflate:
    """deflate: zlib or, as some servers send it, raw."""

    def __init__(self) -> None:
        self._windows = [zlib.MAX_WBITS, -zlib.MAX_WBITS]
        self._inner = zlib.decompressobj(self._windows[0])
        self._doubtful = b""

    def feed(self, data: bytes, room: int) -> bytes:
        """Take what came and return at most ``room`` (1 or more) bytes of the body; raises DecodingError."""
        out = bytearray()
        while data and len(out) < room:
            try:
                out += self._inner.decompress(data, room - len(out))
            except zlib.error as error:
                data = self._second_guess(data, error)
                continue
            self._remember(data, certain=bool(out))
            data = self._inner.unconsumed_tail  # padding after the end is ignored, as by browsers
        return bytes(out)

    @property
    def ended(self) -> bool:
        """Whether the stream is complete."""
        return self._inner.eof

    def _remember(self, data: bytes, *, certain: bool) -> None:
        """Keep what the first guess swallowed without a word, until it has proved right."""
        if certain:
            self._windows = self._windows[:1]
        self._doubtful = self._doubtful + data if len(self._windows) > 1 else b""

    def _second_guess(self, data: bytes, error: zlib.error) -> bytes:
        if len(self._windows) == 1:
            raise DecodingError(str(error)) from error
        self._windows.pop(0)
        self._inner = zlib.decompressobj(self._windows[0])
        return self._doubtful + data


class Gzip:
    """gzip (RFC 1952), one member or many.

    The checksum and the length at the end of a member are not looked at: Chromium shows a page whatever they say.
    """

    def __init__(self) -> None:
        self._header = b""
        self._inner: zlib._Decompress | None = None
        self._trailer = 0
        self._first = True
        self._padded = False

    def feed(self, data: bytes, room: int) -> bytes:
        """Take what came and return at most ``room`` (1 or more) bytes of the body; raises DecodingError."""
        out = bytearray()
        for start in range(0, len(data), AT_ONCE):
            if len(out) >= room or self._padded:
                break
            self._feed(data[start : start + AT_ONCE], out, room)
        return bytes(out)

    @property
    def ended(self) -> bool:
        """Whether the last member is complete."""
        return not (self._first or self._inner or self._trailer or self._header)

    def _feed(self, data: bytes, out: bytearray, room: int) -> None:
        while data and len(out) < room and not self._padded:
            if self._trailer:
                passed = min(self._trailer, len(data))
                self._trailer -= passed
                data = data[passed:]
            elif self._inner is None:
                data = self._begin(data)
            else:
                data = self._inflate(self._inner, data, out, room)

    def _begin(self, data: bytes) -> bytes:
        """Read the header of a member as far as it came; return what follows it."""
        header = self._header + data
        if not self._first and not GZIP_MAGIC.startswith(header[:2]) and header[:2] != GZIP_MAGIC:
            self._padded, self._header = True, b""  # padding after the end, which browsers ignore
            return b""
        end = gzip_header_end(header)
        if end is None:
            self._header = header
            return b""
        self._header, self._first = b"", False
        self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        return header[end:]

    def _inflate(self, inner: zlib._Decompress, data: bytes, out: bytearray, room: int) -> bytes:
        try:
            out += inner.decompress(data, room - len(out))
        except zlib.error as error:
            raise DecodingError(str(error)) from error
        if not inner.eof:
            return inner.unconsumed_tail
        self._inner, self._trailer = None, GZIP_TRAILER
        return inner.unused_data


def gzip_header_end(header: bytes) -> int | None:
    """Return where the header of a gzip member ends, None while it is not complete; raises DecodingError."""
    if not header.startswith(GZIP_MAGIC[: len(header)]):
        raise DecodingError("incorrect header check")
    if len(header) > LONGEST_HEADER:
        raise DecodingError("a header of gzip without an end")
    if len(header) < GZIP_FIXED:
        return None
    flags, end = header[3], GZIP_FIXED
    if flags & 4:  # an extra field, with its length before it
        end += 2 + int.from_bytes(header[end : end + 2], "little")
    for named in (8, 16):  # the file's name, a comment: each to a zero
        if flags & named:
            end = header.find(b"\0", end) + 1
            if end == 0:
                return None
    if flags & 2:  # a checksum of the header
        end += 2
    return end if end <= len(header) else None


class Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes, room: int) -> bytes:
        """Take what came and return at most ``room`` bytes of the body; raises DecodingError."""
        out = bytearray()
        try:
            out += self._inner.process(data, output_buffer_limit=room)
            while len(out) < room and not self._inner.can_accept_more_data():
                out += self._inner.process(b"", output_buffer_limit=room - len(out))
        except brotli.error as error:
            raise DecodingError(str(error)) from error
        return bytes(out[:room])

    @property
    def ended(self) -> bool:
        """Whether the stream is complete."""
        return bool(self._inner.is_finished())


class Zstandard:
    """zstd (RFC 8878), one frame or many, with the window that RFC 9659 allows on the web."""

    def __init__(self) -> None:
        self._inner = self._new()

    @staticmethod
    def _new() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})

    def feed(self, data: bytes, room: int) -> bytes:
        """Take what came and return at most ``room`` (1 or more) bytes of the body; raises DecodingError."""
        out = bytearray()
        while len(out) < room:
            if self._inner.eof:
                data = self._inner.unused_data + data
                if not data:
                    break
                self._inner = self._new()
            try:
                out += self._inner.decompress(data, room - len(out))
            except zstd.ZstdError as error:
                raise DecodingError(str(error)) from error
            data = b""
            if self._inner.needs_input:
                break
        return bytes(out)

    @property
    def ended(self) -> bool:
        """Whether the last frame is complete."""
        return self._inner.eof


class Layers:
    """Several encodings, one around the other.

    The outermost is undone first. One that fails on its first bytes was named without having been applied, as by a
    server whose proxy compresses, too, and says so twice: what it was given is passed on.
    """

    def __init__(self, decoders: list[ContentDecoder]) -> None:
        self._decoders: list[ContentDecoder | None] = list(decoders)
        self._proven: set[int] = set()

    def feed(self, data: bytes, room: int) -> bytes:
        """Take what came and return at most ``room`` bytes of the body; raises DecodingError."""
        last = len(self._decoders) - 1
        for number, decoder in enumerate(self._decoders):
            if decoder is not None and data:
                data = self._undo(number, decoder, data, room if number == last else BETWEEN)
        return data[:room]

    @property
    def ended(self) -> bool:
        """Whether every encoding that had been applied is complete."""
        return all(decoder is None or decoder.ended for decoder in self._decoders)

    def _undo(self, number: int, decoder: ContentDecoder, data: bytes, room: int) -> bytes:
        try:
            out = decoder.feed(data, room)
        except DecodingError:
            if number in self._proven:
                raise
            self._decoders[number] = None
            return data
        if len(out) >= BETWEEN:
            raise DecodingError(f"more than {BETWEEN} bytes between two encodings")
        if out:
            self._proven.add(number)
        return out


def decoder_for(encoding: str) -> ContentDecoder | None:
    """Return what undoes a Content-Encoding header, None for nothing that can be done.

    Browsers take a body as it is where any of its encodings is unknown to them (``UTF-8``, ``none``, ``binary``). zstd
    is read, though not asked for.
    """
    if not encoding:
        return None
    names = [name for name in (member.strip().lower() for member in encoding.split(",")) if name not in UNENCODED]
    if not names or len(names) > MOST_LAYERS or any(name not in DECODERS for name in names):
        return None
    decoders = [DECODERS[name]() for name in reversed(names)]
    return decoders[0] if len(decoders) == 1 else Layers(decoders)


UNENCODED = frozenset({"", "identity"})
DECODERS: dict[str, Callable[[], ContentDecoder]] = {
    "gzip": Gzip,
    "x-gzip": Gzip,
    "deflate": Deflate,
    "br": Brotli,
    "zstd": Zstandard,
}
