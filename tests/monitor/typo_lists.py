"""Give the data folder of a test the compiled lists of the typo check: compiling them takes two CPU seconds a start."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from monitor.typo_engine.list_cache import load_lists


@cache
def compiled() -> list[Path]:
    """Return the files of the lists, compiled once a run."""
    folder = tempfile.mkdtemp(prefix="sitehealth-lists-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    load_lists(folder)
    return list(Path(folder).iterdir())


def share_lists(data: Path) -> None:
    """Put the lists where a command with this data folder looks for them."""
    (data / "cache").mkdir(parents=True, exist_ok=True)
    for path in compiled():
        link = data / "cache" / path.name
        if not link.exists():
            link.symlink_to(path)
