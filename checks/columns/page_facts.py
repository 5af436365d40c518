"""Take from one page what the columns of its site need to know, so that the page itself can be let go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from checks.columns.lists import ARTICLE_METAS, may_be_list, read_list
from checks.columns.markup import Addresses
from checks.late_pattern import late
from checks.meta import meta_faults
from checks.model import Facts, Kind
from checks.model.html_tree import stripped_text
from checks.reading.official import host_of
from checks.reading.published import DateSource, made_date, publication
from checks.reading.scripted import REFRESHING, STUB_TEXT

if TYPE_CHECKING:
    from checks.model import Listing, Page, Reference, Request
    from checks.model.turbohtml_core import Element

CRUMBS = (
    "[class*=crumb],[class*=position],[class*=location],[class*=weizhi],[class*=dqwz],[class*=current],[id*=crumb],"
    "[id*=position]"
)
"""Where 当前位置 stands; the names that templates give it."""

BOXES = 20
"""Elements that are tried as the breadcrumb; it stands near the top."""

BODIES = ".TRS_Editor,#zoom,#UCAP-CONTENT,.article-content,.article,.con_text,.content,#content"
"""Where the text of an article stands; the first that is there counts."""

_HERE = late(r"(?:当前|所在|您的|现在)?\s*位\s*置|您\s*(?:现\s*)?在\s*的?\s*位置")
_HOME = late(r"^\W*(?:网站)?首\s*页\W*$|^\W*主页\W*$")
_NAME_LENGTH = range(2, 16)
_FURNITURE = late(
    r"[上下][一]?[篇页条则章节]|分享|转发|打印|关闭|返回|收藏|字[体号]|登录|注册|查看|详情|更多|微[信博]|首页|尾页|末页|客户端|无障碍|"
    r"(?:prev(?:ious)?|next|up|home|contents|index|more|top|share|print)\b",
    re.IGNORECASE,
)
"""What templates call the buttons of a page; a column is not named after one."""

MOVING = frozenset({"script location", "frame[src]"})
"""What the parser calls a move by script, and a frame: a page with next to no text is there for nothing else."""
COVER_TEXT = 400
"""Characters of text up to which a homepage with one way on is a cover: the name, 进入网站, and the footer."""
_DOOR = late(r"进\s*入|首\s*页|主\s*页|欢迎|\benter\b|\bwelcome\b", re.IGNORECASE)
"""What the one way on from a cover is called, or its picture."""
_LABEL = late(
    r"(?:原文|文件|政策|解读|附件|相关|关联)\s*(?:原文|文件|政策|解读|链接|阅读|内容|信息|文档)?\s*(?:链接|地址|阅读|下载)?"
    r"\s*[:：][ \u3000]*\n?[ \u3000]*(?=\S)"
)
"""What stands before a link to a document or to its reading, in any layout: 原文链接：, or the cell beside it."""

_TITLED = 6
"""Characters of a link's text by which it names the document that a reading is about."""

_RELATED = late(r"解读|图解|一图读懂|原文|政策文件|相关文件|相关政策|相关链接|关联|《")
_IN_READINGS = late(r"位置[^\n]{0,80}解读")
_DOCUMENTS = frozenset({Kind.PAGE, Kind.ATTACHMENT})
_BOOK = late(r"《([^《》]{4,})》")
MAX_RELATED = 50


_SHOWS_FILE = late(r"/viewer\.html?\?(?:[^#]*&)?file=", re.IGNORECASE)
"""The address of a program that shows a file in a frame (pdf.js): no page of its own, which owes no tags."""


def observe(page: Page) -> Facts:
    """Return the facts of one page: 30 µs for an article (no tree walk), 0.7 ms for a list of 20 items."""
    metas = {name.lower(): value.strip() for name, value in reversed(page.meta) if value.strip() not in {"", "null"}}
    listing = read_list(page) if may_be_list(page) else None
    found = publication(page) if listing is None else None
    made = made_date(page.text, page.fetched) if listing is None else None
    article = bool(metas.keys() & ARTICLE_METAS) or found is not None
    title = metas.get("articletitle") or page.title
    return Facts(
        url=page.url,
        title=title,
        homepage=page.homepage,
        article=article,
        crumbs=() if page.homepage else breadcrumb(page),
        sections=sections(page) if listing is not None else (),
        column=metas.get("columnname", ""),
        column_type=metas.get("columntype", ""),
        published=found.stamp.at if found and found.source is not DateSource.URL else None,
        made=made.at if made else None,
        related=related(page, title) if article else (),
        site_code=metas.get("siteidcode", ""),
        refresh=_leads_on(page),
        meta_faults=()
        if _SHOWS_FILE.search(page.url)
        else meta_faults(page, column=listing is not None and not page.homepage, article=article),
        listing=listing,
    )


def _leads_on(page: Page) -> str:
    """Return where a page sends its readers at once, or which frame it shows in its place; "" for an ordinary page."""
    refreshed = next((each.url for each in page.references if each.element in REFRESHING), "")
    if page.homepage and not refreshed:
        refreshed = _enters(page)
    if refreshed or len(page.text) > STUB_TEXT:
        return refreshed
    moves = {each.url for each in page.references if each.url and each.element in MOVING}
    return moves.pop() if len(moves) == 1 else ""


def _enters(page: Page) -> str:
    """Return where the one door of a cover page leads (进入网站), "" for a homepage that has more of its own site."""
    host = host_of(page.response.url)
    here = {page.url, page.response.url}
    inside = [each for each in page.references if each.kind is Kind.PAGE and host_of(each.url) == host]
    onward = {each.url for each in inside if each.url not in here}
    is_door = any(_DOOR.search(each.text) for each in inside if each.url in onward)
    return onward.pop() if len(onward) == 1 and is_door and len(page.text) < COVER_TEXT else ""


def continued(head: Facts, request: Request, listing: Listing) -> Facts:
    """Return the facts of an interface's answer, as a further page of the list that it belongs to."""
    return Facts(url=request.address, continues=head.continues or head.url, title=head.title, listing=listing)


def breadcrumb(page: Page) -> tuple[tuple[str, str], ...]:
    """Return (name, url) of the breadcrumb from the top down, the homepage left out; empty when there is none."""
    if "位置" not in page.html and "crumb" not in page.html:
        return ()
    for box in page.tree.select(CRUMBS)[:BOXES]:
        anchors = box.select("a[href]")
        if 0 < len(anchors) < 10 and (_HERE.search(box.text) or (len(anchors) > 1 and _is_trail(box))):
            return _crumbs(anchors, Addresses.of(page))
    return ()


def _is_trail(box: Element) -> bool:
    return "crumb" in f"{box.attr('class') or ''} {box.attr('id') or ''}".lower()


def _crumbs(anchors: list[Element], addresses: Addresses) -> tuple[tuple[str, str], ...]:
    pairs = ((stripped_text(anchor), addresses.absolute(anchor.attr("href") or "")) for anchor in anchors)
    return tuple((name, url) for name, url in pairs if name and not _HOME.match(name))


def sections(page: Page) -> tuple[tuple[str, str], ...]:
    """Return (name, url) of every link of a page that is named like a column."""
    named = ((each.text.strip(), each.url) for each in page.references if each.kind is Kind.PAGE)
    return tuple(dict.fromkeys(pair for pair in named if _names_column(pair[0])))


def _names_column(text: str) -> bool:
    return len(text) in _NAME_LENGTH and not _HOME.match(text) and not _FURNITURE.search(text)


def related(page: Page, title: str) -> tuple[str, ...]:
    """Return what an article of some title points to as its document or its interpretation.

    The words of a link tell; in an interpretation every link of its body may lead to the document.
    """
    documents = [each for each in page.references if each.kind in _DOCUMENTS]
    named = [each.url for each in _telling(page.references) if each.kind in _DOCUMENTS]
    labelled = [each.url for each in documents if each.text and each.text.strip() in _behind_labels(page.text)]
    inside = (*_body_links(page), *_named_in(title, documents)) if _explains(page, title) else ()
    return tuple(dict.fromkeys(url for url in (*labelled, *named, *inside) if url))[:MAX_RELATED]


@lru_cache(maxsize=1)
def _behind_labels(text: str) -> frozenset[str]:
    """Return what stands behind 原文链接： and the like up to the end of its line: a link's words, if it is one."""
    return frozenset(text[label.end() :].partition("\n")[0].strip() for label in _LABEL.finditer(text))


def _named_in(title: str, references: list[Reference]) -> Iterator[str]:
    """Yield the links whose words name the document of a reading: 关于印发《某办法》的通知 for 《某办法》解读.

    Either may leave the marks of the title out.
    """
    explained = _BOOK.search(title)
    for each in references:
        words = each.text.strip()
        if len(words) < _TITLED or words == title:
            continue
        name = _BOOK.search(words)
        if words in title or (name and name[1] in title) or (explained and explained[1] in words):
            yield each.url


def _telling(references: tuple[Reference, ...]) -> list[Reference]:
    """Return the links whose words tell: one look at the words of all, then back to whose they are."""
    words = "\0".join(reference.text for reference in references)
    found = {words.count("\0", 0, match.start()) for match in _RELATED.finditer(words)}
    return [references[place] for place in sorted(found)]


def _explains(page: Page, title: str) -> bool:
    titles = (page.title, title, *(value for _, value in page.meta))
    return any("解读" in each for each in titles) or bool(_IN_READINGS.search(page.text))


def _body_links(page: Page) -> list[str]:
    addresses = Addresses.of(page)
    body = page.tree.select_one(BODIES)
    links = body.select("a[href]") if body is not None else []
    return [addresses.absolute(each.attr("href") or "") for each in links]
