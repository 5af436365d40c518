"""Read the items of a list from its markup: titles, addresses and the dates beside them.

An item is the largest element around a link that holds no other link to another place; items that stand in
alike elements are one group, and the main list of a page is the group with the most dates. Lexbor reads it
(0.1 ms a page), so that a site of lists costs no more than a site of articles.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from checks.dates import REACH, Stamp, list_date, read_date
from checks.model import Item

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from checks.model import Page

CLIMB = 5
"""Elements between a link and its item at most: li > div > h3 > span > a."""

MOST = 3_000
"""Links of one page that are looked at; a page of more is no list that anybody reads."""

TITLE = 4
"""Characters that make a title; shorter links are buttons and page numbers."""

_ROOTS = frozenset({"ul", "ol", "table", "tbody", "thead", "body", "html", "section", "main", "nav", "form"})
_NOT_ITEMS = re.compile(
    r"nav|menu|crumb|position|location|breadcrumb|footer|foot|header|page(?:r|s|\b)|paging|share|friend|links?\b|banner",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^[\s\[【<>»›+]*(?:更多|more|查看更多|查看详情|详情|阅读全文|点击查看|上一页|下一页|首页|尾页|末页)[\s\]】<>»›+….]*$",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_ANSWERED = re.compile(r"已(?:答复|回复|办结|办理|处理|解答|反馈)|办结|答复时间|回复时间")
_UNANSWERED = re.compile(r"未(?:答复|回复|办理|处理|受理)|待(?:答复|回复|办理|处理|受理)|办理中|处理中|受理中|正在办理")
_REPLIED = re.compile(r"(?:答复|回复|办结|反馈)(?:时间|日期|于)?\s*[:：]?\s*(?=\d{4})")


class Group(NamedTuple):
    """Items in alike elements, which ``signature`` names; ``aside`` ones are menus and footers, no content."""

    signature: str
    items: tuple[Item, ...]
    aside: bool

    @property
    def dated(self) -> int:
        """How many items carry a date of their own."""
        return sum(item.published is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class Addresses:
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


def read_groups(tree: LexborHTMLParser, addresses: Addresses, now: datetime) -> list[Group]:
    """Return every group of items in a document, in document order."""
    members: dict[str, list[Item]] = defaultdict(list)
    asides: dict[str, bool] = {}
    taken: set[int] = set()
    for anchor, url, shared in _anchors(tree, addresses):
        title = _title(anchor)
        if len(title) < TITLE or _MORE.match(title):
            continue
        entry = _entry(anchor, shared)
        if entry.mem_id in taken:
            continue
        taken.add(entry.mem_id)
        signature, aside = _place(entry)
        members[signature].append(read_item(entry, anchor, title, url, now))
        asides[signature] = aside
    return [Group(signature, tuple(items), asides[signature]) for signature, items in members.items()]


def _anchors(tree: LexborHTMLParser, addresses: Addresses) -> Iterator[tuple[LexborNode, str, frozenset[int]]]:
    """Yield each link, where it leads, and the elements around it that it shares with a link to another place.

    The links of an element are neighbours in document order, so it is enough to look at the nearest ones that lead
    elsewhere.
    """
    nodes = tree.css("a[href]")[:MOST]
    links = [(node, url) for node in nodes if (url := addresses.absolute(node.attributes["href"] or ""))]
    around = [_ancestors(node) for node, _ in links]
    places = [url for _, url in links]
    for at, (node, url) in enumerate(links):
        near = [next((each for each in span if places[each] != url), None) for span in _sides(at, len(links))]
        yield node, url, frozenset().union(*(around[each] for each in near if each is not None))


def _sides(at: int, count: int) -> tuple[range, range]:
    """Return the places before and after one, nearest first: a picture and a title lead to the same article."""
    return range(at - 1, max(at - 1 - CLIMB, -1), -1), range(at + 1, min(at + 1 + CLIMB, count))


def _ancestors(node: LexborNode) -> frozenset[int]:
    found: list[int] = []
    parent = node.parent
    while parent is not None and len(found) < 2 * CLIMB:
        found.append(parent.mem_id)
        parent = parent.parent
    return frozenset(found)


def read_letters(tree: LexborHTMLParser, url: str, now: datetime) -> tuple[Item, ...]:
    """Return the letters of a table that shows them without links: subject, date asked, date answered, state."""
    items = []
    for row in tree.css("tr")[:MOST]:
        cells = [_SPACE.sub(" ", cell.text()).strip() for cell in row.css("td")]
        text = " ".join(cells[1:])
        answered = _state(text)
        asked = list_date(text, now) if len(cells) > 1 and answered is not None else None
        if asked and not row.css_first("a[href]"):
            items.append(Item(url, cells[0], asked.at, answered=answered))
    return tuple(items)


def _state(text: str) -> bool | None:
    """Tell from the words beside a letter whether it was answered; None where they do not say."""
    if _ANSWERED.search(text):
        return True
    return False if _UNANSWERED.search(text) else None


def read_item(entry: LexborNode, anchor: LexborNode, title: str, url: str, now: datetime) -> Item:
    """Return the item in an element: its date stands beside the title, inside the link, or in a cell of its own."""
    text = _SPACE.sub(" ", _beside(entry, anchor)[: 4 * REACH]).strip()
    stamp = list_date(text, now) if text else None
    if stamp is None:
        title, stamp = _dated_title(anchor, title, now)
    replied = _REPLIED.search(text)
    reply = list_date(text[replied.end() :][:20], now) if replied else None
    return Item(url, title, stamp.at if stamp else None, answered=_state(text), replied=reply.at if reply else None)


def fragment_items(html: str, addresses: Addresses, now: datetime) -> tuple[Item, ...]:
    """Return the items of a piece of markup that a list's script carries, one group or many."""
    return tuple(item for group in read_groups(LexborHTMLParser(html), addresses, now) for item in group.items)


def _title(anchor: LexborNode) -> str:
    shown = _SPACE.sub(" ", anchor.text()).strip()
    full = _SPACE.sub(" ", anchor.attributes.get("title") or "").strip()
    cut = shown.rstrip(".…")
    return full if len(full) > len(cut) and full.startswith(cut[:6]) else shown


def _entry(anchor: LexborNode, shared: frozenset[int]) -> LexborNode:
    """Climb to the largest element that holds this link and no other; a row or a list item ends the climb."""
    entry = anchor
    for _ in range(CLIMB):
        parent = entry.parent
        if parent is None or parent.tag in _ROOTS or parent.mem_id in shared:
            break
        entry = parent
        if entry.tag in {"li", "tr", "dd"}:
            break
    return _row(entry)


def _row(entry: LexborNode) -> LexborNode:
    """Return the table row around a cell even where other cells link elsewhere (a document and its interpretation)."""
    if (
        entry.tag in {"td", "th"}
        and entry.parent is not None
        and entry.parent.tag == "tr"
        and len(entry.text(strip=True)) >= TITLE
    ):
        return entry.parent
    return entry


def _place(entry: LexborNode) -> tuple[str, bool]:
    """Name the elements an item stands in, and tell whether they are a menu or a footer rather than content."""
    names, aside = [entry.tag or ""], entry.tag in {"nav", "footer", "header"}
    node = entry.parent
    for _ in range(4):
        if node is None or node.tag in {"body", "html"}:
            break
        attributes = node.attributes
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        aside = aside or node.tag in {"nav", "footer", "header"} or bool(_NOT_ITEMS.search(label))
        if len(names) < 4:
            names.append(f"{node.tag}.{label.strip()}")
        node = node.parent
    return ">".join(reversed(names)), aside


def _beside(entry: LexborNode, anchor: LexborNode) -> str:
    """Return the text of an item without its title; elements are told apart by spaces."""
    if entry.mem_id == anchor.mem_id:
        return _siblings(anchor, "next") or _siblings(anchor, "prev")
    whole, inner = entry.text(separator=" "), anchor.text(separator=" ")
    return whole.replace(inner, " ", 1)


def _siblings(anchor: LexborNode, direction: Literal["next", "prev"]) -> str:
    """Return the text up to the next link or line break, where items are lines and not elements."""
    texts: list[str] = []
    node = getattr(anchor, direction)
    while node is not None and node.tag not in {"a", "br"} and len(texts) < CLIMB:
        texts.append((node.text_content or "") if node.is_text_node else node.text(separator=" "))
        node = getattr(node, direction)
    return " ".join(texts)


def _dated_title(anchor: LexborNode, title: str, now: datetime) -> tuple[str, Stamp | None]:
    """Find the date in an element of its own inside the link: <a>title<span>2026-09-04</span></a>."""
    for part in anchor.css("span, i, em, time, b, font, p, div, label"):
        text = _SPACE.sub(" ", part.text(separator=" ")).strip()
        stamp = read_date(text, now) if 0 < len(text) <= 40 else None
        if stamp:
            return _SPACE.sub(" ", title.replace(_SPACE.sub(" ", part.text()).strip(), "")).strip(), stamp
    return title, None
