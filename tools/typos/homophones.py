"""List which words of two characters an input method offers for each other: same syllables, both characters different.

    python tools/typos/homophones.py --models MODELS

Writes ``checks/typos/data/homophones.npz``: ``wrong`` and ``right`` hold two characters each, 16 bits a character,
sorted by the wrong word. Words that differ in one character only are left to ``confusions.npz``. Tones do not count, as
on the keyboard. MODELS is the folder of ``sitehealth models install``. Needs ``requirements.txt``.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
from corpora import vocabulary
from pypinyin import lazy_pinyin

OUT = Path(__file__).parents[2] / "checks" / "typos" / "data" / "homophones.npz"
COMMON, KNOWN = 1.5e-6, 1e-7
"""Probability that the word meant must have, and the word typed."""
MOST = 6


def main() -> None:
    """Write the pairs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, required=True)
    words = {word: chance for word, chance in vocabulary(parser.parse_args().models).items() if len(word) == 2}
    sounds: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda word: -words[word]):
        if words[word] > KNOWN:
            sounds[tuple(lazy_pinyin(word))].append(word)
    pairs = []
    for group in sounds.values():
        for wrong in group:
            meant = [
                right for right in group if wrong[0] != right[0] and wrong[1] != right[1] and words[right] > COMMON
            ]
            pairs += [(packed(wrong), packed(right)) for right in meant[:MOST]]
    pairs.sort()
    wrong, right = np.array(pairs, dtype=np.uint32).T
    np.savez_compressed(OUT, wrong=wrong, right=right)
    print(f"{len(pairs)} pairs: {OUT.stat().st_size / 1e6:.2f} MB")


def packed(word: str) -> int:
    """Return a word of two characters as one number."""
    return ord(word[0]) << 16 | ord(word[1])


if __name__ == "__main__":
    main()
