"""Choose the charts of a report: only where there is something to compare, each with its sentence and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from checks.model import ColumnStatus, Severity
from reports.charts.drawing import Series, bars, columns, line
from reports.charts.painting import Caption
from reports.model import Status
from reports.outline import by_department

if TYPE_CHECKING:
    from reports.model import Report, TrendPoint
    from reports.wording import Words

PARTS = 10
"""Bars of a chart at most; the table has the rest."""

FULL_SCORE = 100

COLUMN_TONES = {
    ColumnStatus.FRESH: "good",
    ColumnStatus.WARNING: "minor",
    ColumnStatus.STALE: "critical",
    ColumnStatus.BLANK: "major",
    ColumnStatus.NEEDS_RENDERING: "quiet",
    ColumnStatus.EXEMPT: "quiet",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures, and the table that has all of them; the first cell of a row names it."""

    caption: Caption
    drawing: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class BarWords:
    """Where the words of a chart of bars are: its title, what its rows are, its sentence."""

    id: str
    title: str
    rows: str
    text: str


FAMILIES = BarWords("chart-families", "charts.families", "charts.families_of", "charts.families_text")
DEPARTMENTS = BarWords("chart-departments", "charts.departments", "ledger.department", "charts.departments_text")
FRESHNESS = BarWords("chart-freshness", "charts.freshness", "charts.freshness_of", "charts.freshness_text")


def trends(report: Report, say: Words) -> list[Chart]:
    """Return how score and findings went over the latest runs; nothing where fewer than two have them."""
    return [chart for chart in (_score(report, say), _runs(report, say)) if chart]


def spreads(report: Report, say: Words) -> list[Chart]:
    """Return how findings, columns and probes are spread; nothing for a spread over fewer than two."""
    drawn = (_families(report, say), _departments(report, say), _freshness(report, say), _availability(report, say))
    return [chart for chart in drawn if chart]


def _score(report: Report, say: Words) -> Chart | None:
    points = [(_day(each), each) for each in report.trend]
    scores = [(day, each.score) for day, each in points if each.score is not None]
    if len(scores) < 2:
        return None
    (first, before), (last, now) = scores[0], scores[-1]
    text = say("charts.score_text", first=first, before=f"{before:g}", last=last, now=f"{now:g}")
    caption = Caption("chart-score", say("charts.score"), text + _failed_note(report, say))
    series = Series(say("score.short"), "line", tuple(each.score for _, each in points))
    top = max(FULL_SCORE, *(score for _, score in scores))
    rows = tuple(
        (
            say.moment(each.when),
            "—" if each.score is None else f"{each.score:g}",
            f"{each.vetoes}",
            each.grade or "—",
            say.label("status", each.status),
        )
        for _, each in points
    )
    head = tuple(map(say, ("charts.run", "score.short", "score.veto", "security.title", "summary.status")))
    return Chart(caption, line(caption, [day for day, _ in points], series, top), head, rows)


def _runs(report: Report, say: Words) -> Chart | None:
    seen = [each for each in report.trend if each.status is not Status.FAILED]
    if len(seen) < 2:
        return None
    labels = [_day(each) for each in report.trend]
    series = [
        Series(say.label("severity", of), of, tuple(each.confirmed.get(of) for each in report.trend)) for of in Severity
    ]
    totals = [sum(each.confirmed.values()) for each in seen]
    values = {"n": len(seen), "first": f"{totals[0]:,}", "last": f"{totals[-1]:,}", "closed": f"{seen[-1].closed:,}"}
    text = say("charts.runs_text", **values) + _failed_note(report, say)
    caption = Caption("chart-runs", say("charts.runs"), text)
    rows = tuple(
        (
            say.moment(each.when),
            *("—" if each.status is Status.FAILED else f"{each.confirmed.get(of, 0):,}" for of in Severity),
            "—" if each.status is Status.FAILED else f"{each.closed:,}",
            say.label("status", each.status),
        )
        for each in report.trend
    )
    severities = (say.label("severity", of) for of in Severity)
    head = (say("charts.run"), *severities, say.label("baseline", "fixed"), say("summary.status"))
    return Chart(caption, columns(caption, labels, series), head, rows)


def _day(point: TrendPoint) -> str:
    """Return the day of a run as a label, with a cross where the run failed."""
    return f"{point.when:%m-%d}{' ✕' if point.status is Status.FAILED else ''}"


def _failed_note(report: Report, say: Words) -> str:
    return say("charts.failed_note") if any(each.status is Status.FAILED for each in report.trend) else ""


def _families(report: Report, say: Words) -> Chart | None:
    counted = Counter((entry.finding.rule.family, entry.finding.weight) for entry in report.findings)
    totals = Counter(entry.finding.rule.family for entry in report.findings)
    names = [name for name, _ in totals.most_common()]
    rows = [(say.label("family", name), [counted[name, of] for of in Severity]) for name in names]
    named = [(say.label("severity", of), str(of)) for of in Severity]
    return _bars(FAMILIES, rows, named, say)


def _departments(report: Report, say: Words) -> Chart | None:
    rows = [
        (share.department or say("ledger.nobody"), [share.ledger.overdue, share.ledger.open - share.ledger.overdue])
        for share in by_department(report)
    ]
    return _bars(DEPARTMENTS, rows, [(say("ledger.overdue"), "critical"), (say("charts.in_time"), "minor")], say)


def _freshness(report: Report, say: Words) -> Chart | None:
    counted = Counter((column.type, column.status) for column in report.columns)
    present = [status for status in ColumnStatus if any(column.status is status for column in report.columns)]
    totals = Counter(column.type for column in report.columns)
    rows = [
        (say.label("column_type", of), [counted[of, status] for status in present]) for of, _ in totals.most_common()
    ]
    named = [(say.label("column_status", status), COLUMN_TONES[status]) for status in present]
    return _bars(FRESHNESS, rows, named, say)


def _bars(
    words_of: BarWords, rows: Sequence[tuple[str, Sequence[int]]], named: Sequence[tuple[str, str]], say: Words
) -> Chart | None:
    """Return bars of named rows with one number for each series (its name and its tone)."""
    if len(rows) < 2:
        return None
    first, numbers = max(rows, key=lambda row: sum(row[1]))
    all_numbers = sum(sum(each) for _, each in rows)
    text = say(words_of.text, n=len(rows), first=first, most=f"{sum(numbers):,}", total=f"{all_numbers:,}")
    caption = Caption(words_of.id, say(words_of.title), text)
    drawn = rows[:PARTS]
    series = [
        Series(name, tone, tuple(numbers[at] or None for _, numbers in drawn)) for at, (name, tone) in enumerate(named)
    ]
    drawing = bars(caption, [name for name, _ in drawn], [each for each in series if any(each.values)])
    head = (say(words_of.rows), *(name for name, _ in named), say("publications.total"))
    table = tuple((name, *_written(numbers), f"{sum(numbers):,}") for name, numbers in rows)
    return Chart(caption, drawing, head, table)


def _written(numbers: Iterable[int]) -> Iterator[str]:
    return (f"{number:,}" for number in numbers)


def _availability(report: Report, say: Words) -> Chart | None:
    days = report.availability
    if len(days) < 2:
        return None
    probes, failures = sum(day.probes for day in days), sum(day.failures for day in days)
    opened, failed = say("charts.opened"), say("charts.not_opened")
    text = say("charts.availability_text", n=len(days), probes=f"{probes:,}", failures=f"{failures:,}")
    caption = Caption("chart-availability", say("charts.availability"), text)
    series = [
        Series(failed, "critical", tuple(day.failures or None for day in days)),
        Series(opened, "good", tuple(day.probes - day.failures or None for day in days)),
    ]
    rows = tuple((say.day(day.day), f"{day.probes - day.failures:,}", f"{day.failures:,}") for day in days)
    labels = [f"{day.day:%m-%d}" for day in days]
    return Chart(caption, columns(caption, labels, series), (say("charts.day"), opened, failed), rows)
