"""Put the links of a finished crawl together: every target that is amiss, with the pages that point at it.

Two passes over the stored pages: one over the places that links name (``#…``), one over all references for pages that
point at something amiss. Memory holds what is amiss, not the web.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import unquote

from msgspec import Struct, field

from checks.links import unreachable_host
from checks.model import ErrorKind, Kind, Link, Referrer, Region, Response
from checks.reading.template_code import is_unfilled
from monitor.crawl.answers import is_dead
from monitor.crawl.scope import SiteScope
from monitor.store.crawl.frontier import CrawlStore
from monitor.store.crawl.pages import PackedReference
from monitor.store.crawl.targets import TargetAnswer

CHUNK = 5_000
"""Places that are looked up together."""

NO_PLACES = frozenset(
    "top no none null nil nan void void(0) javascript javascript: javascript:; javascript:void(0) nogo nolink no-link "
    "no_link nohref nourl nojs noop nop nothing nowhere undefined false blank empty dummy fake placeholder return this "
    "self 0".split()
)
"""Fragments, besides ``###`` and the like, with which links say that they lead nowhere."""

Place = tuple[str, str]


class _Target(Struct):
    """What is known of one target while its referrers are collected."""

    kind: str
    element: str
    answer: TargetAnswer
    fragment: str | None = None
    scripted: bool = False
    href: str = ""
    referrers: list[Referrer] = field(default_factory=list)
    count: int = 0
    homepage: bool = False
    last: str = ""
    others: dict[str, None] = field(default_factory=dict)

    def refer(self, page: str, pointer: PackedReference, *, kept: int, homepage: bool) -> None:
        """Count a page that points here, once, and list it where there is room."""
        if page == self.last:
            return
        self.last = page
        self.count += 1
        self.homepage = self.homepage or homepage
        if not kept or len(self.referrers) < kept:
            reference = pointer.read()
            self.href = self.href or reference.href
            self.referrers.append(Referrer(page, reference.text[:200], Region(reference.region)))


def links(store: CrawlStore, scope: SiteScope, homepages: set[str], kept: int) -> Iterator[Link]:
    """Yield every target that is amiss, as a Link. ``kept`` referrers are listed, 0 for all of them."""
    amiss = {
        url: _Target(kind, element, answer) for url, kind, element, answer in store.load_amiss() if not answer.unjudged
    }
    targets = _joined(amiss, scope)
    dead = {url for url, target in targets.items() if _hides_places(target.answer)}
    places = defaultdict[str, dict[str | None, _Target]](dict)
    for url, target in _missing_places(store, dead):
        places[url][target.fragment] = target
    malformed: dict[str, _Target] = {}
    # Nothing is amiss where nearly all references lead; those that are malformed have no address.
    wanted = {"", *targets, *places}
    for page, references in store.load_references():
        for pointer in references.leading_to(wanted):
            for target in _pointed_at(targets, places, malformed, pointer):
                target.refer(page, pointer, kept=kept, homepage=page in homepages)
    for url, target in targets.items():
        if url not in target.others and (target.count or target.element == "sitemap" or url in homepages):
            yield _link(url, target, scope, kept)
    for url, named in places.items():
        for target in named.values():
            yield _link(url, target, scope, kept)
    for href, target in malformed.items():
        yield _link(href, target, scope, kept)


def _joined(targets: dict[str, _Target], scope: SiteScope) -> dict[str, _Target]:
    """Return the targets with those on a host that cannot be reached as one: the first of them, which knows the others.

    All of their addresses lead to that one, so that a page that refers to any of them refers to it.
    """
    first: dict[tuple[str, str], _Target] = {}
    joined = {}
    for url, target in sorted(targets.items()):
        last = target.answer.last
        host = unreachable_host(last, internal=scope.internal(url))
        if host:
            one = first.setdefault((last.error or "", host), target)
            if one is not target:
                one.others[url] = None
            joined[url] = one
        else:
            joined[url] = target
    return joined


def referrers(store: CrawlStore, urls: set[str], kept: int) -> dict[str, tuple[tuple[Referrer, ...], int]]:
    """Return the pages that point at addresses, ``kept`` of them (0: all), and their number."""
    wanted = {url: _Target("", "", TargetAnswer(())) for url in urls}
    for page, references in store.load_references() if wanted else ():
        for pointer in references.leading_to(wanted):
            wanted[pointer.url].refer(page, pointer, kept=kept, homepage=False)
    return {url: (tuple(target.referrers), target.count) for url, target in wanted.items()}


def _pointed_at(
    targets: dict[str, _Target],
    places: Mapping[str, Mapping[str | None, _Target]],
    malformed: dict[str, _Target],
    pointer: PackedReference,
) -> Iterator[_Target]:
    url = pointer.url
    if not url:
        href, _, kind, _, _, element, _ = pointer.read()
        if is_unfilled(href):
            return
        if href not in malformed:
            malformed[href] = _Target(kind, element, TargetAnswer((Response(href, error=ErrorKind.MALFORMED),)))
        yield malformed[href]
        return
    target = targets.get(url)
    if target is not None:
        yield target
    if url in places:
        place = places[url].get(pointer.fragment())
        if place is not None:
            yield place


def _hides_places(answer: TargetAnswer) -> bool:
    """Return whether a target showed no page in which a place could be looked for."""
    return is_dead(answer) or bool(answer.challenge)


def _missing_places(store: CrawlStore, dead: set[str]) -> Iterator[tuple[str, _Target]]:
    """Yield the places that links name and that their pages do not have, with the addresses of the pages."""
    wanted: set[Place] = set()
    missing: set[Place] = set()
    for addresses in store.load_fragments():
        for line in addresses:
            url, _, fragment = line.partition("#")
            if url not in dead and names_a_place(fragment) and (url, fragment) not in missing:
                wanted.add((url, fragment))
        if len(wanted) >= CHUNK:
            yield from _look_up(store, wanted, missing)
            wanted.clear()
    yield from _look_up(store, wanted, missing)


def _look_up(store: CrawlStore, wanted: set[Place], missing: set[Place]) -> Iterator[tuple[str, _Target]]:
    known = store.load_anchors(sorted({url for url, _ in wanted}))
    for url, fragment in sorted(wanted):
        if url not in known:
            continue
        anchors, scripted = known[url]
        if scripted and fragment.isdigit():
            continue  # the number of a column, by which an application knows what to draw
        if fragment not in anchors and unquote(fragment) not in anchors:
            missing.add((url, fragment))
            answer = TargetAnswer((Response(url, 200),))
            yield url, _Target(Kind.PAGE, "a[href]", answer, fragment, scripted)


def names_a_place(fragment: str) -> bool:
    """Return whether a fragment names a place in a page: not the top, a script's route, a text to find, or nothing."""
    name = unquote(fragment)
    if name.lower() in NO_PLACES or not any(map(str.isalnum, name)) or is_unfilled(name):
        return False
    return not fragment.startswith(("!", "/", ":~:", "?")) and "=" not in fragment


def _link(url: str, target: _Target, scope: SiteScope, kept: int) -> Link:
    answer = target.answer
    return Link(
        url=url,
        kind=Kind(target.kind),
        internal="://" in url and scope.internal(url),
        looks=answer.looks,
        referrers=tuple(target.referrers),
        referrer_count=target.count,
        href=target.href,
        element=target.element,
        fragment=target.fragment,
        scripted=target.scripted,
        soft_404=answer.soft_404,
        sniffed=answer.sniffed,
        challenge=answer.challenge,
        title=answer.title,
        homepage=target.homepage,
        others=tuple(islice(target.others, kept or None)),
        other_count=len(target.others),
    )
