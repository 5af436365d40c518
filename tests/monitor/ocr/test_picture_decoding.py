"""Pictures of every form become the pixels that a reader sees, or say why not; what never ends is ended."""

from __future__ import annotations

import asyncio
import io

import pytest

from monitor.inspection.picture_process import PictureProcess
from monitor.ocr.line_reader import why_not_read

pytestmark = pytest.mark.skipif(why_not_read() is not None, reason=f"NOT TESTED: text in pictures: {why_not_read()}")
numpy, Image = pytest.importorskip("numpy"), pytest.importorskip("PIL.Image")

from monitor.ocr.picture_decoding import UnreadablePictureError, decoded, is_picture  # noqa: E402 - Pillow is an extra


def half_dark() -> Image.Image:
    """A picture twice as wide as high, black on the left and white on the right."""
    picture = Image.new("RGB", (64, 32), "white")
    picture.paste("black", (0, 0, 32, 32))
    return picture


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def deep(darkest: int, lightest: int) -> bytes:
    """The same in 16-bit greys."""
    greys = numpy.where(numpy.asarray(half_dark().convert("L")) > 0, lightest, darkest).astype("uint16")
    return encoded(Image.fromarray(greys), "PNG")


def see_through() -> Image.Image:
    """Black where it is dark, and nothing at all beside it."""
    ink = half_dark().convert("L").point(lambda grey: 255 - grey)
    return Image.merge("LA", (Image.new("L", ink.size, 0), ink))


def turned() -> bytes:
    """A photograph that says of itself how it was held."""
    held = Image.Exif()
    held[0x112] = 6
    return encoded(half_dark().rotate(90, expand=True), "JPEG", exif=held)


def moving(form: str) -> bytes:
    following = [Image.new("RGB", (64, 32), "red")] * 3
    return encoded(half_dark(), form, save_all=True, append_images=following)


FORMS = {
    "JPEG": encoded(half_dark(), "JPEG"),
    "progressive JPEG": encoded(half_dark(), "JPEG", progressive=True),
    "CMYK": encoded(half_dark().convert("CMYK"), "JPEG"),
    "grey": encoded(half_dark().convert("L"), "PNG"),
    "two colours": encoded(half_dark().convert("1"), "PNG"),
    "a palette": encoded(half_dark().convert("P"), "PNG"),
    "16 bits": deep(0, 65_535),
    "16 bits, of which 12 are used": deep(0, 4_095),
    "nothing behind": encoded(see_through(), "PNG"),
    "held upright": turned(),
    "BMP": encoded(half_dark(), "BMP"),
    "WebP": encoded(half_dark(), "WEBP"),
    "AVIF": encoded(half_dark(), "AVIF"),
    "a GIF that moves": moving("GIF"),
    "a WebP that moves": moving("WEBP"),
    "a PNG that moves": moving("PNG"),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_picture_is_what_is_seen(body):
    assert is_picture(body)
    picture = decoded(body)
    assert (picture.mode, picture.size) == ("RGB", (64, 32))
    dark, light = (picture.getpixel((across, 16)) for across in (8, 56))
    assert max(dark) < 40
    assert min(light) > 215


UNREAD = {
    "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(3_000),
    "TIFF": encoded(half_dark(), "TIFF"),
    "JPEG XL": b"\xff\x0a" + bytes(3_000),
    "half a PNG": encoded(half_dark(), "PNG")[:60],
}


@pytest.mark.parametrize("body", UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_decoded_says_so_and_still_counts_as_a_picture(body, monkeypatch):
    # WeasyPrint, which a test before may have loaded, has Pillow take half a picture for a whole one in its process.
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", False)
    assert is_picture(body)
    with pytest.raises(UnreadablePictureError, match="unreadable"):
        decoded(body)


@pytest.mark.parametrize(
    "body", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"", b"%PDF-1.7", b"BMI is a figure", b"RIFF"]
)
def test_what_is_no_picture_is_none(body):
    assert not is_picture(body)


def endless_pdf() -> bytes:
    """A page of a few hundred bytes that draws the same rectangle a million times a million."""
    forms = 7
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        "<</Length 5>>stream\n/F Do\nendstream",
    ]
    for number in range(forms):
        drawn, inside = "/F Do " * 60, f"/Resources<</XObject<</F {number + 6} 0 R>>>>"
        if number == forms - 1:
            drawn, inside = "0 0 500 800 re f ", ""
        head = f"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]{inside}/Length {len(drawn)}>>"
        parts.append(f"{head}stream\n{drawn}\nendstream")
    body = "%PDF-1.4\n" + "".join(f"{number} 0 obj\n{part}\nendobj\n" for number, part in enumerate(parts, 1))
    return f"{body}trailer<</Size {len(parts) + 1}/Root 1 0 R>>\n%%EOF".encode()


def test_a_decoder_that_never_ends_costs_its_seconds_and_the_next_picture_is_read():
    async def read() -> tuple[int, str, str, float]:
        process = PictureProcess(seconds=0.5)
        try:
            pages = await process.count_pages(endless_pdf())
            hanging = await process.read(endless_pdf(), page=1)
            after = await process.read(encoded(half_dark().resize((640, 320)), "PNG"), smallest=(2_000, 1))
            return pages, hanging.trouble, after.trouble, process.spent
        finally:
            process.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.inspection.picture_process.PATIENCE", 1_000)  # a loaded machine makes no difference
        pages, hanging, after, spent = asyncio.run(read())
    assert (pages, hanging, after) == (1, "died", "too-small")
    assert spent >= 0.5
