"""Send what is in the outbox: a task for each target, so that one that hangs or is dead holds up nobody else.

A message that does not arrive is tried again after half a minute, then after twice as long each time, up to an hour,
and given up when ``notify.give_up_after`` is over. It is sent once more, with the same key, only where nobody knows
whether it arrived: the process was killed before it could say so, or a connection broke after the last byte.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from monitor.delivery.attempt import LIMIT, Attempt, Sender
from monitor.delivery.composing import Composer
from monitor.delivery.report_files import ReportFiles
from monitor.delivery.scrubbing import scrubbed
from monitor.delivery.senders import A_MINUTE, is_paced, sender_of
from monitor.settings.delivery import TargetSettings
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.outbox import MessageRecord, Outbox, TargetCount
from reports.messages.message import Message, message_from_json

log = structlog.get_logger()

HOUR, MINUTE = 3_600.0, 60.0
FIRST_WAIT, LONGEST_WAIT = 30.0, HOUR
"""Seconds before the second attempt, and between two attempts at most."""
JITTER = 0.2
"""Share by which a wait is longer or shorter by chance, so that what failed together does not come back together."""

NO_TARGET = "the target is no longer configured"


class Counting(Protocol):
    """What counts messages for a monitoring system; ``result`` is ``sent``, ``failed`` or ``given-up``."""

    def count(self, target: str, result: str) -> None:
        """Count one attempt, or one message that was given up."""

    def show(self, targets: Mapping[str, TargetCount], now: float) -> None:
        """Show what waits for each target that is configured."""


@dataclass(slots=True)
class Pace:
    """The last messages to a robot, which takes so many a minute and then refuses all."""

    sent: deque[float] = field(default_factory=lambda: deque(maxlen=A_MINUTE))

    def allows(self, now: float) -> bool:
        """Return whether a message may go out, by a clock in seconds."""
        return len(self.sent) < A_MINUTE or now - self.sent[0] >= MINUTE


class Dispatcher:
    """Sends for the targets of ``settings()``, which is asked every time; ``now`` is in seconds since the epoch.

    What a task raises, the store's errors for the most part, goes to ``failed`` with what it was about.
    """

    def __init__(  # noqa: PLR0913 - its surroundings
        self,
        store: Store,
        settings: Callable[[], Settings],
        now: Callable[[], float],
        composer: Composer,
        tally: Counting,
        *,
        failed: Callable[[str, BaseException], None],
    ) -> None:
        self._store, self._settings, self._now, self._failed = store, settings, now, failed
        self._outbox, self._composer, self._tally = Outbox(store.engine), composer, tally
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._paces: dict[str, Pace] = {}
        self._unrecorded: dict[int, Callable[[], None]] = {}
        """What became of messages while the store was away: it is kept before anything else is sent."""

    async def tick(self) -> None:
        """Compose what is to be said, and begin to send what is due. Raises what the store does."""
        targets = {target.name: target for target in self._settings().notify.targets}
        due, counts = await asyncio.to_thread(self._prepare, targets)
        for name in due:
            if name not in self._under_way:
                self._begin(targets[name])
        nothing = TargetCount(0, 0, None)
        self._tally.show({name: counts.get(name, nothing) for name in targets}, self._now())

    def _prepare(self, targets: Mapping[str, TargetSettings]) -> tuple[list[str], dict[str, TargetCount]]:
        """Write what is to be written before anything is sent; return who gets something, and what waits for each."""
        self._record_what_is_known()
        if targets:
            self._composer.compose()
        due = self._outbox.targets_with_mail(self._now())
        for name in due:
            if name not in targets:
                self._give_up_all(name)
        return [name for name in due if name in targets], self._outbox.count()

    async def drain(self) -> None:
        """Wait for what is being sent."""
        while self._under_way:
            await asyncio.wait(list(self._under_way.values()))

    async def stop(self, patience: float) -> None:
        """Wait so many seconds for what is being sent, then leave it to the next start."""
        tasks = list(self._under_way.values())
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        for task in tasks:
            task.cancel()

    def _begin(self, target: TargetSettings) -> None:
        task = asyncio.create_task(self._deliver_all(target), name=f"delivery to {target.name}")
        self._under_way[target.name] = task
        task.add_done_callback(lambda done: self._end(target.name, done))

    def _end(self, name: str, task: asyncio.Task[None]) -> None:
        del self._under_way[name]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._failed(f"messages to {name}", error)

    async def _deliver_all(self, target: TargetSettings) -> None:
        """Send what is due to one target, until one message does not arrive: the others wait for the next tick."""
        try:
            sender = self._sender(target)
            is_robot = is_paced(target)
        except ValueError as error:
            sender, is_robot = Unusable(str(error)), False
        if target.name not in self._paces:
            self._paces[target.name] = await asyncio.to_thread(self._pace_so_far, target.name)
        pace = self._paces[target.name]
        while not is_robot or pace.allows(self._now()):
            record = await asyncio.to_thread(self._outbox.claim, target.name, self._now())
            if record is None:
                return
            attempt = await attempted(sender, target, record)
            pace.sent.append(self._now())
            await asyncio.to_thread(self._keep, record, attempt)
            if not attempt.arrived:
                return

    def _pace_so_far(self, target: str) -> Pace:
        """Return the pace that the process before kept: a robot counts its minute over our restarts."""
        tried = self._outbox.attempts_since(target, self._now() - MINUTE)
        return Pace(deque(tried, maxlen=A_MINUTE))

    def _sender(self, target: TargetSettings) -> Sender:
        settings = self._settings()
        language = target.language or settings.report.language
        return sender_of(target, ReportFiles(self._store, settings, target.attach, language))

    # ---- what came of it --------------------------------------------------------------------------

    def _keep(self, record: MessageRecord, attempt: Attempt) -> None:
        """Keep what came of an attempt; where the store is away, it is kept when it answers."""
        keep = self._outcome(record, attempt)
        try:
            keep()
        except Exception:
            self._unrecorded[record.id] = keep
            raise

    def _record_what_is_known(self) -> None:
        for number, keep in list(self._unrecorded.items()):
            keep()
            del self._unrecorded[number]

    def _outcome(self, record: MessageRecord, attempt: Attempt) -> Callable[[], None]:
        """Log and count what came of an attempt, and return what keeps it."""
        now, about = self._now(), {"target": record.target, "message": record.key}
        if attempt.arrived:
            self._tally.count(record.target, "sent")
            log.info("message sent", **about, attempts=record.attempts + 1)
            return lambda: self._outbox.mark_sent(record.id, now)
        self._tally.count(record.target, "failed")
        ends = record.created + self._settings().notify.give_up_after * HOUR
        if now >= ends:
            self._tally.count(record.target, "given-up")
            log.error("message given up", **about, reason=attempt.error)
            return lambda: self._outbox.give_up(record.id, attempt.error, now, attempt.remaining)
        due = min(now + wait_after(record.attempts + 1, attempt.retry_after), ends)
        log.warning("message not sent; it is tried again", **about, reason=attempt.error, seconds=round(due - now))
        remaining = attempt.remaining if attempt.remaining is not None else record.remaining
        return lambda: self._outbox.mark_failed(record.id, attempt.error, due, remaining)

    def _give_up_all(self, name: str) -> None:
        """End the messages to somebody who is no longer configured."""
        now = self._now()
        while (record := self._outbox.claim(name, now)) is not None:
            log.warning("message given up", target=name, message=record.key, reason=NO_TARGET)
            self._outbox.give_up(record.id, NO_TARGET, now, record.remaining)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Stands for a target whose address, or a secret of it, cannot be used; ``why`` says so."""

    why: str

    async def send(self, _message: Message, _remaining: object) -> Attempt:
        """Send nothing."""
        return Attempt(self.why)


async def attempted(sender: Sender, target: TargetSettings, record: MessageRecord) -> Attempt:
    """Return what came of one attempt, whatever went wrong; what is said of it holds no secret."""
    message = message_from_json(record.body)
    try:
        async with asyncio.timeout(LIMIT):
            attempt = await sender.send(message, record.remaining)
    except TimeoutError:
        attempt = Attempt(f"no end after {LIMIT:g} s")
    except Exception as error:  # noqa: BLE001 - it costs this attempt, whatever it is
        attempt = Attempt(f"{type(error).__name__}: {error}")
    return attempt._replace(error=scrubbed(attempt.error, target))


def wait_after(attempts: int, asked: float) -> float:
    """Return how many seconds to wait after so many attempts: twice as long each time, and at least as long as asked.

    The wait is a fifth longer or shorter by chance.
    """
    doubled = FIRST_WAIT * 2.0 ** min(attempts - 1, 16)
    return max(min(doubled, LONGEST_WAIT) * random.uniform(1 - JITTER, 1 + JITTER), asked)  # noqa: S311 - no secret
