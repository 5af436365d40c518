"""Try homepages and functions between the rounds, each on a clock of its own."""

from __future__ import annotations

from monitor.service.availability import Prober
from monitor.service.configuration import Configuration
from monitor.service.function_probes import FunctionProber
from monitor.service.scheduler import Scheduler
from monitor.settings.site import Settings

MINUTE = 60.0
LONGEST = 10 * MINUTE
"""Seconds between two looks for functions that are due: the clock may have jumped meanwhile."""


class Probing:
    """The two clocks of probes; ``adopt`` sets them."""

    def __init__(
        self, scheduler: Scheduler, configuration: Configuration, homepages: Prober, functions: FunctionProber
    ) -> None:
        self._scheduler, self._configuration = scheduler, configuration
        self._homepages, self._functions = homepages, functions
        self._homepages_every = 0.0

    def adopt(self, settings: Settings) -> None:
        """Probe as often as the settings say."""
        self._schedule_functions(settings)
        self._schedule_homepages(settings.availability.every * MINUTE)

    def _schedule_functions(self, settings: Settings) -> None:
        # What is due is told by the store, so it is looked for more often than it falls.
        look = min(LONGEST, settings.probes.every * MINUTE / 2)
        if look and any(site.probes for site in settings.sites):
            self._scheduler.every(look, "functions", self.try_functions)
        else:
            self._scheduler.never("functions")

    def _schedule_homepages(self, every: float) -> None:
        # A clock that is set anew begins to count anew: with a file that changes often it would never go off.
        if every == self._homepages_every:
            return
        self._homepages_every = every
        if every:
            self._scheduler.every(every, "availability", self._try_homepages, jitter=every / 10)
        else:
            self._scheduler.never("availability")

    async def _try_homepages(self) -> None:
        await self._homepages.probe(self._configuration.settings)

    async def try_functions(self) -> None:
        """Try the functions that are due."""
        await self._functions.probe_due(self._configuration.settings)
