"""Do what time alone asks for: drop what is past its time, and end judgements after their last day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from prometheus_client import Counter

from monitor.accounts.auditing import AuditLog
from monitor.accounts.pruning import prune_accounts
from monitor.beijing import beijing_time
from monitor.output import publish
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.service.configuration import Configuration
from monitor.store import Store
from monitor.store.events import EventStore
from monitor.store.outbox import Outbox
from monitor.store.probe_results import ProbeStore
from monitor.store.statistics import Statistics
from monitor.store.upkeep import prune

log = structlog.get_logger()

DAY = 86_400.0
PROBES_KEPT = 400
"""Days for which the counts of availability probes are kept, and the last results of probes that are tried no more."""
TRIES = 3
"""Times that cleaning up is tried before it is left to the next day."""


class Housekeeping:
    """Looks after one store and its folder of reports; ``now`` is the time of the schedule.

    It cleans up while it holds ``turn``, and counts in ``upkeep`` by result how often.
    """

    def __init__(
        self,
        store: Store,
        configuration: Configuration,
        now: Callable[[], float],
        turn: asyncio.Lock,
        upkeep: Counter,
    ) -> None:
        self._store, self._configuration, self._now, self._turn = store, configuration, now, turn
        self._upkeep = upkeep
        self._failures = 0
        """How often cleaning up has failed since it last came to its end, or since its day began."""

    async def clean_up(self) -> None:
        """Drop findings, verdicts, probes and reports that ``retention`` no longer asks for: what a day begins with."""
        async with self._turn:
            self._failures = 0
            await self._clean_up()

    async def make_up(self) -> None:
        """Clean up where that was kept from its end; what fails again and again is no passing fault of the store."""
        async with self._turn:
            if 0 < self._failures < TRIES:
                await self._clean_up()

    async def _clean_up(self) -> None:
        now = self._now()
        try:
            findings = await self._prune_store(now)
            reports = await self._prune_reports(now)
        except Exception:
            self._failures += 1
            self._upkeep.labels("failure").inc()
            raise
        self._failures = 0
        self._upkeep.labels("success").inc()
        log.info("upkeep", findings_dropped=findings, reports_removed=reports)

    async def end_terms(self) -> None:
        """Bring back what was postponed, accepted or called right until a day that is past, though no run happens."""
        ledger = Ledger(self._store, policy_of(self._configuration.settings), self._now)
        ended = await asyncio.to_thread(ledger.end_terms)
        if ended:
            log.info("judgements ended; their entries are open again", entries=ended)

    async def _prune_store(self, now: float) -> int:
        engine, kept = self._store.engine, self._configuration.settings.retention
        dropped = await asyncio.to_thread(
            prune,
            engine,
            findings_days=kept.findings,
            verdicts_days=kept.verdicts,
            snapshots_days=kept.snapshots,
            now=now,
        )
        oldest = now - PROBES_KEPT * DAY
        Statistics(engine).forget_availability(datetime.fromtimestamp(oldest, UTC).date().isoformat())
        ProbeStore(engine).forget(oldest)
        ended = now - kept.messages * DAY
        Outbox(engine).forget(ended)
        EventStore(engine).forget(ended)
        await asyncio.to_thread(self._prune_accounts, now)
        return dropped

    def _prune_accounts(self, now: float) -> None:
        settings = self._configuration.settings
        prune_accounts(self._store, settings.console, now)
        AuditLog(self._store).forget(now - settings.retention.audit * DAY)

    async def _prune_reports(self, now: float) -> int:
        settings, today = self._configuration.settings, beijing_time(now).date()
        folder = Path(settings.daemon.reports)
        removed = await asyncio.to_thread(publish.prune_reports, folder, settings.retention.reports, today)
        await asyncio.to_thread(publish.sweep_leftovers, folder)
        return removed
