"""Know a SQLite file by a number in its header that only grows, so that another one copied over it is noticed.

``cp backup.db store.db`` keeps the file and changes what is in it, under connections that go on with the log of the one
before: what they read would be a mixture, and what they fold into it a damaged store. Who folds the log makes the
number one larger first, so that the file never shows a smaller one than it has shown, nor one of another store's.
"""

from __future__ import annotations

import os
import random
import stat
import struct
from pathlib import Path

from sqlalchemy import Engine

PLACE = 60
"""Of the number, ``PRAGMA user_version``, in a file of SQLite (its file format, 1.3): four bytes, the highest first."""
MAGIC = b"SQLite format 3\0"
HEADER = 100
"""Bytes of it."""
PIECE = 2**20
"""Bytes that are copied at a time."""

AHEAD = 2**20
"""So much may be added by other processes before this one looks: one a look, a year's at a look every half minute."""
HIGHEST = 2**30
"""Of what a store begins with: apart from those of others by far more than what is added to it."""


def begin_with() -> int:
    """Return a number to begin with, which no other store has."""
    return random.SystemRandom().randrange(AHEAD, HIGHEST)


def read_mark(file: int) -> int | None:
    """Return the number in a file that is open for reading, 0 where none was ever set.

    None where it is no file of SQLite, or cannot be read.
    """
    try:
        header = os.pread(file, HEADER, 0)
    except OSError:
        return None
    if len(header) < HEADER or not header.startswith(MAGIC):
        return None
    return int(struct.unpack_from(">I", header, PLACE)[0])


def copy_with_new_mark(file: int, target: Path) -> None:
    """Copy a file that is open for reading; where it is one of SQLite, the copy has a number to begin with."""
    with target.open("wb", buffering=0) as out:
        os.fchmod(out.fileno(), stat.S_IMODE(os.fstat(file).st_mode))
        at = 0
        while piece := os.pread(file, PIECE, at):
            out.write(piece)
            at += len(piece)
        if read_mark(file) is not None:
            out.seek(PLACE)
            out.write(struct.pack(">I", begin_with()))
        os.fsync(out.fileno())


def can_follow(known: int, found: int | None) -> bool:
    """Return whether a file that showed ``known`` can be the one that shows ``found``."""
    return known == 0 or (found is not None and known <= found < known + AHEAD)


def renew_mark(engine: Engine) -> int:
    """Make the number one larger, and return it. Raises what the driver raises."""
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # two processes must not read the same number
        found = int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
        renewed = found + 1 if found else begin_with()
        connection.exec_driver_sql(f"PRAGMA user_version = {renewed}")
    return renewed


def fold_log(engine: Engine) -> bool:
    """Fold the log into the file, as far as nobody reads it just now; return whether all of it. Raises likewise."""
    with engine.connect() as connection:
        is_busy, there, folded = connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()
    return not is_busy and there == folded
