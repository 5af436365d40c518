"""What a site's reports look like: its own settings, then those of its group, then those of all."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from monitor.settings.site import Settings

SITES = [
    {"url": "http://a.cn"},
    {"url": "http://b.cn", "report": {"formats": ["docx"], "office": ""}},
    {"url": "http://c.cn"},
]
REPORT = {
    "formats": ["html"],
    "office": "市政府办公室",
    "columns": ["owner"],
    "groups": [
        {"sites": ["a.cn", "b.cn"], "formats": ["html", "xlsx"], "language": "en"},
        {"sites": ["b.cn"], "contact": "only the first group of a site is its own"},
    ],
}


@pytest.mark.parametrize(
    ("site", "formats", "office", "language"),
    [
        ("a.cn", ("html", "xlsx"), "市政府办公室", "en"),
        ("b.cn", ("docx",), "", "en"),
        ("c.cn", ("html",), "市政府办公室", "zh-CN"),
        ("unknown.cn", ("html",), "市政府办公室", "zh-CN"),
    ],
)
def test_the_narrower_setting_counts(site, formats, office, language):
    made = Settings.model_validate({"sites": SITES, "report": REPORT}).report_of(site)
    assert (made.formats, made.office, made.language) == (formats, office, language)
    assert made.columns == ("owner",)
    assert made.contact == ""


@pytest.mark.parametrize(
    ("report", "fault"),
    [
        ({"formats": []}, "at least 1 item"),
        ({"columns": ["ownr"]}, "unknown column 'ownr'; allowed: id, site"),
        ({"office": "一行\n又一行"}, "one line"),
        ({"groups": [{"sites": ["x.cn"]}]}, "report.groups: no site is called 'x.cn'"),
        ({"groups": [{"sites": []}]}, "at least 1 item"),
    ],
)
def test_what_cannot_be_meant_is_refused(report, fault):
    with pytest.raises(ValidationError, match=fault):
        Settings.model_validate({"sites": SITES, "report": report})
