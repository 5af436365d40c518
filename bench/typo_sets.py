"""Read the sets that the typo check is measured with: texts with labelled errors, and texts that are clean."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import corpora
from clean_text import SENTENCE_END, pairs, press_lines, statute_lines

MODERN = "modern "
"""What the names of the sets of modern official writing begin with; the name of a file follows."""


class Error(NamedTuple):
    """Where an item is wrong, and how."""

    start: int
    end: int
    right: str
    kind: str


@dataclass(frozen=True)
class Item:
    """One text with its known errors; none: it is clean. ``parts`` are the spans that count as one clean item each."""

    text: str
    errors: tuple[Error, ...] = ()
    parts: tuple[tuple[int, int], ...] = ((0, sys.maxsize),)

    @classmethod
    def clean(cls, paragraph: str) -> Item:
        """Return a clean paragraph whose sentences count one by one; it is read whole, as the check reads a page."""
        ends = list(accumulate(map(len, SENTENCE_END.split(paragraph))))
        return cls(paragraph, parts=tuple(pair for pair in pairwise((0, *ends)) if paragraph[slice(*pair)].strip()))


def labelled(path: Path) -> Iterator[Item]:
    """Read items with labelled errors (JSON lines)."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        spans = ((error["start"], len(error["wrong"]), error) for error in row["errors"])
        yield Item(row["text"], tuple(Error(at, at + size, each["right"], each["kind"]) for at, size, each in spans))


def parallel(path: Path) -> Iterator[Item]:
    """Read (wrong, right) pairs of equal length: every character that differs is an error."""
    learned_from = "med" not in path.stem
    for wrong, right in pairs(path, held_out=True if learned_from else None):
        different = [i for i, (x, y) in enumerate(zip(wrong, right, strict=True)) if x != y]
        yield Item(wrong, tuple(Error(i, i + 1, right[i], "character") for i in different))


def sets(folder: Path, clean: int) -> Iterator[tuple[str, list[Item]]]:
    """Yield every set by name, with at most ``clean`` items, picked at random, of those that are clean by nature."""
    for path in sorted(folder.glob("*.jsonl")):
        yield path.stem, list(labelled(path))
    for path in sorted((folder / "ecspell").glob("*.tsv")):
        yield f"{path.stem}, kept back", list(parallel(path))
    law, news = statute_lines(folder / "statutes.txt.xz", held_out=True), press_lines(held_out=True)
    for name, texts in (("statutes, kept back", law), ("People's Daily 1998, kept back", news)):
        yield (
            name,
            [Item.clean(text) for text in (random.Random(0).sample(texts, clean) if 0 < clean < len(texts) else texts)],
        )
    for name, lines in corpora.modern(folder / "official", held_out=True).items():
        yield f"{MODERN}{name}", [Item.clean(line) for line in lines]
