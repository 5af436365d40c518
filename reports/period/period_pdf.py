"""Write the report of a period as PDF: the print form of its HTML (``[pdf]`` extra)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from reports.pdf import write_page
from reports.period import period_html

if TYPE_CHECKING:
    from reports.period.period_report import PeriodReport


def write(report: PeriodReport, language: str, out: BinaryIO) -> None:
    """Write the report. Raises PdfMissingError."""
    page = io.BytesIO()
    period_html.write(report, language, page)
    write_page(page.getvalue().decode(), language, out)
