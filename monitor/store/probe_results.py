"""Keep what came of every configured probe when it was last tried, by an inspection or by the daemon."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Engine, RowMapping, delete, select

from checks.model import Finding
from monitor.store.codec import finding_from_json, finding_to_json
from monitor.store.database import upsert
from monitor.store.schema import probe_results


class ProbeRecord(NamedTuple):
    """The last try of a probe. ``tried`` and ``since`` are seconds since the epoch, ``seconds`` is what it took.

    ``finding`` says what is wrong, None where the function works.
    """

    site: str
    probe: str
    tried: float
    seconds: float
    since: float
    finding: Finding | None

    @property
    def works(self) -> bool:
        """Whether everything was as it should be."""
        return self.finding is None


class ProbeStore:
    """The last results of all sites."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def load(self) -> dict[tuple[str, str], ProbeRecord]:
        """Return the last result of every probe, by site and name."""
        with self.engine.connect() as connection:
            found = [_result(row) for row in connection.execute(select(probe_results)).mappings()]
        return {(result.site, result.probe): result for result in found}

    def save(self, site: str, probe: str, tried: float, seconds: float, finding: Finding | None) -> None:
        """Keep the result of a try in the place of the one before."""
        of_probe = probe_results.c.site == site, probe_results.c.probe == probe
        with self.engine.begin() as connection:
            before = connection.execute(
                select(probe_results.c.since, probe_results.c.finding).where(*of_probe)
            ).one_or_none()
            as_before = before is not None and (before.finding is None) == (finding is None)
            since = before.since if before is not None and as_before else tried
            row = ProbeRecord(site, probe, tried, seconds, since, finding)._asdict()
            upsert(connection, probe_results, [row | {"finding": finding_to_json(finding) if finding else None}])

    def forget(self, before: float) -> None:
        """Drop the results of probes that nobody has tried since a moment: they are configured no more."""
        with self.engine.begin() as connection:
            connection.execute(delete(probe_results).where(probe_results.c.tried < before))


def _result(row: RowMapping) -> ProbeRecord:
    finding = finding_from_json(row["finding"]) if row["finding"] is not None else None
    return ProbeRecord(**{**row, "finding": finding})
