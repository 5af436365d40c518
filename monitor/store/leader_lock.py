"""Hold the lock of those who lead, on a connection that the server ends where its owner falls silent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text

T = TypeVar("T")

NUMBER = 0x517E_1EAD
"""PostgreSQL's number for: somebody leads."""

SILENCE = 8
"""Seconds without a question after which the server ends the connection, and the lock is free."""


class LeaderLock:
    """The lock, held or not. Calls come from several threads, one at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._driver: Any = None
        self._judge = ""
        self._turn = Lock()

    def acquire_or_keep(self, owner: str, version: str, judge: str) -> bool:
        """Take the lock where it is free, or show that its owner lives; return whether it is held now.

        Raises what the driver raises; the lock is lost then.
        """
        with self._turn:
            try:
                if self._connection is None and not self._acquire():
                    return False
                self._show(owner, version, judge)
            except BaseException:
                self._drop()
                raise
            return True

    def _acquire(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Not afterwards: what is detached from the pool no longer knows it.
        self._driver = connection.connection.driver_connection
        connection.detach()
        self._connection = connection
        if not connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": NUMBER}).scalar():
            self._drop()
            return False
        connection.execute(text(f"SET idle_session_timeout = '{SILENCE}s'"))
        self._judge = ""
        return True

    def _show(self, owner: str, version: str, judge: str) -> None:
        """Show that the owner lives, and where it is new, who it is and by what its jobs are judged."""
        if self._connection is None:
            return
        if judge == self._judge:
            self._connection.execute(text("SELECT 1"))
            return
        note = """
            INSERT INTO fleet_leader (one, owner, version, judge) VALUES (1, :owner, :version, :judge)
            ON CONFLICT (one) DO UPDATE SET owner = :owner, version = :version, judge = :judge, since = now()
        """
        self._connection.execute(text(note), {"owner": owner, "version": version, "judge": judge})
        self._judge = judge

    def act(self, what: Callable[[Any], T]) -> T:
        """Give the driver's connection that holds the lock to something that only the leader may do; return its result.

        Raises NotLeadingError where the lock is not held, and what the driver raises where it was lost.
        """
        with self._turn:
            if self._connection is None:
                raise NotLeadingError("another scheduler leads")
            try:
                return what(self._driver)
            finally:
                if self._driver.closed:
                    self._drop()

    def release(self) -> None:
        """Let another lead."""
        with self._turn:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # it may be broken, which frees the lock as well
                connection.close()


class NotLeadingError(RuntimeError):
    """Another process leads."""
