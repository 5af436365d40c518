"""Read the posts of a feed: RSS and Atom of every version with feedparser, JSON Feed as it is.

Feeds are written by all kinds of programs: dates without a zone are those of China, an entry without an address has
one made of the feed's and its id, and what is no feed says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from checks.model import Post
from checks.reading.dates import CHINA, read_date
from monitor.pages.bounds import bounded
from monitor.pages.decoding import decode
from monitor.pages.urls import resolve
from monitor.pages.visible_text import text_in

POSTS = 100
"""Of one feed that are read; what it lists first is the newest."""

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


def read_feed(url: str, body: bytes, content_type: str, seen: datetime) -> tuple[Post, ...]:
    """Return the posts of a feed in its order; ``seen`` (aware) is when it was fetched.

    Raises NoFeedError and FeedReaderMissingError. The work goes with the size of the body, so the caller bounds it.
    """
    entries = list(_json_entries(body, content_type) if _is_json(body) else _xml_entries(url, body, content_type))
    return tuple(_post(url, entry, seen) for entry in entries[:POSTS])


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

    feedparser is handed bytes alone: a string could be taken for an address, which it would ask for itself.
    """
    try:
        import feedparser
    except ModuleNotFoundError:
        raise FeedReaderMissingError from None
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    feed = feedparser.parse(body, response_headers=headers)
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


def _post(feed: str, entry: _Entry, seen: datetime) -> Post:
    title = _plain(entry.title)
    text = _plain(entry.html)
    address = resolve(feed, entry.link).url if entry.link else ""
    return Post(
        url=address or f"{feed}#{entry.id or entry.title}",
        title=" ".join(title.split()),
        seen=seen,
        published=read_moment(entry.date, seen),
        text=f"{title}\n{text}".strip(),
        html=entry.html[:LONGEST],
    )


def _plain(html: str) -> str:
    """Return what a reader sees of markup."""
    html = bounded(html[:LONGEST].replace("\0", "\ufffd"))
    return text_in(LexborHTMLParser(html), html) if html.strip() else ""


def read_moment(text: str, seen: datetime) -> datetime | None:
    """Return the moment that a feed writes: RFC 822, RFC 3339, or the forms of Chinese pages; None for what is none.

    One without a zone is of China: feeds of official accounts are written there.
    """
    text = text.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    stamp = read_date(text, seen)
    return stamp.at if stamp else None
