"""Keep the history of every fault: since when, how often, and when a run verified that it was gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, select, update

from checks.model import Finding
from monitor.store.codec import finding_from_json
from monitor.store.database import chunks, select_where_in
from monitor.store.schema import DONE, entries, pages, sightings, targets
from reports.remediation.states import State


class FaultRecord(NamedTuple):
    """What the runs of one scope saw of a fault; the fields are columns of the table ``sightings``.

    Times are seconds since the epoch. ``runs`` counts the runs in a row that saw it. ``fixed`` is None while it is
    open, else when a look verified that it was gone: the run ``fixed_run``, None for a recheck.
    """

    check: str
    first_seen: float
    last_seen: float
    last_run: int
    runs: int
    fixed: float | None
    fixed_run: int | None


class Sighting(Struct, frozen=True):
    """A fault as the last run of one scope that saw it made it."""

    scope: str
    fingerprint: str
    check: str
    finding: Finding


class FaultStore:
    """The faults of one site, and what one scope saw of them."""

    def __init__(self, engine: Engine, site: str, scope: str) -> None:
        self.engine, self.site, self.scope = engine, site, scope

    def load(self, fingerprints: Iterable[str]) -> dict[str, FaultRecord]:
        """Return what this scope saw of faults, by fingerprint; what they are stays in the store."""
        columns = [sightings.c[name] for name in ("fingerprint", *FaultRecord._fields)]
        statement = select(*columns).where(*self._of_scope())
        rows = select_where_in(self.engine, statement, sightings.c.fingerprint, fingerprints)
        return {fingerprint: FaultRecord(*fields) for fingerprint, *fields in rows}

    def unseen_since(self, run: int) -> set[str]:
        """Return the fingerprints of open faults that this scope saw before a run, and not in it or later."""
        where = *self._of_scope(), sightings.c.fixed.is_(None), sightings.c.last_run < run
        with self.engine.connect() as connection:
            return set(connection.execute(select(sightings.c.fingerprint).where(*where)).scalars())

    def open_faults(self) -> set[str]:
        """Return the fingerprints of faults that some scope of the site saw and no look has closed."""
        statement = select(sightings.c.fingerprint).where(self._of_site(), sightings.c.fixed.is_(None))
        with self.engine.connect() as connection:
            return set(connection.execute(statement).scalars())

    def load_sightings(self, fingerprints: Iterable[str]) -> Iterator[Sighting]:
        """Yield what each scope of the site last saw of open faults."""
        columns = sightings.c.scope, sightings.c.fingerprint, sightings.c.check, sightings.c.body
        statement = select(*columns).where(self._of_site(), sightings.c.fixed.is_(None))
        for row in select_where_in(self.engine, statement, sightings.c.fingerprint, fingerprints):
            yield Sighting(row.scope, row.fingerprint, row.check, finding_from_json(row.body))

    def open_places(self, checks: Collection[str]) -> set[str]:
        """Return the addresses of open faults of the site that some checks found."""
        statement = select(sightings.c.body).where(
            self._of_site(), sightings.c.fixed.is_(None), sightings.c.check.in_(checks)
        )
        with self.engine.connect() as connection:
            return {body["url"] for body in connection.execute(statement).scalars()}

    def closed(self, fingerprints: Iterable[str]) -> set[str]:
        """Return those of the fingerprints whose entry a look closed."""
        statement = select(entries.c.fingerprint).where(entries.c.site == self.site, entries.c.state == State.CLOSED)
        return {row.fingerprint for row in select_where_in(self.engine, statement, entries.c.fingerprint, fingerprints)}

    def known(self, fingerprints: Iterable[str]) -> set[str]:
        """Return those of the fingerprints that have an entry."""
        statement = select(entries.c.fingerprint).where(entries.c.site == self.site)
        return {row.fingerprint for row in select_where_in(self.engine, statement, entries.c.fingerprint, fingerprints)}

    def load_titles(self, urls: Iterable[str]) -> dict[str, str]:
        """Return the titles of pages of the site, by URL."""
        statement = select(pages.c.url, pages.c.title).where(pages.c.site == self.site, pages.c.scope == self.scope)
        return {row.url: row.title for row in select_where_in(self.engine, statement, pages.c.url, urls)}

    def drawn_by_scripts(self, urls: Iterable[str]) -> set[str]:
        """Return those of the pages whose lists came, or came in part, from an interface that a script asks."""
        statement = select(pages.c.continues).where(self._in_pages(), pages.c.continues.is_not(None))
        return {row.continues for row in select_where_in(self.engine, statement, pages.c.continues, urls)}

    def looked_at(self, run: int, places: Iterable[str]) -> set[str]:
        """Return those of the places that a run asked for and got an answer from."""
        wanted = list(places)
        asked = select(targets.c.url).where(targets.c.run == run, targets.c.state == DONE)
        return self.read(run, wanted) | {row.url for row in select_where_in(self.engine, asked, targets.c.url, wanted)}

    def read(self, run: int, places: Iterable[str]) -> set[str]:
        """Return those of the places that a run read as pages."""
        statement = select(pages.c.url).where(pages.c.run == run)
        return {row.url for row in select_where_in(self.engine, statement, pages.c.url, places)}

    def _in_pages(self) -> ColumnElement[bool]:
        return pages.c.site == self.site

    def _of_site(self) -> ColumnElement[bool]:
        return sightings.c.site == self.site

    def _of_scope(self) -> tuple[ColumnElement[bool], ...]:
        return self._of_site(), sightings.c.scope == self.scope


def mark_fixed(connection: Connection, site: str, fingerprints: Sequence[str], now: float, run: int | None) -> None:
    """Keep in the sightings of every scope that faults are gone; ``run`` verified it, None where a recheck did."""
    for chunk in chunks(fingerprints):
        gone_now = sightings.c.site == site, sightings.c.fingerprint.in_(chunk), sightings.c.fixed.is_(None)
        connection.execute(update(sightings).where(*gone_now).values(fixed=now, fixed_run=run))


def mark_open(connection: Connection, site: str, fingerprints: Iterable[str]) -> None:
    """Open the sightings of faults whose entries are open again: runs look for, and close, only what is open."""
    for chunk in chunks(fingerprints):
        back = sightings.c.site == site, sightings.c.fingerprint.in_(chunk), sightings.c.fixed.is_not(None)
        connection.execute(update(sightings).where(*back).values(fixed=None, fixed_run=None))
