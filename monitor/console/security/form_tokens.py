"""Tell a change that our own page asked for from one that a stranger's page sends with the reader's cookies (CSRF).

Two looks: browsers say where a request comes from (Fetch Metadata, Origin), and every form of ours carries a token that
a stranger cannot read: that of the session, or before there is one that of a cookie.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.requests import Request

from monitor.console.security.cookie_jar import CookieJar

FIELD, HEADER = "form_token", "x-form-token"
"""Where a token comes: in a form, or with a request of htmx."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""

COOKIE = "sitehealth-form"
"""Holds the token of somebody who has not logged in."""

SHORTEST = 20
"""Characters of a token at least; a shorter one is none of ours."""


def comes_from_elsewhere(request: Request) -> bool:
    """Return whether a browser says that another site's page sends this."""
    if site := request.headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()


async def given_token(request: Request) -> AsyncIterator[str]:
    """Yield the token that came with a request, "" where none did; afterwards close the files that came with it."""
    try:
        yield await _token_of(request)
    finally:
        await request.close()


async def _token_of(request: Request) -> str:
    if request.method in SAFE:
        return ""
    if token := request.headers.get(HEADER):
        return token
    kind = request.headers.get("content-type", "").lower()
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return ""
    value = (await request.form()).get(FIELD, "")
    return value if isinstance(value, str) else ""


def matches_cookie(request: Request, given: str, jar: CookieJar) -> bool:
    """Return whether a token is that of the visitor's cookie."""
    known = jar.read(request, COOKIE)
    return bool(known) and compare_digest(known.encode(), given.encode())


def token_of_visitor(request: Request, jar: CookieJar) -> str:
    """Return the token of somebody who has not logged in: that of their cookie, or a new one."""
    known = jar.read(request, COOKIE)
    return known if len(known) >= SHORTEST and known.isascii() else secrets.token_urlsafe(24)
