"""Tell an article from a list by how a page is built: one long text under a heading and a date, or many dated links.

No single sign decides. Related links below an article are dated, lists carry abstracts, and templates of articles
repeat the metas of their column; what is weighed is the text that belongs to no item against the items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.late_pattern import late
from checks.reading.published import visible_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.columns.markup import ItemGroup
    from checks.model import Page

LONG_TEXT = 100
"""Characters of sentences that make a text: a list's introduction is shorter, and so is 暂无信息."""

MANY_DATED = 5
"""Dated items in one group that make a list even below a short text."""

SENTENCE = 24
"""Characters of a line with a sentence in it; titles are as long, but end without a full stop."""

_STOPS = late(r"[。；！？]|[^，]，[^，]+，|[a-z][.;:] |[a-z]\.$")


def is_article(page: Page, groups: Iterable[ItemGroup]) -> bool:
    """Return whether a page is an article with links around it rather than a list with a text above it."""
    content = [group for group in groups if not (group.aside or group.is_article or group.is_further_reading)]
    items = [item for group in content for item in group.items if item.published]
    listed = max((group.dated for group in content), default=0)
    own = prose(page.text)
    if own >= LONG_TEXT:  # only then it matters how much of it are abstracts of items
        own -= sum(prose(group.text) for group in content if group.dated)
    visible = visible_date(page)
    dated = visible is not None and visible.stamp.day not in {item.published.date() for item in items if item.published}
    if own < LONG_TEXT:
        return dated and listed == 0 and not any(len(group.items) > 1 for group in content)
    return dated or listed < MANY_DATED or own > sum(len(item.title) for item in items)


def prose(text: str) -> int:
    """Return how many characters of a text stand in lines that are sentences, not titles or labels."""
    return sum(len(line) for line in text.split("\n") if len(line) >= SENTENCE and _STOPS.search(line))
