"""Draw the pages of a PDF that has no text: what is on them are pictures of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.ocr.picture_decoding import MOST_PIXELS, UnreadablePictureError

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS = 150
"""Dots an inch: characters of a scanned notice (16 pt) are 33 pixels high."""

LARGEST = 12_000_000
"""Pixels of a page; a larger sheet is drawn with fewer dots an inch."""


def page_count(body: bytes) -> int:
    """Return how many pages a PDF has. Raises UnreadablePictureError."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(body) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePictureError("unreadable") from error


def drawn_page(body: bytes, number: int) -> Image:
    """Return a page, counted from 1. Raises UnreadablePictureError."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(body) as document:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(DOTS / 72, (LARGEST / max(1.0, width * height)) ** 0.5)
            if not 0 < width * height * scale * scale < MOST_PIXELS:
                raise UnreadablePictureError("too-large")
            drawn: Image = page.render(scale=scale).to_pil().convert("RGB")
            return drawn
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        if isinstance(error, UnreadablePictureError):
            raise
        raise UnreadablePictureError("unreadable") from error
