"""Take out of the lists what clean modern writing shows to be right.

    python tools/typos/prune.py --official FOLDER [--data checks/typos/data] [--dry]

Reads all modern official writing that is not held out (``corpora.py``) with the lists alone. A wording that a program
made, or a slip of a listed wording or set phrase, is usage if it stands there, unless somebody read the place and found
a slip indeed (``real_slips.txt``). It is taken out where it came from: a mined or lost wording goes, a slip of a
wording is listed beside it as right as well, and a variant of a set phrase joins ``phrase_variants.txt``. Pairs that a
person reviewed are printed with their places instead, for a person to read again. Doing it twice changes nothing.

Run it after ``mine.py``, ``lost.py`` and ``wordings.py``; it takes a minute.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from corpora import Part, modern_uncapped

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos import Typos
from checks.typos.candidate import Basis, Suspect
from monitor.typo_engine.load import load_engine

AT_ONCE = 200
"""Lines read at a time."""

CONTEXT = 12
"""Characters printed on either side of a hit of a reviewed pair."""

DATA = Path(__file__).parents[2] / "checks/typos/data"
MINED = frozenset({Basis.MINED, Basis.MINED_DOUBTFUL, Basis.MINED_HINT})
WORDINGS = frozenset({Basis.REVIEWED, Basis.IDIOM, Basis.PLACE, Basis.FREQUENT})


def hits(folder: Path) -> Iterator[tuple[str, Suspect]]:
    """Yield each line of clean text with what a list calls wrong in it."""
    engine = load_engine(Typos())
    parts = modern_uncapped(folder)
    lines = [line for part in (Part.COUNTED, Part.TRAINED) for file in parts[part].values() for line in file]
    for first in range(0, len(lines), AT_ONCE):
        some = lines[first : first + AT_ONCE]
        for line, found in zip(some, engine.listed(some), strict=True):
            yield from ((line, suspect) for suspect in found)


def main() -> None:
    """Prune the lists."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--official", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--dry", action="store_true", help="print what would go, and write nothing")
    options = parser.parse_args()
    real = set(Path(__file__).with_name("real_slips.txt").read_text("utf-8").split())
    found: dict[Basis, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for line, suspect in hits(options.official):
        around = line[max(0, suspect.start - CONTEXT) : suspect.end + CONTEXT]
        if suspect.wrong not in real:
            found[suspect.basis][suspect.wrong, suspect.right].append(around)
    for basis, usages in sorted(found.items()):
        print(f"{basis}: {len(usages)} wordings, {sum(map(len, usages.values()))} places")
        if options.dry or basis not in MINED | WORDINGS | {Basis.PHRASE}:
            for (wrong, right), places in usages.items():
                print(f"  {wrong} → {right}: {len(places)}, {places[0]}")
    if not options.dry:
        _prune(options.data, {basis: set(usages) for basis, usages in found.items()})


def _prune(data: Path, usages: dict[Basis, set[tuple[str, str]]]) -> None:
    mined = {wrong for basis in MINED for wrong, _ in usages.get(basis, ())}
    slips: dict[str, set[str]] = defaultdict(set)
    for wrong, right in (pair for basis in WORDINGS for pair in usages.get(basis, ())):
        slips[right].add(wrong)
    for name in ("mined.tsv.xz", "lost.tsv.xz"):
        _rewrite(data / name, lambda row: _without(row, mined))
    _rewrite(data / "wordings.tsv.xz", lambda row: _with(row, slips.get(row[1], set())))
    path = data / "phrase_variants.txt"
    lines = path.read_text("utf-8").splitlines()
    variants = {wrong for wrong, _ in usages.get(Basis.PHRASE, ())} - set(lines)
    path.write_text("\n".join([*lines, *sorted(variants)]) + "\n", "utf-8")


def _rewrite(path: Path, change: Callable[[list[str]], Iterable[str]]) -> None:
    """Change the rows of a packed table; those that become empty go."""
    heading, *rows = lzma.decompress(path.read_bytes()).decode().splitlines()
    changed = ("\t".join(change(row.split("\t"))) for row in rows)
    table = "\n".join([heading, *filter(None, changed)]) + "\n"
    path.write_bytes(lzma.compress(table.encode(), preset=9))


def _without(row: list[str], usages: set[str]) -> list[str]:
    """Return a row of tier, kind, right and wrong wordings without some of these; nothing if none is left."""
    left = [wrong for wrong in row[3].split() if wrong not in usages]
    return [*row[:3], " ".join(left)] if left else []


def _with(row: list[str], usages: set[str]) -> list[str]:
    """Return a row of source, right wording, slips that are right as well and slips that never are, with more."""
    source, right, also, never = row
    return [
        source,
        right,
        " ".join(sorted({*also.split(), *usages})),
        " ".join(each for each in never.split() if each not in usages),
    ]


if __name__ == "__main__":
    main()
