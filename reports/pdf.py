"""Write the report as PDF: the print form of the HTML report, laid out by WeasyPrint, which is an extra (``[pdf]``).

Chinese needs a font on the machine, such as Debian's fonts-noto-cjk or fonts-wqy-zenhei. The page names nothing outside
itself; whatever a report might still ask for is refused.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from checks.model import Text
from reports import html

if TYPE_CHECKING:
    from reports.model import Report

MISSING = Text(
    "PDF 需要 WeasyPrint：.venv/bin/pip install --no-deps --require-hashes -r requirements-pdf.lock，"
    "以及 Debian 的 libpango-1.0-0、libpangoft2-1.0-0 和 fonts-noto-cjk",
    "PDF needs WeasyPrint: .venv/bin/pip install --no-deps --require-hashes -r requirements-pdf.lock, "
    "and Debian's libpango-1.0-0, libpangoft2-1.0-0 and fonts-noto-cjk",
)


class PdfMissingError(RuntimeError):
    """What lays out PDF is not installed; the message says what to install."""


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the report as PDF. Raises PdfMissingError."""
    page = io.BytesIO()
    html.write(report, language, page)
    write_page(page.getvalue().decode(), language, out)


def write_page(page: str, language: str, out: BinaryIO) -> None:
    """Lay a page out on paper. Raises PdfMissingError."""
    try:
        # An extra; it loads Pango, which may be missing where the package is there.
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise PdfMissingError(MISSING(language)) from error
    HTML(string=page, url_fetcher=_refuse).write_pdf(out)


def _refuse(url: str, *_: object, **__: object) -> object:
    """Fetch nothing: a report is one file. WeasyPrint leaves out what it does not get."""
    raise ValueError(f"a report asks for nothing outside itself: {url[:80]}")
