"""Keep runs, pages, targets and findings; the only package that imports SQLAlchemy.

A class keeps one family of tables and is named after it: ``RunStore``, ``FaultStore``, ``ScheduleStore``. What it gives
for a row is a ``…Record``. ``load…`` returns what was kept, ``save`` puts something in its place, ``forget…`` drops
it; ``count_…`` and ``Statistics`` answer with numbers.

``crawl/``, ``ledger/`` and ``memory/`` hold what only they know. ``closing`` ties them together at the end of a run.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.store.database import StoreAwayError, StoreError, bring_up_to_date, open_engine, refuse_strangers
from monitor.store.file import StoreFile
from monitor.store.runs import RunStore

__all__ = ["Store", "StoreAwayError", "StoreError"]


class Store:
    """One open database. ``is_new``: nothing was there before. Raises StoreError where it cannot be opened."""

    def __init__(self, url: str) -> None:
        self.engine, self.is_new = open_engine(url)
        self.file = StoreFile(self.engine)
        self.runs = RunStore(self.engine)

    @property
    def address(self) -> str:
        """Where it is, without its password."""
        return self.engine.url.render_as_string()

    def accept_file(self) -> None:
        """Use the file that stands there now, a restored backup for instance, brought up to date.

        Raises StoreError and what the driver raises.
        """
        self.engine.dispose()
        self.file.accept()
        try:
            refuse_strangers(self.engine)
            bring_up_to_date(self.engine)
        except BaseException:
            self.file.reject()
            raise

    @property
    def folder(self) -> Path | None:
        """The folder that a SQLite store lies in; None where it lies elsewhere."""
        name = self.engine.url.database or ""
        return Path(name).absolute().parent if self.engine.dialect.name == "sqlite" and name else None

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
