"""Keep the compiled lists of the typo check in the data folder, so that a start maps them instead of reading lists.

Nothing depends on the file: where it is missing, damaged or of another version, the lists are compiled and it is
written anew; where it cannot be written, they are used as they were compiled.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.typos.lexicon.compiled import CompiledLists, compile_lists, compiler
from monitor.typo_engine import array_file

if TYPE_CHECKING:
    from numpy.typing import NDArray


NAME = "typo-lists-{compiler}.arrays"

KEPT = 7 * 86_400.0
"""Seconds since the file of another version was written after which it is removed."""


def load_lists(folder: str) -> CompiledLists:
    """Return the lists, from the folder's file where it is whole; an empty name means no folder."""
    if not folder:
        return _compiled()
    path = Path(folder, NAME.format(compiler=compiler()))
    try:
        return CompiledLists.of(array_file.read(path))
    except (OSError, array_file.DamagedError, KeyError):
        arrays = compile_lists()
        _keep(path, arrays)
        return CompiledLists.of(arrays)


@lru_cache(maxsize=1)
def _compiled() -> CompiledLists:
    """Return the lists as this process compiled them: two CPU seconds, once."""
    return CompiledLists.of(compile_lists())


def _keep(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write the file and remove old ones of other versions; what cannot be kept costs the next start two seconds.

    Two versions may be in use, as while a fleet is upgraded: each would remove what the other has just written.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        array_file.write(path, arrays)
        for other in path.parent.glob(NAME.format(compiler="*")):
            if other != path and other.stat().st_mtime < time.time() - KEPT:
                other.unlink(missing_ok=True)
