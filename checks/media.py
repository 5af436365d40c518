"""Judge the accounts of an office on new media: whether they are kept up, and whether a post leaks anything.

The clock is the moment an account was looked at. What cannot be seen is not judged: a feed that does not open makes no
account stale, and the day that a person entered counts where it is the newest.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.columns.limits import Limit, status_of
from checks.model import (
    Check,
    ColumnStatus,
    Finding,
    MediaAccount,
    MediaKind,
    Post,
    Rule,
    Severity,
    Text,
)
from checks.privacy import inspect_text
from checks.reading.citations import VETO
from checks.reading.dates import CHINA

KINDS = {
    MediaKind.WECHAT: Text("微信公众号", "the WeChat account"),
    MediaKind.WEIBO: Text("微博", "the Weibo account"),
    MediaKind.DOUYIN: Text("抖音号", "the Douyin account"),
    MediaKind.APP: Text("移动客户端", "the app"),
    MediaKind.OTHER: Text("政务新媒体", "the account"),
}
"""What reports call each kind."""

MESSAGES = {
    "stale": Text(
        "{kind.zh}“{{name}}”最新一条信息发布于 {{newest}}，已 {{days}} 天没有更新",
        "the newest post of {kind.en} “{{name}}” is of {{newest}}, {{days}} days ago",
    ),
    "warning": Text(
        "{kind.zh}“{{name}}”最新一条信息发布于 {{newest}}，已 {{days}} 天没有更新，接近两周的期限",
        "the newest post of {kind.en} “{{name}}” is of {{newest}}, {{days}} days ago: two weeks are nearly over",
    ),
    "noted-stale": Text(
        "{kind.zh}“{{name}}”登记的最近一次更新是 {{newest}}，已 {{days}} 天没有更新",
        "the last update of {kind.en} “{{name}}” that somebody entered is of {{newest}}, {{days}} days ago",
    ),
    "noted-warning": Text(
        "{kind.zh}“{{name}}”登记的最近一次更新是 {{newest}}，已 {{days}} 天没有更新，接近两周的期限",
        "the last update of {kind.en} “{{name}}” that somebody entered is of {{newest}}, {{days}} days ago:"
        " two weeks are nearly over",
    ),
}
"""By how it stands; those that are ``noted`` go by a day that a person entered."""

STALE_ACCOUNT = Rule(
    id="stale-account",
    family="freshness",
    severity=Severity.CRITICAL,
    title=Text("政务新媒体不更新", "New media account not updated"),
    message={
        f"{variant}-{kind}": Text(message.zh.format(kind=name), message.en.format(kind=name))
        for variant, message in MESSAGES.items()
        for kind, name in KINDS.items()
    },
    remedy=Text(
        "发布新的信息；确已不用的账号，按规定办理注销并公告。"
        "没有订阅源的账号，更新后用 sitehealth account seen 登记日期。",
        "Publish something new; close an account that is no longer used, and say so. Of an account without a feed,"
        " enter the day of the update with sitehealth account seen.",
    ),
    basis=VETO,
    why=Text("政务新媒体两周没有更新，单项否决。", "Two weeks without an update fail the account."),
)


class MediaAccounts(Check[MediaAccount], frozen=True):
    """Judge an account by its newest post, or by the day of an update that a person entered."""

    id = "media"
    label = Text("政务新媒体更新", "Stale new media accounts")
    rules = (STALE_ACCOUNT,)

    limit: str = "14d"
    """How old the newest post may be: ``14d``, ``6m``, ``1y``."""
    warning: str = "10d"
    """The age from which on it is worth a warning."""

    def inspect(self, subject: MediaAccount) -> Iterator[Finding]:
        """Yield the finding of an account that is stale, or soon will be."""
        if subject.trouble is not None:
            return
        post = subject.newest
        by_feed = post.published if post else None
        days = [day for day in (by_feed, subject.noted) if day is not None]
        if not days:
            return
        newest = max(days)
        status = status_of(newest, subject.seen, Limit(self.limit, self.warning))
        if status is ColumnStatus.FRESH:
            return
        day = newest.astimezone(CHINA).date()
        is_noted = newest != by_feed
        yield Finding(
            STALE_ACCOUNT,
            subject.url,
            key=subject.name,
            params={
                "name": subject.name,
                "newest": day.isoformat(),
                "days": (subject.seen.astimezone(CHINA).date() - day).days,
            },
            variant=f"{'noted-' if is_noted else ''}{status}-{subject.kind}",
            severity=None if status is ColumnStatus.STALE else Severity.MINOR,
            evidence=post.title if post and not is_noted else "",
            column=subject.name,
        )


class PostPrivacy(Check[Post], frozen=True):
    """Look for leaks in what an account posts; the rules are those of ``privacy``."""

    id = "post-privacy"
    label = Text("新媒体信息中的泄露", "Leaks in posts")
    rules = ()

    def inspect(self, subject: Post) -> Iterator[Finding]:
        """Yield one finding for each rule that the post breaks."""
        yield from inspect_text(subject.text, subject.url, subject.seen.astimezone(CHINA).date())
