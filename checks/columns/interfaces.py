"""Read the lists that a CMS keeps outside the page's own markup: in script, behind a JSON interface.

大汉 puts a list's records as CDATA into ``<script type="text/xml"><datastore>``; its newer version and gkmlpt (广东
政府信息公开平台) have the browser ask for JSON. Each answer is markup or fields of the same items.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from checks.columns.markup import Addresses, fragment_items
from checks.late_pattern import late
from checks.model import Item, Listing, Request
from checks.reading.dates import CHINA, Stamp, read_date

if TYPE_CHECKING:
    from checks.model.html_tree import Tree

_OPEN, _CLOSE = "<![CDATA[", "]]>"
_PAGE = late(r"(?<=[?&]page=)\d+|(?<=[?&]pageNo=)\d+|(?<=[?&]pageNum=)\d+")
_EPOCH = re.compile(r"\d{10}|\d{13}")

TITLES = ("title", "name", "doctitle", "Title")
ADDRESSES = ("url", "docpuburl", "link", "href", "post_url")
DATES = (
    "display_publish_time",
    "first_publish_time",
    "date",
    "publishTime",
    "pubDate",
    "publish_time",
    "created_at",
    "docreltime",
)
LISTS = ("articles", "results", "rows", "list", "records", "data", "items")
"""Fields in which interfaces keep what an item is made of; the first that is there counts."""


def datastore_items(tree: Tree, addresses: Addresses, now: datetime) -> tuple[Item, ...]:
    """Return the records of every ``<datastore>`` in a page."""
    return tuple(
        item for script in tree.select("script[type='text/xml']") for item in record_items(script.text, addresses, now)
    )


def record_items(xml: str, addresses: Addresses, now: datetime) -> tuple[Item, ...]:
    """Return the items in the records of a datastore; its ``nextgroup`` is paging and no item."""
    records = "".join(f"<div class='record'>{record}</div>" for record in _records(xml))
    return fragment_items(records, addresses, now)


def _records(xml: str) -> Iterator[str]:
    """Yield the CDATA sections that are no paging. Found by their ends, since a pattern would look for each anew."""
    end = 0
    while (start := xml.find(_OPEN, end)) >= 0:
        close = xml.find(_CLOSE, start)
        if close < 0:
            return
        if not xml[end:start].rstrip().endswith(("<nextgroup>", "<pregroup>")):
            yield xml[start + len(_OPEN) : close]
        end = close + len(_CLOSE)


def read_answer(text: str, url: str, base: str, now: datetime) -> Listing | None:
    """Return the list in the answer of an interface (``text`` is its body), None when it holds none.

    JSON with markup in ``data.html`` (大汉), JSON with a list of articles (gkmlpt and the like), or a datastore.
    ``url`` is what was asked for: a numbered page that holds items is followed by the next one. ``base`` is the list
    page.
    """
    if "<datastore" in text[:2000] or "<recordset" in text[:2000]:
        return Listing(record_items(text, Addresses(base), now), "datastore")
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return None
    markup = _markup(answer)
    if markup is not None:
        return Listing(fragment_items(markup, Addresses(base), now), "build-unit")
    rows = _rows(answer, depth=3)
    if rows is None:
        return None
    return Listing(tuple(_items(rows, base, now)), "json", _next_number(url) if rows else ())


def _next_number(url: str) -> tuple[Request, ...]:
    page = _PAGE.search(url)
    return (Request(f"{url[: page.start()]}{int(page[0]) + 1}{url[page.end() :]}"),) if page else ()


def _markup(answer: object) -> str | None:
    data = answer.get("data") if isinstance(answer, dict) else None
    html = data.get("html") if isinstance(data, dict) else None
    return html if isinstance(html, str) else None


def _rows(answer: object, depth: int) -> list[dict[str, object]] | None:
    """Find the list of articles: a list of objects with a title, at most ``depth`` objects down."""
    if isinstance(answer, list):
        rows = [row for row in answer if isinstance(row, dict) and _field(row, TITLES)]
        return rows if rows or not answer else None
    if not isinstance(answer, dict) or depth == 0:
        return None
    for name in LISTS:
        rows_below = _rows(answer[name], depth - 1) if name in answer else None
        if rows_below is not None:
            return rows_below
    return None


def _items(rows: list[dict[str, object]], base: str, now: datetime) -> list[Item]:
    items = []
    for row in rows:
        stamp = _stamp(_field(row, DATES), now)
        url = urljoin(base, str(_field(row, ADDRESSES) or ""))
        items.append(Item(url, str(_field(row, TITLES)), stamp.at if stamp else None))
    return items


def _field(row: dict[str, object], names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if row.get(name)), None)


def _stamp(value: object, now: datetime) -> Stamp | None:
    """Read a date as interfaces give it: seconds or milliseconds since 1970, or written out."""
    text = str(value or "")
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return Stamp(datetime.fromtimestamp(seconds, CHINA), text, timed=True)
    return read_date(text, now)
