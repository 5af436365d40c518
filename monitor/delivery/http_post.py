"""Post a message to a service of the web by httpx, and take in what it answers.

Not by ``monitor.fetch``, which forgives broken servers as browsers do: a service that breaks the protocol has not said
that it has the message.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Mapping
from typing import NamedTuple

import httpx

from monitor.fetch.browser_tls import tls_context

ANSWER_BYTES = 64 * 1024
"""Bytes that are read of an answer."""
TIMEOUT = 20.0
"""Seconds in which a service has to answer in full."""

JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Sitehealth"}

# It logs the address of every request, and a robot's key stands in it.
logging.getLogger("httpx").setLevel(logging.WARNING)


class ServiceAnswer(NamedTuple):
    """What a service said. ``error`` is why it said nothing, "" where it did.

    ``body`` is its first ``ANSWER_BYTES``, ``retry_after`` how many seconds it wants to be left alone.
    """

    status: int = 0
    body: bytes = b""
    retry_after: float = 0.0
    error: str = ""


async def post_json(
    url: str, content: bytes, headers: Mapping[str, str] | None = None, seconds: float = TIMEOUT
) -> ServiceAnswer:
    """Post JSON once; a redirect is not followed, nor is it sent again. ``seconds`` is for all of it.

    A private address may be asked: a service behind a gateway of the office has one, and what is configured is meant.
    """
    try:
        async with asyncio.timeout(seconds), _client(url) as client:
            request = client.build_request("POST", url, content=content, headers={**JSON_HEADERS, **(headers or {})})
            response = await client.send(request, stream=True)
            body = await _start_of(response)
    except (TimeoutError, httpx.TimeoutException):
        return ServiceAnswer(error=f"timeout: no end after {seconds:g} s")
    except httpx.ConnectError as error:
        return ServiceAnswer(error=f"connect: {error}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return ServiceAnswer(error=f"{type(error).__name__}: {error}")
    return ServiceAnswer(response.status_code, body, _seconds(response.headers.get("retry-after", "")))


def _client(url: str) -> httpx.AsyncClient:
    """Return a client that is as trusting as the crawl, and asks no proxy of the environment: targets may be inside."""
    if url.lower().startswith("https:"):
        tls = tls_context(verify=True, trusted_ca=None, http2=False)
    else:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the authorities takes 30 ms
    return httpx.AsyncClient(verify=tls, timeout=None, trust_env=False)  # noqa: S113 - the limit is for all of it


async def _start_of(response: httpx.Response) -> bytes:
    """Return the first bytes of an answer, and read no more of it."""
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) >= ANSWER_BYTES:
            break
    await response.aclose()
    return body[:ANSWER_BYTES]


def _seconds(text: str) -> float:
    """Return the seconds of a Retry-After header, 0 where it has a date or nothing."""
    return float(text) if text.isdigit() and len(text) < 6 else 0.0
