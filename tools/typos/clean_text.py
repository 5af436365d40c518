"""Read the clean text that the typo dictionary is mined from: statutes and the People's Daily of 1998."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import corpora
from corpora import Part

LEARNED = 7
"""Tenths of the sentences with known errors that lists and models learn from (tools/typos/train.py)."""

SENTENCE_END = re.compile(r"(?<=[。！？；])")
HALF_WIDTH_DIGITS = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


def sentences(text: str) -> Iterator[str]:
    """Cut text at sentence ends and line ends."""
    for line in text.splitlines():
        for part in SENTENCE_END.split(line):
            if part.strip():
                yield part.strip()


def statute_lines(path: Path, *, held_out: bool = False) -> list[str]:
    """Return distinct lines of the statutes: those to learn from, or those that no model and no list has seen."""
    return _part(corpora.statutes(path), held_out=held_out)


def press_lines(*, held_out: bool = False) -> list[str]:
    """Return distinct paragraphs of the People's Daily of 1998 with ASCII digits; as above."""
    lines = _part(corpora.newspaper(), held_out=held_out)
    return [line.translate(HALF_WIDTH_DIGITS) for line in lines]


def _part(parts: dict[Part, list[str]], *, held_out: bool) -> list[str]:
    seen = dict.fromkeys(parts[Part.COUNTED] + parts[Part.TRAINED])
    return [line for line in dict.fromkeys(parts[Part.HELD]) if line not in seen] if held_out else list(seen)


def statutes(path: Path) -> list[str]:
    """Return the distinct sentences of the statutes to learn from."""
    return list(dict.fromkeys(part for line in statute_lines(path) for part in sentences(line)))


def peoples_daily() -> list[str]:
    """Return the distinct sentences of the People's Daily to learn from."""
    return list(dict.fromkeys(part for line in press_lines() for part in sentences(line)))


def pairs(path: Path, *, held_out: bool | None = None) -> list[tuple[str, str]]:
    """Return the (wrong, right) sentences of equal length from a tab-separated file.

    ``held_out`` False: those to learn from, seven tenths; True: the others; None: all.
    """
    rows = (line.split("\t")[:2] for line in path.read_text("utf-8").splitlines())
    equal = [(row[0], row[1]) for row in rows if len(row) == 2 and len(row[0]) == len(row[1])]
    return [row for row in equal if held_out is None or (crc32(row[1].encode()) % 10 >= LEARNED) == held_out]
