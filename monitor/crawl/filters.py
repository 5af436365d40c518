"""Recognise filters that a site writes as folders: below ``/tag/``, ``a/b`` and ``b/a`` are two addresses of one list.

Every filter leads to every other, in any order: ten of them make some ten million addresses. The folders of columns
stand in one order; where the same names are met in two, a program has put them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

STEPS = re.compile(r"[/+,;]|%2[BCbc]|%3[Bb]")
"""What stands between two filters: a slash, or the marks by which programs join names."""

ENDING = re.compile(r"\.[A-Za-z]{1,5}$")
"""The ending of a file's name, which is not part of a filter."""


@dataclass(slots=True)
class Filters:
    """Take note of addresses as they are met, and learn from two orders of the same names where filters begin.

    What is kept is two hashes of each address that could be one of two orders: names with digits are no filters.
    """

    _orders: dict[int, int] = field(default_factory=dict)
    _begin: list[tuple[str, ...]] = field(default_factory=list)

    def meet(self, url: str) -> None:
        """Take note of an address. The last two names tell: where filters are added one by one, some two of them do."""
        steps = _steps(url)
        *place, one, other = steps if len(steps) > 3 else ("", "", "")
        if one == other or _has_digit(one) or _has_digit(other):
            return
        orders = hash((*place, *sorted((one, other))))
        if self._orders.setdefault(orders, hash(one)) != hash(one) and not self._is_below(place):
            self._begin.append(tuple(place))

    def _is_below(self, place: list[str]) -> bool:
        return any(tuple(place[: len(known)]) == known for known in self._begin)

    def shape(self, url: str) -> str:
        """Return what addresses with two filters and more at one place have in common, "" for any other address."""
        if not self._begin:
            return ""
        steps = _steps(url)
        for place in self._begin:
            if len(steps) >= len(place) + 2 and tuple(steps[: len(place)]) == place:
                return "/".join((*place, "…", "…"))
        return ""


def _steps(url: str) -> list[str]:
    """Return the origin of an address and its folders and names, without an ending; nothing where it has a query."""
    start = url.find("/", 8)
    if start < 0 or "?" in url:
        return []
    return [url[:start], *filter(None, STEPS.split(ENDING.sub("", url[start:])))]


def _has_digit(name: str) -> bool:
    return any(map(str.isdigit, unquote(name)))
