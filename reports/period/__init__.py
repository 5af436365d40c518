"""The report of a period: what the ledger of a site, or of many, did in it, from a week to years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import ReportFormat

if TYPE_CHECKING:
    from reports.period.period_report import PeriodReport

PERIOD_FORMATS: dict[str, ReportFormat[PeriodReport]] = {
    "html": ReportFormat("html", "text/html", "reports.period.period_html"),
    "docx": ReportFormat(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "reports.period.period_notice",
    ),
    "xlsx": ReportFormat(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "reports.period.period_workbook",
    ),
    "pdf": ReportFormat("pdf", "application/pdf", "reports.period.period_pdf"),
    "json": ReportFormat("json", "application/json", "reports.period.period_json"),
    "markdown": ReportFormat("md", "text/markdown", "reports.period.period_markdown"),
}
"""Every format that the report of a period can be written in, by the name that ``--format`` takes."""
