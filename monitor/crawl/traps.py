"""Recognise spaces without an end before they eat the crawl: calendars, session ids, nested folders, sort orders.

A shape is a URL with its numbers taken out and its query reduced to names. A shape is a trap when its pages lead to one
another for long, say the same but for numbers, and name nothing outside the shape. An archive of ten thousand articles
has a shape too, but every page of it says something new.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from checks.model import Page, Space
from monitor.pages.text import text_of

SUSPICIOUS = 5
"""Pages of one shape in a row, each found on the one before, after which their text is looked at."""

NUMBERS = re.compile(r"\d+|(?<=[=/])[0-9a-fA-F]{16,}")
REPEATED = re.compile(r"((?:/[^/]*[^/\d][^/]*){1,4})\1{2,}(?:/|$)")
"""A run of one to four folders that stands three times in a row; folders of digits alone (dates) may repeat."""

NAMING = re.compile(r"([?&](?:\w*url|u|link|href|title|desc|summary|pics?|ref|referer|source)=)[^&]*", re.IGNORECASE)
"""Query parameters in which another site gets the address of a page."""

SORTING = frozenset("sort sortby sort_by sorttype sortfield sortorder order orderby order_by ordertype".split())
"""Query parameters that change the order of a list and nothing else."""


@dataclass(slots=True)
class _Shape:
    digests: set[bytes] = field(default_factory=set)
    barren: int = 0
    pages: int = 0
    cut: bool = False


@dataclass(slots=True)
class Traps:
    """Watch a crawl; ``patience`` is the number of pages without anything new after which a shape is cut."""

    patience: int
    spaces: dict[tuple[str, str], Space] = field(default_factory=dict)
    _shapes: dict[str, _Shape] = field(default_factory=lambda: defaultdict(_Shape))
    _named: set[str] = field(default_factory=set)
    _chains: dict[str, int] = field(default_factory=dict)
    _done: list[str] = field(default_factory=list)
    changed: bool = False

    def may_enter(self, url: str, referrer: str) -> bool:
        """Return whether a newly found address may be asked for; remembers how long a chain of its shape it ends."""
        path = urlsplit(url).path
        if path.count("/") > 3 and (match := REPEATED.search(path)):
            self._report("repeated-path", path[: match.start()] + match[1] * 2 + "/…", 0, url, referrer)
            return False
        shape = shape_of(url)
        known = self._shapes.get(shape)
        if known is not None and known.cut:
            return False
        if shape == shape_of(referrer):
            self._chains[url] = self._chains.get(referrer, 0) + 1
        return True

    def repeats_own_address(self, url: str, referrer: str) -> bool:
        """Return whether another site's address differs from one met before only in the page of ours that it names.

        Every page of an official site has its own link to report an error in it, every article its own to share it:
        one target each, not one a page.
        """
        own = urlsplit(referrer).hostname or ""
        if "=http" not in url or own not in url.partition("?")[2]:
            return False
        bare = NAMING.sub(r"\1", url)
        if bare in self._named:
            return True
        self._named.add(bare)
        return False

    @staticmethod
    def same_shape(url: str, referrer: str) -> bool:
        """Return whether two addresses differ in numbers only."""
        return shape_of(url) == shape_of(referrer)

    def is_cut(self, url: str) -> bool:
        """Return whether an address that waits in the queue has been overtaken by the cut of its shape."""
        if not self.spaces:
            return False
        known = self._shapes.get(shape_of(url))
        return known is not None and known.cut

    def visited(self, page: Page, *, news: bool) -> None:
        """Take note of a page that was read; ``news`` says whether it named an address outside its shape."""
        chain = self._chains.pop(page.url, 0)
        if chain < SUSPICIOUS:
            return
        shape = shape_of(page.url)
        known = self._shapes[shape]
        known.pages += 1
        self.changed = True
        digest = words_digest(text_of(page.html))
        stale = digest in known.digests and not news
        known.barren = known.barren + 1 if stale else 0
        known.digests.add(digest)
        if known.barren >= self.patience:
            known.cut = True
            self._report("same-pages", shape, known.pages + SUSPICIOUS, page.url, page.url)

    def recall(self, url: str, referrer: str, *, waits: bool) -> None:
        """Learn again how an address was found, after a restart: addresses come in the order of their discovery."""
        if referrer and shape_of(url) == shape_of(referrer):
            self._chains[url] = self._chains.get(referrer, 0) + 1
        if not waits:
            self._done.append(url)

    def recalled(self, state: dict[str, Any]) -> None:
        """Take up what was known of shapes before the restart, and forget the chains of pages that were read."""
        for url in self._done:
            self._chains.pop(url, None)
        self._done.clear()
        for shape, (digests, barren, pages, cut) in state.get("shapes", {}).items():
            self._shapes[shape] = _Shape({bytes.fromhex(digest) for digest in digests}, barren, pages, cut)
        for space in state.get("spaces", ()):
            self.spaces[space[1], space[0]] = Space(*space)

    def state(self) -> dict[str, Any]:
        """Return what has to outlive a kill, as JSON: suspicious shapes are few."""
        shapes = {
            shape: ([digest.hex() for digest in sorted(known.digests)], known.barren, known.pages, known.cut)
            for shape, known in self._shapes.items()
        }
        spaces = [[s.shape, s.reason, s.pages, s.example, s.referrer] for s in self.spaces.values()]
        return {"shapes": shapes, "spaces": spaces}

    def _report(self, reason: str, shape: str, pages: int, example: str, referrer: str) -> None:
        self.changed = True
        self.spaces.setdefault((reason, shape), Space(shape, reason, pages, example, referrer))


def shape_of(url: str) -> str:
    """Return a URL with its numbers and the values of its query taken out."""
    path, mark, query = url.partition("?")
    start = path.find("/", 8)
    shape = path[:start] + NUMBERS.sub("N", path[start:])
    if not mark:
        return shape
    return f"{shape}?{'&'.join(sorted({name.partition('=')[0] for name in query.split('&')}))}"


def words_digest(text: str) -> bytes:
    """Name what a page says, numbers taken out."""
    return hashlib.blake2b(NUMBERS.sub("", text).encode("utf-8", "replace"), digest_size=16).digest()


def _only_sorts(name: str, value: str) -> bool:
    """Return whether a parameter changes the order and nothing else; ``order=4711`` is somebody's order."""
    return name.lower() in SORTING and not (value.isdecimal() and len(value) > 1)


def unsorted(url: str) -> str:
    """Return a URL without the parameters that only sort: one list is one page, whatever its order."""
    if "?" not in url or not any(name.lower() in SORTING for name, _ in parse_qsl(urlsplit(url).query)):
        return url
    base, _, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if not _only_sorts(*part.partition("=")[::2]))
    return f"{base}?{kept}" if kept else base
