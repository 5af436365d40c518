"""Write the report of a period as Markdown (GitHub's dialect): the figures, the runs, and the worst that is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from checks.model import Severity
from reports import facts, outline
from reports.markdown import escaped, linked
from reports.model import Status
from reports.period import period_groups, period_ranking, period_words
from reports.wording import Words, words

if TYPE_CHECKING:
    from reports.period.period_ranking import Value
    from reports.period.period_report import PeriodReport

SHOWN = 50
"""Rows of what is open; the spreadsheet has all."""


def write(report: PeriodReport, language: str, out: BinaryIO) -> None:
    """Write the report."""
    out.writelines(f"{line}\n".encode() for line in _lines(report, words(language)))


def _lines(report: PeriodReport, say: Words) -> Iterator[str]:
    yield from (f"# {escaped(period_words.title(report, say))}", "")
    if report.url:
        yield f"- {say('summary.url')}: {linked(report.url)}"
    yield from (f"- {note}" for note in period_words.notes(report, say))
    yield from ("", f"**{period_words.summary(report, say)}**", "")
    yield from _groups(report, say)
    yield from _ranking(report, say)
    for table in period_words.tables(report, say):
        yield _row(*period_words.headings(table, say))
        yield _row("---", *["---:"] * len(table.figures))
        for label, counts in table.rows:
            yield _row(escaped(label), *(period_words.written(counts, each) for each in table.figures))
        yield ""
    yield from _runs(report, say)
    yield from _open(report, say)


def _groups(report: PeriodReport, say: Words) -> Iterator[str]:
    if not report.groups:
        return
    yield from (f"## {say('period.groups')}", "")
    yield from (f"- {escaped(sentence)}" for sentence in period_groups.sentences(report, say))
    yield ""
    yield from _ranks(period_groups.headings(say), period_groups.rows(report, say))


def _ranking(report: PeriodReport, say: Words) -> Iterator[str]:
    if not report.sites:
        return
    yield from (f"## {say('period.ranking')}", "")
    yield from (f"- {escaped(sentence)}" for sentence in period_ranking.sentences(report, say))
    yield ""
    yield from _ranks(period_ranking.headings(say), period_ranking.rows(report, say))


def _ranks(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Yield a table whose rows are a place, a name and figures."""
    yield _row(*headings)
    yield _row("---:", "---", *["---:"] * (len(headings) - 2))
    for row in rows:
        yield _row(*(escaped(period_ranking.written(value)) for value in row))
    yield ""


def _runs(report: PeriodReport, say: Words) -> Iterator[str]:
    if not report.runs:
        return
    yield from (f"## {say('period.runs')}", "")
    severities = [say.label("severity", severity) for severity in Severity]
    head = (say("charts.run"), say("summary.scope"), say("summary.status"), *severities, say("score.short"))
    yield from (_row(*head), _row(*["---"] * len(head)))
    for run in report.runs:
        point = run.point
        seen = point.status is not Status.FAILED
        counts = (f"{point.confirmed.get(severity, 0):,}" if seen else "—" for severity in Severity)
        score = "—" if point.score is None else f"{point.score:g}"
        status = say.label("status", point.status)
        yield _row(say.moment(point.when), say.label("scope", run.scope), status, *counts, score)
    yield ""


def _open(report: PeriodReport, say: Words) -> Iterator[str]:
    rows = period_ranking.open_rows(report)
    yield from (f"## {say('period.open_list')}", "")
    if not rows:
        yield say("period.nothing_open")
        return
    named = [say("period.site")] if report.sites else []
    keys = ("id", "severity", "message", "page_short", "department", "deadline")
    yield from (_row(*named, *(say(f"table.{key}") for key in keys)), _row(*["---"] * (len(named) + len(keys))))
    for site, row in rows[:SHOWN]:
        finding = row.first.finding
        late = f" {say('ledger.overdue')}" if row.overdue else ""
        yield _row(
            *([escaped(site)] if named else []),
            row.first.number,
            say.label("severity", finding.weight),
            escaped(facts.message(finding, say.language)) + outline.extent(row, say),
            linked(facts.place(finding)),
            escaped(say("frame.separator").join(row.departments)),
            (say.day(row.deadline) if row.deadline else "") + late,
        )
    if more := report.unlisted + sum(row.count for _, row in rows[SHOWN:]):
        yield from ("", say.count("period.more", more))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
