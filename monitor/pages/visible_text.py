"""Take the text that a reader sees from a document: one walk over the tree, 40 µs a page, that changes nothing in it.

Unwrapping inline elements in a copy of the tree says the same and takes 170 µs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct, field
from selectolax.lexbor import LexborHTMLParser

from checks.late_pattern import late
from monitor.pages.bounds import bounded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def _ids(names: str) -> frozenset[int]:
    """Return the numbers that lexbor gives to elements; comparing numbers saves a fifth of the walk."""
    parsed = ((name, LexborHTMLParser(f"<{name}></{name}>").css_first(name)) for name in names.split())
    return frozenset(node.tag_id for _, node in parsed if node is not None)


UNREAD = _ids("script style noscript template textarea svg iframe object title head rt rp")
"""Elements whose text nobody reads, or nobody reads as part of the sentence: how a character is pronounced."""

INLINE = _ids(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s samp small span strike "
    "strong sub sup time tt u var wbr"
)
"""Elements that do not end a run of text (HTML, phrasing content), unless they are empty: an icon, a gap."""

PARAGRAPHS = _ids("p h1 h2 h3 h4 h5 h6 dd dt figcaption blockquote")
"""Elements that hold one run of text, whatever is drawn in it: an image between two words does not end the sentence."""

DRAWN = _ids("img input button")
"""Elements that stand in a line of text like a word."""

CODE = _ids("code samp kbd pre")
"""Elements for samples of code, which are no text; old systems keep whole articles in ``pre`` all the same."""

DOUBTFUL = UNREAD | DRAWN | CODE
"""Elements whose text is read here and not there, or nowhere."""

HAN = late("[\u4e00-\u9fff]")

TEXT = 2
"""The number of a text node (``LXB_TAG__TEXT``)."""

LINK = next(iter(_ids("a")))
"""The number of a link."""

KNOWN = 1 << 16
"""The numbers of HTML's elements are below; lexbor numbers the others by where it keeps their names."""

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

UNSEEN = "\u00ad\u200b\u2060\ufeff"
"""Characters without a width, which editors and messengers leave in the middle of words: 滥\u200b竽充数."""

SEEN = re.compile(rf"[^\s{UNSEEN}]+")


def text_of(html: str) -> str:
    """Return the visible text of a document, one run (paragraph, item, heading) a line, white space folded."""
    html = bounded(html)
    return text_in(LexborHTMLParser(html), html)


def text_in(tree: LexborHTMLParser, html: str) -> str:
    """Return the visible text of a document that is parsed already."""
    walk = _Walk()
    walk.read(_nodes(tree))
    if walk.unknown and ("<o:" in html or "<st1:" in html):
        walk = _Walk()
        walk.read(_nodes(LexborHTMLParser(WORD_TAGS.sub("", html))))
    return _tidy("".join(walk.pieces))


def has_more_text(tree: LexborHTMLParser, html: str, characters: int) -> bool:
    """Return whether a document has more visible text than so many characters; its beginning mostly says so."""
    return _begins_with_more(tree, characters) or len(text_in(tree, html)) > characters


def _begins_with_more(tree: LexborHTMLParser, characters: int) -> bool:
    """Return whether the beginning of a document surely has more text; no white space counts, and nothing DOUBTFUL."""
    nodes = islice(_nodes(tree), BEGINNING)
    for node in nodes:
        tag = node.tag_id
        if tag == TEXT:
            characters -= _seen_characters(node.text_content or "")
            if characters < 0:
                return True
        elif tag in DOUBTFUL:
            _skip(nodes, node)
    return False


def _seen_characters(text: str) -> int:
    """Return the number of characters in a text that are no white space and have a width."""
    if text.isalnum():  # most texts of a menu
        return len(text)
    return sum(map(len, SEEN.findall(text)))


def _nodes(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    return tree.body.traverse(include_text=True) if tree.body is not None else iter(())


class _Walk(Struct):
    """The texts of a tree in document order with a BREAK before each run, and whether HTML lacks any of its elements.

    A run goes on as long as the block around its texts is the same and nothing but inline elements lies between.
    ``blocks`` has the blocks around inline elements that stand in many others, by the numbers of those elements.
    """

    pieces: list[str] = field(default_factory=list)
    unknown: bool = False
    blocks: dict[int, LexborNode | None] = field(default_factory=dict)

    def read(self, nodes: Iterator[LexborNode]) -> None:
        """Walk. White space counts once a text of the same run follows, so that most of it costs one look."""
        run: int | None = None
        gap, add = "", self.pieces.append
        for node in nodes:
            tag = node.tag_id
            if tag == TEXT:
                if node.is_empty_text_node:
                    gap = " "
                    continue
                block = self._block_number(node)
                if run != block:
                    run, gap = block, BREAK
                add(gap)
                add(node.text_content or "")
                gap = ""
            elif tag in UNREAD:
                _skip(nodes, node)
            elif tag in INLINE and not _is_empty(node):
                if tag in CODE and _is_sample(node):
                    gap = " "
                    _skip(nodes, node)
                else:
                    gap = gap or _gap_before(node)
            elif (tag in INLINE or tag in DRAWN) and self._in_paragraph(node):
                run, gap = self._draw(node, run, gap)
                _skip(nodes, node)
            else:
                run = None
                self.unknown = self.unknown or tag > KNOWN
                if tag in CODE and _is_sample(node):
                    _skip(nodes, node)

    def _draw(self, node: LexborNode, run: int | None, gap: str) -> tuple[int | None, str]:
        """Take in what is drawn inside a paragraph, and return the block of the run and the gap before its next text.

        A button says its words; an image leaves a gap, and so does an icon, which has a class. An empty element
        without one is a place to jump to, in the middle of a sentence.
        """
        words = node.text(strip=True) if node.tag_id in DRAWN else ""
        if words:
            if run is None:
                run, gap = self._block_number(node), BREAK
            self.pieces += (gap, words)
            return run, ""
        return run, gap or (" " if node.tag_id in DRAWN or "class" in node.attributes else "")

    def _block_number(self, node: LexborNode) -> int:
        """Name the block that a node stands in."""
        block = self._block_around(node)
        return block.mem_id if block is not None else 0

    def _in_paragraph(self, node: LexborNode) -> bool:
        """Return whether an element stands in a paragraph, be it inside inline elements."""
        block = self._block_around(node)
        return block is not None and block.tag_id in PARAGRAPHS

    def _block_around(self, node: LexborNode) -> LexborNode | None:
        """Return the block that a node stands in, be it inside inline elements."""
        around = node.parent
        for _ in range(NEAR):
            if around is None or around.tag_id not in INLINE:
                return around
            around = around.parent
        return self._far_block(around)

    def _far_block(self, around: LexborNode | None) -> LexborNode | None:
        """Return the block around an element, looking past each inline one once: 512 may stand in one another."""
        passed = []
        while around is not None and around.tag_id in INLINE:
            number = around.mem_id
            if number in self.blocks:
                around = self.blocks[number]
                break
            passed.append(number)
            around = around.parent
        self.blocks |= dict.fromkeys(passed, around)
        return around


def _skip(nodes: Iterator[LexborNode], node: LexborNode) -> None:
    """Pass over what stands in an element; the walk has just yielded the element itself."""
    if node.first_child is None:
        return
    below = sum(1 for _ in node.traverse(include_text=True)) - 1
    next(islice(nodes, below, below), None)


def _is_sample(node: LexborNode) -> bool:
    """Return whether an element shows code: the text of one that is used for looks only is mostly Chinese.

    Its beginning decides: such elements may stand in one another, and would all be read to their ends.
    """
    words = ""
    for inner in islice(node.traverse(include_text=True), 1, LOOKED_AT):
        if inner.tag_id == TEXT:
            words += (inner.text_content or "")[:LOOKED_AT]
        elif inner.tag_id in CODE and node.tag == "pre":
            return True
    return 4 * len(HAN.findall(words)) < len(words)


def _gap_before(node: LexborNode) -> str:
    """Return a blank for a link right behind another one that leads elsewhere: two entries of a menu, not one word.

    Editors leave links in pieces, which lead to one place.
    """
    before = node.prev if node.tag_id == LINK else None
    if before is None or before.tag_id != LINK or before.attributes.get("href") == node.attributes.get("href"):
        return ""
    return " "


def _is_empty(node: LexborNode) -> bool:
    """Return whether an element holds nothing that is read, so that it is drawn rather than written."""
    child = node.first_child
    if child is None:
        return True
    return child.tag_id in UNREAD and all(each.tag_id in UNREAD for each in node.iter(include_text=True))


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
