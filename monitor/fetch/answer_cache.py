"""Remember what answered in one run, so that the pages which a browser draws and the crawl ask once for a resource."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict

from checks.model import PASSING
from monitor.fetch.outcome import Fetched

CACHED = 64 * 1024 * 1024
"""Bytes of answers that are remembered: scripts and styles of a template are asked for once."""


class AnswerCache:
    """Answers to GETs, the oldest dropped first; one that failed is asked for once more.

    ``turns`` has a lock for each resource that is asked for through it: of those who want one at the same time, one
    asks.
    """

    def __init__(self, limit: int = CACHED) -> None:
        self._kept: OrderedDict[str, Fetched] = OrderedDict()
        self._failed: set[str] = set()
        self._limit, self._size = limit, 0
        self.turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def get(self, resource: str) -> Fetched | None:
        """Return what answered a request, None where it was not made or is forgotten."""
        return self._kept.get(resource)

    def whole(self, url: str) -> Fetched | None:
        """Return the answer in which all of a resource came, None where there is none: faults are looked at anew."""
        known = self._kept.get(url)
        return known if known is not None and is_whole(known) else None

    def keep(self, resource: str, fetched: Fetched) -> None:
        """Remember an answer; that a server failed once is not held against every page that comes after."""
        if resource in self._kept or len(fetched.body) > self._limit // 4:
            return
        if (
            fetched.response.error in PASSING or (fetched.response.status or 0) >= 500
        ) and resource not in self._failed:
            self._failed.add(resource)
            return
        self._kept[resource] = fetched
        self._size += len(fetched.body)
        while self._size > self._limit:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped.body)


def is_whole(fetched: Fetched) -> bool:
    """Return whether an answer is a resource from its first to its last byte."""
    response = fetched.response
    return response.status == 200 and response.error is None and not (fetched.incomplete or fetched.truncated)
