"""Read a Set-Cookie header as browsers do (RFC 6265 and its successor, draft-ietf-httpbis-rfc6265bis)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DELIMITERS = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_DAY = re.compile(r"([0-9]{1,2})(?![0-9])")
_YEAR = re.compile(r"([0-9]{2,4})(?![0-9])")
_NUMBER = re.compile(r"-?[0-9]+")
_CENTURY, _TURN, _EARLIEST = 100, 70, 1601
LONGEST_AGE = timedelta(days=400)
"""Browsers keep no cookie longer (rfc6265bis 5.5), so no larger number needs to be counted with."""


class SetCookie(Struct, frozen=True):
    """One cookie as it was sent.

    ``same_site`` is the value in lower case, empty for an empty or bare attribute, None where there is none. ``domain``
    is without its leading dot, None where there is none. ``path`` is None unless it starts with a slash.
    """

    name: str
    value: str
    secure: bool = False
    http_only: bool = False
    same_site: str | None = None
    domain: str | None = None
    path: str | None = None
    max_age: int | None = None
    expires: datetime | None = None

    def is_expired(self, now: datetime) -> bool:
        """Whether the header takes a cookie away instead of setting one; Max-Age goes before Expires."""
        if self.max_age is not None:
            return self.max_age <= 0
        return self.expires is not None and self.expires <= now

    @property
    def prefix_holds(self) -> bool:
        """Whether a name with the prefix ``__Secure-`` or ``__Host-`` keeps its promise; browsers drop it if not."""
        if self.name.startswith("__Host-"):
            return self.secure and self.domain is None and self.path == "/"
        return self.secure or not self.name.startswith("__Secure-")


def read_set_cookie(header: str, space: str = " \t") -> SetCookie:
    """Read one header; of an attribute that is repeated the last one counts."""
    pair, _, rest = header.strip(space).partition(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", name
    found = {name: text for name, text in _attributes(rest, space) if _counts(name, text)}
    path, domain = found.get("path"), found.get("domain", "").removeprefix(".").lower()
    return SetCookie(
        name.strip(space),
        value.strip(space),
        secure="secure" in found,
        http_only="httponly" in found,
        same_site=found["samesite"].lower() if "samesite" in found else None,
        domain=domain or None,
        path=path if path and path.startswith("/") else None,
        max_age=_age(found.get("max-age", "")),
        expires=cookie_date(found.get("expires", "")),
    )


def _attributes(text: str, space: str) -> Iterator[tuple[str, str]]:
    for attribute in text.split(";"):
        name, _, value = attribute.partition("=")
        yield name.strip(space).lower(), value.strip(space)


def _counts(name: str, text: str) -> bool:
    """Whether browsers take note of an attribute; one that they cannot read does not undo an earlier one."""
    if name == "expires":
        return cookie_date(text) is not None
    if name == "max-age":
        return _age(text) is not None
    return bool(text) or name != "domain"


def _age(text: str) -> int | None:
    """Return seconds, at most the longest age that browsers keep."""
    if not _NUMBER.fullmatch(text):
        return None
    longest = int(LONGEST_AGE.total_seconds())
    too_long = len(text) > len(str(longest)) + 1
    if too_long:
        return -1 if text.startswith("-") else longest
    return min(int(text), longest)


def cookie_date(text: str) -> datetime | None:
    """Read a date as forgivingly as RFC 6265 5.1.1 asks; None for what is no date."""
    time = day = month = year = None
    for token in _DELIMITERS.split(text):
        if time is None and (found := _TIME.match(token)):
            time = found
        elif day is None and (found := _DAY.match(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.match(token)):
            year = _full_year(int(found[1]))
    if time is None or day is None or month is None or year is None or year < _EARLIEST:
        return None
    try:
        return datetime(year, month, day, int(time[1]), int(time[2]), int(time[3]), tzinfo=UTC)
    except ValueError:
        return None


def _full_year(year: int) -> int:
    if year >= _CENTURY:
        return year
    return year + (1900 if year >= _TURN else 2000)
