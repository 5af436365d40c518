"""Write the report as PDF: the print form of the HTML report, laid out by WeasyPrint, which is an extra (``[pdf]``).

Chinese needs a font on the machine, such as Debian's fonts-noto-cjk or fonts-wqy-zenhei.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from checks.model import Text

if TYPE_CHECKING:
    from reports.model import Report

MISSING = Text(
    "PDF 需要 WeasyPrint：.venv/bin/pip install --no-deps --require-hashes -r requirements-pdf.lock，"
    "以及 Debian 的 libpango-1.0-0、libpangoft2-1.0-0 和 fonts-noto-cjk",
    "PDF needs WeasyPrint: .venv/bin/pip install --no-deps --require-hashes -r requirements-pdf.lock, "
    "and Debian's libpango-1.0-0, libpangoft2-1.0-0 and fonts-noto-cjk",
)


PAPER = """
@page { @bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt; color: #444 } }
.summary, .charts, .advice, .marks, .tiles, .changes dl { display: block !important }
.vetoes > li, .settings dl, .group h3 { display: block !important }
.summary > *, .advice > div { margin-bottom: 3mm; display: block !important }
.tiles > li, .marks > div, .changes dl > div { display: inline-block !important; margin-right: 6mm }
.chart-card { display: inline-block !important; width: 46%; vertical-align: top; margin: 0 2% 4mm 0 }
.chart-card details, .changes .bar, details:not([open]) > :not(summary) { display: none }
.badge { margin-right: 2mm }
td:not(.number), td:not(.number) * { white-space: normal !important; overflow-wrap: anywhere }
td.number { overflow-wrap: normal }
*:not(h2):not(h3) { break-inside: auto !important; break-before: auto !important; break-after: auto !important }
"""
"""What differs from the print form: page numbers; no grids, which WeasyPrint 70 lays out wrongly where an area spans to
the last column; nothing is kept together but headings with what follows them, for where a chain of blocks asks for it,
WeasyPrint fails (``assert not page_is_empty``). What is folded stays so. The tables behind charts are left out: the
charts have the figures. The bar of changes is drawn by rules that do not reach into an SVG here."""


class PdfMissingError(RuntimeError):
    """What lays out PDF is not installed; the message says what to install."""


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the report as PDF. Raises PdfMissingError."""
    page = io.BytesIO()
    from reports import html

    html.write(report, language, page)
    write_page(page.getvalue().decode(), language, out)


def write_page(page: str, language: str, out: BinaryIO) -> None:
    """Lay a page out on paper. Raises PdfMissingError."""
    try:
        # An extra; it loads Pango, which may be missing where the package is there.
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise PdfMissingError(MISSING(language)) from error
    # A report is one file: what it shows is in it, and whatever else it might ask for is refused.
    fetcher = URLFetcher(allowed_protocols=("data",))
    HTML(string=page, url_fetcher=fetcher).write_pdf(out, stylesheets=[CSS(string=PAPER)])
