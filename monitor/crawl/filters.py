"""Recognise filters that a site writes as folders: below ``/tag/``, ``a/b`` and ``b/a`` are two addresses of one list.

Every filter leads to every other, in any order: ten of them make some ten million addresses. The folders of columns
stand in one order; where the same names are met in two, a program has put them together.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from msgspec import Struct, field

from checks.late_pattern import late

STEPS = re.compile(r"[/+,;|_-]|%2[BCbc]|%3[Bb]|%7[Cc]")
"""What stands between two filters: a slash, or the marks by which programs join names."""

BETWEEN = late(f"(?:{STEPS.pattern})*")
"""All that stands between two steps of an address."""

ENDING = re.compile(r"\.[A-Za-z]{1,5}$")
"""The ending of a file's name, which is not part of a filter."""

FEWEST = 4
"""Steps of an address that tells anything: its origin, where filters may begin, and two of them."""

FEW_DIGITS = 3
"""Digits of a name up to which it may be a filter; what is kept of addresses would grow with every article."""


class Filters(Struct):
    """Take note of addresses as they are met, and learn from two orders of the same names where filters begin.

    What is kept is two hashes of each address that could be one of two orders. Numbers may be days and months, of which
    the one below a year stands in both orders as well; as filters they do so at a place and below it.
    """

    _orders: dict[int, int] = field(default_factory=dict)
    _begin: dict[tuple[str, ...], str] = field(default_factory=dict)
    _numbered: dict[tuple[str, ...], str] = field(default_factory=dict)

    def meet(self, url: str) -> None:
        """Take note of an address. The last two names tell: where filters are added one by one, some two of them do."""
        steps = _steps(url)
        if len(steps) < FEWEST:
            return
        *above, one, other = steps
        if one == other or _is_numbered(other) or _is_numbered(one):
            return
        place = tuple(above)
        if self._orders.setdefault(hash((place, *sorted((one, other)))), hash(one)) == hash(one):
            return
        if self._is_below(place):
            return
        begin = _beginning(url, place)
        if not one.isdigit() and not other.isdigit():
            self._begin[place] = begin
            return
        self._numbered[place] = begin
        outer = next((known for known in self._numbered if _is_step(known, place) or _is_step(place, known)), None)
        if outer is not None:
            outer = min(outer, place, key=len)
            self._begin[outer] = self._numbered[outer]

    def _is_below(self, place: tuple[str, ...]) -> bool:
        return any(place[: len(known)] == known for known in self._begin)

    def shape(self, url: str) -> str:
        """Return what addresses with two filters and more at one place have in common, "" for any other address."""
        if not self._begin:
            return ""
        steps = _steps(url)
        for place, begin in self._begin.items():
            if len(steps) >= len(place) + 2 and tuple(steps[: len(place)]) == place:
                return f"{begin}/…/…"
        return ""


def _is_numbered(name: str) -> bool:
    """Return whether a name holds the number of an article, or a date; filters are numbered by few digits."""
    return sum(map(str.isdigit, unquote(name))) > FEW_DIGITS


def _is_step(outer: tuple[str, ...], inner: tuple[str, ...]) -> bool:
    """Return whether a place is one step below another."""
    return inner[:-1] == outer


def _steps(url: str) -> list[str]:
    """Return the origin of an address and its folders and names, without an ending; none where it has a query."""
    start = url.find("/", 8)
    if start < 0 or "?" in url:
        return []
    return [url[:start], *filter(None, STEPS.split(ENDING.sub("", url[start:])))]


def _beginning(url: str, place: tuple[str, ...]) -> str:
    """Return an address up to where the steps of a place end that it begins with."""
    origin, *steps = place
    at = len(origin)
    for step in steps:
        between = BETWEEN.match(url, at)
        at = (between.end() if between else at) + len(step)
    return url[:at]
