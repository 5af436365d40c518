"""Collect what a document points at: links, pictures, styles, scripts, frames, and moves written in scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from checks.model import Kind
from checks.reading.scripted import NOSCRIPT
from checks.reading.word_search import WordSearch, in_any_case
from monitor.pages.bounds import bounded
from monitor.pages.element_memory import REMEMBERED
from monitor.pages.moves import scripted_targets
from monitor.pages.reference_collector import ReferenceCollector
from monitor.pages.reference_elements import READERS, Attributes, places_of, read_element
from monitor.pages.reference_kinds import ATTRIBUTES
from monitor.pages.regions import number_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

UNCOMMON = (
    "use,[background],[style*='url' i],[style*='image-set' i],"
    "[onclick*=location],[onclick*='open('],[onchange*=location],[onchange*='open(']"
)
"""What refers to something whatever element it is, in one query: a selector costs 5 µs a page.

It must name the attributes that ``read_element`` asks each element for, and what WALKED leaves to it.
"""

UNCOMMON_WORDS = WordSearch(
    *in_any_case("<use"),
    *in_any_case("kgr"),
    *in_any_case("url"),
    *in_any_case("-set"),
    "location",
    "open(",
    "open&",
    *(f"&#{first}" for first in "0123456789xX"),
)
"""One of them stands in every document in which UNCOMMON finds something, be its letters written by their numbers."""

WALKED = frozenset(
    map(number_of, {*READERS, *ATTRIBUTES, "iframe", "map"} - {"use", "body", "table", "tr", "td", "th"})
)
"""Elements that are looked at wherever they stand, by their numbers: to ask for each by name costs twice a walk.

``use`` has no number, and the others point somewhere in ``background`` alone.
"""

IFRAME = number_of("iframe")

THIN = 3
"""A page with at most so many links of its own may be a mere signpost whose script moves the reader on."""

RARE = WordSearch(*in_any_case("<base"), "<datastore")
"""What few documents have, looked for at once: a base, and the lists of 大汉."""

FRAMES = 3
"""Documents inside each other (``srcdoc``) that are read."""


def read_references(found: ReferenceCollector, tree: LexborHTMLParser, html: str, depth: int = 0) -> None:
    """Visit every element of a document that can point somewhere; ``depth`` counts the documents around it."""
    source = tree.raw_html
    uncommon = {node.mem_id for node in tree.css(UNCOMMON)} if UNCOMMON_WORDS.any_in(source) else ()
    rare = RARE.any_in(source)
    if rare:
        _rebase(found, _scripted(html) if NOSCRIPT.search(html) else tree)
    for node in _elements(tree):
        number = node.tag_id
        if number in REMEMBERED:
            element = found.memory.read(node)
            if element is not None:
                found.add_remembered(element, node)
                continue
        elif number not in WALKED and (not uncommon or node.mem_id not in uncommon):
            place = node.id
            if place:
                found.anchors.add(place)
            continue
        _visit(found, node, depth)
    if rare and "<datastore" in html:
        _read_datastore(found, tree)
    if found.links <= THIN and "location" in html:
        _read_scripted_moves(found, tree)


def _elements(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    return tree.root.traverse() if tree.root is not None else iter(())


def _scripted(html: str) -> LexborHTMLParser:
    """Return a document as browsers read it that run scripts: what stands in ``noscript`` is text to them.

    To our parser it is markup, and a ``base`` in the head ends the ``noscript`` before it.
    """
    return LexborHTMLParser(NOSCRIPT.sub("", html))


def _rebase(found: ReferenceCollector, tree: LexborHTMLParser) -> None:
    for node in tree.css("base[href]"):
        # SVG has no such element.
        if node.parent is None or node.parent.tag != "svg":
            found.rebase(node.attributes.get("href") or "")
            return


def _visit(found: ReferenceCollector, node: LexborNode, depth: int) -> None:
    found.node = node
    attributes = node.attributes
    found.anchors.update(places_of(node, attributes))
    if node.tag_id == IFRAME:
        _read_frame(found, attributes, depth)
    read_element(found, node, attributes)


def _read_frame(found: ReferenceCollector, attributes: Attributes, depth: int) -> None:
    """Read a frame: the document in ``srcdoc`` where there is one, as ``src`` is not loaded then."""
    document = attributes.get("srcdoc")
    if document is None and "srcdoc" not in attributes:
        for name in ("src", "data-src"):
            if attributes.get(name):
                found.add(attributes[name] or "", Kind.FRAME, attributes.get("title") or "", f"iframe[{name}]")
    elif document and depth < FRAMES:
        document = bounded(document)
        inner = ReferenceCollector(found.resolver, found.base, found.charset, found.memory, found.place())
        read_references(inner, LexborHTMLParser(document), document, depth + 1)
        # A place (`#…`) of such a document is one of its own, not of the page around it.
        found.references += [item for item in inner.references if not item.href.lstrip().startswith("#")]


def _read_datastore(found: ReferenceCollector, tree: LexborHTMLParser) -> None:
    for script in tree.css("script[type='text/xml']"):
        found.node = script
        for record in records(script.text()):
            for node in LexborHTMLParser(bounded(record)).css("a[href]"):
                found.add(node.attributes.get("href") or "", None, node.text(strip=True), "datastore a[href]")


def _read_scripted_moves(found: ReferenceCollector, tree: LexborHTMLParser) -> None:
    for script in tree.css("script:not([src])"):
        found.node = script
        for href in scripted_targets(script.text(), windows=False):
            found.add(href, None, "", "script location")


def records(text: str) -> Iterator[str]:
    """Yield the HTML of each record of a 大汉 list, which keeps its items in CDATA sections of a script."""
    for record in text.split("<record>")[1:]:
        _, mark, rest = record.partition("<![CDATA[")
        if mark:
            yield rest.partition("]]>")[0]
