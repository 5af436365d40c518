"""Answers that are broken as HTTP: lengths, chunks, headers, connections."""

from __future__ import annotations

import asyncio
import socket

from tests.server.site import Exchange, Handler

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"\r\n5\r\nhello\r\n0\r\n\r\n"


def raw(data: bytes) -> Handler:
    """Send these bytes and hang up."""

    async def handler(exchange: Exchange) -> None:
        await exchange.raw(data)

    return handler


async def header_flood(exchange: Exchange) -> None:
    """Headers without end."""
    await exchange.raw(OK)
    number = 0
    while True:
        number += 1
        await exchange.raw(b"".join(b"X-%d-%d: %s\r\n" % (number, each, b"a" * 80) for each in range(100)))


async def informed_for_ever(exchange: Exchange) -> None:
    """103 Early Hints, again and again, and never an answer."""
    while True:
        await exchange.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
        await asyncio.sleep(0.01)  # without it both ends would be kept busy until the client's time is up


async def hanging_redirect(exchange: Exchange) -> None:
    """Redirects, and never sends the body that it announces."""
    await exchange.raw(b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 100\r\n\r\n")
    await asyncio.sleep(600)


async def reset_at_once(exchange: Exchange) -> None:
    exchange.reset()


async def reset_in_headers(exchange: Exchange) -> None:
    await exchange.raw(OK[:30])
    await asyncio.sleep(0.05)
    exchange.reset()


async def reset_in_body(exchange: Exchange) -> None:
    await exchange.raw(OK + b"Content-Length: 1000\r\n\r\n<title>half</title>")
    await asyncio.sleep(0.05)
    exchange.reset()


async def half_closed(exchange: Exchange) -> None:
    """Closes its sending side in the middle of the headers and goes on listening."""
    await exchange.raw(OK[:30])
    exchange.writer.get_extra_info("socket").shutdown(socket.SHUT_WR)  # TLS has no half of a connection to close
    await asyncio.sleep(600)


async def good_once(exchange: Exchange) -> None:
    """Keeps the connection after the answer, as announced, and closes it silently a little later."""
    await exchange.answer("<title>fine</title>")
    exchange.keep_alive = True
    asyncio.get_running_loop().call_later(0.1, exchange.writer.close)


async def kept(exchange: Exchange) -> None:
    """Keeps the connection, as announced."""
    await exchange.answer("<title>kept</title>")
    exchange.keep_alive = True


async def dies_when_used_again(exchange: Exchange) -> None:
    """Keeps the connection after the answer, and resets it when a second request comes in on it."""
    if getattr(exchange.writer, "used", False):
        exchange.reset()
        return
    exchange.writer.used = True  # type: ignore[attr-defined]
    exchange.keep_alive = True
    await exchange.answer("<title>fine</title>")


ROUTES = {
    "/short-length": raw(OK + b"Content-Length: 1000\r\n\r\n<title>short</title>"),
    "/long-length": raw(OK + b"Content-Length: 7\r\n\r\n<title>cut here"),
    "/bad-length": raw(OK + b"Content-Length: many\r\n\r\nx"),
    "/negative-length": raw(OK + b"Content-Length: -1\r\n\r\nx"),
    "/two-lengths": raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"),
    "/bad-chunk": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"),
    "/cut-chunk": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n100\r\nhello"),
    "/no-chunk": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "/empty-length": raw(OK + b"Content-Length:\r\n\r\nx"),
    "/long-number": raw(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nx"),
    "/same-lengths": raw(OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi"),
    "/length-list": raw(OK + b"Content-Length: 2, 2\r\n\r\nhi"),
    "/lengths-and-chunks": raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n" + CHUNKED + CHUNKS),
    "/chunked-twice": raw(OK + CHUNKED + CHUNKED + CHUNKS),
    "/chunked-and-identity": raw(OK + b"Transfer-Encoding: identity\r\n" + CHUNKED + CHUNKS),
    "/chunked-in-a-list": raw(OK + b"Transfer-Encoding: Chunked , identity\r\n" + CHUNKS),
    "/identity": raw(OK + b"Transfer-Encoding: identity\r\n\r\nhi"),
    "/loose-chunks": raw(OK + CHUNKED + b"\r\n 5 ;x=y\r\nhello\r\n005\r\nworld\r\n0;\r\nX-Trailer: 1\r\n\r\n"),
    "/chunks-without-trailer": raw(OK + CHUNKED + CHUNKS.removesuffix(b"\r\n")),
    "/padded-chunks": raw(OK + CHUNKED + b"\r\n" + b"0" * 40 + b"5\r\nhello\r\n0\r\n\r\n"),
    "/bare-lf-chunks": raw((OK + CHUNKED + CHUNKS).replace(b"\r\n", b"\n")),
    "/no-colon": raw(OK + b"X-Frame-Options SAMEORIGIN\r\nContent-Length: 2\r\n\r\nhi"),
    "/blank-in-name": raw(OK + b"get-ban-to-cache/forum php: no\r\nContent-Length: 2\r\n\r\nhi"),
    "/quoted-lines": raw(OK + b'"X-Quoted": 1\r\nX-File: "a\r\nb"\r\nContent-Length: 2\r\n\r\nhi'),
    "/nameless-header": raw(OK + b": nothing\r\n:\r\nContent-Length: 2\r\n\r\nhi"),
    "/folded-first-line": raw(b"HTTP/1.1 200 OK\r\n  folded: 1\r\nContent-Length: 2\r\n\r\nhi"),
    "/mixed-line-ends": raw(b"HTTP/1.1 200 OK\nContent-Type: text/html\r\nContent-Length: 2\n\r\nhi"),
    "/leading-line-ends": raw(b"\r\n\r\n\n" + OK + b"Content-Length: 2\r\n\r\nhi"),
    "/leading-junk": raw(b"xx " + OK + b"Content-Length: 2\r\n\r\nhi"),
    "/empty-line-in-junk": raw(b"x\n\n" + OK + b"Content-Length: 2\r\n\r\nhi"),
    "/status-glued": raw(b"HTTP/1.1 200OK\r\nContent-Length: 2\r\n\r\nhi"),
    "/lower-case": raw(b"http/1.1 200 ok\r\ncontent-length: 2\r\n\r\nhi"),
    "/version-2": raw(b"HTTP/2 404 no\r\nContent-Length: 2\r\n\r\nhi"),
    "/no-version": raw(b"HTTP 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    "/status-without-number": raw(b"HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\nhi"),
    "/two-locations": raw(b"HTTP/1.1 302 F\r\nLocation: /ok\r\nLocation: /empty\r\nContent-Length: 0\r\n\r\n"),
    "/same-locations": raw(b"HTTP/1.1 302 F\r\nLocation: /ok\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n"),
    "/hanging-redirect": hanging_redirect,
    "/chunk-flood": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"x" * 200_000),
    "/header-flood": header_flood,
    "/long-header": raw(OK + b"X-Long: " + b"x" * 10_000_000 + b"\r\nContent-Length: 1\r\n\r\nx"),
    "/heavy-headers": raw(OK + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 900) for n in range(80)) + b"\r\nx"),
    "/many-headers": raw(OK + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"Content-Length: 1\r\n\r\nx"),
    "/http-0.9": raw(b"<html><title>before headers were invented</title></html>"),
    "/tiny": raw(b"a\n\nb"),
    "/garbage": raw(b"\x00\x01\x02SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "/nothing": raw(b""),
    "/bad-status": raw(b"HTTP/1.1 two hundred\r\n\r\n"),
    "/odd-status": raw(b"HTTP/1.1 999 \r\nContent-Length: 2\r\n\r\nno"),
    "/no-reason": raw(b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi"),
    "/http-1.0": raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<title>old</title>"),
    "/bare-lf": raw(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"),
    "/spaced-header": raw(OK + b"X-Spaced : 1\r\nContent-Length: 2\r\n\r\nhi"),
    "/folded-header": raw(OK + b"X-Folded: 1\r\n  2\r\nContent-Length: 2\r\n\r\nhi"),
    "/nul-header": raw(OK + b"X-Nul: a\0b\r\nContent-Length: 2\r\n\r\nhi"),
    "/utf8-header": raw(OK + "Content-Disposition: attachment; filename=公告.doc\r\n".encode() + b"\r\nhi"),
    "/gbk-header": raw(OK + "Content-Disposition: attachment; filename=公告.doc\r\n".encode("gbk") + b"\r\nhi"),
    "/early-hints": raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + OK + b"Content-Length: 2\r\n\r\nhi"),
    "/continue-flood": informed_for_ever,
    "/switch": raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
    "/unasked-switch": raw(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nhi"),
    "/broadcast": raw(b"ICY 200 OK\r\nicy-name: fm\r\n\r\nhi"),
    "/two-dispositions": raw(
        OK + b"Content-Disposition: inline\r\nContent-Disposition: attachment\r\nContent-Length: 2\r\n\r\nhi"
    ),
    "/missing-without-end": raw(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"),
    "/reset": reset_at_once,
    "/reset-headers": reset_in_headers,
    "/reset-body": reset_in_body,
    "/half-closed": half_closed,
    "/closes-later": good_once,
    "/kept": kept,
    "/dies-when-used-again": dies_when_used_again,
}
