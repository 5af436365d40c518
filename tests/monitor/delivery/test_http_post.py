"""A message is posted once, within a limit of time, and an answer is taken for what it is."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from monitor.delivery.http_post import ANSWER_BYTES, ServiceAnswer, post_json

KEY = "geheim-4712"


@asynccontextmanager
async def service(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve one answer to everybody; yields its address and the heads of the requests."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(2)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/robot?key={KEY}", heads


async def posted(answer: bytes, **options) -> ServiceAnswer:
    async with service(answer) as (url, heads):
        given = await post_json(url, b"{}", **options)
    assert len(heads) == 1, "what went out once is not sent again by itself"
    return given


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http("200 OK", b'{"errcode": 0}'), ServiceAnswer(200, b'{"errcode": 0}')),
        (http("200 OK", gzip.compress(b"{}"), "Content-Encoding: gzip"), ServiceAnswer(200, b"{}")),
        (http("204 No Content"), ServiceAnswer(204)),
        (http("307 Temporary Redirect", b"", "Location: http://127.0.0.1:9/"), ServiceAnswer(307)),
        (http("503 Busy", b"no", "Retry-After: 77"), ServiceAnswer(503, b"no", 77.0)),
        (http("503 Busy", b"no", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"), ServiceAnswer(503, b"no")),
        (http("200 OK", b"x" * (ANSWER_BYTES + 10)), ServiceAnswer(200, b"x" * ANSWER_BYTES)),
    ],
)
async def test_an_answer_is_taken_for_what_it_is(answer, expected):
    assert await posted(answer) == expected


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}"],
    ids=["nothing", "another protocol", "broken off"],
)
async def test_who_breaks_the_protocol_has_not_taken_the_message(answer):
    assert (await posted(answer)).error.startswith("RemoteProtocolError: ")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://name.invalid/"])
async def test_where_nobody_listens(url):
    assert (await post_json(url, b"{}")).error.startswith("connect: ")


@pytest.mark.parametrize("url", ["http://127.0.0.1:port/", "gopher://127.0.0.1/", "http:///robot"])
async def test_an_address_that_cannot_be_asked(url):
    assert (await post_json(url, b"{}")).error


async def test_only_a_trusted_certificate_will_do(hostile_tls, authority, monkeypatch):
    assert "certificate" in (await post_json(f"{hostile_tls.url}/ok", b"{}")).error.lower()
    monkeypatch.setenv("SSL_CERT_FILE", authority.pem)
    assert (await post_json(f"{hostile_tls.url}/ok", b"{}")).error == ""


async def test_the_key_in_an_address_is_not_logged(caplog):
    with caplog.at_level(logging.INFO):
        await posted(http("200 OK"))
    assert KEY not in caplog.text


async def test_headers_are_ours_and_the_senders():
    async with service(http("200 OK")) as (url, heads):
        await post_json(url, b"{}", {"X-Sitehealth-Signature": "t=1,v1=2"})
    lines = heads[0].lower().split(b"\r\n")
    for line in (b"content-type: application/json; charset=utf-8", b"user-agent: sitehealth", b"content-length: 2"):
        assert line in lines
    assert b"x-sitehealth-signature: t=1,v1=2" in lines
