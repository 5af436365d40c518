"""Read the items of a list from its markup: titles, addresses and the dates beside them.

An item is the largest element around a link that holds no other link to another place; items that stand in
alike elements are one group, and the main list of a page is the group with the most dates. The fast parser
reads it (0.1 ms a page), so that a site of lists costs no more than a site of articles.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from msgspec import Struct, field

from checks.late_pattern import late
from checks.model import Item
from checks.model.html_tree import TextNode, parent_of, parse_html, stripped_text
from checks.model.turbohtml_core import Element
from checks.reading.dates import REACH, Stamp, end_date, list_date, looks_dated, read_date
from checks.reading.further_reading import LONGEST_HEADING, heads_further_reading
from checks.reading.link_text import CODE, texts

if TYPE_CHECKING:
    from checks.model import Page
    from checks.model.html_tree import Tree
    from checks.model.turbohtml_core import Node

CLIMB = 5
"""Elements between a link and its item at most: li > div > h3 > span > a."""

MOST = 3_000
"""Links of one page that are looked at; a page of more is no list that anybody reads."""

WITH_TEXT = 60
"""Items of a group whose whole text is read: lists with abstracts show ten or twenty a page."""

TITLE = 4
"""Characters that make a title; shorter links are buttons and page numbers."""

LONGEST_TITLE = 4_000
"""Characters of a link, blanks between its lines included, from which on it is no title but encloses part of a page:
250 such links, one within the other, took 2 CPU seconds in a page of 256 KB."""

MOST_TEXTS = 100
"""Texts of an item that are read for its date; an item of more of them is an element that was never closed."""

ROW = 4
"""Links of a table's row at most that belong to one item: a document, its interpretation, its attachments."""

LONGEST_DATE = 40
"""Characters of a text that is a date and nothing else: a label, a weekday and a time included."""

REPEATED = 5
"""Links of one page to one address from which on it is no entry of a list: a title, its picture, 阅读全文 and a list at
the side make four."""

ALIKE = 3
"""As before, where all of them have the same words."""

_ASIDES = frozenset({"nav", "footer", "header", "aside"})
_HEADS = frozenset({"dt", "h2", "h3", "h4", "h5", "h6"})
"""Elements that hold a title alone; what else belongs to their item follows them."""
_ROOTS = frozenset({"ul", "ol", "table", "tbody", "thead", "body", "html", "section", "main", "nav", "form"})
_NOT_ITEMS = late(
    r"nav|menu|crumb|position|location|breadcrumb|footer|foot|header|page(?:r|s|\b)|paging|share|friend|links?\b|banner",
    re.IGNORECASE,
)
_MORE = late(
    r"^[\s\[【<>»›+]*(?:更多|more|查看更多|查看详情|详情|阅读全文|点击查看|上一页|下一页|首页|尾页|末页)[\s\]】<>»›+….]*$",
    re.IGNORECASE,
)
_HERE = late(r"\W*(?:[您你]\s?)?(?:现在|当前|目前|所在|的)*\s?的?\s?位\s?置")
_ANSWERED = late(r"已(?:答复|回复|办结|办理|处理|解答|反馈)|办结|答复时间|回复时间")
_UNANSWERED = late(r"未(?:答复|回复|办理|处理|受理)|待(?:答复|回复|办理|处理|受理)|办理中|处理中|受理中|正在办理")
_REPLIED = late(r"(?:答复|回复|办结|反馈)(?:时间|日期|于)?\s*[:：]?\s*(?=\d{4})")


class _Link(NamedTuple):
    """A link, where it leads, and what it calls that."""

    anchor: Element
    url: str
    title: str


class _Place(NamedTuple):
    """The elements that something stands in, by name, and whether they are a menu or a footer rather than content."""

    signature: str
    aside: bool


class ItemGroup(Struct, frozen=True, dict=True):
    """Items in alike elements; ``aside`` ones are menus and footers, no content.

    ``entries`` are the elements and their links. They are read when somebody asks for the items: few ask for a menu's.
    """

    entries: Sequence[tuple[Element, _Link]]
    aside: bool
    now: datetime

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items, in document order."""
        below = self._is_headed
        return tuple(read_item(entry, link, self.now, below=below) for entry, link in self.entries)

    @property
    def _is_headed(self) -> bool:
        """Whether the elements hold titles alone, and what belongs to each follows it rather than stands before it."""
        first = self.entries[0][0]
        return first.tag in _HEADS and list_date(_text_before(first), self.now) is None

    @property
    def text(self) -> str:
        """The text of the first items, abstracts and all, one piece a line; items may be nested, so not of all."""
        below = self._is_headed
        pieces = (
            ("\n".join(entry.strings), *(_below(entry, link.anchor) if below else ()))
            for entry, link in self.entries[:WITH_TEXT]
        )
        return "\n".join(piece for each in pieces for piece in each)

    @property
    def is_article(self) -> bool:
        """Whether it is no list but the article of the page, in which one link stands, to its column as a rule."""
        entries = self.entries
        if len(entries) != 1:
            return False
        headings = list(entries[0][0].iter_elements(("h1", "h2", "h3"), include_self=True))
        return bool(headings) and not any(heading.select_one("a[href]") is not None for heading in headings)

    @cached_property
    def is_further_reading(self) -> bool:
        """Whether it stands under a heading like 相关阅读: what a template puts below an article, whatever that is."""
        return heads_further_reading(_heading_over(self.entries[0][0]))

    @property
    def dated(self) -> int:
        """How many items carry a date of their own."""
        return sum(item.published is not None for item in self.items)


class Addresses(Struct, frozen=True):
    """Make addresses absolute, as the crawl did where it knows them, so that items and pages share their URLs."""

    base: str
    known: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Page) -> Addresses:
        """Return what the parsed references of a page say."""
        return cls(page.response.url, {reference.href: reference.url for reference in page.references})

    def absolute(self, href: str) -> str:
        """Return the absolute address; empty for what leads to no document."""
        known = self.known.get(href)
        if known is not None:
            return known
        href = href.strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            return ""
        try:
            url = urljoin(self.base, href)
            return url.partition("#")[0] if urlsplit(url).scheme in {"http", "https"} else ""
        except ValueError:
            return ""


def read_groups(tree: Tree, addresses: Addresses, now: datetime) -> list[ItemGroup]:
    """Return every group of items in a document, in document order."""
    members: dict[str, list[tuple[Element, _Link]]] = defaultdict(list)
    asides: dict[str, bool] = {}
    places: dict[tuple[Element | None, str], _Place] = {}
    taken: set[Element] = set()
    for link, shared in _links(tree, addresses):
        if len(link.title) < TITLE or _MORE.match(link.title) or link.url == addresses.base:
            continue
        entry = _entry(link.anchor, shared)
        if entry in taken or (entry.tag == "tr" and _HERE.match(_beginning(entry, LONGEST_HEADING))):
            continue
        taken.add(entry)
        place = _place(entry, places)
        members[place.signature].append((entry, link))
        asides[place.signature] = place.aside
    return [ItemGroup(entries, asides[signature], now) for signature, entries in members.items()]


def _links(tree: Tree, addresses: Addresses) -> Iterator[tuple[_Link, list[Element]]]:
    """Yield each link, and the elements around it that it shares with a link to another place.

    The links of an element are neighbours in document order, so it is enough to look at the nearest ones that lead
    elsewhere. What every entry links to besides its title, as its author or its category, tells no entries apart.
    """
    links = [_link(node, addresses) for node in tree.select("a[href]")[:MOST]]
    links = [link for link in links if link.url]
    around = [_ancestors(link.anchor) for link in links]
    repeated = _repeated(links)
    for at, link in enumerate(links):
        yield link, [each for near in _neighbours(links, at, repeated) for each in around[near]]


def _repeated(links: list[_Link]) -> frozenset[str]:
    """Return the addresses that no entry of a list is called by: those that stand beside one title after the other.

    The author of three articles does so three times by the same words, where a title, its picture and 阅读全文 have
    words of their own.
    """
    counted = Counter(link.url for link in links)
    alike = Counter((link.url, link.title) for link in links)
    thrice = {url for (url, _), count in alike.items() if count >= ALIKE and count == counted[url]}
    return frozenset(url for url, count in counted.items() if count >= REPEATED or url in thrice)


def _neighbours(links: list[_Link], at: int, repeated: frozenset[str]) -> Iterator[int]:
    """Yield the nearest link on each side that leads elsewhere: a picture and a title lead to the same article.

    A repeated address is no neighbour but to links that are repeated themselves.
    """
    url = links[at].url
    passed = frozenset() if url in repeated else repeated
    for side in (range(at - 1, max(at - 1 - CLIMB, -1), -1), range(at + 1, min(at + 1 + CLIMB, len(links)))):
        for near in side:
            if links[near].url != url and links[near].url not in passed:
                yield near
                break


def _ancestors(node: Element) -> list[Element]:
    found: list[Element] = []
    parent = parent_of(node)
    while parent is not None and len(found) < 2 * CLIMB:
        found.append(parent)
        parent = parent_of(parent)
    return found


def read_letters(tree: Tree, url: str, now: datetime) -> tuple[Item, ...]:
    """Return the letters of a table that shows them without links: subject, date asked, date answered, state."""
    items = []
    for row in tree.select("tr")[:MOST]:
        cells = [_fold(cell.text) for cell in row.select("td")]
        text = " ".join(cells[1:])
        answered = _state(text)
        asked = list_date(text, now) if len(cells) > 1 and answered is not None else None
        if asked and row.select_one("a[href]") is None:
            items.append(Item(url, cells[0], asked.at, answered=answered))
    return tuple(items)


def _state(text: str) -> bool | None:
    """Tell from the words beside a letter whether it was answered; None where they do not say."""
    if _ANSWERED.search(text):
        return True
    return False if _UNANSWERED.search(text) else None


def read_item(entry: Element, link: _Link, now: datetime, *, below: bool) -> Item:
    """Return the item in an element: its date stands beside the title, inside the link, or in a cell of its own.

    ``below`` looks for it in the elements that follow as well.
    """
    text = _fold(_beside(entry, link.anchor))
    title, stamp = link.title, list_date(text, now) if text else None
    if stamp is None:
        title, stamp = _dated_title(link.anchor, title, now)
    if stamp is None and below:
        text = " ".join((text, *map(_fold, _below(entry, link.anchor))))[: 4 * REACH].strip()
        stamp = list_date(text, now) if text else None
    if stamp is None:
        return Item(link.url, title, answered=_state(text), unread=_shows_date(text, link.anchor))
    published = stamp.at
    if not text or stamp.text == text:  # nothing but a date: no word of an answer
        return Item(link.url, title, published)
    replied = _REPLIED.search(text)
    reply = list_date(text[replied.end() :][:20], now) if replied else None
    return Item(link.url, title, published, answered=_state(text), replied=reply.at if reply else None)


def _shows_date(text: str, anchor: Element) -> bool:
    """Return whether a short text beside a title, or an element in its link, may be a date that was not read."""
    pieces = (text, *(_fold(" ".join(part.strings)) for part in _parts(anchor)))
    return any(len(piece) <= LONGEST_DATE and looks_dated(piece) for piece in pieces)


def fragment_items(html: str, addresses: Addresses, now: datetime) -> tuple[Item, ...]:
    """Return the items of a piece of markup that a list's script carries, one group or many."""
    return tuple(item for group in read_groups(parse_html(html), addresses, now) for item in group.items)


def _link(anchor: Element, addresses: Addresses) -> _Link:
    """Return a link with its title, in full where the words shown are cut short."""
    text, full = "".join(texts(anchor, within_links=False)), anchor.attr("title")
    title = _fold(text) if len(text) < LONGEST_TITLE else ""
    return _Link(anchor, addresses.absolute(anchor.attr("href") or ""), _in_full(title, _fold(full)) if full else title)


def _in_full(shown: str, full: str) -> str:
    cut = shown.rstrip(".…")
    return full if len(full) > len(cut) and full.startswith(cut[:6]) else shown


def _fold(text: str) -> str:
    return " ".join(text.split())


def _entry(anchor: Element, shared: list[Element]) -> Element:
    """Climb to the largest element that holds this link and no other; a row or a list item ends the climb."""
    entry = anchor
    for _ in range(CLIMB):
        parent = parent_of(entry)
        if parent is None or parent.tag in _ROOTS or parent in shared:
            break
        entry = parent
        if entry.tag in {"li", "tr", "dd"}:
            break
    return _row(entry)


def _row(entry: Element) -> Element:
    """Return the table row around a cell even where other cells link elsewhere (a document and its interpretation).

    A row of more links is a menu.
    """
    row = parent_of(entry)
    if (
        entry.tag in {"td", "th"}
        and row is not None
        and row.tag == "tr"
        and len(stripped_text(entry)) >= TITLE
        and len(row.select("a[href]")) <= ROW
    ):
        return row
    return entry


def _heading_over(entry: Element) -> str:
    """Return the beginning of the text right before the elements that an item stands in, "" where there is none."""
    node: Element | None = entry
    for _ in range(CLIMB):
        if node is None or node.tag in {"body", "html"}:
            break
        text = _text_before(node)
        if text:
            return text
        node = parent_of(node)
    return ""


def _text_before(node: Element) -> str:
    """Return the beginning of the nearest text before a node under the same parent, "" where there is none."""
    before = node.previous_sibling
    for _ in range(CLIMB):
        if before is None:
            break
        text = _fold(_beginning(before, LONGEST_HEADING))
        if text:
            return text
        before = before.previous_sibling
    return ""


def _place(entry: Element, known: dict[tuple[Element | None, str], _Place]) -> _Place:
    """Return where an item stands; ``known`` remembers it for the items beside it."""
    parent = parent_of(entry)
    key = parent, entry.tag
    if key not in known:
        known[key] = _surroundings(parent, entry.tag)
    return known[key]


def _surroundings(node: Element | None, tag: str) -> _Place:
    names, aside = [tag], tag in _ASIDES and tag != "header"
    for level in range(4):
        if node is None or node.tag in {"body", "html"}:
            break
        label = f"{node.attr('class') or ''} {node.attr('id') or ''}"
        aside = aside or (node.tag in _ASIDES and not _heads_entry(node)) or bool(_NOT_ITEMS.search(label))
        if level < 3:
            names.append(f"{node.tag}.{label.strip()}")
        node = parent_of(node)
    return _Place(">".join(reversed(names)), aside)


def _heads_entry(node: Element) -> bool:
    """Return whether a ``header`` is that of an ``article``, as entries of a blog have it, and not that of the page."""
    parent = parent_of(node)
    return node.tag == "header" and parent is not None and parent.tag == "article"


def _beside(entry: Element, anchor: Element) -> str:
    """Return the beginning of the text of an item without its title; elements are told apart by spaces."""
    if entry == anchor:
        return (_siblings(anchor.next_siblings) or _siblings(anchor.previous_siblings))[: 4 * REACH]
    title = " ".join(texts(anchor, within_links=False))
    return _beginning(entry, 4 * REACH + len(title)).replace(title, " ", 1)[: 4 * REACH]


def _below(head: Element, anchor: Element) -> Iterator[str]:
    """Yield the texts below a title, up to the next title or a link to elsewhere."""
    address = anchor.attr("href")
    for node in islice(head.next_siblings, CLIMB):
        if isinstance(node, Element):
            if node.tag == head.tag or any(link.attr("href") != address for link in _links_in(node)):
                return
            if node.tag in CODE:
                continue
        yield _beginning(node, 4 * REACH)


def _links_in(node: Element) -> list[Element]:
    """Return the links in an element, which may be one itself."""
    return [node] if node.tag == "a" and node.attr("href") is not None else node.select("a[href]")


def _beginning(node: Node, most: int) -> str:
    """Return so many characters of an element's text, at most: one that is never closed has the rest of the page."""
    if isinstance(node, TextNode):
        return node.data
    pieces: list[str] = []
    for piece in islice(texts(node, within_links=True), MOST_TEXTS):
        pieces.append(piece)
        most -= len(piece) + 1
        if most < 0:
            break
    return " ".join(pieces)


def _siblings(nodes: Iterator[Node]) -> str:
    """Return the text up to the next link or line break, where items are lines and not elements."""
    found: list[str] = []
    for node in islice(nodes, CLIMB):
        if isinstance(node, Element):
            if node.tag in {"a", "br"}:
                break
            if node.tag in CODE:
                continue
        found += [node.data] if isinstance(node, TextNode) else node.strings
    return " ".join(found)


def _dated_title(anchor: Element, title: str, now: datetime) -> tuple[str, Stamp | None]:
    """Find the date inside the link, in an element of its own or at an end of its words.

    <a>title<span>2026-09-04</span></a>, <a>title 2026-09-04</a>
    """
    for part in _parts(anchor):
        text = _fold(" ".join(part.strings))
        stamp = read_date(text, now) if 0 < len(text) <= LONGEST_DATE else None
        if stamp:
            return _fold(title.replace(_fold(part.text), "")), stamp
    ended = end_date(title)
    return ended or (title, None)


def _parts(anchor: Element) -> list[Element]:
    """Return the elements of a link in which its date may stand."""
    return anchor.select("span, i, em, time, b, font, p, div, label")
