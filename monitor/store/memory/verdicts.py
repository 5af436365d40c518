"""Remember what a check said about a text, across runs and sites: one version never judges a text twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Engine, select

from checks.model import Finding
from monitor.store.codec import finding_from_json, finding_to_json
from monitor.store.database import select_each, upsert
from monitor.store.schema import verdicts


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
            for row in select_each(self.engine, statement, verdicts.c.hash, hashes)
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
