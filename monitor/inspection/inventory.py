"""Take stock of a site at the end of a run: its columns, how they stand, and what was not there before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from checks.columns.inventory import Correction, Memory, assemble
from checks.columns.limits import ColumnLimits
from checks.model import Column, ColumnType, Facts, Inventory
from checks.reading.dates import CHINA
from monitor.pages.urls import resolve
from monitor.store.run_facts import Front
from reports.model import ColumnSummary

if TYPE_CHECKING:
    from monitor.settings.site import ColumnSettings
    from monitor.store.memory.inventory import ColumnStore

REBUILT = 0.5
"""The share of new items in a column above which it was rebuilt: new addresses say nothing about dates then."""


class Stock(Struct):
    """What a run learned of the columns of its site, against what earlier runs knew."""

    inventory: Inventory
    absences: dict[str, float | None]
    front: Front

    def save(self, store: ColumnStore) -> None:
        """Keep what the next run will compare with; doing it twice does no harm."""
        read = {column.url: self.inventory.seen.timestamp() for column in self.inventory.columns if _is_read(column)}
        store.save(read, self.absences)


def take(  # noqa: PLR0913 - what a stock is taken of, all by name
    pages: Iterable[Facts],
    url: str,
    seen: datetime,
    *,
    corrections: Iterable[Correction],
    store: ColumnStore,
    front: Front | None,
) -> Stock:
    """Return the stock of a site from the stored facts of its pages.

    ``url`` is the homepage, ``seen`` the moment of the inspection. ``front`` is what the last run said of the homepage.
    """
    facts, corrected = tuple(pages), tuple(corrections)
    found = assemble(facts, url, seen, corrected)
    known = store.load_absences()
    fresh = _absences(found.columns, store.load_read_times(), known)
    now = _front(found.homepage, seen, front)
    absent = {item: datetime.fromtimestamp(at, UTC) for item, at in (known | fresh).items() if at is not None}
    changed = datetime.fromtimestamp(now.changed, UTC) if now.changed else None
    if absent or changed:
        found = assemble(facts, url, seen, corrected, Memory(absent, changed))
    return Stock(found, fresh, now)


def _absences(
    columns: Iterable[Column], read: Mapping[str, float], known: Mapping[str, float | None]
) -> dict[str, float | None]:
    """Return the items that are new, with the time at which their column was last read without them."""
    fresh: dict[str, float | None] = {}
    for column in columns:
        new = {item.url for item in column.items} - known.keys()
        rebuilt = len(new) > REBUILT * len({item.url for item in column.items})
        for url in new:
            at = None if rebuilt else read.get(column.url)
            fresh[url] = max(filter(None, (fresh.get(url), at)), default=None)
    return fresh


def _is_read(column: Column) -> bool:
    return column.complete and bool(column.items)


def _front(homepage: Facts | None, seen: datetime, before: Front | None) -> Front:
    """Return what the homepage lists, and when that last changed, against what an earlier run saw."""
    listed = homepage.listing.items if homepage and homepage.listing else ()
    text = "\n".join(f"{item.url} {item.title}" for item in listed)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    if before is None:
        return Front(digest, None)
    return Front(digest, before.changed if before.digest == digest else seen.timestamp())


def corrections_of(settings: Iterable[ColumnSettings], home: str) -> tuple[Correction, ...]:
    """Return what the configuration says about columns, with absolute addresses."""
    return tuple(
        Correction(
            resolve(home, column.url).url,
            column.name,
            ColumnType(column.type) if column.type else None,
            column.limit_days,
            column.exempt,
            column.ignore,
        )
        for column in settings
    )


def summary(columns: Iterable[Column], clock: ColumnLimits) -> tuple[ColumnSummary, ...]:
    """Return the columns as reports and metrics show them."""
    return tuple(_summary(column, clock) for column in columns)


def _summary(column: Column, clock: ColumnLimits) -> ColumnSummary:
    standing = clock.stand(column)
    newest = column.newest
    return ColumnSummary(
        name=column.name,
        url=column.url,
        type=column.type,
        items=len(column.items),
        newest=newest.astimezone(CHINA).date() if newest else None,
        limit_days=standing.limit_days,
        status=standing.status,
        complete=column.complete,
        needs_rendering=column.needs_rendering,
    )


def homepage_only(inventory: Inventory) -> Inventory:
    """Return the inventory of a run that read the homepage alone."""
    return replace(inventory, columns=(), whole=False)
