"""Recognise spaces without an end before they eat the crawl: calendars, sessions, nested folders, sort orders, filters.

A page repeats when it says nothing new (``novelty.py``). A space is what repeating pages lead to that repeat as well,
of whatever shapes; filters lead to one another by nature, in folders (``filters.py``) and in queries
(``parameters.py``). It is cut after so many of them
in a row: a page behind them that says something new, or a new file or site that they name, begins the row anew. An
archive of ten thousand articles has a shape too, but its articles say something new; twenty columns that are all empty
say the same, but they do not lead to one another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from checks.late_pattern import late
from checks.model import Space
from monitor.crawl.filters import Filters
from monitor.crawl.novelty import Novelty
from monitor.crawl.parameters import Parameters, differs_in_one, is_narrower, place_of
from monitor.crawl.shapes import (
    are_alike,
    has_numbered_name,
    nest_together,
    nesting_of,
    path_of,
    repeated_folders,
    shape_of,
)
from monitor.store.crawl.frontier import TrapState

OWN_ADDRESS = late(r"([?&](?:\w*url|u|link|href|title|desc|summary|pics?|ref|referer|source)=)[^&]*", re.IGNORECASE)
"""Query parameters in which another site gets the address of a page."""

DEEP = 2
"""Steps from page to page of one shape that no menu takes: it names the columns, and these their own below."""

PROBES = 10
"""Addresses of a space that are read after its cut, to see whether it holds anything new."""

SLOWER = 3
"""Pages that such a chain leads to and that repeat, for one behind a page that repeats: many columns may be empty."""

KINDS_BELOW = 4
"""Kinds of pages that those of a calendar lead to at most: days, weeks, what is on, and a place or two."""


class _RepeatingPages(Struct):
    """Repeating pages that lead to one another: their ``shapes``, how many were read, how many of them in a row.

    Among the shapes are digests of bytes: folders in folders have many shapes and one content. ``nested`` is one of the
    addresses in which a folder stands within itself, empty where none does. ``news`` counts pages of the same shapes
    that said something new, ``selections`` are what lists among the pages led to, in hashes, and ``values`` those of
    the parameters in their addresses. ``reported`` says that the space has its finding. ``calendar`` says that pages of
    one kind among them, as months, name nothing but what those of the kinds below repeat, as days: then all of them
    count, and not only those behind a page that repeated. ``deep`` are those in a row that chains of pages of their own
    shape led to, of which few count (``SLOWER``). ``probed`` says that somebody looked behind the cut, ``mistaken``
    that something new was there.
    """

    shapes: set[str]
    pages: int = 0
    in_a_row: int = 0
    cut: bool = False
    nested: str = ""
    news: int = 0
    reported: bool = False
    probed: bool = False
    mistaken: bool = False
    calendar: bool = False
    deep: int = 0
    selections: set[int] = field(default_factory=set)
    values: set[tuple[str, str]] = field(default_factory=set)

    def step(self, linked: Iterable[str]) -> int:
        """Return for how many pages a list counts that leads to nothing but what is known, ``linked``.

        For two where none led to just that: it is put together once more. Lists that are empty are all alike.
        """
        selection = hash(frozenset(linked))
        if selection in self.selections:
            return 1
        self.selections.add(selection)
        return 2


class Traps(Struct):
    """Watch a crawl; ``patience`` is the number of repeating pages in a row after which a space is cut.

    ``spaces`` are what was cut, by reason and place. ``changed`` says that ``state`` has to be stored again.
    """

    patience: int
    spaces: dict[tuple[str, str], Space] = field(default_factory=dict)
    novelty: Novelty = field(default_factory=Novelty)
    filters: Filters = field(default_factory=Filters)
    parameters: Parameters = field(default_factory=Parameters)
    changed: bool = False
    _rows: dict[str, _RepeatingPages] = field(default_factory=dict)
    _behind: dict[str, str] = field(default_factory=dict)
    _chained: dict[str, int] = field(default_factory=dict)
    """Pages that wait and were found on one of their own shape → how many such steps lead to them."""
    _named: set[str] = field(default_factory=set)
    _elsewhere: set[str] = field(default_factory=set)
    _probes: dict[str, str] = field(default_factory=dict)
    """Addresses behind a cut that are read all the same → a shape of the row that was cut."""
    _led: dict[str, set[str]] = field(default_factory=dict)
    _entrances: dict[str, str] = field(default_factory=dict)
    """Shapes → the first page that led to another of its own shape."""
    _referrer: tuple[str, str] = ("", "")

    # ---- before a page is asked for --------------------------------------------------------------

    def may_enter(self, url: str, referrer: str) -> bool:
        """Return whether a newly found address may be asked for."""
        path = path_of(url)
        if path.count("/") > 3 and (repeated := repeated_folders(path)):
            row = self._rows.get(self._behind.get(referrer) or self._shape(referrer))
            self._report("repeated-path", repeated, row, url, referrer)
            return False
        self._meet(url)
        shape = self._shape(url)
        row = self._rows.get(shape)
        if row is not None and row.cut and referrer not in self._probes:
            return False
        if self._referrer[0] != referrer:  # a page names many addresses
            self._referrer = referrer, self._shape(referrer)
        if shape == self._referrer[1]:
            self._chained[url] = self._chained.get(referrer, 0) + 1
            self._entrances.setdefault(shape, referrer)
        else:
            self._note_led(self._referrer[1], shape)
        return True

    def is_cut(self, url: str) -> bool:
        """Return whether an address that waits in the queue has been overtaken by the cut of its space."""
        if not self.spaces or url in self._probes:
            return False
        return self._cut_off(url) is not None

    def _cut_off(self, url: str) -> _RepeatingPages | None:
        """Return the row of the space that an address was cut off with, None where it was not."""
        rows = self._rows.get(self._shape(url)), self._rows.get(self._behind.get(url, ""))
        return next((row for row in rows if row is not None and row.cut), None)

    # ---- behind a cut, when nothing else is left ---------------------------------------------------

    def look_behind(self, waiting: Iterable[str]) -> AbstractSet[str]:
        """Return which addresses of those that were cut off are to be read all the same: of each space some, once.

        They are spread over it: lists that have something may stand behind many that are empty. Behind folders that
        stand within themselves nobody need look.
        """
        behind: defaultdict[str, list[str]] = defaultdict(list)
        for url in waiting:
            row = self._cut_off(url)
            if row is not None and not (row.probed or row.nested):
                behind[min(row.shapes)].append(url)
        chosen: dict[str, str] = {}
        for shape, urls in behind.items():
            self._rows[shape].probed = True
            chosen.update((urls[at * len(urls) // PROBES], shape) for at in range(PROBES))
        self._probes |= chosen
        return chosen.keys()

    def take_back(self) -> None:
        """Undo the cuts behind which something new was found; what was reported of such a space is forgotten."""
        for row in {id(row): row for row in self._rows.values() if row.cut and row.mistaken}.values():
            row.cut = row.reported = row.probed = row.mistaken = False
            row.in_a_row = row.deep = 0
            self.spaces = {
                place: space
                for place, space in self.spaces.items()
                if place[0] != "same-pages" or space.shape not in row.shapes
            }
            self.changed = True

    def repeats_own_address(self, url: str, referrer: str) -> bool:
        """Return whether another site's address differs from one met before only in the page of ours that it names.

        Every page of an official site has its own link to report an error in it, every article its own to share it:
        one target each, not one a page.
        """
        own = urlsplit(referrer).hostname or ""
        if "=http" not in url or own not in url.partition("?")[2]:
            return False
        bare = OWN_ADDRESS.sub(r"\1", url)
        if bare in self._named:
            return True
        self._named.add(bare)
        return False

    # ---- when a page was read --------------------------------------------------------------------

    def repeats(self, url: str, body: bytes, digest: bytes) -> bool:
        """Return whether a page that was read says nothing new; ``digest`` names its bytes."""
        filtered = self._filtered(url, fewest=1)
        suspicious = url in self._chained or url in self._behind
        if not filtered:
            shape = self.parameters.shape(url)
            beside = self._shapes_beside(shape) if url in self._chained else ()
            return self.novelty.repeats(url, shape, body, digest, suspicious=suspicious, beside=beside)
        return self.novelty.repeats_in_words(url, filtered, body, digest, len(self._new_values(filtered, url)))

    def remember(self, url: str, digest: bytes) -> None:
        """Take note of what a page says that is known from an earlier run; ``digest`` names its bytes."""
        self.novelty.remember(url, self._shape(url), digest)

    def visited(  # noqa: PLR0913 - a page, and where it leads
        self,
        url: str,
        digest: bytes,
        pages: Collection[str],
        others: Iterable[str],
        *,
        repeats: bool,
        linked: Iterable[str] = (),
    ) -> None:
        """Take note of a page that was read, or known from an earlier run; ``digest`` names its bytes.

        ``pages`` are the pages of the site that were first met there, ``others`` what else was, ``linked`` all that it
        refers to. Repeating pages may lead to a page that says something new, a file that nobody named before, or
        another site: not to be cut off.
        """
        multiplies = url in self._chained and self._multiplies(url, pages)
        steps = self._chained.pop(url, 0)
        leads_here = self._behind.pop(url, None)
        filtered = self._filtered(url, fewest=1)
        known: set[str] = set(linked) if filtered or len(self.spaces) > 1 else set()
        if known:
            self._merge_nested(known)
        shape = filtered or self.parameters.shape(url)
        if filtered:
            self._row(filtered).values |= self._new_values(filtered, url)
            repeats = repeats and not self._leads_out(filtered, url, pages)
        probed = self._rows.get(self._probes.pop(url, ""))
        if not repeats or self._is_news(url, others):
            if probed is not None:
                probed.mistaken = True
            counts = multiplies or steps >= DEEP or self._is_calendar(shape)
            self._begin_anew(filtered, leads_here, shape if counts else "")
            return
        row = self._gathered(url, digest, shape, leads_here, chained=steps > 0 and not filtered)
        self._behind.update(dict.fromkeys(pages, shape))
        if filtered:
            row.in_a_row += self._step(row, url, filtered, known)
        else:
            self._count(row, steps, is_behind=leads_here is not None or multiplies)
        self.changed = self.changed or row.in_a_row > 0
        if not row.cut and row.in_a_row >= (self._longest(row, filtered) if filtered else self.patience):
            self._cut(row, url, known or set(linked))

    def _gathered(
        self, url: str, digest: bytes, shape: str, leads_here: str | None, *, chained: bool
    ) -> _RepeatingPages:
        """Return the row that a repeating page counts for, made one with those that it belongs together with."""
        row = self._row(shape)
        row.pages += 1
        for below in self._quiet_below(shape) if chained else ():
            row = self._join(row, self._rows[below])
            row.calendar = True
        if not row.nested and nesting_of(url) is not None:
            row = self._join_nested(row, url)
        if leads_here is not None:
            row = self._join(self._join(row, self._rows[leads_here]), self._row(digest.hex()))
        return row

    def _count(self, row: _RepeatingPages, steps: int, *, is_behind: bool) -> None:
        """Count a repeating page that is no list of filters; ``steps`` is the chain of its own shape that led to it."""
        if is_behind or row.calendar:
            row.in_a_row += 1
        elif steps >= DEEP:
            row.deep += 1
            row.in_a_row += row.deep % SLOWER == 0

    def _cut(self, row: _RepeatingPages, url: str, linked: AbstractSet[str]) -> None:
        """Ask for no more pages of a row, and note the space; ``url`` is the last one that was read."""
        row.cut = True
        shape = min((each for each in row.shapes if "/" in each), key=lambda each: (len(each), each))
        beside = self._beside(shape, linked)
        if beside is None:
            self._report("same-pages", shape, row, row.nested or url, url if row.nested else self._entrance(row, url))
        else:
            row.reported = self.changed = True
            self.spaces[beside] = replace(self.spaces[beside], pages=self.spaces[beside].pages + row.pages)

    def _entrance(self, row: _RepeatingPages, url: str) -> str:
        """Return the first page of a row that led to another of it, ``url`` where none is known.

        Where a space is cut depends on which of its pages came first; where it begins is the same in every run, unless
        several pages lead into it.
        """
        # Its shape was told when less was known of its parameters.
        return next((each for each in self._entrances.values() if self._shape(each) in row.shapes), url)

    def _beside(self, shape: str, linked: AbstractSet[str]) -> tuple[str, str] | None:
        """Return a known space that a page of a shape leads into and that is written nearly alike, None where none is.

        Its addresses have other parameters of the same program, or a code with another letter in one of the folders.
        """
        alike = [place for place in self.spaces if place[0] == "same-pages" and are_alike(place[1], shape)]
        shapes = {self._shape(each) for each in linked} if alike else set[str]()
        return next((place for place in alike if place[1] in shapes), None)

    def _longest(self, row: _RepeatingPages, filtered: str) -> int:
        """Return how many pages in a row say that the rest of lists that are put together has nothing new either.

        Some lists are empty and others are not: the more had something, the longer the row has to be. It need not be as
        long where the same program turned out endless before.
        """
        if any(is_narrower(shape, filtered) for _, shape in self.spaces):
            return self.patience
        return min(max(2 * self.patience, row.news), 4 * self.patience)

    def _is_calendar(self, shape: str) -> bool:
        row = self._rows.get(shape)
        return row is not None and row.calendar

    def _note_led(self, shape: str, below: str) -> None:
        """Take note of a kind of page that pages of a shape lead to; whose pages lead to many kinds is no calendar."""
        led = self._led.setdefault(shape, set())
        if len(led) <= KINDS_BELOW:
            led.add(below)

    def _quiet_below(self, shape: str) -> list[str]:
        """Return the shapes that pages of a shape lead to and that repeat themselves, as the days of months do.

        What these say is not news on the month either, though no other month said it.
        """
        led = self._led.get(shape, ())
        rows = [] if len(led) > KINDS_BELOW else [(each, self._rows.get(each)) for each in led]
        return [each for each, row in rows if row is not None and row.pages >= self.patience // 2]

    def _shapes_beside(self, shape: str) -> list[str]:
        """Return the shapes whose pages may have said what those of one say: what is below it, and its own row."""
        row = self._rows.get(shape)
        beside = row.shapes - {shape} if row is not None and row.nested else ()
        return [*self._quiet_below(shape), *beside]

    def _join_nested(self, row: _RepeatingPages, url: str) -> _RepeatingPages:
        """Note that a folder stands within itself in a row, and join it with those that nest the same folders."""
        row.nested = url
        others = {id(each): each for each in self._rows.values() if each is not row and each.nested}
        for other in others.values():
            if nest_together(url, other.nested):
                row = self._join(row, other)
        return row

    def _multiplies(self, url: str, pages: Iterable[str]) -> bool:
        """Return whether a page leads to several of its own shape that nobody met, each by a value of its own.

        So do the lists of a program that gives every link a new session; articles lead to the next one.
        """
        if not self.parameters.is_fresh(url):
            return False
        shape = self.parameters.shape(url)
        return sum(self.parameters.shape(page) == shape for page in pages) > 1

    def _step(self, row: _RepeatingPages, url: str, filtered: str, linked: AbstractSet[str]) -> int:
        """Return for how many pages a list counts: filters lead to one another whichever page named them first."""
        place = place_of(url)
        if not any(each != url and self._is_filtered(each, filtered, place) for each in linked):
            return 0
        return row.step(each for each in linked if not each.startswith(place))

    def _begin_anew(self, filtered: str, *others: str | None) -> None:
        """Let the rows begin anew that a page with something new was met in."""
        if filtered:
            self._row(filtered).news += 1
        for reached in (filtered, *others):
            if reached and reached in self._rows:
                self._rows[reached].in_a_row = self._rows[reached].deep = 0

    def _leads_out(self, filtered: str, url: str, pages: Iterable[str]) -> bool:
        """Return whether any of the pages first met on a list is no further list, and no other form of this one."""
        return any(self._filtered(page, fewest=1) != filtered and not differs_in_one(page, url) for page in pages)

    def _is_filtered(self, url: str, filtered: str, place: str) -> bool:
        """Return whether an address is a list beside those of a shape; a page that names none, as a film, is none."""
        return place_of(url) == place or self.filters.shape(url) == filtered

    def _new_values(self, filtered: str, url: str) -> set[tuple[str, str]]:
        """Return what the parameters of an address say that those of no page read before did."""
        return self.parameters.selected(url) - self._row(filtered).values

    def _is_news(self, url: str, others: Iterable[str]) -> bool:
        """Return whether any address is a file of the site, or another site's of a shape that was not met so before."""
        own, news = urlsplit(url).netloc, False
        for other in others:
            place = other if urlsplit(other).netloc == own else shape_of(other)
            news = news or place not in self._elsewhere
            self._elsewhere.add(place)
        return news

    def _meet(self, url: str) -> None:
        if not has_numbered_name(url):
            self.filters.meet(url)
            self.parameters.meet(url)

    def _filtered(self, url: str, fewest: int) -> str:
        """Return what an address has in common with others that filters are put together in, "" for any other.

        Where the same names stand in several places, in one and another order, it is what has the place further out.
        """
        added, free = self.filters.shape(url), self.parameters.free_shape(url, fewest)
        if free and nesting_of(url) is not None and self.parameters.grows(url):
            free = ""  # a folder that stands within itself, ever deeper, is no filter
        if added and free:
            return added if len(added) <= len(place_of(url)) + len("…/…") else free
        return added or free

    def _shape(self, url: str) -> str:
        return self._filtered(url, fewest=2) or self.parameters.shape(url)

    def _row(self, shape: str) -> _RepeatingPages:
        row = self._rows.get(shape)
        if row is None:
            row = self._rows[shape] = _RepeatingPages({shape})
        return row

    def _join(self, one: _RepeatingPages, other: _RepeatingPages) -> _RepeatingPages:
        if one is not other:
            one.shapes |= other.shapes
            one.pages += other.pages
            one.in_a_row += other.in_a_row
            one.deep += other.deep
            one.cut = one.cut or other.cut
            one.nested = one.nested or other.nested
            one.news += other.news
            one.reported = one.reported or other.reported
            one.calendar = one.calendar or other.calendar
            one.probed = one.probed or other.probed
            one.mistaken = one.mistaken or other.mistaken
            one.selections |= other.selections
            one.values |= other.values
            for shape in other.shapes:
                self._rows[shape] = one
        return one

    def _report(self, reason: str, shape: str, row: _RepeatingPages | None, example: str, referrer: str) -> None:
        """Note a cut, once for a place: folders nest in any order, and a space of them may be noticed in two ways."""
        self.changed = True
        if row is not None and row.reported:
            return
        pages = 0
        if row is not None:
            row.reported = True
            pages = row.pages if row.cut else 0
        nesting = nesting_of(example)
        known = next((place for place in self.spaces if is_narrower(place[1], shape)), None)
        if known is not None:
            pages += self.spaces.pop(known).pages
        if not any(nest_together(example, space.example) for space in self.spaces.values()):
            self.spaces.setdefault((reason, nesting or shape), Space(shape, reason, pages, example, referrer))

    def _merge_nested(self, linked: AbstractSet[str]) -> None:
        """Make one space of two in which folders repeat where one page leads on into both: of relative links in one."""
        nested = [place for place in self.spaces if place[0] == "repeated-path"]
        ends = {place: "/".join(self.spaces[place].example.rstrip("/").split("/")[-2:]) for place in nested}
        into = [place for place in nested if any(each.rstrip("/").endswith(f"/{ends[place]}") for each in linked)]
        for place in into[1:]:
            self.spaces.pop(place)
            self.changed = True

    # ---- over a restart --------------------------------------------------------------------------

    def recall(self, url: str, referrer: str, *, waits: bool) -> None:
        """Learn again how an address was found, after a restart; ``waits`` says that it was not read yet."""
        self._meet(url)
        shape = self._shape(url)
        if referrer and shape == self._shape(referrer):
            self._entrances.setdefault(shape, referrer)
            if waits:
                self._chained[url] = self._chained.get(referrer, 0) + 1

    def recalled(self, state: TrapState) -> None:
        """Take up what was known of spaces before the restart."""
        for shapes, pages, in_a_row, cut, *news in state["rows"]:  # a run of an earlier version noted no news
            row = _RepeatingPages(set(shapes), pages, in_a_row, cut, news=sum(news), reported=cut)
            self._rows |= dict.fromkeys(shapes, row)
        for place, space in state["spaces"]:
            self.spaces[place[0], place[1]] = Space(*space)

    def state(self) -> TrapState:
        """Return what has to outlive a kill, as JSON: rows of repeating pages are few."""
        rows = {id(row): row for row in self._rows.values() if row.in_a_row or row.cut}
        return {
            "rows": [(sorted(row.shapes), row.pages, row.in_a_row, row.cut, row.news) for row in rows.values()],
            "spaces": [
                (place, (each.shape, each.reason, each.pages, each.example, each.referrer))
                for place, each in self.spaces.items()
            ],
        }
