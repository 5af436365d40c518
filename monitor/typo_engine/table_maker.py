"""Keep in the folder of the models what their tables are made with: to sum its 14 MB up takes 25 ms a process.

Nothing depends on the file: where it is missing, damaged or of another edition, the sum is made and it is written anew.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from checks.typos.lm import made_with

NAME = "table-maker"
"""Of the file, which says nothing of the tables: only what this edition of the program would make them with."""


def maker(folder: Path) -> str:
    """Return ``made_with.maker()``, from the folder of the models where it has that of this edition."""
    path = folder / NAME
    edition = made_with.edition()
    with suppress(OSError):
        known, _, kept = path.read_text("ascii", errors="replace").strip().partition(" ")
        if known == edition and kept:
            return kept
    made = made_with.maker()
    partial = path.with_name(f"{NAME}.{os.getpid()}.partial")  # two processes may write at the same time
    with suppress(OSError):
        partial.write_text(f"{edition} {made}\n", "ascii")
        partial.replace(path)
    return made
