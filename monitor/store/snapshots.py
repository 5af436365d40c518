"""Keep pages with faults as they were fetched: each content once, however many runs and addresses have it.

They are in the store and not beside it, so that they are written with their run or not at all, backed up with what they
are evidence of, and there for every process that has the store, on whatever machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable

from msgspec import Struct
from sqlalchemy import Connection, Engine, bindparam, delete, select

from monitor.store.database import Row, select_where_in, upsert
from monitor.store.schema import page_snapshots, pages, snapshots

LARGEST = 8 * 1024 * 1024
"""Bytes that one snapshot may unpack to."""

OF_PAGE = (
    select(page_snapshots, snapshots.c.content_type, snapshots.c.body)
    .join(snapshots, snapshots.c.digest == page_snapshots.c.digest)
    .where(page_snapshots.c.run == bindparam("of_run"), page_snapshots.c.url == bindparam("of_url"))
)
"""Selects a page as a run fetched it. A report asks for twenty: built once, that takes a third of the time."""


class Snapshot(Struct, frozen=True):
    """A page as it was fetched: ``fetched`` in seconds since the epoch, ``digest`` names the bytes (16 of them)."""

    url: str
    digest: bytes
    fetched: float
    content_type: str
    body: bytes


class SnapshotStore:
    """The snapshots of all runs."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def known(self, digests: Iterable[bytes]) -> set[bytes]:
        """Return those of the contents, by their digests, that are kept already."""
        statement = select(snapshots.c.digest)
        return {row.digest for row in select_where_in(self.engine, statement, snapshots.c.digest, digests)}

    def digests(self, run: int, urls: Collection[str]) -> dict[str, bytes]:
        """Return the digests of pages that a run read, or met unchanged, by their addresses."""
        statement = select(pages.c.url, pages.c.digest).where(pages.c.run == run)
        rows = select_where_in(self.engine, statement, pages.c.url, urls)
        return {row.url: row.digest for row in rows if row.digest}

    def save(self, run: int, taken: Iterable[Snapshot]) -> None:
        """Keep the pages of a run, all or none; one whose ``body`` is empty has a content that is kept already."""
        kept = list(taken)
        places = [{"run": run, "url": each.url, "digest": each.digest, "fetched": each.fetched} for each in kept]
        with self.engine.begin() as connection:
            upsert(connection, snapshots, [_content(each) for each in kept if each.body])
            upsert(connection, page_snapshots, places)

    def urls(self, run: int) -> list[str]:
        """Return the addresses of the pages that a run kept, in their order."""
        statement = select(page_snapshots.c.url).where(page_snapshots.c.run == run).order_by(page_snapshots.c.url)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def has(self, run: int, url: str) -> bool:
        """Return whether a run kept a page."""
        statement = select(page_snapshots.c.url).where(page_snapshots.c.run == run, page_snapshots.c.url == url)
        with self.engine.connect() as connection:
            return connection.execute(statement).first() is not None

    def load(self, run: int, url: str) -> Snapshot | None:
        """Return a page as a run fetched it; None where it was not kept, is no longer, or cannot be unpacked."""
        with self.engine.connect() as connection:
            row = connection.execute(OF_PAGE, {"of_run": run, "of_url": url}).first()
        if row is None:
            return None
        unpacking = zlib.decompressobj()
        try:
            body = unpacking.decompress(row.body, LARGEST)
        except zlib.error:
            return None
        return Snapshot(row.url, row.digest, row.fetched, row.content_type, body)


def forget_snapshots(connection: Connection, runs: Collection[int]) -> None:
    """Drop the snapshots of runs, and the contents that no other run has."""
    for run in runs:
        connection.execute(delete(page_snapshots).where(page_snapshots.c.run == run))
    if runs:
        connection.execute(delete(snapshots).where(snapshots.c.digest.not_in(select(page_snapshots.c.digest))))


def _content(taken: Snapshot) -> Row:
    return {"digest": taken.digest, "content_type": taken.content_type[:255], "body": zlib.compress(taken.body, 6)}
