"""Tell a page whose content a script makes from one that only has scripts: which pages a browser has to draw.

Drawing costs a hundred times what reading costs, so a page is drawn for a sign of its own: next to no text beside a
script, markup that repeats a template, the empty root of an application, or an empty box that one of the page's scripts
names.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from checks.late_pattern import late
from checks.reading.application_root import ROOT_IDS, ROOT_NAME, has_empty_root
from checks.reading.word_search import WordSearch, in_any_case

if TYPE_CHECKING:
    from checks.model import Page
    from checks.model.turbohtml_core import Element

REFRESHING = frozenset({"meta[http-equiv=refresh]", "Refresh"})
"""What the parser calls a redirect in the page, and one in its headers."""

STUB_TEXT = 60
"""Characters of text up to which a page may be there for a move alone: 正在跳转，请稍候……如果没有跳转，请点击这里。"""

LIST_SCRIPT = late(
    r"/front/page/build/unit|gkmlpt/api|dataproxy\.jsp|v-for=|ng-repeat=|new Vue\(|createApp\(|axios\.|fetch\("
    r"|\$\.(?:ajax|get|post|getJSON)\(|\{\{\s*item\."
)
"""What stands in a script that draws a list."""

LIST_WORDS = (
    *("/front/page/build/unit", "gkmlpt/api", "dataproxy.jsp", "v-for=", "ng-repeat=", "new Vue(", "createApp("),
    *("axios.", "fetch(", "$.ajax(", "$.get(", "$.post(", "$.getJSON(", "{{"),
)
"""One of them stands in all that ``LIST_SCRIPT`` finds, which takes 80 µs where there is none."""

REPEATED = late(
    r"\s(?:v-for|ng-repeat|x-for|data-ng-repeat|ms-for|:for)\s*=|\{\{\s*(?:item|row|data|news)\b", re.IGNORECASE
)
"""Markup that a script repeats for every item of a list."""

REPEATING_WORDS = ("{{", *in_any_case("-for"), *in_any_case(":for"), *in_any_case("-rep"))
"""One of them stands in all that ``REPEATED`` finds."""

REPEATING, LISTING = WordSearch(*REPEATING_WORDS), WordSearch(*LIST_WORDS)

SIGNS = WordSearch(*REPEATING_WORDS, *LIST_WORDS, ROOT_NAME)
"""All of these words at once: few pages have any."""

BOXES = "ul,ol,tbody,dl,div,section,main,article"
"""Elements that scripts fill."""

LOOKED_AT = 3_000
"""Of them, in one page."""


def content_is_scripted(page: Page) -> bool:
    """Return whether a script makes what readers come for. Pages that move their readers on are not drawn."""
    return may_be_scripted(page, has_text=len(page.text) > STUB_TEXT) and not _lists_something(page)


def may_be_scripted(page: Page, *, has_text: bool) -> bool:
    """Return whether a page has a sign of its own; ``has_text`` says that it has more text than ``STUB_TEXT``.

    The text itself is not looked at: a run without checks of texts does not read it.
    """
    if "<script" not in page.html and "<SCRIPT" not in page.html:
        return False
    if has_text and not _has_sign(page):
        return False
    return not any(reference.element in REFRESHING for reference in page.references)


def _has_sign(page: Page) -> bool:
    """Return whether the markup of a page says that a script fills it."""
    if page.anchors.isdisjoint(ROOT_IDS) and not SIGNS.any_in(page.source):
        return False
    if _repeats_markup(page) or has_empty_root(page):
        return True
    return LISTING.any_in(page.source) and draws_lists(page.html) and _has_named_empty_box(page)


def draws_lists(html: str) -> bool:
    """Return whether a page has a script that draws what it lists, so that its source says nothing of it."""
    return LIST_SCRIPT.search(html) is not None


def _repeats_markup(page: Page) -> bool:
    return REPEATING.any_in(page.source) and REPEATED.search(page.html) is not None


def _lists_something(page: Page) -> bool:
    """Return whether the page is a list with items, or knows where to ask for them without a browser."""
    from checks.columns.lists import may_be_list, read_list

    listing = read_list(page) if may_be_list(page) else None
    return listing is not None and bool(listing.following or any(item.published for item in listing.items))


def _has_named_empty_box(page: Page) -> bool:
    scripts = "\n".join(node.text for node in page.tree.select("script"))
    boxes = islice(page.tree.select(BOXES), LOOKED_AT)
    return any(_is_empty(box) and any(name in scripts for name in _names(box)) for box in boxes)


def _is_empty(box: Element) -> bool:
    """Return whether an element holds nothing but white space and comments."""
    return next(box.iter_elements(), None) is None and not box.text.strip()


def _names(box: Element) -> list[str]:
    """Return the names by which a script may speak of an element, none of them so short that it stands anywhere."""
    names = [box.attr("id") or "", *(box.attr("class") or "").split()]
    return [name for name in names if len(name) > 2]
