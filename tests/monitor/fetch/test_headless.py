"""An answer without a head is a page on the web's own port only, and only where it is text."""

from __future__ import annotations

import pytest

from monitor.fetch.addresses import AddressGuard
from monitor.fetch.http1 import Http1Connection
from monitor.fetch.network_backend import connect
from monitor.fetch.resolver import Resolver
from monitor.fetch.response_head import HEAD_BYTES
from monitor.fetch.url import read
from monitor.fetch.wire_errors import MalformedResponseError
from monitor.fetch.wire_messages import WireRequest
from tests.server.site import listening

SHOWN = {
    "a page": b"<html><title>old</title>",
    "a banner": b"SSH-2.0-OpenSSH_9.6\r\n",
    "Chinese in GBK": "<p>政务公开</p>".encode("gbk"),
    "UTF-16": "<p>政务公开</p>".encode("utf-16"),
    "short": b"hi",
}
REFUSED = {
    "an alert of TLS": b"\x15\x03\x01\x00\x02\x02\x46",
    "a data base": b"J\x00\x00\x00\n5.7.33\x00\x08\x00\x00\x00",
    "zeros": bytes(100),
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
}


async def answered(data: bytes, url: str) -> bytes:
    """What comes of an answer of these bytes, asked for at ``url``; raises MalformedResponseError."""

    async def speak(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        writer.close()

    resolver = Resolver(AddressGuard(allow_private=True))
    async with listening(speak) as port:
        target = read(url)
        connection = Http1Connection(target, await connect(resolver, "127.0.0.1", port), 5)
        try:
            response = await connection.ask(WireRequest("GET", target, []))
            shown = b""
            while piece := await response.body.read():
                shown += piece
            return shown
        finally:
            await connection.aclose()
            await resolver.close()


WEB = "http://127.0.0.1/"


async def test_a_head_is_too_long_whether_it_ends_or_not():
    with pytest.raises(MalformedResponseError, match="bytes of headers"):
        await answered(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * HEAD_BYTES + b"\r\n\r\nbody", WEB)


@pytest.mark.parametrize("data", SHOWN.values(), ids=SHOWN)
async def test_text_without_a_head_is_shown_on_the_web_s_own_port(data):
    assert await answered(data, WEB) == data
    for elsewhere in ("http://127.0.0.1:8080/", "https://127.0.0.1/"):
        with pytest.raises(MalformedResponseError, match="not with HTTP"):
            await answered(data, elsewhere)


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
async def test_what_is_no_text_is_no_page_anywhere(data):
    with pytest.raises(MalformedResponseError, match="not with HTTP"):
        await answered(data, WEB)
