"""Recheck entries of the ledger: look at their places now, site by site, and write down what each look says.

While an inspection of a site runs, its entries are not looked at: it would end with what it saw before, and its own
look at them is under way.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from checks.model import Text
from monitor.failure import failure_of
from monitor.fetch import Fetcher
from monitor.inspection.recheck.site_look import SCOPES, SiteLook
from monitor.logs import tell
from monitor.remediation.ledger import Ledger
from monitor.remediation.rechecks import RECHECK, RecheckBook
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store
from monitor.store.outage import outage_of
from monitor.store.runs import RunRecord
from reports.remediation.entry import LedgerEntry
from reports.remediation.recheck_verdict import RecheckResult, RecheckVerdict, cannot_tell

UNKNOWN_ENTRY = Text("没有这个编号", "there is no entry of this number")
UNKNOWN_SITE = Text(
    "网站“{site}”不在配置（sites）中，无法复核",
    "its site {site} is not in the configuration (sites), so it cannot be asked",
)
FAILED = Text("复核程序自身出错：{error}", "the recheck itself failed: {error}")


class RecheckRefusedError(ValueError):
    """Nothing was looked at; ``reasons`` says of each number that stood in the way why."""

    def __init__(self, reasons: dict[int, Text]) -> None:
        super().__init__("; ".join(f"#{number}: {reason.en}" for number, reason in reasons.items()))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class RecheckOutcome:
    """What a recheck said of one entry, which is as it was before. ``unsaved`` is why the ledger does not have it."""

    entry: LedgerEntry
    verdict: RecheckVerdict
    unsaved: str = ""

    @property
    def result(self) -> RecheckResult:
        """Gone, still there, or unknown."""
        return self.verdict.result


class LookAtPlaces(Protocol):
    """One look at entries of one site, wherever it is made."""

    def stop(self) -> None:
        """End soon: what is known by then is said."""

    def verdicts(self, entries: Sequence[LedgerEntry]) -> AsyncIterator[tuple[LedgerEntry, RecheckVerdict]]:
        """Yield each entry with what the look says of it, as soon as that is known."""


LookAt = Callable[[SiteSettings], LookAtPlaces]
"""Makes the look at a site."""


@dataclass(slots=True)
class Recheck:
    """Looks at entries and keeps what it sees, in the name of ``by``; commands and the console share it.

    ``look_at`` has sites looked at elsewhere; None for in this process, by ``fetch_with``. ``is_alive`` says
    whether somebody goes on with a run. ``stop`` may be called from a signal handler: what was seen is kept, the rest
    is said to be unknown.
    """

    store: Store
    settings: Settings
    ledger: Ledger
    by: str = RECHECK
    fetch_with: type[Fetcher] = Fetcher
    look_at: LookAt | None = None
    is_alive: Callable[[RunRecord], bool] = lambda run: run.alive
    stopped: bool = False
    _look: LookAtPlaces | None = field(default=None, init=False)

    def stop(self) -> None:
        """End soon."""
        self.stopped = True
        if self._look is not None:
            self._look.stop()

    def entries(self, numbers: Iterable[int]) -> list[LedgerEntry]:
        """Return the entries of these numbers, in the order of sites. Raises RecheckRefusedError.

        Numbers that the ledger lacks, and entries of sites that the configuration lacks, stand in the way of all.
        """
        wanted = dict.fromkeys(numbers)
        found = self.ledger.entries.get(wanted)
        sites = self._sites()
        refused = {number: UNKNOWN_ENTRY for number in wanted if number not in found}
        for entry in found.values():
            if entry.site not in sites:
                refused[entry.number] = Text(*(each.format(site=entry.site) for each in UNKNOWN_SITE))
        if refused:
            raise RecheckRefusedError(refused)
        return sorted(found.values(), key=lambda entry: (entry.site, entry.number))

    def _sites(self) -> dict[str, SiteSettings]:
        return {site.key: site for site in self.settings.sites}

    async def look(self, entries: Sequence[LedgerEntry]) -> AsyncIterator[RecheckOutcome]:
        """Look at entries in the order of their sites; yield what each comes to once the ledger has it."""
        sites = self._sites()
        for site, group in itertools.groupby(entries, key=lambda entry: entry.site):
            async for entry, verdict in self.verdicts(sites[site], list(group)):
                yield self._record(entry, verdict)

    async def verdicts(
        self, site: SiteSettings, entries: Sequence[LedgerEntry]
    ) -> AsyncIterator[tuple[LedgerEntry, RecheckVerdict]]:
        """Yield what is seen of the entries of one site, which the ledger does not learn from here.

        What fails in this program costs that site alone.
        """
        busy = self._why_busy(site.key)
        waiting = {entry.number: entry for entry in entries}
        try:
            if busy is None:
                self._look = look = self._begin(site)
                async for entry, verdict in look.verdicts(entries):
                    del waiting[entry.number]
                    yield entry, verdict
        except Exception as error:  # noqa: BLE001 - the fence round one site
            failure = failure_of(error)
            tell("error", "a recheck failed", site=site.key, error=failure.reason, exception=failure.frames)
            busy = Text(*(each.format(error=failure.reason) for each in FAILED))
        finally:
            self._look = None
        if busy is not None:
            for entry in waiting.values():
                yield entry, cannot_tell(busy)

    def _begin(self, site: SiteSettings) -> LookAtPlaces:
        if self.look_at is None:
            return SiteLook(self.store, self.settings, site, self.fetch_with, stopped=self.stopped)
        look = self.look_at(site)
        if self.stopped:
            look.stop()
        return look

    def _why_busy(self, site: str) -> Text | None:
        """Return which inspection of the site is under way, None where there is none."""
        alive = (run for scope in SCOPES for run in self.store.runs.unfinished(site, scope) if self.is_alive(run))
        run = next(alive, None)
        if run is None:
            return None
        return Text(
            f"正在检查这个网站（第 {run.id} 次运行），以它的结果为准",
            f"an inspection of the site is under way (run {run.id}); its result will tell",
        )

    def _record(self, entry: LedgerEntry, verdict: RecheckVerdict) -> RecheckOutcome:
        """Keep what was seen. A store that is locked for too long costs the entry; the others are still looked at."""
        book = RecheckBook(self.ledger, self.by)
        try:
            return RecheckOutcome(entry, book.record(entry, verdict))
        except Exception as error:
            outage = outage_of(error)
            if outage is None:
                raise
            reason = str(getattr(outage, "orig", None) or outage)
            tell("error", "a recheck could not be written", entry=entry.number, error=reason)
            return RecheckOutcome(entry, verdict, unsaved=reason)


def count_results(outcomes: Iterable[RecheckOutcome]) -> dict[RecheckResult, int]:
    """Return how many entries came to each result."""
    counts = dict.fromkeys(RecheckResult, 0)
    for outcome in outcomes:
        counts[outcome.result] += 1
    return counts
