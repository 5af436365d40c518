"""Open a store for the length of one look, and clear away those of looks that were killed.

Each stands in a folder of its own, which its process locks. The lock ends with the process, however that ends: a folder
that nobody locks was left behind.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.store import Store

PREFIX = "sitehealth-look-"


@contextmanager
def scratch_store() -> Iterator[Store]:
    """Open an empty store that ends with the look."""
    sweep_leftovers()
    folder = tempfile.mkdtemp(prefix=PREFIX)
    # A sweep of another process between these two lines takes the empty folder for left: the look then fails at its
    # start, and nothing is lost.
    lock = _locked(folder)
    try:
        with Store(f"sqlite:///{Path(folder) / 'look.db'}") as store:
            yield store
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def sweep_leftovers() -> None:
    """Remove the folders of this user's looks that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        lock = _locked(str(folder))
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(folder: str) -> int | None:
    """Lock a folder; return what holds the lock, None where another process has it, or the folder is not ours."""
    try:
        # Nobody follows a link that somebody else put there: /tmp is everybody's.
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(descriptor).st_uid == os.getuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None
