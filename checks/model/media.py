"""Accounts of an office on new media (政务新媒体), and what was posted there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks.model.text import Text


class MediaKind(StrEnum):
    """Where an account is: 两微一端, and what came after."""

    WECHAT = "wechat"
    WEIBO = "weibo"
    DOUYIN = "douyin"
    APP = "app"
    OTHER = "other"


class Post(Struct, frozen=True):
    """One thing that an account published, as its feed tells it.

    ``url`` is where people read it, the feed's address with the post's id as fragment where it has none. ``text`` is
    what a reader sees, title first, one run a line; "" where it is known from a list of titles. ``html`` is its markup.
    ``published`` is aware, None where the feed gives no date. ``seen`` is when the feed was read.
    """

    url: str
    title: str
    seen: datetime
    published: datetime | None = None
    text: str = ""
    html: str = ""


class MediaAccount(Struct, frozen=True):
    """One account, with what a run got to see of it.

    ``url`` is the feed, the page that lists its posts, or the homepage where it has neither. ``noted`` is the day of an
    update that a person entered (midnight in China). ``trouble`` is why nothing can be said of the account: its feed
    does not open, or nobody ever entered a day. Both clocks are aware.
    """

    name: str
    kind: MediaKind
    url: str
    seen: datetime
    posts: tuple[Post, ...] = ()
    noted: datetime | None = None
    trouble: Text | None = None

    @property
    def newest(self) -> Post | None:
        """The newest post with a date that has come; a date of tomorrow is no update of today."""
        dated = [post for post in self.posts if post.published is not None and post.published <= self.seen]
        return max(dated, key=lambda post: (post.published, post.url), default=None)
