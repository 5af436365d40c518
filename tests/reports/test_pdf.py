"""The PDF is the print form of the page: numbered, with the text in it, and it fetches nothing."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest

from reports import FORMATS
from reports.pdf import MISSING, PdfMissingError, write_page
from reports.period import PERIOD_FORMATS
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.period.test_period_formats import made as period_sample
from tests.reports.period_sample import of_many
from tests.reports.sample import sample

pytest.importorskip("weasyprint", reason="needs WeasyPrint: pip install -r requirements-pdf.lock", exc_type=OSError)
PDFTOTEXT = shutil.which("pdftotext")
needs_poppler = pytest.mark.skipif(PDFTOTEXT is None, reason="needs poppler-utils")


@cache
def sample_pdf():
    return FORMATS["pdf"].render(sample(), "zh-CN")


def pages_of(pdf):
    done = subprocess.run([PDFTOTEXT, "-layout", "-", "-"], input=pdf, check=True, capture_output=True)
    return done.stdout.decode().split("\f")[:-1]


@needs_poppler
def test_the_pages_are_numbered_and_say_what_the_page_says():
    pages = pages_of(sample_pdf())
    numbers = ["".join(page.split()[-3:]) for page in pages]  # poppler may see no space around the stroke
    assert [number.endswith(f"{at}/{len(pages)}") for at, number in enumerate(numbers, 1)] == [True] * len(pages)
    assert "有 1 个严重问题，请马上处理" in pages[0]
    assert "中华人民共合国" in "".join(pages)


@needs_poppler
def test_a_period_is_laid_out_as_well():
    pages = pages_of(PERIOD_FORMATS["pdf"].render(period_sample(), "en"))
    assert "third quarter of 2026" in pages[0]


@needs_poppler
def test_no_number_of_a_ranking_is_broken():
    named = tuple(replace(site, name=f"{site.name}人民政府门户网站" * 3) for site in of_many().sites)
    text = "".join(pages_of(PERIOD_FORMATS["pdf"].render(replace(of_many(), sites=named), "zh-CN")))
    assert "91.5" in text[text.index("名次") :]


@needs_poppler
def test_what_a_site_wrote_is_text():
    text = HOSTILE["markup"] + HOSTILE["closing"] + HOSTILE["surrogate"] + HOSTILE["reversed"]
    assert "alert(1)" in "".join(pages_of(FORMATS["pdf"].render(hostile_report(text), "zh-CN")))


def test_nothing_is_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    out = io.BytesIO()
    write_page(f'<img src="file://{secret}"><link rel="attachment" href="file://{secret}">', "en", out)
    assert b"EmbeddedFile" not in out.getvalue()


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfMissingError) as error:
        FORMATS["pdf"].render(sample(), "en")
    assert str(error.value) == MISSING.en
    assert "requirements-pdf.lock" in str(error.value)
    assert "fonts-noto-cjk" in str(error.value)
