"""Write the report as a notice (通报) in docx: what an office sends to its departments."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from reports.notice.of_run import notice_of
from reports.notice.template import fill
from reports.wording import words

if TYPE_CHECKING:
    from reports.model import Report


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the notice of an inspection. Raises NoticeTemplateError where the office's template cannot be filled."""
    fill(notice_of(report, words(language)), report.letterhead.template, out)
