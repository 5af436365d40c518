"""Watch the file of a SQLite store: that it is there, the same, and may be written; keep a stranger from being used.

A connection that is open goes on with the file that it opened, wherever that is now. A new one would open whatever
stands there: an empty file, or a backup in which a run's number belongs to another run. Where a backup is copied over
the file that is open, its connections would mix both: such a file shows another mark (``file_mark``).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from pathlib import Path

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import ArgumentError

from monitor.store.file_mark import can_follow, copy_with_new_mark, fold_log, read_mark, renew_mark

Identity = tuple[int, int]
"""Device and inode of a file."""

TIGHT = 16 * 2**20
"""Bytes free on the disk below which a small write says nothing: SQLite has room in its log for one."""

LONG = 4 * 2**20
"""Bytes by which a log may grow before it is folded: as much as SQLite leaves it by itself."""


def file_missing_at(url: str) -> Path | None:
    """Return the file of a SQLite store that is not there; None where it is, and for databases without a file."""
    try:
        address = make_url(url)
    except ArgumentError:
        return None  # who opens it says what is wrong with it
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        return None
    path = Path(str(address.database))
    return None if path.exists() else path


class StoreFile:
    """The file behind an engine. Of a database that has none (PostgreSQL, memory) there is nothing to say.

    Connections to a file that is gone or another one are refused until ``accept`` is called.
    """

    def __init__(self, engine: Engine) -> None:
        name = engine.url.database
        has_file = engine.url.get_backend_name() == "sqlite" and name not in {None, "", ":memory:"}
        self._path = Path(str(name)) if has_file else None
        self._known = self._identity()
        # The file, and the log that was seen beside it: not two looks, for another file may come between them.
        self._logged = self._known, self._identity("-wal")
        self._last: tuple[int, int] | None = None
        self._engine = engine
        self._opened: int | None = None
        """The known file, open for reading once this is in charge. To close it ends every lock that SQLite has on it in
        this process (POSIX locks), so that it is closed when no connection is open, and never opened beside."""
        self._mark = 0
        """The least number that the file may show (``file_mark``)."""
        self._folded_at = 0
        """Bytes of the log when it was last folded here."""
        if has_file:
            event.listen(engine, "do_connect", self._refuse)

    @property
    def is_gone(self) -> bool:
        """Whether there was a file and is none."""
        return self._path is not None and self._identity() is None

    @property
    def is_another(self) -> bool:
        """Whether the file that was opened is no longer the one that stands there."""
        return self._identity() != self._known

    @property
    def is_overwritten(self) -> bool:
        """Whether the file that was opened holds another one: it was copied over it, or cut off."""
        if self._opened is None or self.is_gone or self.is_another:
            return False
        return not can_follow(self._mark, read_mark(self._opened))

    def fault(self) -> str:
        """Return why the file cannot be used, empty where it can. Costs a few system calls."""
        if self._path is None:
            return ""
        if self.is_gone:
            return "its file is gone"
        if self.is_another:
            return "its file was replaced"
        if self.is_overwritten:
            return "its file was overwritten"
        self._logged = self._known, self._identity("-wal")
        return "" if os.access(self._path, os.W_OK) else "its file is read-only"

    def is_settled(self) -> bool:
        """Return whether the file has anything in it and is as at the last call: it may still be copied to here.

        An empty file must not be opened: setting a connection up would make a database of it.
        """
        status = self._path.stat() if self._path else None
        before, self._last = self._last, (status.st_size, status.st_mtime_ns) if status else None
        return before == self._last and (status is None or status.st_size > 0)

    def accept(self) -> None:
        """Use the file that stands there from now on. No connection may be open."""
        if self.is_another:
            self._put_log_aside()
        self._known = self._identity()
        if self._opened is not None:
            self._open()

    def reject(self) -> None:
        """Use no file before the next ``accept``."""
        self._known = None

    def take_charge(self) -> None:
        """Have the log folded by ``fold`` alone: a connection does it by itself without a look at the file."""
        if self._path is None or self._opened is not None:
            return

        @event.listens_for(self._engine, "checkout")  # not "connect": there are connections already
        def _leave_log(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute("PRAGMA wal_autocheckpoint=0")

        self._open()

    def _open(self) -> None:
        self.close()
        with contextlib.suppress(OSError):  # gone already, as the next look says
            self._opened = os.open(str(self._path), os.O_RDONLY | os.O_CLOEXEC)
            self._mark = read_mark(self._opened) or 0

    def close(self) -> None:
        """Be in charge no longer. No connection may be open."""
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None

    def fold(self) -> None:
        """Give the file a new mark and fold the log into it, if it is the right one. Raises what the driver raises."""
        if self._path is None:
            return
        mark = renew_mark(self._engine)
        if not self.fault() and fold_log(self._engine):
            self._mark = mark
        self._folded_at = self._size_of_log()

    def is_log_long(self) -> bool:
        """Return whether the log has grown much since it was last folded. It never shrinks, but begins anew."""
        return self._size_of_log() > self._folded_at + LONG

    def take_out(self) -> None:
        """Put a copy in the place of a file that was overwritten, and its old log aside. Raises OSError.

        Connections of before go on in the file that no longer has a name, and fold nothing into the one that has it:
        SQLite looks whether its file was moved before it folds the log at the end.
        """
        if self._path is None or self._opened is None:
            return
        copy = self._path.with_name(f".{self._path.name}.partial")
        try:
            copy_with_new_mark(self._opened, copy)  # the same backup may be copied over it once more
            if self.is_overwritten:
                self._lay_log_aside()
                copy.replace(self._path)
        finally:
            copy.unlink(missing_ok=True)

    def share_mode(self) -> None:
        """Give the log and its index the mode of the file, and let their owner write them whatever that is.

        SQLite makes them with the mode that the file has at that moment: made while the file was read-only, they would
        stay so after somebody mended the file. And an index that was opened while it was read-only is so for every
        connection of this process until the last one that shares it is closed.
        """
        if self._path is None:
            return
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(OSError):  # it is not there, or somebody else's
                mode = stat.S_IMODE(self._path.stat().st_mode) | stat.S_IWUSR
                self._path.with_name(self._path.name + suffix).chmod(mode)

    def is_tight(self) -> bool:
        """Return whether the disk is nearly full."""
        if self._path is None:
            return False
        try:
            disk = os.statvfs(self._path.parent)
        except OSError:
            return True
        return disk.f_bavail * disk.f_frsize < TIGHT

    def _put_log_aside(self) -> None:
        """Keep the log of the file before from being played into this one, as SQLite would: it has the same name.

        Where the file itself is the one before, come back after something else stood in its place, the log is its own
        and may hold all that it has: nothing of a new store is in the file before the log is first folded into it.
        """
        file, log_of_file = self._logged
        if self._path is None or log_of_file is None or self._identity("-wal") != log_of_file:
            return
        if self._identity() != file:
            self._lay_log_aside()

    def _lay_log_aside(self) -> None:
        if self._path is None:
            return
        log = self._path.with_name(f"{self._path.name}-wal")
        with contextlib.suppress(FileNotFoundError):
            log.replace(log.with_name(f"{log.name}.{int(time.time())}.replaced"))
        self._path.with_name(f"{self._path.name}-shm").unlink(missing_ok=True)

    def _size_of_log(self) -> int:
        try:
            return self._path.with_name(f"{self._path.name}-wal").stat().st_size if self._path else 0
        except OSError:
            return 0

    def _identity(self, suffix: str = "") -> Identity | None:
        """Return device and inode of the file, or of one beside it; None where there is none."""
        try:
            status = self._path.with_name(self._path.name + suffix).stat() if self._path else None
        except OSError:
            return None
        return (status.st_dev, status.st_ino) if status else None

    def _refuse(self, *_: object) -> None:
        if self.is_gone or self.is_another or self.is_overwritten:
            raise sqlite3.OperationalError(self.fault())
