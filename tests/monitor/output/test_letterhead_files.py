"""The files that stand around reports are tried before they are needed, and a fault names setting, file and reason."""

from __future__ import annotations

import re

import pytest

from checks.packaged import packaged_bytes
from monitor.output.letterhead_files import LOGO_BYTES, LetterheadError, letterhead_of
from monitor.settings.report import ReportSettings

PNG = b"\x89PNG\r\n\x1a\n rest"


def test_what_is_there_is_read(tmp_path):
    logo, template = tmp_path / "logo.png", tmp_path / "notice.docx"
    logo.write_bytes(PNG)
    template.write_bytes(packaged_bytes("reports", "templates/notice.docx"))
    made = letterhead_of(ReportSettings(office="办公室", logo=str(logo), template=str(template), columns=("owner",)))
    assert (made.office, made.logo, made.logo_type, made.columns) == ("办公室", PNG, "image/png", ("owner",))
    assert made.template == template.read_bytes()


@pytest.mark.parametrize(
    ("setting", "content", "fault"),
    [
        ("logo", None, "report.logo: FILE: No such file or directory"),
        ("logo", b"", "report.logo: FILE: the file is empty"),
        ("logo", b"<svg/>", "report.logo: FILE: neither PNG nor JPEG"),
        ("logo", PNG + bytes(LOGO_BYTES), "report.logo: FILE: larger than 524,288 bytes"),
        ("template", None, "report.template: FILE: No such file or directory"),
        ("template", b"no docx", "report.template: FILE: no docx file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, setting, content, fault):
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LetterheadError, match=re.escape(fault.replace("FILE", str(path)))):
        letterhead_of(ReportSettings(**{setting: str(path)}))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(LetterheadError, match="Is a directory"):
        letterhead_of(ReportSettings(logo=str(tmp_path)))
