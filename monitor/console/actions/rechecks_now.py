"""Look now at the places of some entries, as ``sitehealth ledger recheck`` does, while somebody watches."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import NamedTuple

import structlog

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.caller import Caller
from monitor.console.console_parts import ConsoleParts
from monitor.console.console_words import in_every_language
from monitor.console.visit import Visit
from monitor.remediation.ledger import Ledger
from monitor.settings.site import Settings

log = structlog.get_logger()

ENTRIES = 100
"""Entries of one recheck."""

JOBS = 3
"""Rechecks at a time."""

KEPT = 50
"""Rechecks that can be looked at afterwards."""


class SeenAgain(NamedTuple):
    """What a look said of an entry: the id of the result, and its evidence."""

    result: str
    evidence: Text


@dataclass
class RecheckJob:
    """A recheck that goes on, or has ended. ``looked`` is by entry; ``fault`` says why it ended early."""

    id: str
    user: str
    numbers: tuple[int, ...]
    looked: dict[int, SeenAgain] = field(default_factory=dict)
    ended: bool = False
    fault: str = ""
    begun: float = field(default_factory=time.monotonic)


class RecheckJobs:
    """The rechecks of a console."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, RecheckJob] = OrderedDict()
        self._lock = Lock()

    def find(self, job: str, user: str) -> RecheckJob | None:
        """Return a recheck that somebody began, None where there is none of theirs."""
        found = self._jobs.get(job)
        return found if found is not None and found.user == user else None

    def begin(self, user: str, numbers: Sequence[int]) -> RecheckJob | None:
        """Return a new recheck, None where too many are under way."""
        with self._lock:
            if sum(not job.ended for job in self._jobs.values()) >= JOBS:
                return None
            job = RecheckJob(secrets.token_urlsafe(9), user, tuple(numbers))
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
            return job


class RecheckNotBegunError(ValueError):
    """Nothing is looked at; ``is_for_now`` where the same would be taken on a little later."""

    def __init__(self, reason: Text, *, is_for_now: bool = False) -> None:
        super().__init__(reason.en)
        self.reason, self.is_for_now = reason, is_for_now


def begin_recheck(caller: Caller, jobs: RecheckJobs, numbers: Sequence[int]) -> RecheckJob:
    """Begin to look at entries. Raises RecheckNotBegunError.

    Answers "not found" for an entry that the caller may not see, "forbidden" for one they may not have looked at.
    """
    chosen = list(dict.fromkeys(numbers))
    known = caller.ledger.entries.get(chosen[: ENTRIES + 1])
    for entry in known.values():
        caller.demand_sight(Action.ENTRY_SEE, entry.site, entry.department)
        caller.demand(Action.ENTRY_RECHECK, entry.site, entry.department)
    if len(chosen) > ENTRIES:
        raise RecheckNotBegunError(in_every_language("changes.too_many", n=ENTRIES))
    missing = {entry.site for entry in known.values()} - {site.key for site in caller.settings.sites}
    if missing:
        raise RecheckNotBegunError(in_every_language("recheck_page.no_site", site=", ".join(sorted(missing))))
    if not known:
        raise RecheckNotBegunError(in_every_language("changes.none_chosen"))
    job = jobs.begin(caller.user.name, list(known))
    if job is None:
        raise RecheckNotBegunError(in_every_language("recheck_page.too_many"), is_for_now=True)
    caller.audit.add(caller.actor, "entry.recheck", " ".join(f"#{number}" for number in known))
    arguments = (job, caller.parts, caller.settings, caller.ledger, caller.author)
    Thread(target=_look, args=arguments, name="recheck", daemon=True).start()
    return job


def recheck_now(visit: Visit, jobs: RecheckJobs, numbers: Sequence[int]) -> RecheckJob | None:
    """Begin to look at entries as ``begin_recheck`` does; None where that cannot be, which the next page tells."""
    try:
        return begin_recheck(visit, jobs, numbers)
    except RecheckNotBegunError as error:
        visit.tell(error.reason(visit.preferences.language), is_error=True)
        return None


def _look(job: RecheckJob, parts: ConsoleParts, settings: Settings, ledger: Ledger, by: str) -> None:
    """Look at the entries of a job, in a thread and a loop of its own."""
    try:
        asyncio.run(_look_at_each(job, parts, settings, ledger, by))
    except Exception as error:
        log.exception("a recheck of the console failed", entries=job.numbers)
        job.fault = type(error).__name__
    finally:
        job.ended = True


async def _look_at_each(job: RecheckJob, parts: ConsoleParts, settings: Settings, ledger: Ledger, by: str) -> None:
    # What looks at pages is loaded when it is first asked for: the console that nobody rechecks with is smaller by it.
    from monitor.inspection.recheck.rechecking import Recheck

    ledger.end_terms()
    recheck = Recheck(parts.store, settings, ledger, by, look_at=parts.look_at_of(settings, parts.store))
    async for outcome in recheck.look(recheck.entries(job.numbers)):
        job.looked[outcome.entry.number] = SeenAgain(outcome.result.value, outcome.verdict.evidence)
