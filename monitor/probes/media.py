"""Look at the accounts of an office on new media: fetch the feed, or the page that lists the posts, and read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from checks.columns.lists import read_list
from checks.model import MediaAccount, Post, Text
from checks.probes import SILENT
from monitor.beijing import beijing_time, start_of_day
from monitor.failure import failure_of
from monitor.fetch import Fetched, Fetcher
from monitor.logs import tell
from monitor.masking import masked
from monitor.pages.offload import Offload, weight
from monitor.pages.parse import Parser
from monitor.pages.urls import resolve
from monitor.probes.feeds import FeedReaderMissingError, NoFeedError, read_feed
from monitor.settings.media import MediaAccountSettings

BYTES = 4 * 1024 * 1024
"""Of a feed or list that are read."""

FEED_WEIGHT = 8
"""What a byte of a feed weighs beside one of a page: feedparser cleans the markup of every entry in Python."""

NO_FEED = Text("订阅源的内容既不是 RSS、Atom，也不是 JSON Feed", "its feed is neither RSS nor Atom nor JSON Feed")
NO_READER = Text(
    "读取 RSS 和 Atom 订阅源需要附加组件 feeds（pip install 'sitehealth[feeds]'）",
    "RSS and Atom need the extra feeds (pip install 'sitehealth[feeds]')",
)
NO_LIST = Text("页面上没有带日期的信息列表", "the page has no list with dates")
NO_DATES = Text("订阅源中的信息都没有日期", "nothing in its feed has a date")
NO_POSTS = Text("订阅源中没有信息", "its feed is empty")
TO_COME = Text("信息的日期都还没有到", "all its dates are still to come")
TOO_LONG = Text("订阅源超过 {size} MiB，读不完整", "its feed is longer than {size} MiB and cannot be read")
UNREAD = Text("读取时出错：{reason}", "reading it failed: {reason}")
NOTHING_NOTED = Text(
    "没有配置订阅源，也没有登记过更新日期（sitehealth account seen）",
    "it has no feed, and nobody entered a day (sitehealth account seen)",
)
BAD_ADDRESS = Text("配置的地址无效", "the configured address is not one")
STATUS = Text("订阅源返回状态码 {status}", "its feed answers {status}")
FAULT = Text("订阅源打不开：{fault}", "its feed does not open: {fault}")


class _UnseenError(Exception):
    """An account cannot be seen, for a ``reason``."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MediaLook:
    """How accounts of one site are looked at. ``home`` is what relative addresses start from, ``now`` is aware."""

    fetcher: Fetcher
    parser: Parser
    home: str
    now: datetime
    offload: Offload

    async def look(self, account: MediaAccountSettings, noted: str | None) -> MediaAccount:
        """Return an account as it is now; ``noted`` is the day (ISO) of an update that a person entered.

        What fails is said in ``MediaAccount.trouble``.
        """
        day = beijing_time(start_of_day(noted)) if noted else None
        here = f"{self.home}#{account.name}"  # of its own: what is seen of one account says nothing of another
        if account.source is None:
            trouble = None if day else NOTHING_NOTED
            return MediaAccount(account.name, account.kind, here, self.now, noted=day, trouble=trouble)
        url = resolve(self.home, account.source.get_secret_value()).url
        seen = MediaAccount(account.name, account.kind, masked(url) or here, self.now, noted=day)
        try:
            read = self._list if account.page is not None else self._feed
            return replace(seen, posts=await read(url))
        except _UnseenError as error:
            return replace(seen, trouble=error.reason)
        except Exception as error:  # noqa: BLE001 - what fails at one account must not cost the others
            failure = failure_of(error)
            tell("error", "an account could not be looked at", account=account.name, error=failure.reason)
            return replace(seen, trouble=Text(*(words.format(reason=failure.reason) for words in UNREAD)))

    async def _list(self, url: str) -> tuple[Post, ...]:
        """Return the items of a page that lists posts. Raises _UnseenError."""
        fetched = await self._fetch(url)
        posts = await self.offload(weight(fetched.body), _listed, self.parser, url, fetched, self.now)
        return self._dated(posts, NO_LIST, NO_LIST)

    async def _feed(self, url: str) -> tuple[Post, ...]:
        """Return the posts of a feed. Raises _UnseenError."""
        fetched = await self._fetch(url)
        address, content_type = fetched.response.url, fetched.response.header("content-type") or ""
        size = FEED_WEIGHT * weight(fetched.body)
        posts = await self.offload(size, _read, address, fetched.body, content_type, self.now)
        if isinstance(posts, Text):
            size = BYTES // 2**20
            is_cut = fetched.truncated and posts is not NO_READER
            raise _UnseenError(Text(*(words.format(size=size) for words in TOO_LONG)) if is_cut else posts)
        return self._dated(posts, NO_POSTS, NO_DATES)

    def _dated(self, posts: tuple[Post, ...], empty: Text, undated: Text) -> tuple[Post, ...]:
        """Return posts of which one at least has a date that has come. Raises _UnseenError."""
        dates = [post.published for post in posts if post.published is not None]
        if not dates:
            raise _UnseenError(undated if posts else empty)
        if min(dates) > self.now:
            raise _UnseenError(TO_COME)
        return posts

    async def _fetch(self, url: str) -> Fetched:
        """Return the answer of an address. Raises _UnseenError where it does not open."""
        if not url:
            raise _UnseenError(BAD_ADDRESS)
        fetched = await self.fetcher.fetch(url, head_bytes=BYTES)
        response = fetched.response
        if response.error is not None:
            fault = SILENT.get(response.error, Text(response.error, response.error))
            raise _UnseenError(Text(*(words.format(fault=why) for words, why in zip(FAULT, fault, strict=True))))
        if response.status != 200:
            raise _UnseenError(Text(*(words.format(status=response.status) for words in STATUS)))
        return fetched


def _read(url: str, body: bytes, content_type: str, now: datetime) -> tuple[Post, ...] | Text:
    """Return the posts of a feed, or why there are none: what is raised in another process comes back as a failure."""
    try:
        return read_feed(url, body, content_type, now)
    except NoFeedError:
        return NO_FEED
    except FeedReaderMissingError:
        return NO_READER


def _listed(parser: Parser, url: str, fetched: Fetched, now: datetime) -> tuple[Post, ...]:
    """Return the items of a page that lists posts: titles and dates; their texts stand elsewhere."""
    listing = read_list(parser.parse(url, fetched.response, fetched.body, now))
    items = listing.items if listing else ()
    return tuple(Post(item.url, item.title, now, item.published) for item in items)
