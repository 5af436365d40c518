"""Read the posts of a feed: RSS and Atom of every version with feedparser, JSON Feed as it is.

Feeds are written by all kinds of programs: dates without a zone are those of China, an entry without an address has
one made of the feed's and its id, and what is no feed says so.
"""

from __future__ import annotations

import json
import re
from calendar import month_abbr
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from checks.model import Post
from checks.model.html_tree import parse_html
from checks.reading.dates import CHINA, read_date
from monitor.pages.bounds import bounded
from monitor.pages.decoding import decode
from monitor.pages.urls import resolve
from monitor.pages.visible_text import text_in

POSTS = 100
"""Of one feed that are read, the newest."""

LONGEST = 200_000
"""Characters of the markup of one post that are read."""


class NoFeedError(ValueError):
    """What was sent is no feed."""


class FeedReaderMissingError(RuntimeError):
    """The extra ``feeds`` is not installed, and the feed is no JSON."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry as a feed has it: texts, not yet looked at."""

    id: str = ""
    link: str = ""
    title: str = ""
    date: str = ""
    html: str = ""


_Dated = tuple[_Entry, datetime | None]


def read_feed(url: str, body: bytes, content_type: str, seen: datetime) -> tuple[Post, ...]:
    """Return the newest posts of a feed in its order; ``seen`` (aware) is when it was fetched.

    Raises NoFeedError and FeedReaderMissingError. The work goes with the size of the body, so the caller bounds it.
    """
    entries = list(_json_entries(body, content_type) if _is_json(body) else _xml_entries(url, body, content_type))
    dated = [(entry, read_moment(entry.date, seen)) for entry in entries]
    return tuple(_post(url, entry, moment, seen) for entry, moment in _newest(dated))


def _newest(dated: list[_Dated]) -> list[_Dated]:
    """Return so many of the entries as are read, in their order: most feeds begin with the newest, some end with it."""
    if len(dated) <= POSTS:
        return dated
    earliest = datetime.min.replace(tzinfo=UTC)
    order = sorted(range(len(dated)), key=lambda at: dated[at][1] or earliest, reverse=True)
    return [dated[at] for at in sorted(order[:POSTS])]


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _json_entries(body: bytes, content_type: str) -> Iterator[_Entry]:
    """Yield the entries of a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    try:
        feed = json.loads(decode(body, content_type).text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise NoFeedError(str(error)) from None
    items = feed.get("items")
    if not isinstance(items, list):
        raise NoFeedError("no items")
    for item in items:
        if isinstance(item, dict):
            yield _Entry(
                id=_text(item, "id"),
                link=_text(item, "url") or _text(item, "external_url"),
                title=_text(item, "title"),
                date=_text(item, "date_published") or _text(item, "date_modified"),
                html=_text(item, "content_html") or _escaped(_text(item, "content_text") or _text(item, "summary")),
            )


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, int):  # ids are numbers in many a feed
        return str(value)
    return value if isinstance(value, str) else ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _xml_entries(url: str, body: bytes, content_type: str) -> Iterator[_Entry]:
    """Yield the entries of RSS and Atom.

    feedparser is handed bytes alone: a string could be taken for an address, which it would ask for itself. Which
    characters they are is told as of a page: feeds are as often wrong about it.
    """
    try:
        import feedparser
    except ModuleNotFoundError:
        raise FeedReaderMissingError from None
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    feed = feedparser.parse(decode(body, content_type).text.encode("utf-8", "replace"), response_headers=headers)
    if not feed.get("version"):
        raise NoFeedError("neither RSS nor Atom")
    for entry in feed.entries:
        content = max((part.get("value", "") for part in entry.get("content", ())), key=len, default="")
        yield _Entry(
            id=entry.get("id", ""),
            link=entry.get("link", ""),
            title=entry.get("title", ""),
            date=entry.get("published", "") or entry.get("updated", ""),
            html=content or entry.get("summary", ""),
        )


def _post(feed: str, entry: _Entry, published: datetime | None, seen: datetime) -> Post:
    title = _plain(entry.title)
    text = _plain(entry.html)
    address = resolve(feed, entry.link).url if entry.link else ""
    return Post(
        url=address or f"{feed}#{entry.id or entry.title}",
        title=" ".join(title.split()),
        seen=seen,
        published=published,
        text=f"{title}\n{text}".strip(),
        html=entry.html[:LONGEST],
    )


def _plain(html: str) -> str:
    """Return what a reader sees of markup."""
    html = bounded(html[:LONGEST].replace("\0", "\ufffd"))
    return text_in(parse_html(html), html) if html.strip() else ""


EPOCH = re.compile(r"\d{10}(?:\d{3})?")
"""Seconds or milliseconds since 1970, as programs put them where a date belongs."""

CHINESE_DAY = re.compile(
    r"(?:(?:星期|周)[一二三四五六日天],?\s*)?(\d{1,2})\s+([一二三四五六七八九十]+|\d{1,2})月\s+(\d{4})"
)
"""The date of RFC 822 as a program writes it that runs in Chinese: ``星期二, 08 九月 2026``."""

MONTHS = {name: at for at, name in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), start=1)}


def read_moment(text: str, seen: datetime) -> datetime | None:
    """Return the moment that a feed writes: RFC 822, RFC 3339, or the forms of Chinese pages; None for what is none.

    One without a zone is of China: feeds of official accounts are written there.
    """
    text = text.strip()
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), CHINA)
    text = CHINESE_DAY.sub(_in_english, text)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    stamp = read_date(text, seen)
    return stamp.at if stamp else None


def _in_english(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    number = int(month) if month.isdecimal() else MONTHS.get(month, 0)
    return f"{day} {month_abbr[number]} {year}" if number in range(1, 13) else match[0]
