"""Judge the dates of what a column publishes: missing, to come, forged, contradictory, or twice on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from checks.model import Check, Column, Confidence, Finding, Item, Rule, Severity, Text
from checks.reading.citations import CENSUS, GUIDELINES, VETO
from checks.reading.dates import CHINA

UNDATED = Rule(
    id="undated-item",
    family="dates",
    severity=Severity.MINOR,
    title=Text("信息没有发布日期", "Items without a date"),
    message=Text("栏目“{name}”有 {count} 条信息没有发布日期", "{count} items of “{name}” have no date"),
    remedy=Text("在列表和正文页显示发布日期。", "Show the date of publication in the list and on the page."),
    basis=CENSUS,
    why=Text("没有发布日期的信息按未更新计。", "What has no date does not count as an update."),
)

FUTURE = Rule(
    id="future-date",
    family="dates",
    severity=Severity.MAJOR,
    title=Text("发布日期在未来", "Date in the future"),
    message=Text("发布日期 {date} 晚于检查当天", "the date of publication {date} lies after the day of the inspection"),
    remedy=Text("改为实际的发布日期。", "Put the actual date of publication."),
    basis=VETO,
    why=Text(
        "发布日期必须真实，伪造发稿日期单项否决。", "Dates of publication must be true; forged ones fail the site."
    ),
)

FORGED = Rule(
    id="forged-date",
    family="dates",
    severity=Severity.CRITICAL,
    title=Text("发布日期存疑", "Date in doubt"),
    message=Text(
        "标注发布于 {date}，但 {absent} 检查时栏目中还没有这条信息，相差 {days} 天",
        "dated {date}, but the column did not have it on {absent}, {days} days later",
    ),
    remedy=Text(
        "核实实际发布时间并更正；补录的历史信息请注明补录日期。",
        "Verify and correct the date; say so where old material was added later.",
    ),
    basis=VETO,
    why=Text("伪造发稿日期，整站单项否决。", "Forged dates fail the whole site."),
)

DUPLICATE = Rule(
    id="duplicate-item",
    family="freshness",
    severity=Severity.MINOR,
    title=Text("重复发布", "Published twice"),
    message=Text(
        "“{title}”在栏目“{name}”中同一天发布了 {count} 次",
        "“{title}” was published {count} times on one day in “{name}”",
    ),
    remedy=Text("保留一条，删除其余。", "Keep one and remove the others."),
    basis=GUIDELINES,
    why=Text("重复发布不算更新，也妨碍查找。", "A repetition is no update and hinders those who search."),
    unverified=True,
)

EXAMPLES = 3
"""Titles quoted as evidence."""


class Dates(Check[Column], frozen=True):
    """Judge the dates of a column's items."""

    id = "dates"
    label = Text("发布日期", "Dates")
    rules = (UNDATED, FUTURE, FORGED, DUPLICATE)

    forged_days: int = 31
    """Days by which an item may be dated before an inspection that did not find it: 20 working days are allowed."""
    undated_types: tuple[str, ...] = ("news", "notice", "policy", "personnel", "planning", "finance", "statistics")
    """The types of column whose items must have a date; in any other one a date is missing where most items have it."""

    def inspect(self, subject: Column) -> Iterator[Finding]:
        """Yield undated, future, forged and repeated items."""
        undated = [item for item in subject.items if item.published is None and not item.unread]
        mixed = len(undated) * 2 < len(subject.items)
        if undated and (mixed or subject.type in self.undated_types):
            params = {"name": subject.name, "count": len(undated)}
            titles = "；".join(item.title for item in undated[:EXAMPLES])
            confidence = Confidence.CONFIRMED if subject.certain else Confidence.SUSPECTED
            yield Finding(
                UNDATED, subject.url, params=params, evidence=titles, column=subject.name, confidence=confidence
            )
        for item in subject.items:
            yield from self._inspect_date(item, subject)
        yield from _repeated(subject)

    def _inspect_date(self, item: Item, column: Column) -> Iterator[Finding]:
        if item.published is None:
            return
        day = item.published.astimezone(CHINA).date()
        date = day.isoformat()
        if day > column.seen.astimezone(CHINA).date():
            yield Finding(FUTURE, item.url, params={"date": date}, evidence=item.title, column=column.name)
        late = item.absent_at - item.published if item.absent_at else timedelta()
        if item.absent_at and late > timedelta(days=self.forged_days):
            params = {"date": date, "absent": f"{item.absent_at.astimezone(CHINA):%Y-%m-%d}", "days": late.days}
            suspected = Confidence.SUSPECTED
            yield Finding(
                FORGED, item.url, params=params, evidence=item.title, column=column.name, confidence=suspected
            )


def _repeated(column: Column) -> Iterator[Finding]:
    """Yield the titles that stand more than once in a column on one day, at different addresses."""
    alike: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in column.items:
        if item.published:
            alike["".join(item.title.split()), item.published.astimezone(CHINA).date().isoformat()].append(item)
    for (title, date), items in alike.items():
        if len({item.url for item in items}) > 1:
            yield Finding(
                DUPLICATE,
                column.url,
                key=f"{title} {date}",
                params={"title": items[0].title, "name": column.name, "count": len({item.url for item in items})},
                evidence="；".join(list(dict.fromkeys(item.url for item in items))[:EXAMPLES]),
                column=column.name,
                confidence=Confidence.CONFIRMED if column.certain else Confidence.SUSPECTED,
            )
