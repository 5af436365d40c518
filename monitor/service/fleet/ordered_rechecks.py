"""Look at the places of ledger entries for who ordered it from another machine, and keep what each look says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog

from monitor.fetch import Fetcher
from monitor.inspection.recheck.rechecking import Recheck, RecheckRefusedError
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.service.configuration import Configuration
from monitor.store import Store
from monitor.store.job_store import JobStore
from monitor.store.runs import RunRecord
from reports.remediation.recheck_verdict import RecheckVerdict, cannot_tell

log = structlog.get_logger()


class OrderedRechecks:
    """Makes rechecks by the settings that are in force. The ledger learns of them from who ordered them.

    ``fetch_with`` and ``is_alive`` as Recheck has them.
    """

    def __init__(
        self,
        store: Store,
        jobs: JobStore,
        configuration: Configuration,
        fetch_with: type[Fetcher],
        is_alive: Callable[[RunRecord], bool],
    ) -> None:
        self._store, self._jobs, self._configuration = store, jobs, configuration
        self._fetch_with, self._is_alive = fetch_with, is_alive

    def begin(self) -> Recheck:
        """Return a recheck, which can be stopped while it is made."""
        settings = self._configuration.settings
        ledger = Ledger(self._store, policy_of(settings))
        return Recheck(self._store, settings, ledger, fetch_with=self._fetch_with, is_alive=self._is_alive)

    async def make(self, recheck: Recheck, site: str, order: str, numbers: Sequence[int]) -> None:
        """Look at the entries of an order that were not looked at before. Raises what the store does."""
        known = await asyncio.to_thread(self._jobs.looks, order)
        waiting = [number for number in numbers if number not in known]
        try:
            entries = recheck.entries(waiting)
        except RecheckRefusedError as error:
            for number, reason in error.reasons.items():
                await self._keep(order, number, cannot_tell(reason))
            entries = recheck.entries(number for number in waiting if number not in error.reasons)
        chosen = self._configuration.site(site)
        if chosen is None or not entries:
            return
        log.info("recheck begins", entries=len(entries))
        async for entry, verdict in recheck.verdicts(chosen, entries):
            await self._keep(order, entry.number, verdict)
        log.info("recheck ended")

    async def _keep(self, order: str, number: int, verdict: RecheckVerdict) -> None:
        result, evidence, sure = verdict
        words = result.value, evidence.zh, evidence.en, sure
        await asyncio.to_thread(self._jobs.save_look, order, number, words)
