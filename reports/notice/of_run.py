"""Say in a notice what one inspection found: the worst first, whose it is, and until when it is to be put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checks.model import Confidence, Severity
from reports import facts, outline, verdict
from reports.finding_rows import COLUMNS, FindingColumn, FindingRow, cells
from reports.gathering import Alike, gathered
from reports.letterhead import Letterhead
from reports.model import Entry, Report, Run
from reports.notice.chart import Bars
from reports.notice.parts import (
    AttachedList,
    Notice,
    Problem,
    Share,
    labels_of,
    numbered,
    paragraph,
    written_day,
)
from reports.safe import clip, one_line, readable

if TYPE_CHECKING:
    from reports.outline import RuleGroup
    from reports.wording import Words

PROBLEMS, EXAMPLES = 10, 3
"""Kinds of fault that the notice speaks of, and places of each."""

LISTED = 300
"""Rows of the list behind it; the spreadsheet has all."""

LIST_COLUMNS = {
    "id": 9,
    "severity": 7,
    "message": 32,
    "page": 30,
    "region": 10,
    "suggestion": 27,
    "department": 13,
    "deadline": 14,
}
"""The columns of the list, and how wide they are, in characters; an office may add some."""

EXAMPLE_CHARACTERS, CELL_CHARACTERS = 200, 120


def notice_of(report: Report, say: Words) -> Notice:
    """Return what the notice of an inspection says."""
    run, letterhead = report.run, report.letterhead
    groups = outline.groups(report.findings)
    return Notice(
        title=say("notice.title", site=run.site.removesuffix("网站")),
        recipients=say("notice.recipients"),
        basis=_basis(report, say),
        overview=tuple(_overview(report, say)),
        problems=tuple(problem_of(at, group, run, say) for at, group in enumerate(groups[:PROBLEMS], 1)),
        omitted=say.count("notice.more_problems", len(groups) - PROBLEMS) if len(groups) > PROBLEMS else "",
        requirements=tuple(requirements(say)),
        shares=shares_of(report.findings, say),
        attached=attached_list(report.findings, run, letterhead, say),
        office=letterhead.office or run.site,
        contact=letterhead.contact,
        date=written_day(run.when.date(), say),
        language=say.language,
        bars=family_bars(report.findings, say),
        labels=labels_of(say),
    )


def _basis(report: Report, say: Words) -> str:
    run = report.run
    return say(
        "notice.basis_of_run",
        day=written_day(run.started.date(), say),
        site=run.site,
        url=readable(run.url),
        scope=say.label("scope", run.scope),
    )


def _overview(report: Report, say: Words) -> Iterator[str]:
    """Yield the paragraphs: what was done and how it ended, what was found, what it adds up to, and the gaps."""
    run = report.run
    work = {name: say.count(f"terminal.{name}", getattr(run, name)) for name in ("pages", "links", "requests")}
    yield paragraph(say, say("notice.work", **work), verdict.headline(report, say), verdict.shortfall(report, say))
    yield paragraph(say, _by_severity(report, say), verdict.compared(report, say), verdict.changes(report, say))
    score = ""
    if report.score:
        profile = say.label("profile", report.score.profile)
        score = say("notice.score", profile=profile, points=verdict.points(report, say))
    ledger = say("ledger.figures", **report.ledger._asdict()) if report.ledger else ""
    if result := paragraph(say, score, verdict.vetoes(report, say), ledger):
        yield result
    if spots := verdict.blind_spots(report, say):
        yield say("notices.title") + say("frame.colon") + paragraph(say, *spots)


def _by_severity(report: Report, say: Words) -> str:
    counts = outline.by_severity(report)
    confirmed = {severity.value: f"{figures.confirmed:,}" for severity, figures in counts.items()}
    total = sum(figures.confirmed for figures in counts.values())
    suspected = sum(figures.suspected for figures in counts.values())
    return say("notice.found", n=f"{total:,}", suspected=f"{suspected:,}", **confirmed)


def family_bars(entries: Iterable[Entry], say: Words) -> Bars:
    """Return how many confirmed faults each family has, by severity, the largest family first."""
    counts: dict[str, dict[Severity, int]] = {}
    for entry in entries:
        if entry.finding.confidence is Confidence.CONFIRMED:
            of_family = counts.setdefault(entry.finding.rule.family, dict.fromkeys(Severity, 0))
            of_family[entry.finding.weight] += 1
    families = sorted(counts, key=lambda family: (-sum(counts[family].values()), family))
    return Bars(
        title=say("notice.chart"),
        categories=tuple(say.label("family", family) for family in families),
        series=tuple(say.label("severity", severity) for severity in Severity),
        values=tuple(tuple(counts[family][severity] for family in families) for severity in Severity),
    )


# ---- problems, requirements, list ----------------------------------------------------------------


def problem_of(at: int, group: RuleGroup, run: Run, say: Words) -> Problem:
    """Return what the notice says of the findings of one rule."""
    rule, language = group.rule, say.language
    severity, count = say.label("severity", group.severity), say.count("group.count", len(group.entries))
    heading = say("notice.problem", title=rule.title(language), severity=severity, count=count)
    return Problem(
        heading=numbered(at, say) + heading,
        severity=severity,
        count=count,
        why=rule.why(language),
        remedy=rule.remedy(language),
        examples=tuple(_example(row, run, say) for row in group.rows[:EXAMPLES]),
    )


def _example(row: Alike, run: Run, say: Words) -> str:
    finding = row.first.finding
    at = [
        facts.link_text(finding) and say("finding.link_named", text=facts.link_text(finding)),
        facts.where(finding, run, say),
    ]
    what = facts.message(finding, say.language)
    where = facts.shown_target(finding) or readable(facts.place(finding))
    noted = say("frame.remark", text=say("frame.separator").join(filter(None, at))) if any(at) else ""
    passage = f"{say('frame.colon')}{facts.wording(finding)}" if finding.text else ""
    return clip(one_line(f"{what}{outline.extent(row, say)}{passage}{noted}  {where}"), EXAMPLE_CHARACTERS)


def requirements(say: Words) -> Iterator[str]:
    """Yield what the departments are asked to do."""
    for name in ("work_through", "urgent_first", "record"):
        yield say(f"notice.{name}")


def shares_of(entries: Iterable[Entry], say: Words) -> tuple[Share, ...]:
    """Return what each department has to do, most of what is late first; what is nobody's stands under that word."""
    owed: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.is_open:
            owed.setdefault(entry.department, []).append(entry)
    order = sorted(owed, key=lambda name: (-sum(each.overdue for each in owed[name]), -len(owed[name]), name))
    return tuple(_share(name, owed[name], say) for name in order)


def _share(department: str, entries: list[Entry], say: Words) -> Share:
    deadline = min((entry.deadline for entry in entries if entry.deadline), default=None)
    return Share(
        department=department or say("ledger.nobody"),
        count=f"{len(entries):,}",
        critical=f"{sum(entry.finding.weight is Severity.CRITICAL for entry in entries):,}",
        overdue=f"{sum(entry.overdue for entry in entries):,}",
        deadline=say.day(deadline) if deadline else say("notice.no_deadline"),
    )


def attached_list(entries: Iterable[Entry], run: Run, letterhead: Letterhead, say: Words) -> AttachedList:
    """Return the list behind a notice, the worst first, with the columns that the office adds."""
    by_key = {column.key: column for column in COLUMNS}
    columns = [by_key[key] for key in dict.fromkeys((*LIST_COLUMNS, *letterhead.columns))]
    rows = gathered(outline.worst_first(entries))
    left_out = sum(row.count for row in rows[LISTED:])
    return AttachedList(
        title=say("notice.list"),
        headings=tuple(say(f"table.{column.key}") for column in columns),
        widths=tuple(LIST_COLUMNS.get(column.key, column.width) for column in columns),
        rows=tuple(_cells(FindingRow(row, run, say), columns) for row in rows[:LISTED]),
        omitted=say.count("notice.more_rows", left_out) if left_out else "",
    )


def _cells(row: FindingRow, columns: Iterable[FindingColumn]) -> tuple[str, ...]:
    texts = cells([column.value(row) for column in columns], row.say)
    return tuple(clip(one_line(text), CELL_CHARACTERS) for text in texts)
