"""Keep a crawl as it goes: one transaction holds what a second of requests taught, so that a kill loses only that."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypedDict

from msgspec import Struct, field
from sqlalchemy import ColumnElement, Engine, Select, Update, bindparam, func, select, update

from checks.columns.page_facts_json import facts_from_json
from checks.model import Facts, Kind
from monitor.store.crawl.pages import PackedReferences, PageRecord, hosts_in, page_from_row, page_row, unpack_anchors
from monitor.store.crawl.targets import AnsweredTarget, NewTarget, TargetAnswer, answer_from_json, answer_to_json
from monitor.store.database import in_parts, insert_rows, one_of, select_where_in, upsert
from monitor.store.findings import CheckFinding, FindingStore, check_findings_from_json, new_row
from monitor.store.runs import RunRecord, write_as_owner
from monitor.store.schema import DONE, PENDING, findings, pages, runs, targets


class TrapState(TypedDict):
    """What has to outlive a kill of the endless spaces that a crawl knows, as JSON.

    ``rows`` are pages that repeat one another: their shapes, how many were read, how many of them in a row, whether
    they were cut, and how many others of their shapes said something new. ``spaces`` are what was cut: reason and
    place, and the fields of ``Space``.
    """

    rows: list[tuple[list[str], int, int, bool, int]]
    spaces: list[tuple[tuple[str, str], tuple[str, str, int, str, str]]]


class Batch(Struct):
    """What belongs into one transaction.

    ``met`` are addresses that are new, ``answered`` the ids of those that answered, with None for an answer that is
    fine and needs no memory. ``pages`` (by URL) were read, ``unchanged`` (URLs) are as an earlier run read them.
    ``findings`` are by fingerprint: one statement cannot write a row twice.
    """

    met: list[NewTarget] = field(default_factory=list)
    answered: list[tuple[int, TargetAnswer | None]] = field(default_factory=list)
    pages: dict[str, PageRecord] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    findings: dict[str, CheckFinding] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.met) + len(self.answered) + len(self.pages) + len(self.unchanged)


AMISS = (
    update(targets)
    .where(targets.c.run == bindparam("b_run"), targets.c.id == bindparam("b_id"))
    .values(state=DONE, answer=bindparam("b_answer"))
)


class CrawlStore:
    """The frontier and the pages of one run; ``findings`` are what it found."""

    def __init__(self, engine: Engine, run: RunRecord) -> None:
        self.engine, self.row = engine, run
        self.run = run.id
        self.findings = FindingStore(engine, run.id)
        self._amiss: list[AnsweredTarget] | None = None

    def load_traps(self) -> TrapState | None:
        """Return the state of the traps, which a run under way keeps in the place of its facts; None of a new run."""
        with self.engine.connect() as connection:
            facts = connection.execute(select(runs.c.facts).where(runs.c.id == self.run)).scalar_one()
        state: TrapState | None = facts.get("traps")
        return state

    def save(self, batch: Batch, counters: Mapping[str, Any]) -> None:
        """Write a batch and columns of the run's own row in one transaction.

        Raises RunTakenError, and writes nothing, where another process has gone on with the run.
        """
        run, row = self.run, self.row
        if batch.answered:
            self._amiss = None
        owner = {"site": row.site, "scope": row.scope, "run": run, "engine": row.engine}
        met = [{"run": run, **each._asdict(), "state": PENDING} for each in batch.met]
        answered = dict(batch.answered)  # the last answer counts
        fine = [number for number, answer in answered.items() if answer is None]
        amiss = [
            {"b_run": run, "b_id": number, "b_answer": answer_to_json(answer)}
            for number, answer in answered.items()
            if answer is not None
        ]
        with self.engine.begin() as connection:
            # First: the row is locked from here on, and nobody takes the run over before all of it is written.
            write_as_owner(connection, run, {"heartbeat": time.time(), **counters})
            insert_rows(connection, targets, met)
            for some in in_parts(connection, fine):
                connection.execute(self._are_fine, some)
            if amiss:
                connection.execute(AMISS, amiss)
            for some in in_parts(connection, batch.unchanged):
                connection.execute(self._are_unchanged, some)
            upsert(connection, pages, [owner | page_row(page) for page in batch.pages.values()])
            upsert(connection, findings, [new_row(run, found) for found in batch.findings.values()])

    @cached_property
    def _are_fine(self) -> Update:
        """Note of the targets whose ids are given that they answered and that nothing is amiss."""
        is_given = one_of(self.engine, targets.c.id)
        return update(targets).where(targets.c.run == self.run, is_given).values(state=DONE, answer=None)

    @cached_property
    def _are_unchanged(self) -> Update:
        """Note of the pages whose URLs are given that this run saw them."""
        of_scope = pages.c.site == self.row.site, pages.c.scope == self.row.scope
        return update(pages).where(*of_scope, one_of(self.engine, pages.c.url)).values(run=self.run)

    # ---- the frontier ----------------------------------------------------------------------------

    def load_targets(self) -> Iterator[tuple[NewTarget, bool]]:
        """Yield every address of the run in order of discovery, and whether it has answered."""
        columns = [targets.c[name] for name in (*NewTarget._fields, "state")]
        statement = select(*columns).where(targets.c.run == self.run).order_by(targets.c.id)
        with self.engine.connect() as connection:
            for *fields, state in connection.execution_options(yield_per=1000).execute(statement):
                yield NewTarget(*fields), state == DONE

    def load_urls_at(self, depth: int) -> list[str]:
        """Return the addresses that the run met so many clicks from the homepage."""
        statement = select(targets.c.url).where(targets.c.run == self.run, targets.c.depth == depth)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def load_fine(self) -> Iterator[str]:
        """Yield every address whose answer says nothing but that it is there."""
        statement = select(targets.c.url).where(*self._answered(), targets.c.answer.is_(None)).order_by(targets.c.id)
        with self.engine.connect() as connection:
            yield from connection.execution_options(yield_per=1000).execute(statement).scalars()

    def load_amiss(self) -> Sequence[AnsweredTarget]:
        """Return every target whose answer is worth a look, in order of discovery.

        The end of a run asks for them six times: they are read again only when more of the run's answers were written.
        """
        if self._amiss is None:
            columns = (targets.c.url, targets.c.kind, targets.c.element, targets.c.answer)
            statement = select(*columns).where(*self._answered(), targets.c.answer.is_not(None)).order_by(targets.c.id)
            with self.engine.connect() as connection:
                self._amiss = [
                    AnsweredTarget(url, kind, element, answer_from_json(body))
                    for url, kind, element, body in connection.execution_options(yield_per=1000).execute(statement)
                    if body  # an older version wrote null
                ]
        return self._amiss

    def load_attachments(self) -> list[tuple[str, TargetAnswer | None]]:
        """Return the URL of every attachment that answered, in order of discovery, with None where all was well."""
        return self._load_files(Kind.ATTACHMENT)

    def load_pictures(self) -> list[tuple[str, TargetAnswer | None]]:
        """Return the same of every picture."""
        return self._load_files(Kind.IMAGE)

    def has_pictures(self) -> bool:
        """Return whether any picture answered."""
        statement = select(targets.c.id).where(*self._answered(), targets.c.kind == Kind.IMAGE).limit(1)
        with self.engine.connect() as connection:
            return connection.execute(statement).first() is not None

    def _load_files(self, kind: Kind) -> list[tuple[str, TargetAnswer | None]]:
        statement = select(targets.c.url, targets.c.answer).where(*self._answered(), targets.c.kind == kind)
        with self.engine.connect() as connection:
            rows = connection.execute(statement.order_by(targets.c.id)).all()
        return [(url, answer_from_json(body) if body else None) for url, body in rows]

    def count_kinds(self) -> dict[str, int]:
        """Return how many targets answered, by kind."""
        statement = select(targets.c.kind, func.count()).where(*self._answered()).group_by(targets.c.kind)
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def count_progress(self) -> tuple[int, int]:
        """Return how many addresses wait to be asked for, and how many findings there are so far."""
        waiting = select(func.count()).where(targets.c.run == self.run, targets.c.state == PENDING)
        found = select(func.count()).where(findings.c.run == self.run)
        with self.engine.connect() as connection:
            return connection.execute(waiting).scalar_one(), connection.execute(found).scalar_one()

    def _answered(self) -> tuple[ColumnElement[bool], ...]:
        return targets.c.run == self.run, targets.c.state == DONE

    # ---- the pages that this run saw -------------------------------------------------------------

    def load_references(self) -> Iterator[tuple[str, PackedReferences]]:
        """Yield url and references of every page that the run saw.

        What the interface of a list answered is part of its list page.
        """
        for url, packed, continues in self._pages(pages.c.url, pages.c["references"], pages.c.continues):
            yield continues or url, PackedReferences(packed)

    def load_titles(self) -> Iterator[tuple[str, str]]:
        """Yield url and title of every page that the run saw."""
        yield from self._pages(pages.c.url, pages.c.title, where=pages.c.continues.is_(None))

    def load_hosts(self) -> Iterator[set[str]]:
        """Yield the hosts (user and port included) that each page of the run refers to."""
        for (packed,) in self._pages(pages.c["references"]):
            yield hosts_in(packed)

    def load_page_facts(self) -> Iterator[Facts]:
        """Yield what the columns of the site need to know of each page that the run saw."""
        for (facts,) in self._pages(pages.c.facts, where=pages.c.facts.is_not(None)):
            yield facts_from_json(facts)

    def load_page_findings(self) -> Iterator[tuple[str, tuple[CheckFinding, ...]]]:
        """Yield every page of the run on which anything was found, with all that was."""
        for url, found in self._pages(pages.c.url, pages.c.findings):
            if found:
                yield url, check_findings_from_json(found)

    def load_fragments(self) -> Iterator[list[str]]:
        """Yield the addresses with a fragment that each page refers to."""
        for (lines,) in self._pages(pages.c.fragments, where=pages.c.fragments != ""):
            yield lines.split("\n")

    def _pages(self, *columns: Any, where: ColumnElement[bool] | None = None) -> Iterator[Any]:  # noqa: ANN401 - columns
        statement = select(*columns).where(pages.c.run == self.run).order_by(pages.c.url)
        if where is not None:
            statement = statement.where(where)
        with self.engine.connect() as connection:
            yield from connection.execution_options(yield_per=200).execute(statement)

    def load_anchors(self, urls: list[str]) -> dict[str, tuple[frozenset[str], bool]]:
        """Return the places in pages of this run, and whether scripts may make more.

        Pages that were not seen, or not to their end, are absent.
        """
        statement = select(pages.c.url, pages.c.anchors, pages.c.scripted).where(pages.c.run == self.run)
        known = {}
        for url, names, scripted in select_where_in(self.engine, statement, pages.c.url, urls):
            anchors = unpack_anchors(names)
            if anchors is not None:
                known[url] = (anchors, bool(scripted))
        return known

    # ---- the pages that earlier runs read --------------------------------------------------------

    def load_page(self, url: str) -> PageRecord | None:
        """Return a page as an earlier run of the same checks and settings read it."""
        with self.engine.connect() as connection:
            row = connection.execute(self._known_page, {"url": url}).mappings().first()
        return page_from_row(row) if row else None

    @cached_property
    def _known_page(self) -> Select[Any]:
        """Read the page whose URL is given; every page of a site that is inspected again is asked for by itself."""
        return select(pages).where(*self._known(), pages.c.url == bindparam("url"))

    def knows_pages(self) -> bool:
        """Return whether any page of the site is known: if none is, nobody need ask for each."""
        with self.engine.connect() as connection:
            return connection.execute(select(pages.c.url).where(*self._known()).limit(1)).first() is not None

    def _known(self) -> tuple[ColumnElement[bool], ...]:
        row = self.row
        return pages.c.site == row.site, pages.c.scope == row.scope, pages.c.engine == row.engine
