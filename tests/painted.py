"""Pictures of text as offices publish them: notices, banners, posters, scans; painted with the fonts that are there.

``python -m tests.painted FOLDER`` writes some to look at.
"""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

FACES = {
    "Noto Sans": ("opentype/noto/NotoSansCJK-Regular.ttc", 2),
    "Noto Sans Bold": ("opentype/noto/NotoSansCJK-Bold.ttc", 2),
    "Noto Serif": ("opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    "Noto Serif Bold": ("opentype/noto/NotoSerifCJK-Bold.ttc", 2),
    "WenQuanYi Zen Hei": ("truetype/wqy/wqy-zenhei.ttc", 0),
    "AR PL UKai": ("truetype/arphic/ukai.ttc", 0),
}
"""Six faces by their files and their place in these: Debian's fonts-noto-cjk, fonts-wqy-zenhei, fonts-arphic-ukai."""

FONTS = Path("/usr/share/fonts")

PAPERS = (("#ffffff", "#1a1a1a"), ("#f4efe0", "#222222"), ("#c8102e", "#fff3c4"), ("#1f4e9a", "#ffffff"))
"""Grounds and inks: paper, old paper, a red banner, a blue one."""


@dataclass(frozen=True)
class Look:
    """How a text is painted: ``size`` in pixels, ``quality`` of the JPEG (0: PNG), ``turned`` in degrees."""

    face: str = "Noto Sans"
    size: int = 28
    paper: tuple[str, str] = PAPERS[0]
    quality: int = 0
    vertical: bool = False
    watermark: str = ""
    turned: float = 0.0
    grain: int = 0
    across: int = 26
    """Characters of a line; a paragraph that is longer goes on in the next."""


def faces() -> list[str]:
    """The faces of which there is a file here."""
    return [name for name, (file, _) in FACES.items() if (FONTS / file).is_file()]


def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    file, number = FACES[face]
    return ImageFont.truetype(str(FONTS / file), size, index=number)


def wrapped(paragraphs: Sequence[str], across: int) -> list[str]:
    """Lines of paragraphs, no mark at the start of one."""
    lines = []
    for paragraph in paragraphs:
        rest = paragraph
        while len(rest) > across:
            end = across + (rest[across] in "，。、；：！？）》”")
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return [line for line in lines if line]


def paint(paragraphs: Sequence[str], look: Look, seed: int = 0) -> bytes:
    """A picture of paragraphs, PNG or JPEG."""
    return encoded(painting(paragraphs, look, seed), look.quality)


def painting(paragraphs: Sequence[str], look: Look, seed: int = 0) -> Image.Image:
    ground, ink = look.paper
    lines, letter = wrapped(paragraphs, look.across), font(look.face, look.size)
    margin, step = look.size * 2, round(look.size * 1.7)
    longest = max(round(letter.getlength(line)) for line in lines)
    size = (longest + 2 * margin, len(lines) * step + 2 * margin)
    if look.vertical:
        size = (len(lines) * step + 2 * margin, max(map(len, lines)) * round(look.size * 1.08) + 2 * margin)
    picture = Image.new("RGB", size, ground)
    drawing = ImageDraw.Draw(picture)
    if look.watermark:
        picture = _watermarked(picture, look)
        drawing = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        if look.vertical:
            left = size[0] - margin - (number + 1) * step + (step - look.size)
            for at, character in enumerate(line):
                drawing.text((left, margin + at * round(look.size * 1.08)), character, font=letter, fill=ink)
        else:
            drawing.text((margin, margin + number * step), line, font=letter, fill=ink)
    if look.turned:
        picture = picture.rotate(look.turned, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
    return _grained(picture, look.grain, seed) if look.grain else picture


def _watermarked(picture: Image.Image, look: Look) -> Image.Image:
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    drawing, letter = ImageDraw.Draw(layer), font(look.face, look.size * 2)
    for top in range(0, picture.height, look.size * 7):
        drawing.text((look.size, top), look.watermark, font=letter, fill=(128, 128, 128, 60))
    return Image.alpha_composite(picture.convert("RGBA"), layer.rotate(20)).convert("RGB")


def _grained(picture: Image.Image, grain: int, seed: int) -> Image.Image:
    dice = random.Random(seed)
    noise = Image.frombytes("L", picture.size, dice.randbytes(picture.width * picture.height))
    soft = noise.point([round(each * grain / 255) for each in range(256)])
    return ImageChops.subtract(picture, Image.merge("RGB", (soft, soft, soft)))


def encoded(picture: Image.Image, quality: int = 0) -> bytes:
    """The bytes of a picture, PNG where no quality is named."""
    out = io.BytesIO()
    if quality:
        picture.save(out, "JPEG", quality=quality)
    else:
        picture.save(out, "PNG")
    return out.getvalue()


def scanned_pdf(pages: Sequence[Image.Image], dots: int = 150) -> bytes:
    """A PDF whose pages are pictures, without any text."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=list(pages[1:]), resolution=dots)
    return out.getvalue()


if __name__ == "__main__":
    TEXT = [
        "关于做好二〇二六年度城乡居民养老保险缴费工作的通告",
        "为切实保障参保人员的合法权益，现将有关事项通告如下：请登陆网站查看，二〇二六年二月三十日前报送。",
    ]
    for name in faces():
        (Path(sys.argv[1]) / f"{name}.png").write_bytes(paint(TEXT, Look(name, watermark="清河县人民政府", turned=2)))
