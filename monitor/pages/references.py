"""Collect what a document points at: links, pictures, styles, scripts, frames, and moves written in scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.model import Kind
from checks.model.html_tree import parent_of, parse_html, stripped_text
from checks.reading.word_search import WordSearch, in_any_case
from monitor.pages.bounds import bounded
from monitor.pages.element_memory import REMEMBERED
from monitor.pages.moves import scripted_targets
from monitor.pages.reference_collector import ReferenceCollector
from monitor.pages.reference_elements import READERS, read_any_element, read_element
from monitor.pages.reference_kinds import ATTRIBUTES

if TYPE_CHECKING:
    from checks.model.html_tree import Tree
    from checks.model.turbohtml_core import Element

UNCOMMON = (
    "use,[background],[style*='url' i],[style*='image-set' i],"
    "[onclick*=location],[onclick*='open('],[onchange*=location],[onchange*='open(']"
)
"""What refers to something whatever element it is, in one query: a selector costs 5 µs a page.

It must name the attributes that ``read_any_element`` asks for, and what WALKED leaves to it.
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

WALKED = frozenset({*READERS, *ATTRIBUTES, "iframe"} - {"use", "body", "table", "tr", "td", "th"})
"""Elements that are looked at wherever they stand; those left out point somewhere in uncommon attributes alone."""

NAMED = "[id],a[name],map[name]"
"""Elements that a fragment may name: by their ``id``, or as HTML 4.01 has it (12.2.1) by their ``name``."""

NAMED_BY_NAME = frozenset({"a", "map"})
"""Those of NAMED whose ``name`` counts."""

THIN = 3
"""A page with at most so many links of its own may be a mere signpost whose script moves the reader on."""

RARE = WordSearch(*in_any_case("<base"), "<datastore")
"""What few documents have, looked for at once: a base, and the lists of 大汉."""

FRAMES = 3
"""Documents inside each other (``srcdoc``) that are read."""


def read_references(found: ReferenceCollector, tree: Tree, html: str, source: bytes, depth: int = 0) -> None:
    """Visit every element of a document that can point somewhere; ``depth`` counts the documents around it.

    ``source`` is the document in UTF-8, in which words are found fast.
    """
    uncommon = set(tree.select(UNCOMMON)) if UNCOMMON_WORDS.any_in(source) else None
    rare = RARE.any_in(source)
    if rare:
        _rebase(found, parse_html(html, scripting=True) if tree.select_one("noscript") is not None else tree)
    for node in tree.iter_elements(None if uncommon else WALKED):
        if node.tag in REMEMBERED:
            element = found.memory.read(node)
            if element is not None:
                found.add_remembered(element, node)
                continue
        elif uncommon and node.tag not in WALKED and node not in uncommon:
            continue
        _visit(found, node, depth)
        if uncommon:
            read_any_element(found, node)
    for node in tree.select(NAMED):
        found.anchors.update(places_of(node))
    if rare and "<datastore" in html:
        _read_datastore(found, tree)
    if found.links <= THIN and "location" in html:
        _read_scripted_moves(found, tree)


def places_of(node: Element) -> Iterator[str]:
    """Yield the names by which a fragment may call an element of NAMED."""
    named = node.attr("id")
    if named:
        yield named
    if node.tag in NAMED_BY_NAME and (name := node.attr("name")):
        yield name


def _rebase(found: ReferenceCollector, tree: Tree) -> None:
    for node in tree.select("base[href]"):
        around = parent_of(node)
        # SVG has no such element.
        if around is None or around.tag != "svg":
            found.rebase(node.attr("href") or "")
            return


def _visit(found: ReferenceCollector, node: Element, depth: int) -> None:
    found.node = node
    if node.tag == "iframe":
        _read_frame(found, node, depth)
    read_element(found, node)


def _read_frame(found: ReferenceCollector, node: Element, depth: int) -> None:
    """Read a frame: the document in ``srcdoc`` where there is one, as ``src`` is not loaded then."""
    document = node.attr("srcdoc")
    if document is None:
        for name in ("src", "data-src"):
            source = node.attr(name)
            if source:
                found.add(source, Kind.FRAME, node.attr("title") or "", f"iframe[{name}]")
    elif document and depth < FRAMES:
        document = bounded(document)
        inner = ReferenceCollector(found.resolver, found.base, found.charset, found.memory, found.place())
        read_references(inner, parse_html(document), document, document.encode(), depth + 1)
        # A place (`#…`) of such a document is one of its own, not of the page around it.
        found.references += [item for item in inner.references if not item.href.lstrip().startswith("#")]


def _read_datastore(found: ReferenceCollector, tree: Tree) -> None:
    for script in tree.select("script[type='text/xml']"):
        found.node = script
        for record in records(script.text):
            for node in parse_html(bounded(record)).select("a[href]"):
                found.add(node.attr("href") or "", None, stripped_text(node), "datastore a[href]")


def _read_scripted_moves(found: ReferenceCollector, tree: Tree) -> None:
    for script in tree.select("script:not([src])"):
        found.node = script
        for href in scripted_targets(script.text, windows=False):
            found.add(href, None, "", "script location")


def records(text: str) -> Iterator[str]:
    """Yield the HTML of each record of a 大汉 list, which keeps its items in CDATA sections of a script."""
    for record in text.split("<record>")[1:]:
        _, mark, rest = record.partition("<![CDATA[")
        if mark:
            yield rest.partition("]]>")[0]
