"""Hold what a notice says, whatever it is about: the names here are those that a template of the office uses.

docs/reports.md lists them for the office. Everything is text or a number, so that a template has nothing to call.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.notice.chart import Bars
    from reports.wording import Words

CHINESE_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of fault: its heading, why it matters, how it is put right, and some of its places as sentences."""

    heading: str
    severity: str
    count: str
    why: str
    remedy: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one department has to do: how many faults, how many of them severe and late, and the first deadline."""

    department: str
    count: str
    critical: str
    overdue: str
    deadline: str


@dataclass(frozen=True, slots=True)
class AttachedList:
    """The list behind the notice: headings, rows of as many cells, and a sentence on what it leaves out, or "".

    ``widths`` are those of its columns, in characters.
    """

    title: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    omitted: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything that a template may show. ``labels`` are the words of the frame, in the language of the notice."""

    title: str
    recipients: str
    basis: str
    overview: tuple[str, ...]
    problems: tuple[Problem, ...]
    omitted: str
    requirements: tuple[str, ...]
    shares: tuple[Share, ...]
    attached: AttachedList
    office: str
    contact: str
    date: str
    language: str
    bars: Bars
    labels: dict[str, str] = field(default_factory=dict)


LABELS = (
    "basis", "overview", "problems", "requirements", "attachment", "attachment_line", "department", "count",
    "critical", "overdue", "deadline", "why", "remedy", "examples", "chart", "contact",
)  # fmt: skip


def labels_of(say: Words) -> dict[str, str]:
    """Return the words of the frame by their names."""
    return {name: say(f"notice.{name}") for name in LABELS}


def numbered(at: int, say: Words) -> str:
    """Return how an official text counts its parts of the second order: ``（一）``, ``(1)``. ``at`` counts from 1."""
    return f"（{chinese_number(at)}）" if say.language == "zh-CN" else f"({at}) "


def chinese_number(number: int) -> str:
    """Return a number from 1 to 99 in Chinese digits."""
    tens, ones = divmod(number, 10)
    if not tens:
        return CHINESE_DIGITS[ones]
    return (CHINESE_DIGITS[tens] if tens > 1 else "") + "十" + (CHINESE_DIGITS[ones] if ones else "")


def written_day(day: date | None, say: Words) -> str:
    """Return a day as official texts write it: ``2026年9月7日``, ``7 September 2026``; unknown where there is none."""
    if day is None:
        return say("frame.unknown")
    return f"{day.year}年{day.month}月{day.day}日" if say.language == "zh-CN" else f"{day.day} {day:%B %Y}"


def paragraph(say: Words, *sentences: str) -> str:
    """Return sentences as one paragraph, each with its full stop; the empty ones are left out."""
    stop = say("notice.stop")
    space = "" if say.language == "zh-CN" else " "
    return space.join(each if each.endswith((stop, "。")) else each + stop for each in sentences if each)
