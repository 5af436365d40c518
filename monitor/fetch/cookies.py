"""Carry cookies from hop to hop of one fetch as browsers do: walls send a visitor in a circle until theirs comes back.

Loaded where a redirect sets one, which few do: the library's jar takes a mail parser and its own client of HTTP along.
"""

from __future__ import annotations

import urllib.request
from email.message import Message
from http.cookiejar import CookieJar

from monitor.fetch.wire_messages import HeaderLines

CHARSET = "latin-1"
"""In which cookies are read and written: each byte is a character, so that they go back as they came."""


class Cookies:
    """The cookies that one fetch was given on its way."""

    def __init__(self) -> None:
        self._jar = CookieJar()

    def take(self, url: str, headers: HeaderLines) -> None:
        """Remember what an answer from a URL sets."""
        # A response as the jar wants it has nothing but headers.
        self._jar.extract_cookies(_AnswerForJar(headers), _request(url))  # type: ignore[arg-type]

    def lines(self, url: str) -> HeaderLines:
        """Return the header that brings back the cookies meant for a URL, none where there are none."""
        request = _request(url)
        self._jar.add_cookie_header(request)
        value = request.get_header("Cookie")
        return [(b"Cookie", value.encode(CHARSET))] if value else []

    def state(self) -> str:
        """Return the same for the same cookies, and for no others."""
        return repr(sorted(self._jar, key=repr))


class _AnswerForJar:
    """An answer as the jar wants it."""

    def __init__(self, headers: HeaderLines) -> None:
        self._headers = Message()
        for name, value in headers:
            self._headers[name.decode(CHARSET)] = value.decode(CHARSET)

    def info(self) -> Message:
        """Return its headers."""
        return self._headers


def _request(url: str) -> urllib.request.Request:
    return urllib.request.Request(url)  # noqa: S310 - nothing is opened
