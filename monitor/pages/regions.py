"""Tell where on a page an element stands: its header, a menu, the footer … by the elements around it.

HTML's own words come first (``header``, ``nav``, ``main`` …, ARIA roles); most sites only have names, so the classes
and ids that their systems use are read as well, in English and in pinyin.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from checks.late_pattern import late
from checks.model import Region
from checks.model.turbohtml_core import Element
from monitor.pages.urls import CACHE

if TYPE_CHECKING:
    from checks.model.turbohtml_core import Node

MIDDLE: Literal["middle"] = "middle"
"""A container of the content, told by its name alone: often one around the whole page, header and footer included."""

Zone = Region | Literal["middle"]

UNKNOWN, BODY = Region.UNKNOWN, Region.BODY
"""Kept by names of their own: to look one up in its class takes 0.1 µs, and they are wanted for every link."""


ELEMENTS = {
    "head": Region.HEAD,
    "header": Region.HEADER,
    "nav": Region.MENU,
    "main": Region.BODY,
    "article": Region.BODY,
    "aside": Region.SIDEBAR,
    "footer": Region.FOOTER,
}

LEAVES = frozenset("html body a li b i em strong font h1 h2 h3 h4 h5 h6 dt dd tr tbody".split())
"""Elements whose classes tell nothing of what stands around them; most links stand in one."""

STEPS = 8
"""Steps up from an element within which leaves are passed by; to remember them costs more where pages nest as usual."""

ROLES = {
    "banner": Region.HEADER,
    "navigation": Region.MENU,
    "menu": Region.MENU,
    "menubar": Region.MENU,
    "main": Region.BODY,
    "article": Region.BODY,
    "complementary": Region.SIDEBAR,
    "contentinfo": Region.FOOTER,
}
"""Landmarks of ARIA 1.2 (5.3.4) and the two roles of menus."""

WORDS: tuple[tuple[Zone, str], ...] = (
    (
        Region.BREADCRUMBS,
        "bread[a-z]*|crumbs?|position|location|weizhi|dqwz|dangqian|where|site-?path|navpath|"
        "cur-?(?:pos[a-z]*|nav|path)",
    ),
    (Region.FRIEND_LINKS, "friend[a-z]*|flinks?|yqlj|yqlink|youqing[a-z]*|youlian|xglj|links"),
    (Region.SIDEBAR, "side[a-z]*|[lr]-?side|(?:left|right)-?(?:nav|menu|bar)[a-z]*|aside"),
    (Region.FOOTER, "foot(?:er)?[a-z]*|bottom|copyright|copy|banquan|beian|dibu|yejiao"),
    (Region.MENU, "(?:main|top|sub|site|head)?-?(?:navi?|navs|navbar|navigation|menus?)[a-z]*|daohang|dh|caidan"),
    (Region.HEADER, "(?:site|page|top|g)?-?header[a-z]*|head|hd|heads?box|top|top-?(?:bar|box|wrap)|banner|logo|yemei"),
    (
        Region.BODY,
        "trs-?editor|ucapcontent|zoom|article[a-z]*|con-?text|detail[a-z]*|zhengwen|news-?(?:content|text|detail)",
    ),
    (MIDDLE, "main[a-z]*|content[a-z]*|con|center|middle|mid|list|column|neirong"),
)
"""Zone → words of a class or an id that name it, in the order in which they count: ``footer-nav`` is in the footer."""

NAMES = tuple((zone, re.compile(rf"(?:^|[ -])(?:{names})(?=$|[ -])")) for zone, names in WORDS)

PARTS = late(
    r"(?:^|[ -])(?:box|panel|card|modal|dialog|table|item|tabs?|page[rs]?|pages|pagination|paging|title|tit|news|btn|"
    r"to|back|go|return|block|module|mod|img|icon)(?=$|[ -])"
)
"""Words beside which ``top``, ``header``, ``nav`` or ``bottom`` name a part of a box, and no part of the page."""

INSIDE_MENUS = frozenset({Region.BREADCRUMBS, Region.SIDEBAR, Region.FOOTER})
"""What a ``nav`` may be called that is more than a menu."""

HEADING = (Region.HEADER, Region.MENU)
"""Below what nobody calls by a name stands what the page is there for."""

OF_PAGES = frozenset({Region.HEADER, Region.MENU, Region.FOOTER})

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
DIGITS = re.compile(r"\d+(?=$|[ -])")

INSIDE: dict[Zone, frozenset[Zone]] = {
    Region.HEAD: frozenset(),
    Region.HEADER: frozenset({Region.MENU, Region.BREADCRUMBS, Region.BODY, Region.FOOTER, Region.FRIEND_LINKS}),
    Region.MENU: frozenset({Region.BODY, Region.FOOTER}),
    Region.BREADCRUMBS: frozenset({Region.FOOTER}),
    Region.FRIEND_LINKS: frozenset(),
    Region.SIDEBAR: frozenset({Region.FRIEND_LINKS, Region.FOOTER}),
    Region.FOOTER: frozenset({Region.FRIEND_LINKS}),
    Region.BODY: frozenset({Region.BREADCRUMBS, Region.SIDEBAR, Region.FRIEND_LINKS}),
    MIDDLE: frozenset[Zone](Region) - {Region.UNKNOWN, Region.HEADER},
}
"""Zone → the zones that may stand in it; others around an element leave it where it is. Tags that are never closed put
the rest of a page into its header, and so a body or a footer is believed there."""


@lru_cache(maxsize=CACHE)
def zone_of(tag: str, name: str | None, classes: str | None, role: str | None) -> Zone:
    """Return what an element says of its place: by its role and tag, else by its id and classes; else UNKNOWN."""
    meant = ROLES.get(role or "") or ELEMENTS.get(tag)
    if meant is None or meant is Region.MENU:
        named = _named(f"{name or ''} {classes or ''}")
        return named if meant is None or named in INSIDE_MENUS else meant
    return meant


def _named(names: str) -> Zone:
    words = DIGITS.sub("", CAMEL.sub("-", names[:200].replace("_", "-"))).lower()
    zone = next((zone for zone, pattern in NAMES if pattern.search(words)), Region.UNKNOWN)
    return Region.UNKNOWN if zone in OF_PAGES and PARTS.search(words) else zone


class Regions:
    """The regions of one document; what is above an element is looked at once, whatever stands in it."""

    __slots__ = ("_headed", "_known")

    def __init__(self) -> None:
        self._known: dict[Element, Zone] = {}
        self._headed = False

    def of(self, node: Node) -> Region:
        """Return where an element stands. Ask in the order of the document: what comes first tells of what follows."""
        around, steps = node.parent, 1
        while steps <= STEPS and isinstance(around, Element) and around.tag in LEAVES:
            around = around.parent
            steps += 1
        if not isinstance(around, Element):  # the document itself
            return self.inside(UNKNOWN)
        zone = self._known.get(around)
        return self.inside(self._read(around) if zone is None else zone)

    def _read(self, container: Element) -> Zone:
        """Return the zone of what stands in an element, having looked at all above it that was not looked at before."""
        known = self._known
        passed = [container]
        around, zone, steps = container.parent, None, 1
        while isinstance(around, Element):
            if steps > STEPS or around.tag not in LEAVES:
                zone = known.get(around)
                if zone is not None:
                    break
                passed.append(around)
            around = around.parent
            steps += 1
        zone = zone or UNKNOWN
        while passed:
            around = passed.pop()
            zone = known[around] = self.within(zone, around)
        return zone

    def inside(self, zone: Zone) -> Region:
        """Return the region of what stands in a zone, as far as the page was looked at."""
        if not isinstance(zone, Region) or (zone is UNKNOWN and self._headed):
            # What no name tells, below a header, is what the page is there for.
            return BODY
        return zone

    def within(self, zone: Zone, node: Element) -> Zone:
        """Return the zone of what stands in an element, which itself stands in a zone."""
        if node.tag in LEAVES:
            return zone
        own = zone_of(node.tag, node.attr("id"), node.attr("class"), node.attr("role"))
        if own is UNKNOWN:
            return zone
        if zone is UNKNOWN or own in INSIDE[zone] or (zone == MIDDLE and not self._headed):
            self._headed = self._headed or own in HEADING
            return own
        return zone
