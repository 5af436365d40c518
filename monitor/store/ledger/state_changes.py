"""Read which states of entries were changed, by a run or in one write, for who keeps a list of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, select

from monitor.store.database import chunks
from monitor.store.ledger.entry_rows import change_from_row
from monitor.store.ledger.message_figures import Readership
from monitor.store.schema import entries, entry_history
from reports.remediation.entry import FieldChange


class StateChange(NamedTuple):
    """A row of the history that changed a state, and what its entry is now."""

    row: FieldChange
    site: str
    rule: str
    severity: str
    department: str
    owner: str


class StateChanges:
    """The history as far as it is about states. ``readers`` narrows what comes back to entries that concern them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_run(self, run: int, readers: Readership) -> list[StateChange]:
        """Return what a run changed, in the order of the history."""
        return self._load(readers, entry_history.c.run == run)

    def at(self, numbers: Iterable[int], moment: float, readers: Readership) -> list[StateChange]:
        """Return what one write changed of some entries, ``moment`` as their histories have it."""
        history = entry_history.c
        return [
            each
            for chunk in chunks(numbers)
            for each in self._load(readers, history.number.in_(chunk), history.at == moment, history.run.is_(None))
        ]

    def _load(self, readers: Readership, *which: ColumnElement[bool]) -> list[StateChange]:
        joined = entry_history.join(entries, entry_history.c.number == entries.c.number)
        more = [entries.c[name] for name in StateChange._fields[1:]]
        wanted = entry_history.c.field == "state", *which, *readers.conditions()
        statement = select(entry_history, *more).select_from(joined).where(*wanted).order_by(entry_history.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        return [StateChange(change_from_row(row), *(row[column] for column in more)) for row in rows]
