"""What holds for every format: one table, same bytes for the same report, nothing a site writes can break it."""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
import zipfile

import pytest
from msgspec.structs import replace

from checks.model import Region
from reports import FORMATS
from reports.model import Baseline, Report
from reports.wording import LANGUAGES
from tests.factories import at, entry, finding, link, report, run
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import BROKEN_LINK, sample

# Laying out a PDF takes seconds: test_pdf.py does it once. It is the HTML, to which all of this applies.
pytestmark = pytest.mark.parametrize("name", [name for name in FORMATS if name != "pdf"])
BINARY = {"docx", "xlsx"}
MANY = 4_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_gives_the_same_bytes(name, language):
    written = FORMATS[name].render(sample(), language)
    assert written
    assert written == FORMATS[name].render(sample(), language)


def test_a_report_without_findings(name):
    assert FORMATS[name].render(report(), "zh-CN")


def test_a_run_that_never_ended(name):
    assert FORMATS[name].render(replace(report(), run=run(finished=None)), "en")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_can_always_be_written(name, text):
    written = FORMATS[name].render(hostile_report(text), "zh-CN")
    if name not in BINARY:
        written.decode("utf-8")


def test_a_format_is_imported_when_it_is_used(name):
    program = "import reports, sys; print([m for m in ('jinja2', 'xlsxwriter', 'reports.html') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SAID_BY = {"html", "xlsx", "csv", "json", "markdown", "docx", "sarif"}
REGION = {"json": ("footer", "footer"), "sarif": ("footer", "footer")}


def test_a_broken_link_is_found_on_its_page(name):
    if name not in SAID_BY:
        return
    target = link(at("/gone.html"), referrers=((at("/a.html"), "旧的办事指南", Region.FOOTER),))
    found = finding(BROKEN_LINK, at("/a.html"), key="x", variant="http-4xx", params={"status": 404}, target=target)
    made = report(entry(found, page_title="机构设置"))
    for language, region in zip(LANGUAGES, REGION.get(name, ("页脚", "footer")), strict=True):
        text = _text_of(FORMATS[name].render(made, language), name)
        for part in (region, "旧的办事指南", *(["机构设置"] if name != "docx" else [])):
            assert part in text, (name, language)


def _text_of(written: bytes, name: str) -> str:
    if name not in BINARY:
        return written.decode()
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        return "".join(archive.read(each).decode() for each in archive.namelist() if each.endswith(".xml"))


def many() -> Report:
    """Return a report with more findings than anyone reads."""
    referrers = tuple((at(f"/art/2026/{number}.html"), "附件下载") for number in range(3))
    targets = (link(at(f"/upload/{number}.pdf"), referrers=referrers) for number in range(MANY))
    made = (
        finding(BROKEN_LINK, at("/"), key=target.url, variant="http-4xx", params={"status": 404}, target=target)
        for target in targets
    )
    return report(*(entry(found, Baseline.UNCHANGED) for found in made))


class Discarded(io.RawIOBase):
    """A file that forgets what is written to it and counts the bytes."""

    size = 0

    def writable(self):
        return True

    def seekable(self):
        return False

    def write(self, data):
        self.size += len(data)
        return len(data)


def test_findings_leave_memory_as_they_are_written(name):
    big = many()
    out = Discarded()
    FORMATS[name].write(report(), "zh-CN", Discarded())  # imports what the format needs, which is no finding
    tracemalloc.start()
    try:
        FORMATS[name].write(big, "zh-CN", out)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert out.size > 5_000
    assert peak < 8 * 2**20
