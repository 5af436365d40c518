"""Give the ledger out as a workbook, and take it back: what it would change is shown before it is changed."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from checks.model import Text, WordedError
from monitor.accounts.permissions import Action, actions_of
from monitor.console.caller import Caller
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryQuery
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from reports.remediation.entry import LedgerEntry

if TYPE_CHECKING:
    from monitor.remediation.returned_spreadsheets import ImportOutcome

ROWS = 5_000
"""Entries of a workbook that the console makes: a second's work. The command makes larger ones."""

KEPT = 10
"""Workbooks that wait for a word, of everybody together; of more the oldest is forgotten."""

KEPT_FOR = 1_800.0
"""Seconds for which a workbook waits."""

HIDDEN = Text("台账中没有这个编号", "the ledger has no entry of this number")
NOT_ALLOWED = Text("您没有这样修改的权限", "you may not change it in this way")


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A workbook that somebody sent, and that has changed nothing yet."""

    user: str
    name: str
    body: bytes
    until: float


class WorkbookRefusedError(WordedError):
    """A workbook cannot be read; the reason says why."""


class LedgerFiles:
    """The workbooks that wait for a word: in memory, since who sent one can send it again."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, WaitingFile] = OrderedDict()
        self._lock = Lock()

    def keep(self, user: str, name: str, body: bytes) -> str:
        """Keep a workbook of somebody; return what it is called by until they decide."""
        key = secrets.token_urlsafe(12)
        with self._lock:
            self._waiting[key] = WaitingFile(user, name, body, time.monotonic() + KEPT_FOR)
            while len(self._waiting) > KEPT:
                self._waiting.popitem(last=False)
        return key

    def take(self, user: str, key: str) -> WaitingFile | None:
        """Return a workbook of somebody, once; None where there is none of theirs any more."""
        with self._lock:
            found = self._waiting.get(key)
            if found is None or found.user != user:
                return None
            del self._waiting[key]
        return found if found.until > time.monotonic() else None


def ledger_workbook(caller: Caller, wanted: EntryQuery, language: str) -> bytes | None:
    """Return the workbook of some entries; None where they are more than the console gives out."""
    # What writes and reads workbooks takes 20 MiB, and is loaded where somebody first has a use for it.
    from monitor.remediation.spreadsheets import export_spreadsheet

    numbers = EntryBrowser(caller.parts.reading.engine).numbers(wanted, ROWS + 1)
    if len(numbers) > ROWS:
        return None
    out = BytesIO()
    export_spreadsheet(caller.ledger, LedgerFilter(numbers=tuple(numbers)), language, out)
    return out.getvalue()


def read_workbook(caller: Caller, body: bytes, *, dry_run: bool) -> ImportOutcome:
    """Return what a workbook changes, or with ``dry_run`` would change. Raises WorkbookRefusedError.

    What the person may not see is to them no entry; what they may not change is refused for that entry alone.
    """
    from monitor.remediation.returned_spreadsheets import import_spreadsheet
    from reports.remediation.spreadsheet_reading import SpreadsheetError

    def refusal(entry: LedgerEntry, wanted: WantedChange | None) -> Text | None:
        if not caller.may(Action.ENTRY_SEE, entry.site, entry.department):
            return HIDDEN
        if wanted is None:
            return None
        is_allowed = all(caller.may(action, entry.site, entry.department) for action in actions_of(wanted))
        return None if is_allowed else NOT_ALLOWED

    try:
        outcome = import_spreadsheet(caller.ledger, BytesIO(body), caller.author, dry_run=dry_run, refusal=refusal)
    except SpreadsheetError as error:
        raise WorkbookRefusedError(*error.reason) from None
    if not dry_run:
        caller.audit.add_ledger_change(caller.actor, outcome.changes)
    return outcome
