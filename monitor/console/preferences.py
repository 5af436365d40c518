"""Remember in a cookie how somebody wants to see the pages: in which language, light or dark."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from monitor.console.console_words import preferred_language
from monitor.console.security.cookie_jar import CookieJar
from reports.wording import LANGUAGES

THEMES = ("auto", "light", "dark")
"""``auto`` is what the reader's system has."""

COOKIE = "sitehealth-view"
YEAR = 365 * 86_400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """How pages are shown."""

    language: str = LANGUAGES[0]
    theme: str = THEMES[0]


def preferences_of(request: Request, jar: CookieJar) -> Preferences:
    """Return what somebody chose, else what their browser asks for; a cookie that makes no sense says nothing."""
    language, _, theme = jar.read(request, COOKIE).partition(".")
    return Preferences(
        language if language in LANGUAGES else preferred_language(request.headers.get("accept-language", "")),
        theme if theme in THEMES else THEMES[0],
    )


def remember(response: Response, chosen: Preferences, jar: CookieJar) -> None:
    """Have the browser keep a choice."""
    jar.set(response, COOKIE, f"{chosen.language}.{chosen.theme}", YEAR)
