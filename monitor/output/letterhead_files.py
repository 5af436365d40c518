"""Read what an office puts around its reports from the files that its settings name."""

from __future__ import annotations

from pathlib import Path

from checks.model import Text, WordedError
from monitor.os_errors import os_reason
from monitor.settings.report import ReportSettings
from reports.letterhead import Letterhead

LOGO_BYTES, TEMPLATE_BYTES = 512 * 1024, 5 * 1024 * 1024
"""Larger files are a mistake: a logo is in every report."""


class LetterheadError(WordedError, ValueError):
    """A file of the letterhead cannot be used; the reason names the setting, the file and the reason."""


def letterhead_of(settings: ReportSettings) -> Letterhead:
    """Return the letterhead of an office, its files read and tried. Raises LetterheadError."""
    letterhead = Letterhead(
        office=settings.office,
        contact=settings.contact,
        logo=_read("report.logo", settings.logo, LOGO_BYTES),
        template=_read("report.template", settings.template, TEMPLATE_BYTES) or None,
        columns=settings.columns,
    )
    if letterhead.logo and not letterhead.logo_type:
        raise _refused("report.logo", settings.logo, Text("既不是 PNG 也不是 JPEG", "neither PNG nor JPEG"))
    if letterhead.template is not None:
        from reports.notice.template import NoticeTemplateError, check

        try:
            check(letterhead.template)
        except NoticeTemplateError as error:
            raise _refused("report.template", settings.template, error.reason) from None
    return letterhead


def _read(setting: str, name: str, limit: int) -> bytes:
    """Return the bytes of a file, none where none is named."""
    if not name:
        return b""
    path = Path(name)
    try:
        if path.stat().st_size > limit:
            raise _refused(setting, name, Text(f"超过 {limit:,} 字节", f"larger than {limit:,} bytes"))
        content = path.read_bytes()
    except OSError as error:
        raise _refused(setting, name, os_reason(error)) from None
    if not content:
        raise _refused(setting, name, Text("文件是空的", "the file is empty"))
    return content


def _refused(setting: str, name: str, reason: Text) -> LetterheadError:
    return LetterheadError(f"{setting}：{name}：{reason.zh}", f"{setting}: {name}: {reason.en}")
