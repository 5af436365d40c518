"""Write the audit log: one function for every change, by anybody, whichever way it comes."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from monitor.masking import masked
from monitor.store import Store
from monitor.store.accounts.audit_log import AuditFilter, AuditRecord, AuditStore, NewAuditEntry
from reports.remediation.entry import FieldChange
from reports.safe import clip, one_line

LONGEST = 500
"""Characters of what is kept of an object, and of what it was before and after."""

LISTED = 20
"""Numbers of entries that are named; of more their count."""


class Via(StrEnum):
    """Which way a change came."""

    CONSOLE = "console"
    API = "api"
    CLI = "cli"


class Actor(NamedTuple):
    """Who acts, from where: an IP address, or for the command line the name of who is logged in to the machine."""

    name: str
    address: str
    channel: Via


def actor_at_keyboard(by: str = "") -> Actor:
    """Return who runs a command: ``by`` where they say so, else the account on the machine, which stands beside it."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        account = "unknown"
    return Actor(by or account, account, Via.CLI)


class AuditLog:
    """The audit log of a store. It is added to and read; nothing in it is ever changed."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._kept, self._clock = AuditStore(store.engine), clock

    def add(self, actor: Actor, action: str, object_: str, before: str = "", after: str = "") -> None:
        """Keep that somebody did something to something; secrets are masked, and long texts cut."""
        texts = (_short(text) for text in (action, object_, before, after))
        self._kept.add(
            NewAuditEntry(self._clock(), _short(actor.name)[:128], actor.address[:64], actor.channel, *texts)
        )

    def add_ledger_change(self, actor: Actor, rows: Sequence[FieldChange]) -> None:
        """Keep what one change of the ledger did, as ``Ledger.change`` returned it; nothing where it did nothing.

        One line for all entries: each keeps a history of its own, with the same name and second.
        """
        if not rows:
            return
        named = entries_in_short(row.number for row in rows)
        before = "; ".join(sorted({f"{row.field}={row.before}" for row in rows}))
        after = "; ".join(sorted({f"{row.field}={row.after}" for row in rows}))
        self.add(actor, "entry.change", named, before, after)

    def select(self, wanted: AuditFilter) -> list[AuditRecord]:
        """Return what is wanted, the newest first."""
        return self._kept.select(wanted)

    def forget(self, before: float) -> int:
        """Drop what was done before a moment; return how much."""
        return self._kept.forget(before)


def entries_in_short(numbers: Iterable[int]) -> str:
    """Return the numbers of some entries as the log has them; of many the first, and how many there are."""
    known = sorted(set(numbers))
    named = ", ".join(f"#{number}" for number in known[:LISTED])
    return f"{named} … ({len(known)})" if len(known) > LISTED else named


def _short(text: str) -> str:
    return clip(one_line(masked(text)), LONGEST)
