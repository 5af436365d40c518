"""Keep the history of every fault: since when, how often, and when a run verified that it was gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, select

from checks.model import Finding
from monitor.store.codec import finding_from_json, finding_to_json
from monitor.store.database import select_where_in, upsert
from monitor.store.schema import DONE, pages, sightings, targets, verdicts


class FaultRecord(NamedTuple):
    """What the runs of one scope saw of a fault; the fields are columns of the table ``sightings``.

    Times are seconds since the epoch. ``runs`` counts the runs in a row that saw it. ``fixed`` is None while it is
    open, else when the run ``fixed_run`` verified that it was gone.
    """

    check: str
    first_seen: float
    last_seen: float
    last_run: int
    runs: int
    fixed: float | None
    fixed_run: int | None


class FaultStore:
    """The faults of one site and scope."""

    def __init__(self, engine: Engine, site: str, scope: str) -> None:
        self.engine, self.site, self.scope = engine, site, scope

    def load(self) -> dict[str, FaultRecord]:
        """Return the history of every fault ever seen, by fingerprint; what it is stays in the store."""
        columns = [sightings.c[name] for name in ("fingerprint", *FaultRecord._fields)]
        statement = select(*columns).where(*self._of_site())
        with self.engine.connect() as connection:
            return {fingerprint: FaultRecord(*fields) for fingerprint, *fields in connection.execute(statement)}

    def load_findings(self, fingerprints: Iterable[str]) -> Iterator[tuple[str, Finding]]:
        """Yield fingerprint and finding of faults, as the last run that saw them made them."""
        statement = select(sightings.c.fingerprint, sightings.c.body).where(*self._of_site())
        for row in select_where_in(self.engine, statement, sightings.c.fingerprint, fingerprints):
            yield row.fingerprint, finding_from_json(row.body)

    def load_titles(self, urls: Iterable[str]) -> dict[str, str]:
        """Return the titles of pages of the site, by URL."""
        statement = select(pages.c.url, pages.c.title).where(pages.c.site == self.site, pages.c.scope == self.scope)
        return {row.url: row.title for row in select_where_in(self.engine, statement, pages.c.url, urls)}

    def looked_at(self, run: int, places: Iterable[str]) -> set[str]:
        """Return those of the places that a run asked for and got an answer from."""
        wanted = list(places)
        asked = select(targets.c.url).where(targets.c.run == run, targets.c.state == DONE)
        read = select(pages.c.url).where(pages.c.run == run)
        return {
            row.url
            for statement, column in ((asked, targets.c.url), (read, pages.c.url))
            for row in select_where_in(self.engine, statement, column, wanted)
        }

    def _of_site(self) -> tuple[ColumnElement[bool], ...]:
        return sightings.c.site == self.site, sightings.c.scope == self.scope


class VerdictStore:
    """What a check said about texts, remembered across runs and sites."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def load(self, check: str, version: str, hashes: Iterable[bytes]) -> dict[bytes, list[Finding]]:
        """Return the findings of the texts that a version of a check has judged, by the texts' hashes."""
        statement = select(verdicts.c.hash, verdicts.c.findings).where(
            verdicts.c.check == check, verdicts.c.version == version
        )
        return {
            row.hash: [finding_from_json(body) for body in row.findings]
            for row in select_where_in(self.engine, statement, verdicts.c.hash, hashes)
        }

    def save(self, check: str, version: str, judged: Mapping[bytes, Iterable[Finding]], now: float) -> None:
        """Keep the findings of texts, none included."""
        rows = [
            {
                "check": check,
                "version": version,
                "hash": key,
                "findings": list(map(finding_to_json, found)),
                "used": now,
            }
            for key, found in judged.items()
        ]
        with self.engine.begin() as connection:
            upsert(connection, verdicts, rows)
