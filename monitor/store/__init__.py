"""Keep runs, pages, targets and findings; the only package that imports SQLAlchemy."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from monitor.store.database import StoreError, open_engine
from monitor.store.runs import Runs

__all__ = ["Store", "StoreError"]


class Store:
    """One open database. Raises StoreError where it cannot be opened."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.runs = Runs(self.engine)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
