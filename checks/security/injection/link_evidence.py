"""Weigh the links and frames of one page: where they lead, what they say, and whether anybody can see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin

from msgspec import Struct, field

from checks.late_pattern import late
from checks.model import Page
from checks.model.html_tree import Tree, parent_of, parse_html
from checks.model.turbohtml_core import Element
from checks.reading.link_text import link_text
from checks.security.hosts import familiar, host_of, same_site
from checks.security.injection import inline_scripts
from checks.security.injection.hiding import Concealment, Way
from checks.security.injection.lexicon import advertises
from checks.security.injection.signals import BLOCK_SIZE, Signal, SuspectLink, nondescript, wording
from checks.security.javascript import UNKNOWN

TARGETS = r"a[href],a[xlink\:href],area[href],iframe[src],frame[src]"
"""Links, those of SVG among them, and frames."""

LINKS = frozenset({"a[href]", "area[href]"})
FRAMES = frozenset({"iframe[src]", "frame[src]"})
EVIDENCE = 300
"""Characters quoted from the page, at most."""

MOST_LINKS = 2000
"""Links of one page that are weighed; a page with more has shown enough."""

PARKED = late(
    r"menu|nav|sub|drop|slid|swip|banner|carousel|focus|scroll|drawer|canvas|side|tab|pop|layer|float|"
    r"sr-only|visually|reader|skip|aria|wza|icon|ico|logo|weibo|weixin|wechat|share|lang|search",
    re.IGNORECASE,
)
"""Classes and ids of what waits beside the screen for its turn, or shows a picture in place of its words."""

INTERFACE = late(
    PARKED.pattern
    + r"|list|link|friend|select|dialog|modal|mask|more|con|panel|item|box|tip|wx|qr|code|foot|head|login|user|"
    r"map|hd|bd|yqlj|wzdh|kslj|ztzl|lj|lm|zt|hide|show|mobile|phone|app|fix|info|news|wrap|accord|collaps|fold|expand|body",
    re.IGNORECASE,
)
"""Classes and ids of the furniture that honest pages hide and show."""

NOTHING = late(r"(?!)")

ICONIC = frozenset({"class", "id", "style", "title", "aria-label"})
LEGIBLE = late(r"[\w\u4e00-\u9fff]")
BURYING = (":-", ": -", "arquee", "ARQUEE", "clip", "CLIP", "inset(", "translate", "EIGHT", "\\")
FLAT = late(r"eight\s{0,9}[:=]\s{0,9}[\"']?[0-5](?:px)?\b")
"""What a page that buries a link cannot do without: offsets below zero, marquees, clipping, escapes, flat boxes."""
ENCODED_HREF = late(r"""href\s*=\s*["']?\s*(?:&#[xX]?[0-9a-fA-F]+;?){4}""", re.IGNORECASE)


class Site(NamedTuple):
    """Whose page it is: its own hosts, those its keepers know, and those it linked to before (empty: not known)."""

    host: str
    known: frozenset[str]
    seen: frozenset[str] = frozenset()

    def external(self, host: str) -> bool:
        """Whether a host belongs to another site."""
        return bool(host) and not same_site(self.host, host)

    def foreign(self, host: str) -> bool:
        """Whether a host belongs to somebody who has nothing to do with government."""
        return _foreign(self.host, host) and host not in self.known

    def unseen(self, host: str) -> bool:
        """Whether a foreign host is new to a site whose known hosts are given."""
        return bool(self.known or self.seen) and host not in self.seen and self.foreign(host)


@lru_cache(maxsize=16_384)
def _foreign(own: str, host: str) -> bool:
    return bool(host) and not familiar(host) and not same_site(own, host)


def suspects(page: Page, site: Site, inline: list[inline_scripts.InlineScript]) -> Iterator[SuspectLink]:
    """Weigh the links and frames of the page, of what its scripts write, and of what they insert."""
    written = any(script.written and inline_scripts.MARKUP.search(script.written) for script in inline)
    made = (fragment for script in inline for fragment in script.fragments)
    fragments = list(inline_scripts.within(made, inline_scripts.MOST_EXPANDED))
    if not (written or fragments or _worth_weighing(page, site)):
        return
    hides = frozenset(selector for script in inline for selector in script.hides)
    weigher = _Weigher(page, site)
    tree = parse_html(inline_scripts.expand(page.html)) if written else page.tree
    yield from weigher.weigh(tree, _Surroundings(Concealment(tree, hides)))
    for fragment in fragments:
        part = parse_html(fragment)
        yield from weigher.weigh(part, _Surroundings(Concealment(part)), inserted=True)


def _worth_weighing(page: Page, site: Site) -> bool:
    """Whether any link or frame could become an alarm: the fast look that clears nearly every page."""
    foreign, dull = set(), False
    own = "/".join((*page.response.url.split("/", 3)[:3], ""))
    for reference in page.references:
        element = reference.element
        # What leads to the page's own origin is nearly all, and no look at its host is needed.
        if (element in LINKS or element in FRAMES) and not reference.url.startswith(own):
            host = host_of(reference.url)
            if site.foreign(host):
                signals = wording(reference.text, reference.url)
                if element in FRAMES or signals or site.unseen(host):
                    return True
                foreign.add(host)
                dull = dull or nondescript(reference.text) or not reference.text
    if len(foreign) >= BLOCK_SIZE or (dull and (_may_bury(page.html) or _encoded_href(page.html))):
        return True
    return advertises("\n".join(reference.text for reference in page.references).lower())


def _may_bury(html: str) -> bool:
    return any(hint in html for hint in BURYING) or FLAT.search(html) is not None


class _Surroundings(Struct):
    """What is around the links of one document; each element is looked at once, however many links stand in it."""

    concealment: Concealment
    _openings: dict[Element, str] = field(default_factory=dict)
    _called: dict[tuple[Element, str], bool] = field(default_factory=dict)

    def opening(self, node: Element) -> str:
        """Return the tag that begins an element."""
        known = self._openings.get(node)
        if known is None:
            html = node.html
            known = self._openings[node] = html[: html.find(">") + 1]
        return known

    def is_called(self, node: Element, names: re.Pattern[str]) -> bool:
        """Return whether an element, or one near it, goes by one of the names."""
        key = node, names.pattern
        if key not in self._called:
            self._called[key] = _called(node, names)
        return self._called[key]


class _Weigher:
    """Weigh the links and frames of one page."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.resolved = {reference.href: reference.url for reference in page.references}
        self.lowered = page.html.lower()
        self.outside = _outside(page.html)
        self.encoded = _encoded_href(page.html)

    def weigh(self, tree: Tree, surroundings: _Surroundings, *, inserted: bool = False) -> Iterator[SuspectLink]:
        """Yield a suspect for every link and frame that anything speaks against."""
        for node in tree.select(TARGETS)[:MOST_LINKS]:
            suspect = self._suspect(node, surroundings, inserted=inserted)
            if suspect is not None:
                yield suspect

    def _suspect(self, node: Element, surroundings: _Surroundings, *, inserted: bool) -> SuspectLink | None:
        href = node.attr("href") or node.attr("xlink:href") or node.attr("src") or ""
        url = self._resolve(href)
        if not url.startswith(("http:", "https:")) or UNKNOWN in href:
            return None
        host = host_of(url)
        text = link_text(node) or node.attr("title") or node.attr("alt") or _pictured(node)
        signals = wording(text, url) | self._target(node, host, href, inserted=inserted)
        if not self.site.known and text and not nondescript(text):
            signals -= {Signal.UNSEEN}  # a new partner or supplier, by its name
        if not signals & {Signal.FOREIGN, Signal.SELLS}:
            return None
        hidden = surroundings.concealment.of(node) or _blank(node, text)
        place = hidden[-1][1] if hidden else node
        evidence = _quote(node) if place == node else f"{surroundings.opening(place)} … {_quote(node)}"
        ways = tuple(dict.fromkeys(way for way, _ in hidden))
        signals |= _hidden(hidden, text, surroundings)
        return SuspectLink(url, host, text, evidence[:EVIDENCE], signals, ways, place if hidden else None)

    def _resolve(self, href: str) -> str:
        known = self.resolved.get(href)
        if known is not None:
            return known
        try:
            return urljoin(self.page.response.url, href.strip())
        except ValueError:
            return ""

    def _target(self, node: Element, host: str, href: str, *, inserted: bool) -> frozenset[Signal]:
        foreign = self.site.foreign(host)
        written = inserted or node.attr(inline_scripts.MARK) is not None
        found = {
            Signal.EXTERNAL: self.site.external(host),
            Signal.FOREIGN: foreign,
            Signal.UNSEEN: self.site.unseen(host),
            Signal.WRITTEN: written,
            Signal.ENCODED: (written or self.encoded) and not self._spelled(host),
            Signal.OUTSIDE: href in self.outside,
            Signal.FRAME: node.tag not in {"a", "area"},
        }
        return frozenset(signal for signal, shown in found.items() if shown)

    def _spelled(self, host: str) -> bool:
        """Whether the address stands in the page as it is, be it in a script's string."""
        return f"//{host}" in self.lowered or f"\\/\\/{host}" in self.lowered


MILD = frozenset({Way.COLOUR, Way.NOSCRIPT, Way.SCRIPT, Way.READER})
"""Ways that the page alone does not prove: the background may be in another file, the script may show it again."""

PARKING = frozenset({Way.OFF_SCREEN, Way.INDENT, Way.BEHIND, Way.CLIPPED})
"""Ways in which slides, drawers and menus of the older kind wait for their turn."""


def _furniture(way: Way) -> re.Pattern[str]:
    """Return how elements are called that sites hide in this way without a bad intention."""
    if way.ordinary:
        return INTERFACE
    return PARKED if way in PARKING else NOTHING


def _hidden(hidden: tuple[tuple[Way, Element], ...], text: str, surroundings: _Surroundings) -> frozenset[Signal]:
    """Tell hiding from concealing: what belongs to the furniture of a site is only hidden."""
    telling = [(way, element) for way, element in hidden if way not in MILD]
    concealed = [(way, element) for way, element in telling if not surroundings.is_called(element, _furniture(way))]
    if not concealed or (len(concealed) < len(telling) and all(way.ordinary for way, _ in concealed)):
        return frozenset({Signal.HIDDEN} if hidden else ())
    buried = any(not way.ordinary for way, _ in concealed) and nondescript(text)
    return frozenset({Signal.HIDDEN, Signal.CONCEALED} | ({Signal.BURIED} if buried else set()))


def _pictured(node: Element) -> str:
    picture = node.select_one("img[alt]")
    return (picture.attr("alt") or "").strip() if picture is not None else ""


def _called(node: Element, names: re.Pattern[str]) -> bool:
    """Whether an element, the two around it or one of its first children go by one of the names."""
    parent = parent_of(node)
    children = (child for child in node if isinstance(child, Element))
    near = [node, parent, parent_of(parent) if parent is not None else None, *islice(children, 6)]
    return any(
        element.attr("role") is not None or names.search(f"{element.attr('class') or ''} {element.attr('id') or ''}")
        for element in near
        if element is not None and element.tag not in {"body", "html"}
    )


def _blank(node: Element, text: str) -> tuple[tuple[Way, Element], ...]:
    """Treat a link without a sign to click on, a picture or a style of its own as too small to see."""
    if (
        node.tag != "a"
        or LEGIBLE.search(text)
        or not ICONIC.isdisjoint(node.attrs)
        or node.select_one("img,svg,i,span,input,button") is not None
    ):
        return ()
    return ((Way.TINY, node),)


def _encoded_href(html: str) -> bool:
    return "&#" in html and ENCODED_HREF.search(html) is not None


def _outside(html: str) -> frozenset[str]:
    """Return the hrefs that stand after the end of the document or before its start."""
    end = max(html.rfind("</html>"), html.rfind("</HTML>"))
    start = max(html.find("<html", 0, 20_000), html.find("<HTML", 0, 20_000))
    parts = [html[end + 7 :] if end > 0 else "", html[:start] if start > 0 else ""]
    return frozenset(
        node.attr("href") or "" for part in parts if "<a" in part for node in parse_html(part).select("a[href]")
    )


def _quote(node: Element) -> str:
    return node.html.replace(f' {inline_scripts.MARK}=""', "").strip()
