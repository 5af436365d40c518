"""Undo content encodings piece by piece, never further than the caller has room for.

A kilobyte of gzip can stand for a megabyte, of brotli for far more (CWE-409): the decoders here are asked for a
bounded number of bytes at a time, so a bomb costs its limit and no more.
"""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli


class DecodingError(Exception):
    """The body is not in the encoding that its header names."""


class Decoder(Protocol):
    """What turns pieces from the wire into pieces of the body.

    Once it has returned all the bytes there was room for, the rest of that piece is gone: the body is cut there.
    """

    def feed(self, data: bytes, room: int) -> bytes:
        """Take what came and return at most ``room`` (1 or more) bytes of the body; raises DecodingError."""


class Deflate:
    """gzip (RFC 1952, one member or many) and deflate (zlib or, as some servers send it, raw)."""

    def __init__(self, windows: tuple[int, ...]) -> None:
        self._windows = list(windows)
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
            data = self._inner.unconsumed_tail or self._next_member()
        return bytes(out)

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

    def _next_member(self) -> bytes:
        rest = self._inner.unused_data
        if not rest.startswith(b"\x1f\x8b"):
            return b""  # padding after the end, which browsers ignore
        self._inner = zlib.decompressobj(self._windows[0])
        return rest


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


def decoder_for(encoding: str) -> Decoder | None:
    """Return what undoes a Content-Encoding header, None for nothing to do; raises DecodingError for one unknown."""
    name = encoding.strip().lower()
    if name in {"", "identity", "none"}:
        return None
    if name in {"gzip", "x-gzip"}:
        return Deflate((zlib.MAX_WBITS | 16,))
    if name == "deflate":
        return Deflate((zlib.MAX_WBITS, -zlib.MAX_WBITS))
    if name == "br":
        return Brotli()
    raise DecodingError(f"content encoding {name!r} was not asked for")
