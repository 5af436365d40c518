"""Tell somebody on the next page what the last click did, and let them take it back."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from reports.remediation.entry import FieldChange

KEPT = 500
"""Notices and changes that are held for everybody together; of more the oldest are forgotten."""

UNDO_FOR = 600.0
"""Seconds for which a change can be taken back."""


@dataclass(frozen=True, slots=True)
class Toast:
    """A sentence for one person; ``undo`` names the change that a button takes back, "" for none."""

    text: str
    undo: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class UndoableChange:
    """What one click changed: rows of the history, or a judgement that is remembered (0 for none)."""

    rows: tuple[FieldChange, ...] = ()
    suppression: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    user: str
    change: UndoableChange
    until: float


class Notices:
    """What people are to be told: in memory, since a restart ends nothing that a page would not show again."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, list[Toast]] = OrderedDict()
        self._changes: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def add(self, session: int, notice: Toast) -> None:
        """Keep a notice for the next page of a session."""
        with self._lock:
            self._waiting.setdefault(session, []).append(notice)
            self._waiting.move_to_end(session)
            while len(self._waiting) > KEPT:
                self._waiting.popitem(last=False)

    def take(self, session: int) -> list[Toast]:
        """Return the notices of a session; they are told once."""
        with self._lock:
            return self._waiting.pop(session, [])

    def undoable(self, user: str, rows: Sequence[FieldChange] = (), suppression: int = 0) -> str:
        """Keep a change that its author may take back; return its name."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            change = UndoableChange(tuple(rows), suppression)
            self._changes[name] = _Kept(user, change, time.monotonic() + UNDO_FOR)
            while len(self._changes) > KEPT:
                self._changes.popitem(last=False)
        return name

    def take_change(self, user: str, name: str) -> UndoableChange | None:
        """Return a change of this person, which can be taken back once; None where there is none."""
        with self._lock:
            found = self._changes.get(name)
            if found is None or found.user != user or found.until < time.monotonic():
                return None
            del self._changes[name]
            return found.change
