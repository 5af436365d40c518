"""What a server does over TLS comes out as what it does over plain HTTP; what TLS adds to that has its own outcome."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest

from monitor.fetch import Fetcher, Limits
from tests.monitor.fetch.test_outcomes import ANSWERS, ENCODINGS, FAULTS, HEADS
from tests.server.framing import CHUNKED, CHUNKS, OK
from tests.server.redirects import ROUTES as REDIRECTS
from tests.server.site import Exchange, Site

BROKEN_OFF = ("/short-length", "/cut-chunk", "/bad-chunk", "/damaged-gzip")
CUT = ("/gzip-bomb", "/brotli-bomb", "/no-range.zip")
ASKED_BY_HEAD = [path for path, _, _ in HEADS] + ["/head-with-body", "/ok"]
ELSEWHERE = {"/redirect-private", "/redirect-metadata", "/redirect-decimal"}
"""Redirects into networks that are not there."""
FAMILIES = {"/hops/": "/hops/3", "/endless-redirect/": "/endless-redirect/1", "/to": "/to?url=/ok&status=307"}
PATHS = [
    *(path for path, _, _ in ANSWERS),
    *(path for path, _, _ in FAULTS),
    *(FAMILIES.get(path, path) for path in REDIRECTS if path not in ELSEWHERE),
    *(f"/encoded/{encoding}" for encoding in ENCODINGS),
    *BROKEN_OFF,
    *CUT,
]
LIMITS = Limits(timeout=60.0, body=1 << 20)


async def outcomes(fetcher: Fetcher, origin: str) -> dict[str, tuple]:
    """What every odd answer comes out as: all but the addresses and the words for a fault, which are the wire's."""
    fetched = {path: await fetcher.fetch(origin + path) for path in PATHS}
    fetched |= {f"HEAD {path}": await fetcher.fetch(origin + path, method="HEAD") for path in ASKED_BY_HEAD}
    return {
        path: (
            each.response.error,
            each.response.status,
            each.body,
            each.truncated,
            each.incomplete,
            [hop.status for hop in each.response.redirects],
            [name for name, _ in each.response.headers],
        )
        for path, each in fetched.items()
    }


async def test_an_odd_answer_comes_out_alike_over_tls(authority, hostile_site, hostile_tls):
    async with Fetcher(user_agent="test", limits=LIMITS, allow_private=True, trusted_ca=authority.pem) as fetcher:
        plain = await outcomes(fetcher, hostile_site.url)
        secure = await outcomes(fetcher, hostile_tls.url)
    assert {path: each for path, each in secure.items() if each != plain[path]} == {}


def hung_up_after(data: bytes):
    """Send these bytes and close the connection without TLS's goodbye."""

    async def handler(exchange: Exchange) -> None:
        await exchange.raw(data)
        exchange.writer.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        await asyncio.sleep(60)

    return handler


TEXT = b"<title>hello</title>"
HUNG_UP = {
    "/until-closed": (OK + b"\r\n" + TEXT, (None, 200, TEXT, False)),
    "/whole": (OK + b"Content-Length: 20\r\n\r\n" + TEXT, (None, 200, TEXT, False)),
    "/short": (OK + b"Content-Length: 90\r\n\r\n" + TEXT, (None, 200, TEXT, True)),
    "/chunked": (OK + CHUNKED + CHUNKS, (None, 200, b"hello", False)),
    "/chunk-missing": (OK + CHUNKED + b"\r\n5\r\nhello\r\n", (None, 200, b"hello", True)),
    "/in-the-headers": (OK, ("reset", None, b"", False)),
    "/gone-in-the-headers": (b"HTTP/1.1 404 Not Found\r\nServer: x\r\n", (None, 404, b"", False)),
    "/at-once": (b"", ("reset", None, b"", False)),
}


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_says_no_goodbye_has_said_what_it_has_said(authority, newest):
    context = authority.context("127.0.0.1")
    context.maximum_version = newest
    with Site({path: hung_up_after(data) for path, (data, _) in HUNG_UP.items()}, tls=context).running() as site:
        async with Fetcher(user_agent="test", limits=LIMITS, allow_private=True, trusted_ca=authority.pem) as fetcher:
            fetched = {path: await fetcher.fetch(site.url + path) for path in HUNG_UP}
    came = {
        path: (each.response.error, each.response.status, each.body, each.incomplete) for path, each in fetched.items()
    }
    assert came == {path: outcome for path, (_, outcome) in HUNG_UP.items()}


async def test_a_round_between_the_two_schemes_is_a_loop(authority):
    """Who sends http to https, and https back, opens nowhere."""
    places: dict[str, str] = {}

    async def to_the_other(exchange: Exchange) -> None:
        await exchange.redirect(places["http" if exchange.site.tls else "https"])

    routes = {"/": to_the_other}
    with (
        Site(routes).running() as plain,
        Site(routes, tls=authority.context("127.0.0.1")).running() as secure,
    ):
        places |= {"http": f"{plain.url}/", "https": f"{secure.url}/"}
        async with Fetcher(user_agent="test", limits=LIMITS, allow_private=True, trusted_ca=authority.pem) as fetcher:
            outcomes = [(await fetcher.fetch(f"{site.url}/")).response.error for site in (plain, secure)]
    assert outcomes == ["redirect-loop", "redirect-loop"]


async def test_a_server_that_knows_no_visitor_without_a_name_is_told_it(authority, names):
    """It hangs up on those who do not name a host (SNI); names in Chinese are said as DNS has them."""
    asked: list[str | None] = []

    def choose(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> int | None:
        asked.append(name)
        return None if name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context = authority.context("xn--zfr164b.test")
    context.sni_callback = choose
    lookup = names({"xn--zfr164b.test": ["127.0.0.1"]})
    options = {"limits": LIMITS, "allow_private": True, "trusted_ca": authority.pem, "lookup": lookup}
    with Site({"/": hung_up_after(HUNG_UP["/whole"][0])}, tls=context).running() as site:
        async with Fetcher(user_agent="test", **options) as fetcher:
            opened = await fetcher.fetch(f"https://政务.test:{site.port}/")
    assert (opened.response.error, opened.body) == (None, TEXT)
    assert asked == ["xn--zfr164b.test"]
