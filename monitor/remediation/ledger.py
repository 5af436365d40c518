"""Offer the remediation ledger to commands, spreadsheets and the console: select, change, stay true to history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from checks.model import Text
from monitor.store import Store
from monitor.store.entries import ConflictError, EntryStore, LedgerFilter, moment
from reports.remediation.changes import Circumstance, WantedChange, asked_for, come_back, is_over
from reports.remediation.entry import ChangeCause, FieldChange, LedgerEntry
from reports.remediation.policy import LedgerPolicy

__all__ = ["ChangeRefusedError", "Ledger", "LedgerFilter"]

UNKNOWN = Text("没有这个编号", "there is no entry of this number")
CONFLICT = Text("刚被别人修改，请重新查看", "somebody else has just changed it; look again")


class ChangeRefusedError(ValueError):
    """Nothing was changed; ``reasons`` says of each number that stood in the way why."""

    def __init__(self, reasons: dict[int, Text]) -> None:
        super().__init__("; ".join(f"#{number}: {reason.en}" for number, reason in reasons.items()))
        self.reasons = reasons


class Ledger:
    """The entries of all sites in a store.

    ``policy`` says who mends what until when. ``clock`` returns seconds since the epoch.
    """

    def __init__(
        self, store: Store, policy: LedgerPolicy | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.entries = EntryStore(store.engine)
        self.policy = policy or LedgerPolicy()
        self.clock = clock

    @property
    def today(self) -> date:
        """The day in China."""
        return moment(self.clock()).date()

    def select(self, wanted: LedgerFilter | None = None) -> Iterator[LedgerEntry]:
        """Yield entries in the order of their numbers."""
        return self.entries.select(wanted or LedgerFilter())

    def get(self, number: int) -> LedgerEntry:
        """Return one entry. Raises KeyError where there is none of that number."""
        return self.entries.get([number])[number]

    def history(self, number: int) -> list[FieldChange]:
        """Return every change of an entry, oldest first."""
        return self.entries.history(number)

    def change(self, numbers: Iterable[int], wanted: WantedChange, by: str) -> list[FieldChange]:
        """Change entries as a person wishes, all or none; return the rows that this added to their history.

        What is already as wanted adds nothing. Raises ChangeRefusedError.
        """
        return self.change_each(dict.fromkeys(numbers, wanted), by)

    def change_each(self, wishes: Mapping[int, WantedChange], by: str, *, dry_run: bool = False) -> list[FieldChange]:
        """Change each entry in its own way, all or none, as ``change`` does. Raises ChangeRefusedError.

        ``dry_run`` writes nothing and returns what would be written.
        """
        when = Circumstance(moment(self.clock()), ChangeCause.PERSON, by)
        known = self.entries.get(wishes)
        refused: dict[int, Text] = {number: UNKNOWN for number in wishes if number not in known}
        rows: list[FieldChange] = []
        for number, entry in known.items():
            outcome = asked_for(entry, wishes[number], self.policy, when._replace(why=wishes[number].reason))
            if isinstance(outcome, Text):
                refused[number] = outcome
            else:
                rows += outcome
        if refused:
            raise ChangeRefusedError(refused)
        if dry_run:
            return rows
        try:
            self.entries.write(known, rows)
        except ConflictError as error:
            raise ChangeRefusedError(dict.fromkeys(error.numbers, CONFLICT)) from None
        return rows

    def end_terms(self) -> int:
        """Bring back the entries whose judgement is over; return how many."""
        when = Circumstance(moment(self.clock()), ChangeCause.TERM)
        over = {
            entry.number: entry for entry in self.entries.with_ended_terms(self.today) if is_over(entry, self.today)
        }
        rows = [
            row
            for entry in over.values()
            for row in come_back(entry, self.policy, when._replace(why=f"{entry.state} until {entry.until}"))
        ]
        self.entries.write(over, rows)
        return len(over)
