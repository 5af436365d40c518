"""List what clean text doubles: a character with its neighbour on either side, and words that stand twice.

    python tools/typos/doubled.py --statutes statutes.txt.xz > checks/typos/data/doubled.txt

The kept-back blocks are left out, so that bench/typos.py can tell how often correct text brings a new one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from clean_text import press_lines, statute_lines

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos.form.repetition import EDGE
from checks.typos.form.rule import HAN
from checks.typos.lexicon.boundaries import is_han

TWIN = re.compile(rf"([{HAN}])\1")
TWICE = re.compile(rf"(?=([{HAN}]{{2,12}}?)\1)")


def doublings(lines: Iterable[str]) -> Iterator[str]:
    """Yield 人人, |人人, 人人平 for every doubled character, and every word that stands twice, more than once."""
    words: Counter[str] = Counter()
    for line in lines:
        framed = f"{EDGE}{line}{EDGE}"
        for match in TWIN.finditer(framed):
            before, after = framed[match.start() - 1], framed[match.end()]
            yield match[0]
            yield (before if is_han(before) else EDGE) + match[0]
            yield match[0] + (after if is_han(after) else EDGE)
        words.update(match[1] for match in TWICE.finditer(line))
    yield from (word for word, count in words.items() if count > 1)


def main() -> None:
    """Print the list, sorted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statutes", type=Path, required=True)
    options = parser.parse_args()
    print("\n".join(sorted(set(doublings([*statute_lines(options.statutes), *press_lines()])))))


if __name__ == "__main__":
    main()
