"""Give the data folder of a test the compiled lists of the typo check: compiling them takes two CPU seconds a start."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from monitor.settings.paths import data_folder
from monitor.typo_engine.list_cache import load_lists

FOLDER = data_folder() / "cache"
"""The developer's own, read before any test has another data folder."""


@cache
def compiled() -> list[Path]:
    """Return the files of the lists, compiled where nobody has done so: by one process of this run or of an earlier."""
    load_lists(str(FOLDER))
    return list(FOLDER.glob("typo-lists-*"))


def share_lists(data: Path) -> None:
    """Put the lists where a command with this data folder looks for them."""
    (data / "cache").mkdir(parents=True, exist_ok=True)
    for path in compiled():
        link = data / "cache" / path.name
        if not link.exists():
            link.symlink_to(path)
