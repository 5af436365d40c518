"""Keep what came of every configured probe when it was last tried, whoever tried it: an inspection or the daemon."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Engine, delete, select

from monitor.store.database import upsert
from monitor.store.schema import probe_results


class ProbeResult(NamedTuple):
    """The last try of a probe. ``tried`` and ``since`` are seconds since the epoch, ``seconds`` is what it took.

    ``finding`` says what is wrong (``monitor/store/codec.py``), None where the function works.
    """

    site: str
    probe: str
    tried: float
    seconds: float
    since: float
    finding: dict[str, Any] | None

    @property
    def works(self) -> bool:
        """Whether everything was as it should be."""
        return self.finding is None


class ProbeResults:
    """The last results of all sites."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def all(self) -> dict[tuple[str, str], ProbeResult]:
        """Return the last result of every probe, by site and name."""
        with self.engine.connect() as connection:
            found = [ProbeResult(**row) for row in connection.execute(select(probe_results)).mappings()]
        return {(result.site, result.probe): result for result in found}

    def enter(self, site: str, probe: str, tried: float, seconds: float, finding: dict[str, Any] | None) -> None:
        """Put down the result of a try in the place of the one before."""
        mine = probe_results.c.site == site, probe_results.c.probe == probe
        with self.engine.begin() as connection:
            before = connection.execute(
                select(probe_results.c.since, probe_results.c.finding).where(*mine)
            ).one_or_none()
            as_before = before is not None and (before.finding is None) == (finding is None)
            since = before.since if before is not None and as_before else tried
            upsert(connection, probe_results, [ProbeResult(site, probe, tried, seconds, since, finding)._asdict()])

    def forget(self, before: float) -> None:
        """Drop the results of probes that nobody has tried since a moment: they are configured no more."""
        with self.engine.begin() as connection:
            connection.execute(delete(probe_results).where(probe_results.c.tried < before))
