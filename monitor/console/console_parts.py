"""Name what the console stands on, so that the application itself is made of nothing global."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from checks.model import Text
from monitor.console.queries.last_runs import LastRunCache
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.reading_store import ReadingStore

if TYPE_CHECKING:
    from monitor.inspection.recheck.rechecking import LookAt


class Underway(NamedTuple):
    """An inspection that runs in this process, or waits for its turn (``run`` is None then).

    ``queued`` are addresses known and not yet asked for; times are seconds since the epoch.
    """

    site: str
    scope: str
    run: int | None
    started: float | None
    pages: int = 0
    links: int = 0
    requests: int = 0
    queued: int = 0
    findings: int = 0
    can_be_cancelled: bool = False


class Inspections(Protocol):
    """The inspections of the daemon, asked from another thread. The console that stands alone has none."""

    def underway(self) -> Sequence[Underway]:
        """Return what runs and what waits."""

    def start(self, site: str, scope: str) -> Text | None:
        """Have a site inspected now; return why not, None where it was begun or waits for its turn."""

    def cancel(self, site: str, scope: str) -> bool:
        """Stop an inspection; what it found is reported. Return whether there was one."""


@dataclass(frozen=True)
class ConsoleParts:
    """The parts. ``store`` is written, ``reading`` is what pages are made from.

    ``settings`` returns those in force; ``now`` seconds since the epoch. ``inspections`` is None without a daemon.
    ``look_at_of`` returns what has sites looked at elsewhere by settings and store, as Recheck has it.
    """

    store: Store
    reading: ReadingStore
    settings: Callable[[], Settings]
    inspections: Inspections | None = None
    now: Callable[[], float] = field(default=time.time)
    look_at_of: Callable[[Settings, Store], LookAt | None] = lambda *_: None

    @cached_property
    def last_runs(self) -> LastRunCache:
        """How the sites stand after their last runs."""
        return LastRunCache(self.reading)
