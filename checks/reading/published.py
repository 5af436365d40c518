"""Say when an article was published, and when the document in it was made.

The order of trust: what readers see (发布时间, 发布日期, a date right below the heading), the meta tag ``PubDate`` of
网页标签规范, the date in the list that links to it, and its URL. Where the first two name one day, the meta tag also
knows the time. The © year, a date in the title or body, and 成文日期 are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from checks.late_pattern import late
from checks.model.html_tree import parent_of
from checks.reading.dates import Stamp, full_dates, read_date, url_date
from checks.reading.further_reading import heads_further_reading

if TYPE_CHECKING:
    from checks.model import Page
    from checks.model.turbohtml_core import Element


class DateSource(StrEnum):
    """Where a date of publication was read."""

    META = "meta"
    LABEL = "label"
    LIST = "list"
    URL = "url"


class Published(NamedTuple):
    """When an article was published (aware, +08:00) and where that was read."""

    stamp: Stamp
    source: DateSource


_REACH = 24
"""Characters between a label and its date: 【发布时间】 and a few spaces, not a sentence."""

# Patterns begin with one class of characters, so that the engine skips to it; what must not stand before is looked at
# afterwards.
_STRONG = late(r"[发公上]\s?[布开稿网表]\s*[日时]\s*[期间]\s*[】\])）]?\s*[:：]?\s*(?=[\[【(（]?[\d一二A-Z])")
_WEAK = late(r"[日时]\s*[期间]\s*[】\])）]?\s*[:：]\s*")
_BEFORE_WEAK = late(r"[\s\u3000|｜【\[(（>]")
_MADE = late(r"(?:成\s?文|生\s?成|印\s?发|发\s?文|制\s?发)\s*[日时]\s*[期间]\s*[】\])）]?\s*[:：]?\s*")
_MADE_ENDS = tuple(late(f"{mark}(?<=[日时\\s]{mark})") for mark in "期间")
_MADE_LABEL = late(r"[文成发]\s*[日时]\s*\Z")
_BYLINE = late(
    r"来\s*源\s*[:：]|作\s*者\s*[:：]|浏\s*览|点\s*击|阅\s*读|字\s*[体号]|访\s*问|打\s*印|分\s*享|责任编辑"
    r"|[编供撰][\s\u3000]*[辑稿][\s\u3000]*(?:人|单位)?[:：]|发布(?:人|者|单位|机构)\s*[:：]"
)
_POSTED = late(r"(?:[发刊登][表布发载]于?|(?:更新|录入|添加|修改|入库)(?:于|[日时][期间]))\s*[:：]?")
"""What may stand before the date below a heading: 发表于, 更新时间. Elsewhere it says too little."""
_EVENT = late(r"^\W*(?:地\s*点|地\s*址|会场|参加|出席|主持|议题|活动|会议|报名|考试|方式|对象)")
_SPAN = late(r"\s?(?:起|之?前|以前|之?后|以后|至|止|内|施行|实施|执行)")
"""What follows a date that begins or ends a span of time: 自发布日期2026年10月1日起施行."""
_LEAD = late(r"^[\s\u3000[【(（:：]*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?")
_WORD = late(r"[\s\u3000]")
_BYLINE_LENGTH = 160
_GAPS = " \u3000\xa0[]【】()（）|｜"
_ENTRY_DEPTH = 6
"""Elements between the date of an entry and the entry at most."""
_PROSE = late(r"[。，；！？]")
_TOP, _NEAR, _HEADING, _SENTENCE = 200, 3, 4, 40
"""Lines of a page among which its heading stands; lines below it that may hold the date; characters of a heading at
least; characters of a line that is text and no title."""


@lru_cache(maxsize=1)
def publication(page: Page, listed: datetime | None = None) -> Published | None:
    """Return when the article was published, or None when nothing on it says so.

    ``listed`` is the date in the list that links to it. Several checks ask about one page before they turn to the next.
    """
    meta, visible = meta_date(page), visible_date(page)
    if meta and (visible is None or visible.stamp.day == meta.day or not visible.sure):
        return Published(meta, DateSource.META)
    if visible:
        return Published(visible.stamp, DateSource.LABEL)
    if listed:
        return Published(Stamp(listed), DateSource.LIST)
    pathed = url_date(page.url)
    return Published(pathed, DateSource.URL) if pathed else None


class Visible(NamedTuple):
    """A date that readers see as that of publication; ``sure`` unless a bare 日期 says so, which may be of anything."""

    stamp: Stamp
    sure: bool = True


@lru_cache(maxsize=1)
def visible_date(page: Page) -> Visible | None:
    """Return the date that a page shows as that of its publication: by a label, in a byline, or below its heading."""
    strong = _strongly_labelled(page.text, page.fetched)
    if strong:
        return Visible(strong)
    headed = headed_date(page) or _machine_date(page)
    if headed:
        return Visible(headed)
    weak = labelled_date(page.text, page.fetched)
    return Visible(weak, sure=False) if weak else None


def conflicting_date(page: Page) -> tuple[Stamp, Stamp] | None:
    """Return the visible date and that of PubDate where they name different days; None where any visible one agrees."""
    meta, visible = meta_date(page), visible_date(page)
    if meta is None or visible is None or not visible.sure or visible.stamp.day == meta.day:
        return None
    agrees = any(stamp and stamp.day == meta.day for stamp in _shown(page))
    return None if agrees else (visible.stamp, meta)


def _shown(page: Page) -> Iterator[Stamp | None]:
    """Yield every date of a page that its readers may take for that of publication."""
    yield headed_date(page)
    for label in _STRONG.finditer(page.text):
        yield _after(page.text, label.end(), page.fetched)
    for line, following in _candidates(page.text):
        yield _from_line(line, following, page.fetched)


def headed_date(page: Page) -> Stamp | None:
    """Return the date that stands in a line of its own, or begins a byline, right below the heading.

    In a list the first item may stand there; so another dated line before the first sentence, or before the heading of
    what else there is to read, means no date.
    """
    lines = _below_heading(page)
    in_byline = any(map(_BYLINE.search, lines[:_NEAR])) and not any(map(_EVENT.match, lines[: _NEAR + 1]))
    dated = ((place, _lone_date(line, in_byline=in_byline)) for place, line in enumerate(lines[:_NEAR]))
    place, stamp = next(((place, stamp) for place, stamp in dated if stamp), (0, None))
    if stamp is None:
        return None
    for line in lines[place + 1 : place + 1 + _NEAR]:
        if len(line) > _SENTENCE or heads_further_reading(line):
            break
        if full_dates(line):
            return None
    return stamp


def _machine_date(page: Page) -> Stamp | None:
    """Return the date of the one ``<time datetime>`` of a page; where there are several, each may be of anything."""
    times = page.tree.select("time[datetime]") if "<time" in page.html else []
    times = [time for time in times if not _is_of_entry(time)]
    written = {time.attr("datetime") or "" for time in times}
    return read_date(written.pop(), page.fetched) if len(written) == 1 else None


def _is_of_entry(time: Element) -> bool:
    """Return whether a date stands in an entry whose heading leads to the article: it is that of the article."""
    around = parent_of(time)
    for _ in range(_ENTRY_DEPTH):
        if around is None or around.tag in {"article", "li"}:
            break
        around = parent_of(around)
    return (
        around is not None
        and around.tag in {"article", "li"}
        and bool(around.select("h1 a[href], h2 a[href], h3 a[href]"))
    )


def _below_heading(page: Page) -> list[str]:
    """Return the lines after the heading of a page, which is its h1, or the line that begins its title."""
    heading = page.tree.select_one("h1") if "<h1" in page.html else None
    wanted = " ".join(heading.text.split()) if heading is not None else ""
    lines = page.text.split("\n", _TOP)[:_TOP]
    for place, line in enumerate(lines):
        if line == wanted or (not wanted and len(line) >= _HEADING and page.title.startswith(line)):
            return lines[place + 1 :]
    return []


def _lone_date(line: str, *, in_byline: bool = False) -> Stamp | None:
    """Return the date of a line that says nothing else, or only an author, after a blank: no sentence, no title.

    ``in_byline`` says that a line beside it names the source, the author or the like: then a bare 时间 is that of the
    article, where it may be that of a meeting elsewhere.
    """
    dates = full_dates(line) if len(line) <= _BYLINE_LENGTH and not _MADE.search(line) else []
    if len(dates) != 1:
        return None
    stamp, start = dates[0]
    before, after = line[:start].strip(" \u3000[【(（"), line[start + len(stamp.text) :]
    labelled = in_byline and _WEAK.fullmatch(before)
    if before and not (_BYLINE.search(before) or _POSTED.fullmatch(before) or labelled):
        return None
    return stamp if not after or (after[0] in _GAPS and not _PROSE.search(after)) else None


def _strongly_labelled(text: str, now: datetime) -> Stamp | None:
    for label in _STRONG.finditer(text):
        planned = text[label.start() - 1 : label.start()] in {"拟", "划"}
        stamp = None if planned else _after(text, label.end(), now)
        if stamp:
            return stamp
    return None


def labelled_date(text: str, now: datetime) -> Stamp | None:
    """Return the date that the visible text marks as that of publication.

    A bare 日期 or 时间 counts when its line is a byline or holds nothing else; 时间 followed by 地点 is a meeting.
    """
    strong = _strongly_labelled(text, now)
    if strong:
        return strong
    for line, following in _candidates(text):
        stamp = _from_line(line, following, now)
        if stamp:
            return stamp
    return None


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    """Yield each short line that a bare label or a byline stands in, and the line after it."""
    end = -1
    for at in sorted(found.start() for form in (_WEAK, _BYLINE) for found in form.finditer(text)):
        if at < end:
            continue
        start = text.rfind("\n", 0, at) + 1
        end = _line_end(text, start)
        if end - start <= _BYLINE_LENGTH:
            yield text[start:end], text[end + 1 : _line_end(text, end + 1)]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def made_date(text: str, now: datetime) -> Stamp | None:
    """Return 成文日期, the day on which a document was made, where the page states it."""
    label = _MADE.search(text) if _may_say_made(text) else None
    return _after(text, label.end(), now) if label else None


def _may_say_made(text: str) -> bool:
    """Look for the rare end of the label and then back: 3 µs a page, where ``_MADE`` takes 11."""
    return any(
        _MADE_LABEL.search(text, max(0, end.start() - _REACH), end.start())
        for form in _MADE_ENDS
        for end in form.finditer(text)
    )


def meta_date(page: Page) -> Stamp | None:
    """Return the date in the meta tag PubDate."""
    for name, value in page.meta:
        if name.lower() in {"pubdate", "publishdate"}:
            stamp = read_date(value, page.fetched)
            if stamp:
                return stamp
    return None


def _from_line(line: str, following: str, now: datetime) -> Stamp | None:
    """Read a line that says no more than date and author; 发布时间 is dealt with before."""
    label = next((each for each in _WEAK.finditer(line) if _is_bare(line, each.start())), None)
    byline = bool(_BYLINE.search(line))
    if label:
        stamp = _after(line, label.end(), now)
        meeting = _EVENT.match(following) or _EVENT.search(line)
        return stamp if stamp and not meeting and (byline or _alone(line, label, stamp)) else None
    if not byline or _MADE.search(line):
        return None
    dates = full_dates(line)
    return dates[0][0] if len(dates) == 1 else None


def _is_bare(line: str, start: int) -> bool:
    """Return whether nothing but a bracket or a space stands before a label: 日期 is one, 施行日期 another."""
    return start == 0 or bool(_BEFORE_WEAK.match(line[start - 1]))


def _alone(line: str, label: re.Match[str], stamp: Stamp) -> bool:
    """Return whether a line holds a label, its date, and at most a bracket more."""
    return not line[: label.start()].strip() and len(line) - label.end() - len(stamp.text) <= len("】 ")


def _after(text: str, at: int, now: datetime) -> Stamp | None:
    """Return the date that starts right after a label, unless it begins or ends a span of time."""
    near = _LEAD.sub("", text[at : at + _REACH + 24], count=1)
    dates = full_dates(near)
    if dates and dates[0][1] == 0:
        stamp = dates[0][0]
        return None if _SPAN.match(near, len(stamp.text)) else stamp
    return read_date(_WORD.split(near, maxsplit=1)[0], now)
