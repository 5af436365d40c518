"""Write the words that the rules of form cut text into, with how common they are (checks/typos/segmentation.py).

    python tools/typos/vocabulary.py --official FOLDER --names FOLDER --out checks/typos/data/vocabulary.npz

Words of one to six characters: those of jieba's dictionary (MIT) that are frequent there or occur in modern official
writing; short names of provinces, cities and counties, and places that texts often name (THUOCL, MIT); the words of
modern official writing that the dictionary lacks. A word's probability is the mean of its share in the dictionary's
counts and in the official text, of which only the part that may be counted is read (tools/typos/corpora.py).
Needs jieba.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jieba
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from corpora import Part, modern_parts

from checks.typos.lexicon.boundaries import is_han
from checks.typos.segmentation import LONGEST, STEPS_A_NAT, Vocabulary

UNREAD = "reports_provincial_2026"
"""The file that the rules of form are measured with, whole."""

FREQUENT, OCCURS, MODERN = 5, 2, 8
"""Least count in jieba's dictionary alone, in the official text for a rarer one, and of a word that it lacks."""

LOOSE = frozenset("的了和与及等在对将由会为把被从向以可就也都还不是有至经拟并按因于之其此该各每这那我你他她它")
"""Characters that grammar puts beside words: a word of the official text with one of them at an end is a phrase."""

NAMED = 1000
"""Documents of the list of place words that name one, at the least."""

PLACE_SHARE = 1e-7
"""Probability of a place that no text counted."""


def dictionary() -> dict[str, int]:
    """Return the words of jieba's dictionary with their counts; 0 for persons: other texts seldom name them."""
    rows = (line.split() for line in Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines())
    short = ((word, int(count), tag) for word, count, tag in rows if len(word) <= LONGEST)
    return {word: 0 if tag.startswith("nr") else count for word, count, tag in short}


def official_counts(folder: Path) -> Counter[str]:
    """Return how often words occur in the official text that may be counted."""
    counts: Counter[str] = Counter()
    for name, lines in modern_parts(folder)[Part.COUNTED].items():
        for line in lines if name != UNREAD else ():
            counts.update(jieba.cut(line, HMM=False))
    return counts


def modern_words(names: Path) -> Iterator[str]:
    """Yield words that the dictionary lacks: 堵点, 数智."""
    with (names / "terms_modern.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            word = row["term"]
            if len(word) <= LONGEST and int(row["count"]) >= MODERN and not LOOSE & {word[0], word[-1]}:
                yield word


def places(names: Path) -> Iterator[str]:
    """Yield the short names of provinces, cities and counties, and what else texts name as a place."""
    with (names / "place_words.tsv").open(encoding="utf-8") as file:
        yield from (row["word"] for row in csv.DictReader(file, delimiter="\t") if int(row["documents"]) >= NAMED)
    with (names / "places.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["level"] in {"province", "city", "county"}:
                yield row["short"]


def main() -> None:
    """Write the arrays."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--official", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    general = dictionary()
    lacked = sorted(set(modern_words(options.names)) - general.keys())
    for word in lacked:
        jieba.add_word(word)
    official = official_counts(options.official)
    everyday_total, official_total = sum(general.values()), official.total()
    kept = {word for word, count in general.items() if count >= FREQUENT or official[word] >= OCCURS}
    kept |= {word for word in lacked if official[word] >= OCCURS}
    share = {word: (general.get(word, 0) / everyday_total + official[word] / official_total) / 2 for word in kept}
    for word in places(options.names):
        if 1 < len(word) <= LONGEST:
            share.setdefault(word, PLACE_SHARE)
    han = {word: value for word, value in share.items() if all(map(is_han, word)) and value > 0}
    words = np.array(sorted(han), dtype=f"<U{LONGEST}")
    cost = np.rint(-np.log([han[word] for word in words.tolist()]) * STEPS_A_NAT).clip(0, 255).astype(np.uint8)
    np.savez_compressed(options.out, **Vocabulary(words, cost).packed())
    print(f"{len(words)} words, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
