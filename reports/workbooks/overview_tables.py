"""Write on the first sheet of a run's workbook how its findings are spread and how it went before, and draw both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checks.model import Severity
from reports import outline
from reports.model import Status
from reports.workbooks.native_charts import ChartKind, ChartStack, DrawnTable

if TYPE_CHECKING:
    from reports.model import Report
    from reports.wording import Words
    from reports.workbooks.short_sheets import Sheet, Value

TONES = {severity: str(severity) for severity in Severity}


def write_spreads(sheet: Sheet, charts: ChartStack, report: Report, say: Words) -> None:
    """Write findings by family, what departments owe, and the latest runs; nothing of what the report has none of."""
    _families(sheet, charts, report, say)
    _departments(sheet, charts, report, say)
    _trend(sheet, charts, report, say)


def _families(sheet: Sheet, charts: ChartStack, report: Report, say: Words) -> None:
    counts: dict[str, dict[Severity, int]] = {}
    for entry in report.findings:
        of_family = counts.setdefault(entry.finding.rule.family, dict.fromkeys(Severity, 0))
        of_family[entry.finding.weight] += 1
    order = sorted(counts, key=lambda family: (-sum(counts[family].values()), family))
    rows: list[tuple[Value, ...]] = [(say.label("family", family), *counts[family].values()) for family in order]
    head = [say("table.family"), *(say.label("severity", severity) for severity in Severity)]
    series = {at: TONES[severity] for at, severity in enumerate(Severity, 1)}
    _table(sheet, charts, head, rows, DrawnTable(say("charts.families"), sheet.row, len(rows), series, stacked=True))


def _departments(sheet: Sheet, charts: ChartStack, report: Report, say: Words) -> None:
    shares = outline.by_department(report)
    rows = [
        (share.department or say("ledger.nobody"), share.ledger.overdue, share.ledger.open - share.ledger.overdue)
        for share in shares
    ]
    head = [say("ledger.department"), say("ledger.overdue"), say("charts.in_time")]
    series = {1: "critical", 2: "minor"}
    _table(sheet, charts, head, rows, DrawnTable(say("charts.departments"), sheet.row, len(rows), series, stacked=True))


def _trend(sheet: Sheet, charts: ChartStack, report: Report, say: Words) -> None:
    """Write the latest runs; a failed one has no figures, and leaves a gap in the charts."""
    rows: list[tuple[Value, ...]] = []
    for point in report.trend:
        seen = point.status is not Status.FAILED
        counts = [point.confirmed.get(severity, 0) if seen else None for severity in Severity]
        closed = point.closed if seen else None
        rows.append((point.when, *counts, closed, point.score, say.label("status", point.status)))
    severities = (say.label("severity", severity) for severity in Severity)
    head = [say("charts.run"), *severities, say("baseline.fixed"), say("score.short"), say("summary.status")]
    series = {at: TONES[severity] for at, severity in enumerate(Severity, 1)}
    drawn = DrawnTable(say("charts.runs"), sheet.row, len(rows), series, ChartKind.COLUMNS, stacked=True)
    score_drawn = DrawnTable(say("charts.score"), sheet.row, len(rows), {5: "line"}, ChartKind.LINE)
    _table(sheet, charts, head, rows, drawn)
    if any(point.score is not None for point in report.trend):
        charts.draw(score_drawn)


def _table(
    sheet: Sheet, charts: ChartStack, head: list[str], rows: Sequence[tuple[Value, ...]], drawn: DrawnTable
) -> None:
    if not rows:
        return
    sheet.line(*head, style=sheet.styles.heading)
    for row in rows:
        sheet.line(*row)
    sheet.row += 1
    charts.draw(drawn)
