"""Count messages to people, and show what waits; a target that is no longer configured leaves no series of these."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge

from monitor.store.outbox import TargetCount

RESULTS = ("sent", "failed", "given-up")


class MessageTally:
    """The metrics of the outbox, by the names of targets."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._messages = Counter(
            "sitehealth_messages",
            "Attempts to send a message that did (sent) or did not (failed) succeed, and messages that were given up.",
            ["target", "result"],
            registry=registry,
        )
        self._waiting = Gauge(
            "sitehealth_messages_waiting", "Messages that have not arrived yet.", ["target"], registry=registry
        )
        self._oldest = Gauge(
            "sitehealth_messages_oldest_waiting_age_seconds",
            "Seconds since the oldest message that has not arrived was written, 0 without any.",
            ["target"],
            registry=registry,
        )
        self._shown: set[str] = set()

    def count(self, target: str, result: str) -> None:
        """Count one attempt, or one message that was given up."""
        self._messages.labels(target, result).inc()

    def show(self, targets: Mapping[str, TargetCount], now: float) -> None:
        """Show what waits for each target, and every result of it from 0 on."""
        for name in self._shown - targets.keys():
            self._waiting.remove(name)
            self._oldest.remove(name)
        for name, count in targets.items():
            for result in RESULTS:
                self._messages.labels(name, result)
            self._waiting.labels(name).set(count.waiting)
            self._oldest.labels(name).set(0 if count.oldest is None else max(now - count.oldest, 0.0))
        self._shown = set(targets)
