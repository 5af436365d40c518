"""Keep what a run found: findings go in and come out as values, with the check that made each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Engine, RowMapping, select

from checks.model import Finding
from monitor.store.codec import Json, finding_body, finding_from_json, finding_to_json
from monitor.store.database import Row, upsert
from monitor.store.json_text import JsonText
from monitor.store.schema import findings
from reports.model import Baseline

CHUNK = 200
"""Findings that are held in memory together: each may name some hundred referrers."""


class CheckFinding(NamedTuple):
    """A finding, and the id of the check that made it."""

    check: str
    finding: Finding


class FindingRecord(NamedTuple):
    """A finding as a run keeps it. ``baseline`` is NEW until the end of the run says how it stands.

    ``fingerprint`` is the one under which it was stored, which an older version may have made in another way.
    """

    fingerprint: str
    check: str
    finding: Finding
    baseline: Baseline


class FindingStore:
    """The findings of one run."""

    def __init__(self, engine: Engine, run: int) -> None:
        self.engine, self.run = engine, run

    def load_fingerprints(self) -> set[str]:
        """Return the fingerprints of what the run found."""
        with self.engine.connect() as connection:
            return set(connection.execute(select(findings.c.fingerprint).where(findings.c.run == self.run)).scalars())

    def any_of(self, checks: Collection[str]) -> bool:
        """Return whether any of the checks, by their ids, found something."""
        statement = select(findings.c.fingerprint).where(findings.c.run == self.run, findings.c.check.in_(checks))
        with self.engine.connect() as connection:
            return connection.execute(statement.limit(1)).first() is not None

    def load(self) -> Iterator[list[FindingRecord]]:
        """Yield what the run found in the order of fingerprints, some hundred at a time.

        No connection is open between two chunks, so the caller may write to the store meanwhile.
        """
        statement = select(findings).where(findings.c.run == self.run).order_by(findings.c.fingerprint).limit(CHUNK)
        last = ""
        while True:
            with self.engine.connect() as connection:
                rows = connection.execute(statement.where(findings.c.fingerprint > last)).mappings().all()
            if not rows:
                return
            last = rows[-1]["fingerprint"]
            yield [_stored(row) for row in rows]

    def save(self, found: Iterable[CheckFinding]) -> None:
        """Write findings, over those of the same fingerprint."""
        waiting = iter(found)
        while chunk := {each.finding.fingerprint: each for each in islice(waiting, CHUNK)}:
            with self.engine.begin() as connection:
                upsert(connection, findings, [new_row(self.run, each) for each in chunk.values()])


def new_row(run: int, found: CheckFinding) -> Row:
    """Return a finding of a run as a row of its table, before it was compared with the last run."""
    stored = FindingRecord(found.finding.fingerprint, *found, Baseline.NEW)
    return stored_row(run, stored, finding_body(found.finding))


def stored_row(run: int, stored: FindingRecord, body: JsonText) -> Row:
    """Return a finding of a run, with its JSON, as a row of its table."""
    finding = stored.finding
    return {
        "run": run,
        "fingerprint": stored.fingerprint,
        "check": stored.check,
        "rule": finding.rule.id,
        "severity": finding.weight.value,
        "confidence": finding.confidence.value,
        "baseline": stored.baseline.value,
        "body": body,
    }


def _stored(row: RowMapping) -> FindingRecord:
    return FindingRecord(row["fingerprint"], row["check"], finding_from_json(row["body"]), Baseline(row["baseline"]))


def check_findings_to_json(found: Iterable[CheckFinding]) -> list[Json]:
    """Return the findings of a page as JSON, to be kept with it."""
    return [{"check": each.check, "body": finding_to_json(each.finding)} for each in found]


def check_findings_from_json(rows: Iterable[Json]) -> tuple[CheckFinding, ...]:
    """Return the findings of a page again."""
    return tuple(CheckFinding(row["check"], finding_from_json(row["body"])) for row in rows)
