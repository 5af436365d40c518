"""Take the text that a reader sees from a document: one walk over the tree, 40 µs a page, that changes nothing in it.

Unwrapping inline elements in a copy of the tree says the same and takes 170 µs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct, field

from checks.late_pattern import late
from checks.model.html_tree import TextNode, body_of, parent_of, parse_html, stripped_text
from checks.model.turbohtml_core import Element
from monitor.pages.bounds import bounded

if TYPE_CHECKING:
    from checks.model.html_tree import Tree
    from checks.model.turbohtml_core import Node


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


UNREAD = _names("script style noscript template textarea svg iframe object title head rt rp")
"""Elements whose text nobody reads, or nobody reads as part of the sentence: how a character is pronounced."""

INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s samp small span strike "
    "strong sub sup time tt u var wbr"
)
"""Elements that do not end a run of text (HTML, phrasing content), unless they are empty: an icon, a gap."""

PARAGRAPHS = _names("p h1 h2 h3 h4 h5 h6 dd dt figcaption blockquote")
"""Elements that hold one run of text, whatever is drawn in it: an image between two words does not end the sentence."""

DRAWN = _names("img input button")
"""Elements that stand in a line of text like a word."""

CODE = _names("code samp kbd pre")
"""Elements for samples of code, which are no text; old systems keep whole articles in ``pre`` all the same."""

DOUBTFUL = UNREAD | DRAWN | CODE
"""Elements whose text is read here and not there, or nowhere."""

HAN = late("[\u4e00-\u9fff]")

LOOKED_AT = 1_000
"""Nodes of an element by which it is judged to show code, and characters of each."""

NEAR = 4
"""Inline elements that ordinary text stands in at most."""

BEGINNING = 256
"""Nodes in which a page has a few dozen words, nearly always; with a menu it has them in some 60."""

WORD_TAGS = late(r"</?(?:o|st1|w|v):[^<>]{0,200}>", re.IGNORECASE)
"""Inline elements that Word leaves behind; they go before parsing, which knows them as elements of their own."""

BREAK = "\x1e"
BLANKS = "\t\r\n\f\v\u00a0"

SPACE = " \t\n\f\r"
"""White space of HTML: a text of nothing else is none."""

UNSEEN = "\u00ad\u200b\u2060\ufeff"
"""Characters without a width, which editors and messengers leave in the middle of words: 滥\u200b竽充数."""

SEEN = re.compile(rf"[^\s{UNSEEN}]+")


def text_of(html: str) -> str:
    """Return the visible text of a document, one run (paragraph, item, heading) a line, white space folded."""
    html = bounded(html)
    return text_in(parse_html(html), html)


def text_in(tree: Tree, html: str) -> str:
    """Return the visible text of a document that is parsed already."""
    walk = _Walk()
    walk.read(_nodes(tree))
    if walk.of_word and ("<o:" in html or "<st1:" in html):
        walk = _Walk()
        walk.read(_nodes(parse_html(WORD_TAGS.sub("", html))))
    return _tidy("".join(walk.pieces))


def has_more_text(tree: Tree, html: str, characters: int) -> bool:
    """Return whether a document has more visible text than so many characters; its beginning mostly says so."""
    return _begins_with_more(tree, characters) or len(text_in(tree, html)) > characters


def _begins_with_more(tree: Tree, characters: int) -> bool:
    """Return whether the beginning of a document surely has more text; no white space counts, and nothing DOUBTFUL."""
    nodes = islice(_nodes(tree), BEGINNING)
    for node in nodes:
        if isinstance(node, TextNode):
            characters -= _seen_characters(node.data)
            if characters < 0:
                return True
        elif isinstance(node, Element) and node.tag in DOUBTFUL:
            _skip(nodes, node)
    return False


def _seen_characters(text: str) -> int:
    """Return the number of characters in a text that are no white space and have a width."""
    if text.isalnum():  # most texts of a menu
        return len(text)
    return sum(map(len, SEEN.findall(text)))


def _nodes(tree: Tree) -> Iterator[Node]:
    body = body_of(tree)
    return body.descendants if body is not None else iter(())


class _Walk(Struct):
    """The texts of a tree in document order with a BREAK before each run, and whether Word left any of its elements.

    A run goes on as long as the block around its texts is the same and nothing but inline elements lies between.
    ``blocks`` has the blocks around inline elements that stand in many others.
    """

    pieces: list[str] = field(default_factory=list)
    of_word: bool = False
    blocks: dict[Element, Element | None] = field(default_factory=dict)

    def read(self, nodes: Iterator[Node]) -> None:
        """Walk through the nodes of a tree; a comment ends a run: it mostly stands between two parts of a template."""
        run: Element | None = None
        gap = ""
        for node in nodes:
            if isinstance(node, TextNode):
                run, gap = self._add(node, run, gap)
            elif isinstance(node, Element):
                run, gap = self._enter(node, nodes, run, gap)
            else:
                run = None

    def _add(self, node: TextNode, run: Element | None, gap: str) -> tuple[Element | None, str]:
        """Take in a text. White space counts once a text of the same run follows, so that most of it costs one look."""
        text = node.data
        if not text.strip(SPACE):
            return run, " "
        block = self._block_around(node)
        self.pieces += (gap if run == block else BREAK, text)
        return block, ""

    def _enter(self, node: Element, nodes: Iterator[Node], run: Element | None, gap: str) -> tuple[Element | None, str]:
        """Return the block of the run and the gap before the next text, passing over what is not read of an element."""
        tag = node.tag
        if tag in UNREAD:
            _skip(nodes, node)
            return run, gap
        inline = tag in INLINE
        if inline and not _is_empty(node):
            if tag in CODE and _is_sample(node):
                _skip(nodes, node)
                return run, " "
            return run, gap or _gap_before(node)
        if (inline or tag in DRAWN) and self._in_paragraph(node):
            run, gap = self._draw(node, run, gap)
            _skip(nodes, node)
            return run, gap
        self.of_word = self.of_word or ":" in tag
        if tag in CODE and _is_sample(node):
            _skip(nodes, node)
        return None, gap

    def _draw(self, node: Element, run: Element | None, gap: str) -> tuple[Element | None, str]:
        """Take in what is drawn inside a paragraph, and return the block of the run and the gap before its next text.

        A button says its words; an image leaves a gap, and so does an icon, which has a class. An empty element
        without one is a place to jump to, in the middle of a sentence.
        """
        words = stripped_text(node) if node.tag in DRAWN else ""
        if words:
            if run is None:
                run, gap = self._block_around(node), BREAK
            self.pieces += (gap, words)
            return run, ""
        return run, gap or (" " if node.tag in DRAWN or node.attr("class") is not None else "")

    def _in_paragraph(self, node: Element) -> bool:
        """Return whether an element stands in a paragraph, be it inside inline elements."""
        block = self._block_around(node)
        return block is not None and block.tag in PARAGRAPHS

    def _block_around(self, node: Node) -> Element | None:
        """Return the block that a node stands in, be it inside inline elements."""
        around = parent_of(node)
        for _ in range(NEAR):
            if around is None or around.tag not in INLINE:
                return around
            around = parent_of(around)
        return self._far_block(around)

    def _far_block(self, around: Element | None) -> Element | None:
        """Return the block around an element, looking past each inline one once: 512 may stand in one another."""
        passed = []
        while around is not None and around.tag in INLINE:
            if around in self.blocks:
                around = self.blocks[around]
                break
            passed.append(around)
            around = parent_of(around)
        self.blocks |= dict.fromkeys(passed, around)
        return around


def _skip(nodes: Iterator[Node], node: Element) -> None:
    """Pass over what stands in an element; the walk has just yielded the element itself."""
    below = sum(1 for _ in node.descendants)
    next(islice(nodes, below, below), None)


def _is_sample(node: Element) -> bool:
    """Return whether an element shows code: the text of one that is used for looks only is mostly Chinese.

    Its beginning decides: such elements may stand in one another, and would all be read to their ends.
    """
    words = ""
    for inner in islice(node.descendants, LOOKED_AT):
        if isinstance(inner, TextNode):
            words += inner.data[:LOOKED_AT]
        elif isinstance(inner, Element) and inner.tag in CODE and node.tag == "pre":
            return True
    return 4 * len(HAN.findall(words)) < len(words)


def _gap_before(node: Element) -> str:
    """Return a blank for a link right behind another one that leads elsewhere: two entries of a menu, not one word.

    Editors leave links in pieces, which lead to one place.
    """
    before = node.previous_sibling if node.tag == "a" else None
    if not isinstance(before, Element) or before.tag != "a" or before.attr("href") == node.attr("href"):
        return ""
    return " "


def _is_empty(node: Element) -> bool:
    """Return whether an element holds nothing that is read, so that it is drawn rather than written."""
    return not any(
        isinstance(part, TextNode) or (isinstance(part, Element) and part.tag not in UNREAD) for part in node.children
    )


def _tidy(text: str) -> str:
    """Fold the white space of runs, and leave out those without anything else."""
    for unseen in UNSEEN:
        if unseen in text:
            text = text.replace(unseen, "")
    for blank in BLANKS:
        if blank in text:
            text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    runs = [run.strip(" \u3000") for run in text.split(BREAK)]
    return "\n".join([run for run in runs if run])
