"""Judge what an office publishes against what it must: in time, in the columns that are required, explained."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from urllib.parse import urlsplit

from msgspec import field

from checks.columns.lists import is_list
from checks.late_pattern import late
from checks.model import Check, Confidence, Facts, Finding, Inventory, Need, Page, Rule, Severity, Text
from checks.reading.citations import GUIDELINES, META_TAGS, OPENNESS
from checks.reading.dates import CHINA
from checks.reading.official import is_official_site
from checks.reading.published import DateSource, conflicting_date, made_date, publication
from checks.reading.workdays import WorkCalendar

LATE = Rule(
    id="late-publication",
    family="freshness",
    severity=Severity.MINOR,
    title=Text("公开不及时", "Published late"),
    message={
        "exact": Text(
            "成文于 {made}，{published} 才公开，相隔 {days} 个工作日，超过 {limit} 个工作日",
            "made on {made} and published on {published}, {days} working days later; {limit} are allowed",
        ),
        "estimated": Text(
            "成文于 {made}，{published} 才公开，相隔约 {days} 个工作日（估算），超过 {limit} 个工作日",
            "made on {made} and published on {published}, an estimated {days} working days later; {limit} are allowed",
        ),
    },
    remedy=Text(
        "主动公开的信息自形成之日起 20 个工作日内公开。",
        "Publish within 20 working days of the day on which a document was made.",
    ),
    basis=OPENNESS,
    why=Text("逾期公开属于公开不及时。", "The law sets the term."),
)

CONFLICT = Rule(
    id="pubdate-conflict",
    family="dates",
    severity=Severity.MINOR,
    title=Text("页面日期与 PubDate 不一致", "Date shown and PubDate differ"),
    message=Text(
        "页面显示发布于 {shown}，PubDate 标签为 {tagged}", "the page says {shown}, its tag PubDate says {tagged}"
    ),
    remedy=Text(
        "核实实际发布日期，使页面显示与标签一致。", "Find out when it was published; page and tag must say the same."
    ),
    basis=META_TAGS,
    why=Text(
        "全国汇聚检索以标签为准，公众以页面为准，两者不一致时发布日期不可信。",
        "The national index reads the tag and people read the page; where they differ neither can be trusted.",
    ),
    unverified=True,
)

MISSING_COLUMN = Rule(
    id="missing-column",
    family="content",
    severity=Severity.MAJOR,
    title=Text("缺少必备栏目", "Required column missing"),
    message=Text("没有找到“{column}”栏目", "there is no column “{column}”"),
    remedy=Text(
        "开设栏目；已有的，请在导航中使用规范名称，或在配置中更正。",
        "Open the column; where it exists, call it by its name in the navigation, or correct the configuration.",
    ),
    basis=OPENNESS,
    why=Text("这些内容属于法定主动公开范围。", "The law requires this to be published."),
    unverified=True,
)

UNLINKED = Rule(
    id="unlinked-interpretation",
    family="content",
    severity=Severity.MINOR,
    title=Text("解读与文件没有关联", "Interpretation and document not linked"),
    message={
        "document": Text("解读没有链接到它所解读的文件", "the interpretation does not link to its document"),
        "interpretation": Text(
            "文件没有链接到它的解读《{title}》", "the document does not link to its interpretation “{title}”"
        ),
    },
    remedy=Text("在文件页和解读页互相加上链接。", "Link the document and its interpretation to each other."),
    basis=GUIDELINES,
    why=Text("公众读到文件时应当能找到解读，反之亦然。", "Readers of the one must find the other."),
    unverified=True,
)

REQUIRED = {
    "公开指南": "公开指南",
    "公开目录": "公开目录|主动公开|公开内容",
    "政府信息公开年报": "年报|年度报告",
    "权责清单": "权责清单|权力清单|责任清单|权力和责任清单",
    "财政预决算": "预决算|预算|决算",
    "政策解读": "解读",
    "互动交流": "互动|信箱|留言|咨询|征集|来信|问政",
    "依申请公开": "依申请",
}
"""Columns that an office must have, and the names under which they are found."""


class Punctuality(Check[Page], frozen=True):
    """Compare the day a document was made with the day it was published, and the date shown with that of the tag."""

    id = "publication"
    label = Text("公开时限", "Publication deadlines")
    needs = frozenset({Need.TEXT})
    rules = (LATE, CONFLICT)

    working_days: int = 20
    """The term, in working days after the day on which a document was made."""
    years: int = 1
    """How far back publications are judged: material that was moved from an older site is dated by the move."""
    calendar: Mapping[date, bool] = field(default_factory=dict)
    """Days that no announcement covers yet: date, and whether it is worked."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield the finding of a document that was published after its term, and of dates that contradict."""
        if is_list(subject):
            return
        yield from _conflict(subject)
        yield from self._late(subject)

    def _late(self, subject: Page) -> Iterator[Finding]:
        found = publication(subject)
        if found is None or found.source is DateSource.URL:
            return
        published, today = found.stamp.day, subject.fetched.astimezone(CHINA).date()
        if published > today or today - published > timedelta(days=366 * self.years):
            return
        made = made_date(subject.text, subject.fetched)
        if made is None:
            return
        count = WorkCalendar(self.calendar).between(made.day, published)
        if count.days > self.working_days:
            yield Finding(
                LATE,
                subject.url,
                params={
                    "made": f"{made.day}",
                    "published": f"{published}",
                    "days": count.days,
                    "limit": self.working_days,
                },
                variant="estimated" if count.estimated else "exact",
                confidence=Confidence.SUSPECTED,
            )


def _conflict(page: Page) -> Iterator[Finding]:
    dates = conflicting_date(page)
    if dates is not None:
        shown, tagged = dates
        params = {"shown": f"{shown.day}", "tagged": f"{tagged.day}"}
        yield Finding(CONFLICT, page.url, params=params, evidence=shown.text)


class RequiredColumns(Check[Inventory], frozen=True):
    """Look for the columns that an office must have among everything the site links to."""

    id = "columns"
    label = Text("应设栏目", "Required columns")
    rules = (MISSING_COLUMN,)

    official: bool | None = None
    """Whether the list applies: true, false, or null to tell by the domain and the site's code."""
    required: Mapping[str, str] = field(default_factory=lambda: dict(REQUIRED))
    """A column's name, and a pattern of the names under which it is found."""

    def inspect(self, subject: Inventory) -> Iterator[Finding]:
        """Yield each column that nothing on the site is called."""
        official = is_official_site(subject) if self.official is None else self.official
        if subject.homepage is None or not subject.whole or not official:
            return
        names = "\n".join((*subject.names, *(page.title for page in subject.pages)))
        for column, pattern in self.required.items():
            if not re.search(pattern, names):
                yield Finding(MISSING_COLUMN, subject.url, key=column, params={"column": column})


class Interpretations(Check[Inventory], frozen=True):
    """Look for the links between documents and their interpretations, both ways."""

    id = "interpretation"
    label = Text("政策解读", "Policy interpretation")
    rules = (UNLINKED,)

    def inspect(self, subject: Inventory) -> Iterator[Finding]:
        """Yield interpretations that lead to no document, and documents that do not lead back."""
        if not subject.whole:
            return
        listed = {item.url for column in subject.columns if _READING.search(column.name) for item in column.items}
        readings = {page.url: page for page in subject.articles if page.url in listed or _READING.search(page.title)}
        documents = {page.url: page for page in subject.articles if page.url not in readings}
        lists = {page.url for page in subject.pages if page.listing is not None} | {subject.url}
        for reading in readings.values():
            related = [documents[url] for url in reading.related if url in documents]
            named = [document for document in related if is_about(reading, document)]
            if not named and not _leads_elsewhere(reading, lists | readings.keys()):
                certain = Confidence.CONFIRMED if _READING.search(reading.title) else Confidence.SUSPECTED
                yield Finding(
                    UNLINKED,
                    reading.url,
                    key="document",
                    variant="document",
                    evidence=reading.title,
                    confidence=certain,
                )
            for document in named:
                if reading.url not in document.related:
                    yield Finding(
                        UNLINKED,
                        document.url,
                        key=reading.url,
                        variant="interpretation",
                        params={"title": reading.title},
                        evidence=document.title,
                    )


_READING = late(r"解读|图解|一图读懂|一图看懂|一图了解")
_NAME = re.compile(r"《([^《》]{4,})》")
_FRAME = re.compile(r"^.{0,30}?关于(?:印发|公布|发布|转发)?|(?:的)?(?:通知|决定|意见|通告|公告)?$")


def is_about(reading: Facts, document: Facts) -> bool:
    """Return whether an interpretation names the document: what stands in 《》, or the matter of its title."""
    named = _NAME.search(document.title)
    matter = named[1] if named else _FRAME.sub("", document.title)
    return len(matter) >= 4 and matter in reading.title


def _leads_elsewhere(page: Facts, known: set[str]) -> bool:
    """Return whether an article points to a document that may be the one: on another site, a file, or not read."""
    host = urlsplit(page.url).hostname
    return any(url not in known or urlsplit(url).hostname != host for url in page.related)
