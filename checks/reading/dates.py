"""Read the dates that official pages write: one table of forms, and nothing guessed outside it.

A wrong date is a false accusation (an office is told that a living column is dead), so what fits no form is no date.
Every answer is aware and in the zone of the offices, +08:00. Pure: the day on which a text is read is an argument.
``checks.reading.published`` says which of an article's dates counts.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from checks.late_pattern import late

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of every date that names none; mainland China has had no summer time since 1991."""

EARLIEST = 1949
LATEST = 2100

LONGEST = 80
"""Characters of a date at most, label, weekday, time and zone included."""

REACH = 500
"""Characters of a list item that are looked at for its date."""


class Stamp(NamedTuple):
    """A date as it was read: ``at`` is aware (+08:00; midnight when not ``timed``), ``text`` is what was written."""

    at: datetime
    text: str = ""
    timed: bool = False

    @property
    def day(self) -> date:
        """The day in China."""
        return self.at.date()


_HAN_DIGITS = {**{digit: value for value, digit in enumerate("〇一二三四五六七八九")}, **dict.fromkeys("○Ｏ零Oo0０", 0)}
_HAN_YEAR = "[一二][〇○零ＯOo0０一二三四五六七八九]{3}"
_HAN_NUMBER = "[一二三四五六七八九十廿卅]{1,3}"
_MONTHS = {name: at for at, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), start=1)}
_MONTH_NAME = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DASH = r"\s?[-/.－—–]\s?"

_FORMS = tuple(
    late(form)
    for form in (
        # 2026-09-04, 2026/9/4, 2026.9.4, 2026年9月4日
        rf"(?<![\d.]){_YEAR}(?:{_DASH}|\s*年\s*)(?P<month>\d{{1,2}})(?:{_DASH}|\s*月\s*)(?P<day>\d{{1,2}})(?!\d)\s?[日号]?",
        # 二〇二六年九月四日
        rf"(?P<year>{_HAN_YEAR})\s*年\s*(?P<month>{_HAN_NUMBER})\s*月\s*(?P<day>{_HAN_NUMBER})\s*[日号]",
        # 04 2026-09, 04日 2026年09月, 04/2026.09: the day stands large above its month
        rf"(?<![\d.\-/])(?P<day>\d{{1,2}})\s*[日/\s]\s*{_YEAR}(?:[-/.]|\s?年\s?)(?P<month>\d{{1,2}})(?![\d:：]|[-/.]\d)月?",
        # 2026-09 04: the month stands above its day
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})\s+(?P<day>\d{{1,2}})(?![\d:：时])",
        # 27/11/2026, 11/27/2026, where only one of the two can be a month
        rf"(?<![\d.\-/])(?P<day>1[3-9]|2\d|3[01])[-/.](?P<month>0?[1-9]|1[0-2])[-/.]{_YEAR}(?![\d\-/])",
        rf"(?<![\d.\-/])(?P<month>0?[1-9]|1[0-2])[-/.](?P<day>1[3-9]|2\d|3[01])[-/.]{_YEAR}(?![\d\-/])",
        # Fri Sep 04 09:30:00 CST 2026: what Java prints when a template forgets the format
        rf"{_MONTH_NAME}\s+(?P<day>\d{{1,2}})\s+(?P<time>[\d:]{{8}})\s+(?P<zone>[A-Z]{{3}})\s+{_YEAR}",
        rf"{_MONTH_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"(?<!\d)(?P<day>\d{{1,2}})\s+{_MONTH_NAME},?\s+{_YEAR}",
    )
)

_ANY_YEAR = late(r"(?:19|20)\d\d|年")
"""What every form has: a text without it, as nearly all are, is read by none."""

_TIME = late(
    r"""
    [\sT]{0,3} (?: [(（]?(?:星期|周)[一二三四五六日天][)）]?\s{0,2} )?
    (?P<half>上午|下午|晚上|晚|凌晨|中午|早上|傍晚)? \s{0,2}
    (?P<hour>\d{1,2}) (?: \s?[:：]\s? (?P<minute>\d{2}) (?: [:：](?P<second>\d{2}) (?:[.,]\d{1,9})? )?
                        | [时点] (?: (?P<minute_han>\d{1,2}) 分 )? )
    (?: \s? (?P<meridiem>[AaPp]\.?[Mm]\.?) )?
    (?: \s? (?P<zone>Z\b | (?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?(?!\d) | GMT | UTC | CST ) )?
    """,
    re.VERBOSE,
)
_MONTH_DAY = late(
    r"(?<![\d.\-/年])(?P<month>0?[1-9]|1[0-2])(?:\s?[-/.]\s?|\s*月\s*)(?P<day>0[1-9]|[12]\d|3[01]|[1-9])"
    r"(?![\d%％.．:：]|[-/]\d)\s?[日号]?"
)
_ISO = late(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?", re.ASCII)
_COMPACT = late(rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<time>\d{{4}}(?:\d\d)?))?")
_RELATIVE = late(
    r"(?P<word>刚刚|刚才|半(?:个)?小时(?:以|之)?前|今天|今日|昨天|昨日|前天)"
    r"|(?P<count>\d{1,3})\s*个?\s*(?P<unit>秒|分|小时|天|日|周|星期)钟?(?:以|之)?前"
)
_DAYS_BACK = {"昨天": 1, "昨日": 1, "前天": 2}
_UNITS = {"秒": "seconds", "分": "minutes", "小时": "hours", "天": "days", "日": "days", "周": "weeks", "星期": "weeks"}

_UNREAD = late(
    r"(?<![\d.])\d{1,4}\s?[-/.－]\s?\d{1,2}\s?[-/.－]\s?\d{2,4}(?![\d.])"  # 03/04/2026, 26-11-27
    r"|(?:19|20)\d\d\s?(?:[-/.－]\s?(?:0?[1-9]|1[0-2])(?!\d)|年\s?\d{1,2}\s?月)"  # 2026-11, 2026年11月
    rf"|{_HAN_YEAR}年|民国\d|(?:\d{{1,3}}|[一二三四五六七八九十两几数半])\s?个?(?:月|年|天|周|星期)(?:以|之|多)?前|上个?[月周]|去年"
)
"""What says when something was published in a form that nothing is guessed from: without a day, or of two meanings."""

_WIDE = late("[０-９]")
_NARROW = str.maketrans("０１２３４５６７８９－／．：　", "0123456789-/.: ")
"""Digits and marks of double width, and what they stand for: one character each, so that places stay the same."""

_EDGES = " \t\r\n\xa0\u3000[]［］()（）【】〔〕{}<>《》|｜·•:：,，;；"
_APART = frozenset(" \u3000\xa0[(［（【]）)］】")
_LABEL = late(
    r"^\W{0,3}(?:(?:信息)?(?:发布|公布|公开|发稿|上网)?\s*(?:日\s*期|时\s*间)|发布于?|公布于?)\s*[】\])）]?\s*[:：]?\s*"
)
_OTHER_DATE = late(
    r"(?:成文|生成|印发|发文|签发|制定|施行|实施|生效|截止|截至|到期|有效|废止|会议|活动|考试|报名|开始|结束)"
    r"(?:时间|日期|期限|于|期)?\s*[:：]?\s*[\[(（【]?$|(?:©|&copy;|copyright|版权所有)[^\n]{0,20}$",
    re.IGNORECASE,
)

_URL_DATES = tuple(
    late(form)
    for form in (
        rf"/art/{_YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/",
        rf"/t{_YEAR}(?P<month>\d\d)(?P<day>\d\d)_\d",
        rf"/{_YEAR}[-/_]?(?P<month>\d{{1,2}})[-/_](?P<day>\d{{1,2}})(?=/)",
        rf"/{_YEAR}(?P<month>\d\d)/?(?P<day>\d\d)(?=/)",
    )
)


def read_date(text: str, now: datetime) -> Stamp | None:
    """Return the date that the whole text is, such as a list's date cell; None when it is anything more or less.

    Brackets and a label of publication around it do not matter. A month and day alone take the latest year that is
    not in the future of ``now`` (aware).
    """
    bare = narrow(text).strip(_EDGES)
    plain = _iso(bare)
    if plain:
        return plain
    bare = bare[_label_end(bare) :].strip(_EDGES)
    if not bare or len(bare) > LONGEST:
        return None
    for stamp, start, end in _full_dates(bare):
        if not bare[:start].strip(_EDGES + "周星期一二三四五六日MonTueWdhFriSat.") and not bare[end:].strip(
            _EDGES + "周星期一二三四五六日"
        ):
            return stamp
    return _compact(bare) or _relative(bare, now) or _month_day(bare, now, whole=True)


def list_date(text: str, now: datetime) -> Stamp | None:
    """Return the date in what remains of a list item when its title is taken out; None when there is none.

    A cell may hold more than one date (成文日期 beside 发布日期): one with another label is passed over.
    """
    text = narrow(text[:REACH])
    whole = read_date(text, now)
    if whole:
        return whole
    for stamp, start, _ in _full_dates(text):
        if not _OTHER_DATE.search(text, max(0, start - 32), start):
            return stamp
    return _month_day(text, now, whole=False)


def looks_dated(text: str) -> bool:
    """Return whether a text says when something was published, be it in a form that is not read.

    Without a day (2026年11月, 3个月前), of two digits for a year, or with day and month in either order.
    """
    return bool(_UNREAD.search(narrow(text[:REACH])))


def full_dates(text: str) -> list[tuple[Stamp, int]]:
    """Return every date with a year in the text and where it starts, in order."""
    return [(stamp, start) for stamp, start, _ in _full_dates(narrow(text))]


def narrow(text: str) -> str:
    """Return a text with digits of single width; its length does not change."""
    return text.translate(_NARROW) if _WIDE.search(text) else text


def end_date(text: str) -> tuple[str, Stamp] | None:
    """Return the title and the date that stands at an end of its words, apart: ``关于…的通知 2026-09-04``.

    Written in figures only: 2026年9月4日 at the end of a title is the day that it is about.
    """
    text = narrow(text)
    for stamp, start, end in _full_dates(text):
        before, after = text[:start].rstrip(_EDGES), text[end:].lstrip(_EDGES)
        around = text[start - 1 : start] if before else text[end - 1 : end + 1]  # a form may end in the blank behind it
        apart = not _APART.isdisjoint(around)
        if "年" not in stamp.text and stamp.text[:1].isdecimal() and apart and bool(before) != bool(after):
            return before or after, stamp
    return None


def url_date(url: str) -> Stamp | None:
    """Return the day that a CMS wrote into the path of an article; a month alone is no date."""
    for form in _URL_DATES:
        found = form.search(url)
        stamp = found and _stamp(found, found[0].strip("/"))
        if stamp:
            return stamp
    return None


def _full_dates(text: str) -> list[tuple[Stamp, int, int]]:
    found: list[tuple[Stamp, int, int]] = []
    for form in _FORMS if _ANY_YEAR.search(text) else ():
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for _, start, end in found):
                continue
            stamp, end = _with_time(match, text)
            if stamp:
                found.append((stamp, match.start(), end))
    return sorted(found, key=lambda each: each[1])


def _iso(text: str) -> Stamp | None:
    """Read 2026-09-04 and 2026-09-04 09:30:00, which most dates are, without a look at every other form."""
    if not _ISO.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError:
        return None
    return Stamp(at, text, timed=":" in text) if EARLIEST <= at.year <= LATEST else None


def _with_time(match: re.Match[str], text: str) -> tuple[Stamp | None, int]:
    """Add the time of day that follows a date, when it is one."""
    groups = match.groupdict()
    if groups.get("time"):
        return _clocked(_stamp(match, match[0]), _TIME.match(f"{groups['time']} {groups['zone']}")), match.end()
    time = _TIME.match(text, match.end())
    stamp = _stamp(match, text[match.start() : time.end() if time else match.end()].strip())
    clocked = _clocked(stamp, time)
    if clocked:
        return clocked, time.end() if time else match.end()
    return stamp, match.end()


def _stamp(match: re.Match[str], text: str) -> Stamp | None:
    try:
        year, month, day = (_number(match[part]) for part in ("year", "month", "day"))
        if not EARLIEST <= year <= LATEST:
            return None
        return Stamp(datetime(year, month, day, tzinfo=CHINA), text)
    except ValueError:
        return None


def _number(text: str) -> int:
    """Read digits, a month's English name, a year spelt digit by digit (二〇二六), or a number up to 39 (卅一)."""
    if text.isdecimal():
        return int(text)
    if text[:3].lower() in _MONTHS:
        return _MONTHS[text[:3].lower()]
    if len(text) == 4:
        return int("".join(str(_HAN_DIGITS[digit]) for digit in text))
    tens, ten, units = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    return (_HAN_DIGITS.get(tens, 1) * 10 if ten else 0) + _HAN_DIGITS.get(units, 0)


def _clocked(stamp: Stamp | None, time: re.Match[str] | None) -> Stamp | None:
    """Return the stamp with a time of day, moved to +08:00 from its own zone; None when either is missing or wrong."""
    if stamp is None or time is None:
        return None
    hour = _hour(int(time["hour"]), time["half"] or "", (time["meridiem"] or "").replace(".", "").lower())
    minute, second = int(time["minute"] or time["minute_han"] or 0), int(time["second"] or 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    # 09:00-11:00 is a meeting; a zone west of Greenwich comes with seconds or not at all.
    zone = None if (time["zone"] or "").startswith("-") and not time["second"] else time["zone"]
    at = stamp.at + timedelta(hours=hour, minutes=minute, seconds=second) + timedelta(hours=8) - _offset(zone)
    return stamp._replace(at=at, timed=True)


def _hour(hour: int, half: str, meridiem: str) -> int:
    """Put a 12-hour time on the 24-hour clock: 12 AM is 0, 中午12 is 12, 下午3 is 15."""
    noon = 12
    if meridiem == "am" or half in {"凌晨", "上午", "早上"}:
        return 0 if hour == noon and half not in {"上午", "早上"} else hour
    if meridiem == "pm" or half in {"下午", "晚上", "晚", "傍晚"} or (half == "中午" and hour < 10):
        if hour == noon and half.startswith("晚"):
            return 24
        return hour + noon if hour < noon else hour
    return hour


def _offset(zone: str | None) -> timedelta:
    """Return how far a zone is ahead of UTC. CST means China's on these sites, never Chicago's."""
    if zone is None or zone == "CST":
        return timedelta(hours=8)
    signed = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone)
    if not signed:
        return timedelta()
    ahead = timedelta(hours=int(signed[2]), minutes=int(signed[3] or 0))
    return ahead if signed[1] == "+" else -ahead


def _compact(text: str) -> Stamp | None:
    """Read 20260904 and 20260904093000."""
    match = _COMPACT.fullmatch(text)
    stamp = match and _stamp(match, text)
    if not match or not stamp or not match["time"]:
        return stamp
    return _clocked(stamp, _TIME.match(":".join(re.findall("..", match["time"])))) or stamp


def _relative(text: str, now: datetime) -> Stamp | None:
    """Read 昨天 09:30, 3天前."""
    match = _RELATIVE.match(text)
    here = now.astimezone(CHINA)
    if match is None:
        return None
    if match["count"]:
        return Stamp(here - timedelta(**{_UNITS[match["unit"]]: int(match["count"])}), text, timed=True)
    day = datetime(here.year, here.month, here.day, tzinfo=CHINA) - timedelta(days=_DAYS_BACK.get(match["word"], 0))
    return _clocked(Stamp(day, text), _TIME.match(text, match.end())) or Stamp(day, text)


def _month_day(text: str, now: datetime, *, whole: bool) -> Stamp | None:
    """Read 09-04 and 9月4日 as the latest such day that is not in the future."""
    today = now.astimezone(CHINA).date()
    for match in _MONTH_DAY.finditer(text):
        time = _TIME.match(text, match.end())
        end = time.end() if time else match.end()
        if whole and (match.start() or text[end:].strip(_EDGES)):
            continue
        if not whole and not _stands_apart(text, match):
            continue
        stamp = _latest(int(match["month"]), int(match["day"]), today, match[0].strip())
        if stamp:
            return _clocked(stamp, time) or stamp
    return None


def _stands_apart(text: str, match: re.Match[str]) -> bool:
    """Return whether a date is a column and no figure in a sentence: bracketed, or at an edge of the text."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    bracketed = before[-1:] in {"[", "［", "(", "（", "【"} and after[:1] in {"]", "］", ")", "）", "】"}
    return bracketed or not before.strip(_EDGES) or not after.strip(_EDGES)


def _latest(month: int, day: int, today: date, text: str) -> Stamp | None:
    """Return the day in this year or the last one that has it (29 February: eight years back at most)."""
    for year in range(today.year, today.year - 9, -1):
        try:
            at = datetime(year, month, day, tzinfo=CHINA)
        except ValueError:
            continue
        if at.date() <= today:
            return Stamp(at, text)
    return None


def _label_end(text: str) -> int:
    label = _LABEL.match(text)
    return label.end() if label else 0
