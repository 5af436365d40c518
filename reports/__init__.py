"""Turn data into what people read: pure, data in, bytes out."""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO, Generic, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from reports.model import Report

R = TypeVar("R")
"""What is written down: the report of a run, or of a period."""


class ReportFormat(Struct, Generic[R], frozen=True):
    """One way to write a report down. ``module`` is imported when it is first used and offers ``write``."""

    extension: str
    media_type: str
    module: str

    def write(self, report: R, language: str, out: BinaryIO) -> None:
        """Write the report into an open binary file, in a language (a BCP 47 tag such as ``zh-CN`` or ``en``)."""
        import_module(self.module).write(report, language, out)

    def render(self, report: R, language: str) -> bytes:
        """Return the report as bytes, for what has no file to write into."""
        out = io.BytesIO()
        self.write(report, language, out)
        return out.getvalue()


FORMATS: dict[str, ReportFormat[Report]] = {
    "html": ReportFormat("html", "text/html", "reports.html"),
    "xlsx": ReportFormat("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "reports.xlsx"),
    "docx": ReportFormat(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "reports.docx"
    ),
    "pdf": ReportFormat("pdf", "application/pdf", "reports.pdf"),
    "json": ReportFormat("json", "application/json", "reports.json"),
    "markdown": ReportFormat("md", "text/markdown", "reports.markdown"),
    "csv": ReportFormat("csv", "text/csv", "reports.csv"),
    "sarif": ReportFormat("sarif", "application/sarif+json", "reports.sarif"),
    "junit": ReportFormat("xml", "application/xml", "reports.junit"),
}
"""Every format a report can be written in, by the name that ``--format`` takes."""
