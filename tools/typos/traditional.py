"""Write which traditional characters stand for which simplified ones: checks/typos/data/traditional.txt.

    pip install opencc-python-reimplemented
    python tools/typos/traditional.py

OpenCC's table of characters (Apache-2.0), of which are taken those that GB 2312 lacks and that have one simplified
form, which it has: a text in simplified characters has no use for them but in names.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

TARGET = Path(__file__).parents[2] / "checks/typos/data/traditional.txt"

IN_NAMES = frozenset("昇陞甦邨氾堃龢甯祕迺絜澂鉅鍾谿巖劒濛塚")
"""Characters that names of persons, firms and places are still written with: 昇腾, 三塚博, 濛溪河."""


def main() -> None:
    """Write the table: a line of traditional characters, a line of the simplified ones below them."""
    spec = importlib.util.find_spec("opencc")
    rows = Path(str(spec.origin)).with_name("dictionary").joinpath("TSCharacters.txt").read_text("utf-8").splitlines()
    known = (row.split("\t") for row in rows)
    pairs = [(old, new) for old, new in known if _is_told_apart(old, new)]
    TARGET.write_text("".join(old for old, _ in pairs) + "\n" + "".join(new for _, new in pairs) + "\n", "utf-8")
    print(f"{len(pairs)} characters")


def _is_told_apart(old: str, new: str) -> bool:
    """Return whether simplified writing has the second character, and the first is nothing but its old form."""
    return len(old) == len(new) == 1 and old not in IN_NAMES and _is_usual(new) and not _is_usual(old)


def _is_usual(char: str) -> bool:
    return char.encode("gb2312", "ignore") != b""


if __name__ == "__main__":
    main()
