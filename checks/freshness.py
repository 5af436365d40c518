"""Judge whether a site is kept up to date: its homepage and its columns.

The clock is the moment a subject was seen. Limits are data (``checks.columns.limits``). Nothing without a date counts
as an update, a list that a script draws is not judged, and a column that the rest of the site does not call one is
suspected at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec import field

from checks.columns.limits import HOMEPAGE, Limit, limits_of, status_of
from checks.model import (
    Check,
    Column,
    ColumnStatus,
    ColumnType,
    Confidence,
    Finding,
    Inventory,
    Item,
    Rule,
    Severity,
    Text,
)
from checks.reading.citations import CENSUS, VETO
from checks.reading.dates import CHINA

STALE_HOMEPAGE = Rule(
    id="stale-homepage",
    family="freshness",
    severity=Severity.CRITICAL,
    title=Text("首页不更新", "Homepage not updated"),
    message={
        "stale": Text(
            "首页最新一条信息发布于 {newest}，已 {days} 天没有更新（见 {place}）",
            "the newest item on the homepage is of {newest}, {days} days ago (see {place})",
        ),
        "warning": Text(
            "首页最新一条信息发布于 {newest}，已 {days} 天没有更新，接近两周的期限（见 {place}）",
            "the newest item on the homepage is of {newest}, {days} days ago: two weeks are nearly over (see {place})",
        ),
        "unchanged": Text(
            "首页没有带日期的信息，历次检查所见内容自 {newest} 起没有变化，已 {days} 天",
            "nothing on the homepage has a date, and it has not changed since {newest}, {days} days ago",
        ),
        "undated": Text(
            "首页没有带日期的信息，按未更新计", "nothing on the homepage has a date, so it counts as not updated"
        ),
    },
    remedy=Text(
        "在首页发布新的信息，并显示发布日期。",
        "Publish something new on the homepage and show its date.",
    ),
    basis=VETO,
    why=Text("首页两周没有更新，整站单项否决。", "Two weeks without an update of the homepage fail the whole site."),
)

STALE_COLUMN = Rule(
    id="stale-column",
    family="freshness",
    severity=Severity.MAJOR,
    title=Text("栏目不更新", "Column not updated"),
    message={
        "stale": Text(
            "栏目“{name}”最新一条信息发布于 {newest}，已 {days} 天没有更新，期限为 {limit} 天",
            "the newest item of “{name}” is of {newest}, {days} days ago; {limit} are allowed",
        ),
        "warning": Text(
            "栏目“{name}”最新一条信息发布于 {newest}，距 {limit} 天的更新期限还有 {left} 天",
            "the newest item of “{name}” is of {newest}; {left} of {limit} days are left",
        ),
        "undated": Text(
            "栏目“{name}”的信息都没有发布日期，按未更新计",
            "nothing in “{name}” has a date, so it counts as not updated",
        ),
    },
    remedy=Text(
        "更新栏目内容；确已不再使用的栏目，请合并、关闭或标注为归档。",
        "Update the column; merge, close or archive one that is no longer in use.",
    ),
    basis=CENSUS,
    why=Text(
        "动态要闻两周、通知公告和政策文件六个月、其他栏目一年未更新即为逾期；逾期栏目达到规定数量，整站单项否决。",
        "News are overdue after two weeks, notices and policies after six months, the rest after a year.",
    ),
)

BLANK_COLUMN = Rule(
    id="blank-column",
    family="freshness",
    severity=Severity.MAJOR,
    title=Text("空白栏目", "Blank column"),
    message=Text("栏目“{name}”没有任何内容", "there is nothing in “{name}”"),
    remedy=Text(
        "补充内容；暂时没有内容的栏目不要开通。", "Fill the column, or close it until there is something to publish."
    ),
    basis=VETO,
    why=Text("空白栏目达到 5 个，整站单项否决。", "Five blank columns fail the whole site."),
)


class Homepage(Check[Inventory], frozen=True):
    """Judge the homepage by its newest dated item.

    One that only points on is judged by the newest of its columns, and where nothing at all has a date, by the last
    time that it differed from an earlier inspection.
    """

    id = "homepage"
    label = Text("首页更新", "Stale homepage")
    rules = (STALE_HOMEPAGE,)

    limit: str = HOMEPAGE.limit
    """How old the newest item may be: ``14d``, ``6m``, ``1y``."""
    warning: str = HOMEPAGE.warning
    """The age from which on it is worth a warning."""

    def inspect(self, subject: Inventory) -> Iterator[Finding]:
        """Yield the finding of a homepage that is stale, or soon will be."""
        if subject.homepage is None:
            return
        news = _newest(subject)
        newest = news.at if news else subject.changed
        status = status_of(newest, subject.seen, Limit(self.limit, self.warning))
        if status is ColumnStatus.FRESH or (newest is None and not subject.whole):
            return
        if newest is None and any(item.unread for item in _listed(subject)):
            return
        if newest is None:
            yield Finding(STALE_HOMEPAGE, subject.url, variant="undated", confidence=Confidence.SUSPECTED)
            return
        day = newest.astimezone(CHINA).date()
        yield Finding(
            STALE_HOMEPAGE,
            subject.url,
            params={
                "newest": day.isoformat(),
                "days": (subject.seen.astimezone(CHINA).date() - day).days,
                "place": news.place if news else "",
            },
            variant=str(status) if news else "unchanged",
            severity=None if status is ColumnStatus.STALE else Severity.MINOR,
            evidence=news.title if news else "",
            confidence=Confidence.CONFIRMED if news is None or news.certain else Confidence.SUSPECTED,
        )


class _News(NamedTuple):
    """The newest thing that a homepage is judged by, and the page on which its date stands."""

    at: datetime
    title: str
    place: str
    certain: bool = True


def _listed(site: Inventory) -> tuple[Item, ...]:
    home = site.homepage
    return home.listing.items if home and home.listing else ()


def _newest(site: Inventory) -> _News | None:
    """Return the newest dated item of the homepage, or of the columns below one that only points on."""
    items = _listed(site)
    shown = {page.url: page.published for page in site.articles}
    several = sum(item.published is not None for item in items) > 1  # one date may be of a version, or of the page
    own = [_news(item, site.url, shown, certain=several) for item in items]
    below = [_news(item, column.url, shown, certain=column.certain) for column in site.columns for item in column.items]
    for found in (own, below):
        dated = [news for news in found if news and news.at <= site.seen]
        if dated:
            return max(dated, key=lambda news: (news.at, news.certain))
    return None


def _news(item: Item, listed_at: str, shown: Mapping[str, datetime | None], *, certain: bool = True) -> _News | None:
    """Return an item with the page that shows its date: its own where that has one, else the list."""
    if item.published is None:
        return None
    place = item.url if shown.get(item.url) == item.published else listed_at
    return _News(item.published, item.title, place, certain)


class Freshness(Check[Column], frozen=True):
    """Judge a column by the clock of its type."""

    id = "freshness"
    label = Text("栏目更新", "Stale columns")
    rules = (STALE_COLUMN, BLANK_COLUMN)

    limits: Mapping[str, str] = field(default_factory=dict)
    """A type of column and its span, such as ``notice: 3m``; the limit of a single column comes before it."""

    @property
    def column_limits(self) -> Mapping[ColumnType, str]:
        """The settings, by type of column."""
        return {ColumnType(name): span for name, span in self.limits.items()}

    def inspect(self, subject: Column) -> Iterator[Finding]:
        """Yield what is overdue, soon will be, or was never filled."""
        standing = limits_of([self]).stand(subject)
        params: dict[str, object] = {"name": subject.name, "limit": standing.limit_days}
        confidence = Confidence.CONFIRMED if subject.certain else Confidence.SUSPECTED
        if standing.status is ColumnStatus.BLANK:
            name = {"name": subject.name}
            yield Finding(BLANK_COLUMN, subject.url, params=name, column=subject.name, confidence=confidence)
        if standing.status not in {ColumnStatus.STALE, ColumnStatus.WARNING}:
            return
        if subject.newest is None or standing.age_days is None:
            suspected = Confidence.SUSPECTED
            yield Finding(
                STALE_COLUMN, subject.url, params=params, variant="undated", column=subject.name, confidence=suspected
            )
            return
        params |= {
            "newest": f"{subject.newest.astimezone(CHINA):%Y-%m-%d}",
            "days": standing.age_days,
            "left": standing.limit_days - standing.age_days,
        }
        newest = next(item for item in subject.items if item.published == subject.newest)
        yield Finding(
            STALE_COLUMN,
            subject.url,
            params=params,
            variant=str(standing.status),
            severity=None if standing.status is ColumnStatus.STALE else Severity.MINOR,
            evidence=newest.title,
            column=subject.name,
            confidence=confidence,
        )
