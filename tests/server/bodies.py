"""Bodies that are encoded, too big, too slow, or not what they say."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterator
from functools import cache

import brotli
from backports import zstd

from tests.server.site import Exchange

MIB = 1 << 20
TEXT = "<title>信息公开</title>" + "<p>市人民政府关于印发工作方案的通知</p>" * 200


async def encoded(exchange: Exchange) -> None:
    """The same text in the encoding that the last segment names."""
    data = TEXT.encode()
    raw = zlib.compressobj(wbits=-15)
    coded = {
        "gzip": gzip.compress(data),
        "x-gzip": gzip.compress(data),
        "deflate": zlib.compress(data),
        "raw-deflate": raw.compress(data) + raw.flush(),
        "br": brotli.compress(data),
        "members": gzip.compress(data[:1000]) + gzip.compress(data[1000:]) + b"\0" * 10,
        "cut": gzip.compress(data)[:-6],
        "lie": data,
        "zstd": zstd.compress(data),
        "wrong-checksum": gzip.compress(data)[:-8] + b"whatever",
        "identity": data,
        "utf-8": data,
        "none": data,
        "binary": data,
    }[exchange.last]
    gzipped = dict.fromkeys(("members", "cut", "lie", "wrong-checksum"), "gzip")
    name = {"raw-deflate": "deflate", **gzipped}.get(exchange.last, exchange.last)
    await exchange.answer(coded, headers={"Content-Encoding": name})


async def damaged(exchange: Exchange) -> None:
    """Gzip that stops being gzip after its first piece."""
    packed = gzip.compress(TEXT.encode() * 20, 0)
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    )
    await exchange.raw(head.encode() + packed[:70_000])
    await asyncio.sleep(0.05)
    await exchange.raw(b"\xff" * (len(packed) - 70_000))


@cache
def zeros(mib: int) -> tuple[bytes, bytes]:
    """The head of a gzip stream, and a piece that stands for one MiB of zeros and can be repeated at will."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    return head, packer.compress(bytes(mib * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)


async def gzip_bomb(exchange: Exchange) -> None:
    """1 GiB of zeros in 1 MiB of gzip."""
    head, piece = zeros(1)
    await exchange.head(200, [("Content-Type", "text/html"), ("Content-Encoding", "gzip")])
    await exchange.raw(head)
    for _ in range(1024):
        await exchange.raw(piece)


@cache
def brotli_zeros() -> bytes:
    return brotli.compress(bytes(256 * MIB), quality=1)


async def brotli_bomb(exchange: Exchange) -> None:
    """256 MiB of zeros in a few hundred bytes of brotli."""
    await exchange.answer(brotli_zeros(), headers={"Content-Encoding": "br"})


async def hollow(exchange: Exchange) -> None:
    """Gzip that goes on for ever and holds nothing: empty member after empty member."""
    await exchange.head(200, [("Content-Type", "text/html"), ("Content-Encoding", "gzip")])
    empty_members = gzip.compress(b"") * 3000
    while True:
        await exchange.raw(empty_members)


async def endless(exchange: Exchange) -> None:
    await exchange.head(200, [("Content-Type", "text/html")])
    while True:
        await exchange.raw(b"<p>again and again</p>\n" * 3000)


async def huge(exchange: Exchange) -> None:
    """A Content-Length of 10 GB, and all of it."""
    await exchange.head(200, [("Content-Type", "application/zip"), ("Content-Length", str(10_000_000_000))])
    for _ in range(10_000_000_000 // MIB):
        await exchange.raw(bytes(MIB))


def drops(data: bytes) -> Iterator[bytes]:
    return (data[start : start + 1] for start in range(len(data)))


async def dripping(data: bytes, seconds: float) -> AsyncIterator[bytes]:
    for drop in drops(data):
        yield drop
        await asyncio.sleep(seconds)


async def slow_body(exchange: Exchange) -> None:
    """Headers at once, then a byte every 50 ms: no read ever times out."""
    await exchange.head(200, [("Content-Type", "text/html"), ("Content-Length", "100000")])
    async for drop in dripping(b"x" * 100_000, 0.05):
        await exchange.raw(drop)


async def slow_headers(exchange: Exchange) -> None:
    async for drop in dripping(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Long: " + b"x" * 100_000, 0.05):
        await exchange.raw(drop)


async def hang(exchange: Exchange) -> None:
    """Nothing at all, and the connection stays open."""
    await asyncio.sleep(600)


async def stall(exchange: Exchange) -> None:
    """Half a body, and then nothing."""
    await exchange.head(200, [("Content-Type", "text/html"), ("Content-Length", "1000")])
    await exchange.raw(b"<title>half</title>")
    await asyncio.sleep(600)


async def partial(exchange: Exchange) -> None:
    """A PDF that honours Range."""
    data = b"%PDF-1.7\n" + b"0123456789" * 10_000
    wanted = exchange.headers.get("range", "")
    if not wanted:
        await exchange.answer(data, type="application/pdf", headers={"Accept-Ranges": "bytes"})
        return
    start, _, end = wanted.removeprefix("bytes=").partition("-")
    piece = data[int(start) : int(end or len(data) - 1) + 1]
    place = f"bytes {start}-{int(start) + len(piece) - 1}/{len(data)}"
    await exchange.answer(piece, status=206, type="application/pdf", headers={"Content-Range": place})


async def partial_ignored(exchange: Exchange) -> None:
    """A big file whose server has never heard of Range."""
    await exchange.answer(b"PK\x03\x04" + bytes(20 * MIB), type="application/zip")


ROUTES = {
    "/encoded/": encoded,
    "/damaged-gzip": damaged,
    "/gzip-bomb": gzip_bomb,
    "/brotli-bomb": brotli_bomb,
    "/hollow-gzip": hollow,
    "/endless": endless,
    "/huge": huge,
    "/slow-body": slow_body,
    "/slow-headers": slow_headers,
    "/hang": hang,
    "/stall": stall,
    "/range.pdf": partial,
    "/no-range.zip": partial_ignored,
}
