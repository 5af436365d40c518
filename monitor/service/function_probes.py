"""Try the configured functions of every site between its inspections (功能服务), each on its own clock.

The store is the memory of when each was last tried, whether by an inspection or here, so that a restart neither loses
a result nor tries anything before its time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from checks.model import Probe
from monitor.fetch import Fetcher
from monitor.fetch.configured import fetcher_for
from monitor.pages.urls import normalise
from monitor.probes import functional
from monitor.store.probe_results import ProbeRecord, ProbeStore

if TYPE_CHECKING:
    from monitor.settings.probes import ProbeSettings
    from monitor.settings.site import Settings, SiteSettings

log = structlog.get_logger()

MINUTE = 60.0
AT_ONCE = 4
"""Sites that are asked at the same time; the functions of one are tried one after the other."""
SECOND_LOOK = 5.0
"""Seconds after which a function is tried once more that gave no answer or a late one, so that a hiccup of ours is not
its fault. Wrong answers count at once: steps may change things, and are not repeated without need."""
HOMEPAGE_BYTES = 1024
"""Bytes of a homepage that are read to learn where it is."""


@dataclass(slots=True)
class FunctionProber:
    """Tries what is due; ``now`` is the clock, in seconds since the epoch."""

    results: ProbeStore
    fetch_with: type[Fetcher]
    now: Callable[[], float]
    second_look: float = SECOND_LOOK
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def probe_due(self, settings: Settings) -> None:
        """Try every function that nobody has tried for so long as the settings say; return at once if at it already."""
        if self._turn.locked():
            return
        async with self._turn:
            due = self._due(settings)
            if not due:
                return
            turns = asyncio.Semaphore(AT_ONCE)
            crawl = settings.crawl
            async with fetcher_for(crawl, self.fetch_with, timeout=settings.probes.timeout) as fetcher:
                await asyncio.gather(*(self._site(*each, fetcher, turns) for each in due))

    def _due(self, settings: Settings) -> list[tuple[SiteSettings, list[ProbeSettings]]]:
        known, every = self.results.load(), settings.probes.every * MINUTE
        if not every:
            return []
        due = (
            (site, [probe for probe in site.probes if self._is_due(known.get((site.key, probe.name)), every)])
            for site in settings.sites
        )
        return [(site, probes) for site, probes in due if probes]

    def _is_due(self, last: ProbeRecord | None, every: float) -> bool:
        """Return whether a try is due; one of the future was made before the clock was set back, and proves nothing."""
        return last is None or not 0 <= self.now() - last.tried < every

    async def _site(
        self, site: SiteSettings, probes: list[ProbeSettings], fetcher: Fetcher, turns: asyncio.Semaphore
    ) -> None:
        async with turns:
            try:
                home = await _home(fetcher, site.url)
                for probe in probes:
                    await self._try(site, probe, home, fetcher)
            except Exception:
                log.exception("the functions of a site could not be tried", site=site.key)

    async def _try(self, site: SiteSettings, settings: ProbeSettings, home: str, fetcher: Fetcher) -> None:
        probe = await functional.try_once(fetcher, settings, home)
        if is_doubtful(probe):
            await asyncio.sleep(self.second_look)
            probe = await functional.try_once(fetcher, settings, home)
        found = functional.save_result(self.results, site.key, probe, self.now())
        if found is not None:
            log.warning("a function fails", site=site.key, reason=found.rule.say(found, "en"))


def is_doubtful(probe: Probe) -> bool:
    """Return whether a probe failed in a way that may pass by itself."""
    return bool(probe.unmet) and probe.unmet[0].kind in {"answer", "seconds"}


async def _home(fetcher: Fetcher, url: str) -> str:
    """Return where a homepage really is: what is relative to it must not lose its form on the way of a redirect."""
    response = (await fetcher.fetch(normalise(url), head_bytes=HOMEPAGE_BYTES)).response
    return response.url if response.error is None and response.status == 200 else normalise(url)
