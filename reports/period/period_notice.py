"""Write the report of a period as a notice (通报) in docx, with the template that notices of a run have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from reports import outline
from reports.model import Status
from reports.notice import of_run
from reports.notice.parts import AttachedList, Notice, labels_of, paragraph, written_day
from reports.notice.template import fill
from reports.period import period_groups, period_ranking, period_words
from reports.wording import Words, words

if TYPE_CHECKING:
    from reports.period.period_report import PeriodReport


def write(report: PeriodReport, language: str, out: BinaryIO) -> None:
    """Write the notice. Raises NoticeTemplateError where the office's template cannot be filled."""
    fill(notice_of_period(report, words(language)), report.letterhead.template, out)


def notice_of_period(report: PeriodReport, say: Words) -> Notice:
    """Return what the notice of a period says: its figures, and what is still open, the worst first."""
    findings = report.findings()
    groups = outline.groups(findings)
    left_out = len(groups) - of_run.PROBLEMS
    return Notice(
        title=_title(report, say),
        recipients=say("notice.recipients"),
        basis=_basis(report, say),
        overview=tuple(_overview(report, say)),
        problems=tuple(
            of_run.problem_of(at, group, report.as_run(), say) for at, group in enumerate(groups[: of_run.PROBLEMS], 1)
        ),
        omitted=say.count("notice.more_problems", left_out) if left_out > 0 else "",
        requirements=tuple(of_run.requirements(say)),
        shares=of_run.shares_of(findings, say),
        attached=_ranking(report, say)
        if report.sites
        else of_run.attached_list(findings, report.as_run(), report.letterhead, say),
        office=report.letterhead.office or period_words.subject(report, say),
        contact=report.letterhead.contact,
        date=written_day(report.today, say),
        language=say.language,
        bars=of_run.family_bars(findings, say),
        labels=labels_of(say),
    )


def _title(report: PeriodReport, say: Words) -> str:
    period = period_words.period_name(report.period, say)
    if not report.sites:
        return say("notice.title_of_period", site=report.site.removesuffix("网站"), period=period)
    return say("notice.title_of_group" if report.site else "notice.title_of_all", group=report.site, period=period)


def _basis(report: PeriodReport, say: Words) -> str:
    days = {
        "start": written_day(report.period.start, say),
        "end": written_day(min(report.period.end, report.today), say),
    }
    runs = f"{len(report.all_runs):,}"
    if report.sites:
        return say("notice.basis_of_sites", n=f"{len(report.sites):,}", runs=runs, **days)
    return say("notice.basis_of_period", site=report.site, runs=runs, **days)


def _overview(report: PeriodReport, say: Words) -> Iterator[str]:
    yield paragraph(say, period_words.summary(report, say), *period_words.notes(report, say))
    if ranked := paragraph(say, *period_groups.sentences(report, say), *period_ranking.sentences(report, say)):
        yield ranked
    severities, _, departments, _ = period_words.tables(report, say)
    parts = [
        say("period.part", name=name, found=f"{counts.found:,}", closed=f"{counts.closed:,}", open=f"{counts.open:,}")
        for table in (severities, departments)
        for name, counts in table.parts[: of_run.PROBLEMS]
        if len(table.parts) > 1 and (counts.found or counts.closed or counts.open)
    ]
    if parts:
        yield paragraph(say, say("period.by_part") + say("notice.part_separator").join(parts))
    failed = sum(run.point.status is Status.FAILED for run in report.all_runs)
    if failed:
        yield paragraph(say, say.count("period.failed_runs", failed))


def _ranking(report: PeriodReport, say: Words) -> AttachedList:
    """Return the list behind the notice of many sites: how each stands, the worst first."""
    rows = period_ranking.rows(report, say)
    shown = [*rows[: of_run.LISTED], rows[-1]] if len(rows) > of_run.LISTED else rows
    left_out = len(rows) - len(shown)
    return AttachedList(
        title=say("period.ranking"),
        headings=tuple(period_ranking.headings(say)),
        widths=(6, *(column.width for column in period_ranking.COLUMNS)),
        rows=tuple(tuple(map(period_ranking.written, row)) for row in shown),
        omitted=say.count("period.more_sites", left_out) if left_out else "",
    )
