"""A fleet that is disturbed in every way at once while it inspects, and what must be so all the same.

A worker is killed every so often, PostgreSQL is restarted in good order and as by a power cut, the scheduler that
leads is stopped for a while and wakes up late, and is killed later on, and the line between one worker and the
database goes dead for a while.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf

from monitor.store.outage import outage_of
from tests.monitor.cut_line import CutLine
from tests.monitor.daemons import Daemon
from tests.monitor.fleet import Asked, Fleet, Worker
from tests.monitor.postgresql import Server

WORKERS = 3


@dataclass(frozen=True)
class Timing:
    """When what happens, in seconds after the workers began; spans are moment and length."""

    every: float = 5.0
    """Seconds between two workers' deaths."""
    restart: float = 15.0
    pause_leader: tuple[float, float] = (25.0, 60.0)
    cut_line: tuple[float, float] = (40.0, 30.0)
    power_cut: float = 80.0
    kill_leader: float = 95.0
    is_killing_on: bool = True
    """Whether workers are killed until all is inspected, or until the last of these moments."""


QUICK_TIMING = Timing(
    every=2.5,
    restart=3.0,
    pause_leader=(5.0, 12.0),
    cut_line=(7.0, 10.0),
    power_cut=14.0,
    kill_leader=20.0,
    is_killing_on=False,
)
"""The same within half a minute, where a worker is given up after 8 seconds: on a busy machine one that is killed after
7.5 seconds gets nothing done."""


@dataclass
class Disturbance:
    """Disturbs a fleet that has a scheduler and no worker yet."""

    it: Fleet
    postgresql: Server
    timing: Timing
    say: Callable[[str], None] = lambda _: None
    killed: dict[int, float] = field(default_factory=dict)
    """When which worker was killed, by the monotonic clock."""
    cut: tuple[int, float] = (0, 0.0)
    """Which worker's line went dead, and when."""
    restarts: list[float] = field(default_factory=list)
    """When PostgreSQL was stopped."""
    _alive: list[Worker] = field(default_factory=list)
    _spared: Worker | None = None
    _started: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(16))
    _asleep: list[Daemon] = field(default_factory=list)

    def run(self, seconds: float) -> float:
        """Disturb until everything has happened and all is inspected; return how long that took."""
        second = self.it.scheduler.folder / "second"
        second.mkdir()
        self.it.another_scheduler(second)
        with CutLine(self.postgresql.port).running() as line:
            database = self.it.scheduler.store.rpartition("/")[2]
            there = f"{self.postgresql.url.rpartition('@')[0]}@127.0.0.1:{line.port}/{database}"
            self._spared = self._start("--set", f"store.url={there}")
            self._alive = [self._spared, *(self._start() for _ in range(WORKERS - 1))]
            self.it.until(lambda: all(worker.events("ready") for worker in self._alive), "workers ready")
            began = time.monotonic()
            for moment, what in sorted(self._events(line), key=lambda event: event[0]):
                time.sleep(max(0.0, began + moment - time.monotonic()))
                what()
            while not self._is_done():
                if time.monotonic() - began > seconds:
                    ended = sum(row.finished is not None for row in self.it.scheduler.rows())
                    raise AssertionError(f"{ended} of {len(self.it.province.sites)} inspected in {seconds} s")
                time.sleep(self.timing.every)
                if self.timing.is_killing_on and not self._is_done():
                    self._kill_worker()
            return time.monotonic() - began

    def _events(self, line: CutLine) -> Iterator[tuple[float, Callable[[], None]]]:
        timing = self.timing
        yield timing.restart, lambda: self._restart("fast")
        yield timing.power_cut, lambda: self._restart("immediate")
        yield timing.pause_leader[0], self._pause_leader
        yield sum(timing.pause_leader), self._wake
        yield timing.cut_line[0], lambda: self._cut(line)
        yield sum(timing.cut_line), lambda: self._mend(line)
        yield timing.kill_leader, self._kill_leader
        moment = timing.every
        while moment < timing.kill_leader:
            yield moment, self._kill_worker
            moment += timing.every

    # ---- workers ---------------------------------------------------------------------------------

    def _start(self, *options: str) -> Worker:
        self._started += 1
        return self.it.worker(f"w{self._started}", *options, wait=False)

    def _kill_worker(self) -> None:
        """Kill one that works, but for the one whose line is being cut, and start another."""
        victim = self._chance.choice([worker for worker in self._alive if worker is not self._spared])
        self._alive.remove(victim)
        self.killed[victim.process.pid] = time.monotonic()
        victim.process.kill()
        victim.process.wait()
        self._alive.append(self._start())

    def _cut(self, line: CutLine) -> None:
        self.cut = self._spared.process.pid, time.monotonic()
        line.cut()
        self.say("a worker's line to the database is dead")

    def _mend(self, line: CutLine) -> None:
        line.mend()
        self._spared = None
        self.say("the line is whole again")

    # ---- database and schedulers -----------------------------------------------------------------

    def _restart(self, how: str) -> None:
        self.restarts.append(time.monotonic())
        self.postgresql.stop(how)
        self.postgresql.start()
        self.say(f"PostgreSQL was restarted: {how}")

    def _leader(self) -> Daemon:
        awake = [each for each in (self.it.scheduler, *self.it.others) if each not in self._asleep]
        return self.it.until(
            lambda: next((each for each in awake if each.metric("scheduler_leads") == 1), None), "somebody leads"
        )

    def _pause_leader(self) -> None:
        self._asleep.append(leader := self._leader())
        leader.process.send_signal(signal.SIGSTOP)
        self.say("the leader is stopped")

    def _wake(self) -> None:
        while self._asleep:
            self._asleep.pop().process.send_signal(signal.SIGCONT)
            self.say("it wakes up")

    def _kill_leader(self) -> None:
        leader = self._leader()
        leader.stop(signal.SIGKILL)
        leader.start(wait=False)
        self.say("the leader was killed, and started anew")

    # ---- what came of it -------------------------------------------------------------------------

    def _is_done(self) -> bool:
        try:
            return self.it.is_empty() and self.it.scheduler.ended(len(self.it.province.sites))
        except Exception as error:  # the database may be away just now
            if outage_of(error) is None:
                raise
            return False

    def repeated(self) -> list[tuple[Asked, float]]:
        """Return requests for pages that were made once more, and how many seconds before a loss each was made.

        A loss is its asker's death, or its or all workers' parting from the database; without one that is infinite.
        """
        found, seen = [], set[tuple[str, str]]()
        for each in sorted(self.it.province.asked, key=lambda one: one.began, reverse=True):
            place = each.site, each.path
            if place in seen and each.path.startswith("/p/") and each.path.endswith(".html"):
                found.append((each, min((lost - each.began for lost in self._losses(each)), default=inf)))
            seen.add(place)
        return found

    def _losses(self, asked: Asked) -> Iterator[float]:
        cut, since = self.cut
        moments = [*self.restarts, *([since] if asked.process == cut else [])]
        if asked.process in self.killed:
            moments.append(self.killed[asked.process])
        return (moment for moment in moments if moment >= asked.began)
