"""Read a list page: which of its groups is the list, what continues it, and whether a script draws it."""

from __future__ import annotations

import re
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

from checks.columns.blankness import EMPTY_WORDS, has_content, says_empty
from checks.columns.interfaces import datastore_items
from checks.columns.markup import Addresses, ItemGroup, read_groups, read_letters
from checks.columns.paging import next_pages
from checks.columns.structure import is_article
from checks.late_pattern import late
from checks.model import Item, Listing
from checks.reading.application_root import empty_root
from checks.reading.scripted import LIST_SCRIPT

if TYPE_CHECKING:
    from checks.model import Page

_LIST_URL = late(
    r"/col/col\d+/|/(?:index|list|default|node|more)(?:[_-]\d+)?\.(?:s?html?|jsp|aspx?|php)$|/$|/gkmlpt/|[?&](?:cid|catid|columnid|page)=",
    re.IGNORECASE,
)
_PAGING = late(r"createPageHTML|下一页|共\s*\d+\s*页|<datastore|/front/page/build/unit|gkmlpt/api|\.jpage\(")
_DATES = late(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|[\[［(（>]\s*\d{1,2}-\d{1,2}\s*[\]］)）<]|二[〇○零]二[〇○零一-九]年"
)
_ARTICLE_BODY = late(
    r"TRS_Editor|UCAP-CONTENT|id=[\"']?zoom\b|article-content|class=[\"'][^\"']*(?:article|con_text|xxgk_content)",
    re.IGNORECASE,
)
_MORE = late(r"^[\W_]*(?:查看)?(?:更多|more)[\W_]*$", re.IGNORECASE)
_QUOTE = 60
ARTICLE_METAS = frozenset({"articletitle", "pubdate", "contentsource"})
COLUMN_METAS = frozenset({"columnname", "columntype", "columndescription", "columnkeywords"})
ENOUGH = 3
"""Dates, or undated items, that make a list of a page which does not say what it is."""

LONG = 8
"""Characters of a middling article title; menus have two to six."""

_NO_RECORDS = late(r"<totalrecord>\s*0\s*</totalrecord>|\btotalRecord\s*:\s*0\b")
"""What a datastore says that holds nothing, or its script: it would draw nothing either."""

_RECORDS = late(r"<totalrecord>\s*[1-9]|\btotalRecord\s*:\s*[1-9]")
"""As before, of one that holds something."""


@lru_cache(maxsize=1)
def may_be_list(page: Page) -> bool:
    """Return, cheaply (3 µs), whether a page is worth reading as a list: its metas, its address, its dates, its paging.

    Several checks ask about one page before they turn to the next.
    """
    names = {name.lower() for name, value in page.meta if value}
    if page.homepage:
        return True
    if names & ARTICLE_METAS:
        return False
    if names & COLUMN_METAS:
        return True
    path = page.url.partition("#")[0]
    if _ARTICLE_BODY.search(page.html) and not _LIST_URL.search(path):
        return False
    if _LIST_URL.search(path) or _PAGING.search(page.html) or _has_dates(page.html):
        return True
    return any(map(page.html.__contains__, EMPTY_WORDS)) and says_empty(page)


def is_list(page: Page) -> bool:
    """Return whether a page is read as a list, and not as an article or anything else."""
    return may_be_list(page) and read_list(page) is not None


@lru_cache(maxsize=1)
def read_list(page: Page) -> Listing | None:
    """Return the list on a page, or None when it holds none; the homepage's is everything listed on it.

    An undated list has the form ``titles``: whether it is a column is for the rest of the site to say.
    """
    addresses = Addresses.of(page)
    stored = datastore_items(page.tree, addresses, page.fetched) if "<datastore" in page.html else ()
    if stored:
        return _listing(page, stored, "datastore")
    groups = read_groups(page.tree, addresses, page.fetched)
    if page.homepage:
        return Listing(tuple(item for group in groups for item in group.items if _is_entry(item, group)), "markup")
    if is_portal(page, groups):
        return Listing(tuple(item for group in groups for item in group.items if item.published), "portal")
    if is_article(page, groups):
        return None
    main = main_group(groups) or read_letters(page.tree, page.url, page.fetched)
    if main:
        return _listing(page, main, "markup" if any(item.published for item in main) else "titles")
    few = _few_titles(groups) if _says_so(page) else ()
    return _listing(page, few, "titles") if few else _empty(page)


def is_portal(page: Page, groups: list[ItemGroup]) -> bool:
    """Return whether a page has many small lists, each continued elsewhere (政务公开's front), and is none itself."""
    more = sum(bool(_MORE.match(reference.text.strip())) for reference in page.references)
    lists = sum(group.dated >= 2 for group in groups if not group.aside)
    return more >= ENOUGH or (more > 0 and lists >= ENOUGH)


def main_group(groups: list[ItemGroup]) -> tuple[Item, ...]:
    """Return the items of the group that is the page's list: the most dates, then the most items, menus left out."""
    content = [group for group in groups if not group.aside]
    best = max(content, key=lambda group: (group.dated, len(group.items)), default=None)
    if best is None or not (best.dated or _reads_like_titles(best)):
        return ()
    return best.items


def _is_entry(item: Item, group: ItemGroup) -> bool:
    """Return whether something on the homepage is news rather than a way on: it has a date, or stands among titles."""
    return item.published is not None or (len(item.title) >= LONG and _reads_like_titles(group))


def _few_titles(groups: list[ItemGroup]) -> tuple[Item, ...]:
    """Return the undated titles of a column that says it is one, and holds too few to tell from a menu otherwise."""
    return next((group.items for group in groups if not group.aside and _median(group) >= LONG), ())


def _reads_like_titles(group: ItemGroup) -> bool:
    return len(group.items) >= ENOUGH and _median(group) >= LONG


def _median(group: ItemGroup) -> float:
    return median(len(item.title) for item in group.items)


def _says_so(page: Page) -> bool:
    return any(name.lower() in COLUMN_METAS and value for name, value in page.meta)


def _listing(page: Page, items: tuple[Item, ...], form: str) -> Listing:
    return Listing(items, form, next_pages(page.tree, page.html, page.response.url, len(items)))


def _empty(page: Page) -> Listing | None:
    """Say of a page without items whether a script draws them, whether it is a blank column, or no list at all."""
    following = next_pages(page.tree, page.html, page.response.url)
    script = LIST_SCRIPT.search(page.html)
    if script and not holds_no_records(page.html):
        return Listing((), "script", following, page.html[script.start() :][:_QUOTE])
    root = empty_root(page)
    if root:
        return Listing((), "script", following, root[:_QUOTE])
    says_so = _says_so(page) or says_empty(page)
    return Listing((), "empty", following) if says_so and not has_content(page) else None


def holds_no_records(html: str) -> bool:
    """Return whether every store of a page, or the script that draws it, says that it has nothing."""
    return bool(_NO_RECORDS.search(html)) and not _RECORDS.search(html)


def _has_dates(html: str) -> bool:
    dates = _DATES.finditer(html)
    return all(next(dates, None) is not None for _ in range(ENOUGH))
