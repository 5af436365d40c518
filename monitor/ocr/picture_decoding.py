"""Turn the bytes of a picture into pixels, within bounds that hostile files cannot pass."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")
"""What is decoded; told from the first bytes, never from the name."""

BEGINNINGS = (
    *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"),
    *(b"II*\x00", b"MM\x00*", b"\xff\x0a", b"\x00\x00\x00\x0cJXL ", b"\x00\x00\x00\x0cjP  "),
)
"""How pictures begin, beside WebP, BMP and those in boxes: what is decoded, then TIFF, JPEG XL and JPEG 2000, which are
not."""

BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1")
"""What stands behind ``ftyp`` in those that are boxes: AVIF, which is decoded, and HEIC, which is not."""

DEEP = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I", "F"})
"""Modes with more than 256 greys, of which Pillow cuts off what is above the 256th."""

MOST_PIXELS = 40_000_000
"""Pixels of a picture or page that are decoded: 160 MB as they are held."""

WIDEST = 1_600
"""Pixels of its shorter side that a picture is read in; a larger one is made smaller first."""

TILE, OVERLAP = 1_600, 120
"""Pixels of height that are read at once of a tall picture, and how many of them the next part has as well."""

MOST_TILES = 8
"""Parts of a tall picture that are read; a poster that is longer is cut there."""


class UnreadablePictureError(ValueError):
    """A picture cannot be read; the message says why: ``too-large``, ``unreadable``, ``too-small``."""


class Tile(NamedTuple):
    """A part of a picture: its pixels (height × width × 3, blue first), ``top`` of them below the picture's upper side.

    ``scale`` is how much smaller it is than the picture. Lines whose middle is not between ``first`` and ``last``, in
    pixels below the upper side as well, are another part's: what was cut there stands whole in that one.
    """

    pixels: Any
    scale: float = 1.0
    top: int = 0
    first: float = 0.0
    last: float = float("inf")


def is_picture(body: bytes) -> bool:
    """Return whether a file begins as a picture does, whether or not it can be decoded here."""
    is_boxed = body[4:8] == b"ftyp" and body[8:12] in BRANDS
    is_webp = body.startswith(b"RIFF") and body[8:12] == b"WEBP"
    is_bitmap = body.startswith(b"BM") and body[6:10] == bytes(4)
    return is_boxed or is_webp or is_bitmap or body.startswith(BEGINNINGS)


def is_pdf(body: bytes) -> bool:
    """Return whether a file is a PDF: its mark may stand behind other bytes."""
    return b"%PDF-" in body[:1024]


def decoded(body: bytes, smallest: tuple[int, int] = (1, 1)) -> Image:
    """Return a picture as RGB, upright, the first one of those that move. Raises UnreadablePictureError.

    ``smallest`` are the sides, the longer first, below which it is not decoded.
    """
    from PIL import Image as Pillow
    from PIL import ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Pillow.MAX_IMAGE_PIXELS = None  # what is too large is refused below, before anything is decoded
            picture = Pillow.open(io.BytesIO(body), formats=FORMATS)
            _refuse_sizes(picture.size, smallest)
            return on_white(_shallow(ImageOps.exif_transpose(picture)))
    except UnreadablePictureError:
        raise
    except Exception as error:
        raise UnreadablePictureError("unreadable") from error


def _refuse_sizes(size: tuple[int, int], smallest: tuple[int, int]) -> None:
    longer, shorter = max(size), min(size)
    if longer < smallest[0] or shorter < smallest[1]:
        raise UnreadablePictureError("too-small")
    if longer * shorter > MOST_PIXELS:
        raise UnreadablePictureError("too-large")


def _shallow(picture: Image) -> Image:
    """Return a picture of many greys with the 256 that are read, from its darkest to its lightest."""
    if picture.mode not in DEEP:
        return picture
    import numpy as np
    from PIL import Image as Pillow

    greys = np.asarray(picture).astype("float32")
    darkest, lightest = float(greys.min()), float(greys.max())
    scaled = (greys - darkest) * (255 / max(lightest - darkest, 1e-6))
    return Pillow.fromarray(scaled.astype("uint8"))


def on_white(picture: Image) -> Image:
    """Return a picture as RGB; what can be seen through shows white, as on a page."""
    from PIL import Image as Pillow

    if picture.mode not in {"RGBA", "LA", "PA"} and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Pillow.new("RGBA", layer.size, "white")
    return Pillow.alpha_composite(ground, layer).convert("RGB")


def tiles(picture: Image) -> Iterator[Tile]:
    """Yield a picture, a tall one in parts from the top."""
    import numpy as np

    scale = max(1.0, min(picture.size) / WIDEST)
    if scale > 1:
        picture = picture.resize((round(picture.width / scale), round(picture.height / scale)))
    tops = range(0, max(1, picture.height - OVERLAP), TILE - OVERLAP)[:MOST_TILES]
    for top in tops:
        bottom = min(top + TILE, picture.height)
        pixels = np.asarray(picture.crop((0, top, picture.width, bottom)))[:, :, ::-1].copy()
        first = top + OVERLAP / 2 if top else 0.0
        last = bottom - OVERLAP / 2 if bottom < picture.height else float("inf")
        yield Tile(pixels, scale, top, first, last)
