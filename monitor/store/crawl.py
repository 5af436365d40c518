"""Keep a crawl as it goes: one transaction holds what a handful of requests taught, so that a kill loses only those."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Engine, bindparam, func, insert, select, update

from monitor.store.database import upsert
from monitor.store.schema import DONE, findings, pages, runs, targets

CHUNK = 200
"""Findings that are held in memory together."""


@dataclass(slots=True)
class Batch:
    """Rows that belong together, in the columns of their tables."""

    found: list[dict[str, Any]] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found) + len(self.done) + len(self.pages)


FINISH = (
    update(targets)
    .where(targets.c.run == bindparam("b_run"), targets.c.id == bindparam("b_id"))
    .values(state=DONE, answer=bindparam("b_answer"))
)


class CrawlStore:
    """The frontier, the pages and the findings of one run."""

    def __init__(self, engine: Engine, run: int) -> None:
        self.engine, self.run = engine, run

    def facts(self) -> dict[str, Any]:
        """Return what the run has put down about itself."""
        with self.engine.connect() as connection:
            return connection.execute(select(runs.c.facts).where(runs.c.id == self.run)).scalar_one()  # type: ignore[no-any-return]

    def save(self, batch: Batch, counters: Mapping[str, Any]) -> None:
        """Write a batch and columns of the run's own row in one transaction."""
        with self.engine.begin() as connection:
            if batch.found:
                connection.execute(insert(targets), batch.found)
            if batch.done:
                connection.execute(FINISH, batch.done)
            upsert(connection, pages, batch.pages)
            upsert(connection, findings, batch.findings)
            connection.execute(update(runs).where(runs.c.id == self.run).values(heartbeat=time.time(), **counters))

    def targets(self) -> Iterator[tuple[int, str, str, str, int, int, int]]:
        """Yield id, url, kind, element, depth, parent and state of every address of the run, in order of discovery."""
        columns = [targets.c[name] for name in ("id", "url", "kind", "element", "depth", "parent", "state")]
        statement = select(*columns).where(targets.c.run == self.run).order_by(targets.c.id)
        with self.engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(statement):
                yield tuple(row)

    def at_depth(self, depth: int) -> list[str]:
        """Return the addresses that the run met so many clicks from the homepage."""
        statement = select(targets.c.url).where(targets.c.run == self.run, targets.c.depth == depth)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def amiss(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Yield url, kind, element and answer of every target whose answer is worth a look, in order of discovery."""
        columns = (targets.c.url, targets.c.kind, targets.c.element, targets.c.answer)
        statement = (
            select(*columns)
            .where(targets.c.run == self.run, targets.c.state == DONE, targets.c.answer.is_not(None))
            .order_by(targets.c.id)
        )
        with self.engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(statement):
                if row.answer:
                    yield tuple(row)

    def files(self) -> Iterator[str]:
        """Yield the URL of every attachment that opens, in order of discovery."""
        mine = targets.c.run == self.run, targets.c.kind == "attachment", targets.c.state == DONE
        statement = select(targets.c.url, targets.c.answer).where(*mine).order_by(targets.c.id)
        with self.engine.connect() as connection:
            for url, answer in connection.execute(statement).all():
                if not answer or _opens(answer):
                    yield url

    def kinds(self) -> dict[str, int]:
        """Return how many targets answered, by kind."""
        statement = select(targets.c.kind, func.count()).where(targets.c.run == self.run, targets.c.state == DONE)
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement.group_by(targets.c.kind))}

    def references(self) -> Iterator[tuple[str, bytes]]:
        """Yield url and packed references of every page that the run saw.

        What the interface of a list answered is part of its list page.
        """
        for url, packed, continues in self._pages(pages.c.url, pages.c["references"], pages.c.continues):
            yield continues or url, packed

    def page_facts(self) -> Iterator[dict[str, Any]]:
        """Yield what the columns of the site need to know of each page that the run saw."""
        for (facts,) in self._pages(pages.c.facts, pages.c.facts.is_not(None)):
            yield facts

    def fragments(self) -> Iterator[tuple[str, str]]:
        """Yield url and the addresses with a fragment that each page refers to, one a line."""
        yield from self._pages(pages.c.url, pages.c.fragments, pages.c.fragments != "")

    def _pages(self, *columns: Any) -> Iterator[Any]:  # noqa: ANN401 - columns and clauses
        wanted = [column for column in columns if hasattr(column, "table")]
        clauses = [column for column in columns if not hasattr(column, "table")]
        statement = select(*wanted).where(pages.c.run == self.run, *clauses).order_by(pages.c.url)
        with self.engine.connect() as connection:
            for row in connection.execution_options(yield_per=200).execute(statement):
                yield tuple(row)

    def anchors(self, urls: list[str]) -> dict[str, tuple[frozenset[str], bool]]:
        """Return the places in pages of this run, and whether scripts may make more; unseen pages are absent."""
        found: dict[str, tuple[frozenset[str], bool]] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(urls), 500):
                statement = select(pages.c.url, pages.c.anchors, pages.c.scripted).where(
                    pages.c.run == self.run, pages.c.url.in_(urls[start : start + 500])
                )
                for url, names, scripted in connection.execute(statement):
                    found[url] = (frozenset(names.split("\n")), bool(scripted))
        return found

    def seen(self, site: str, scope: str, url: str) -> dict[str, Any] | None:
        """Return what is remembered of a page from an earlier run."""
        statement = select(pages).where(pages.c.site == site, pages.c.scope == scope, pages.c.url == url)
        with self.engine.connect() as connection:
            row = connection.execute(statement).mappings().first()
        return dict(row) if row else None

    def remembers(self, site: str, scope: str, engine: str) -> bool:
        """Return whether any page of the site is remembered for this engine: if none is, nobody need ask per page."""
        statement = select(pages.c.url).where(pages.c.site == site, pages.c.scope == scope, pages.c.engine == engine)
        with self.engine.connect() as connection:
            return connection.execute(statement.limit(1)).first() is not None

    def fingerprints(self) -> set[str]:
        """Return the fingerprints of what the run found."""
        with self.engine.connect() as connection:
            return set(connection.execute(select(findings.c.fingerprint).where(findings.c.run == self.run)).scalars())

    def found_by(self, checks: Collection[str]) -> bool:
        """Return whether any of the checks found something."""
        statement = select(findings.c.fingerprint).where(findings.c.run == self.run, findings.c.check.in_(checks))
        with self.engine.connect() as connection:
            return connection.execute(statement.limit(1)).first() is not None

    def findings(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of what the run found, some hundred at a time: a site may have many faults of many pages."""
        statement = select(findings).where(findings.c.run == self.run).order_by(findings.c.fingerprint).limit(CHUNK)
        last = ""
        while True:
            with self.engine.connect() as connection:
                rows = [
                    dict(row) for row in connection.execute(statement.where(findings.c.fingerprint > last)).mappings()
                ]
            if not rows:
                return
            last = rows[-1]["fingerprint"]
            yield rows

    def add_findings(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write findings, over those of the same fingerprint."""
        waiting = iter(rows)
        while chunk := list({row["fingerprint"]: row for row in islice(waiting, CHUNK)}.values()):
            with self.engine.begin() as connection:
                upsert(connection, findings, chunk)


def _opens(answer: Mapping[str, Any]) -> bool:
    last = answer["looks"][-1]
    missing = answer["wall"] or answer["sniffed"] in {"html", "empty"}
    return last.get("error") is None and last["status"] in {200, 206} and not missing
