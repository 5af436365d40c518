"""Build hosts for tests of headers: a good host by default, so that a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from checks.model import Answer, Chain, Host, Response

NAME = "www.site-a.example"
NOON = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
CASES = Path(__file__).parent / "data" / "observatory-cases.json"
"""What recorded hosts answered, what the Observatory said of them, and what the standards say where they differ."""

GOOD = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'self'",
}
PAGE = "<!doctype html><html><head><title>t</title></head><body><p>hello</p></body></html>"


def answer(url=f"https://{NAME}/", status=200, headers=(), body=""):
    """Return an answer; ``headers`` are pairs or a mapping."""
    pairs = headers.items() if hasattr(headers, "items") else headers
    return Answer(Response(url, status, tuple(pairs)), body)


def hop(url, to, status=301, headers=()):
    """Return a redirect."""
    return answer(url, status, [("Location", to), *headers])


def host(headers=(), body=PAGE, *, without=(), status=200, **fields):
    """Return a host on https whose page has the good headers, some replaced by ``headers`` or left out.

    ``headers`` are pairs: a name that is given replaces the good one, however often it is given. ``status`` is that
    of the page.
    """
    given = {name.lower() for name, _ in headers} | {name.lower() for name in without}
    kept = [(name, value) for name, value in GOOD.items() if name.lower() not in given]
    page = answer(headers=[*kept, *headers], body=body, status=status)
    defaults = {
        "http": Chain((hop(f"http://{NAME}/", f"https://{NAME}/"), page)),
        "https": Chain((page,)),
        "origin": "https://stranger.example",
    }
    return Host(NAME, fetched=NOON, **(defaults | fields))


def http_host(headers=(), body=PAGE):
    """Return a host that nobody can reach over https."""
    page = answer(f"http://{NAME}/", headers=[("Content-Type", "text/html"), *headers], body=body)
    return Host(NAME, Chain((page,)), Chain((Answer(Response(f"https://{NAME}/", error="connect")),)), NOON)
