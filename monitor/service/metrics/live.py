"""Measure what this process does: its requests, without their URLs, its inspections, what it holds of the machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from monitor.fetch import Fetched, Fetcher
from monitor.service.metrics.message_tally import MessageTally

RESULTS = ("1xx", "2xx", "3xx", "4xx", "5xx", "error")
ENDS = ("success", "failure")
SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)


class Live:
    """The metrics that no store holds: what this process did since it started."""

    def __init__(self, registry: CollectorRegistry) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._registry = registry
        self._measure_inspections()
        self._measure_configuration()
        self._measure_store()
        self.messages = MessageTally(registry)

    def _measure_inspections(self) -> None:
        self._in_progress = self._gauge("inspections_in_progress", "Inspections under way.")
        self.requests = self._counter(
            "http_requests",
            "Requests of inspections and probes, by class of the last answer; error where there was none.",
            "result",
        )
        for result in RESULTS:
            self.requests.labels(result)
        self.seconds = Histogram(
            "sitehealth_http_request_duration_seconds",
            "Seconds from the first look-up to the last byte of the body, over all redirects.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self.reports = self._counter("reports", "Reports written, by format and result.", "format", "result")
        self.unjudged = self._counter(
            "availability_unjudged",
            "Probes of homepages that were not counted, because our own network failed.",
        )

    def _measure_configuration(self) -> None:
        self.reloaded = self._gauge(
            "config_last_reload_successful", "Whether the configuration could be used when it was last read."
        )
        self.reloaded_at = self._gauge(
            "config_last_reload_success_timestamp_seconds", "When a configuration was last put in force."
        )
        self.models_missing = self._gauge(
            "language_models_missing", "Whether typos are looked for without the language models."
        )

    def _measure_store(self) -> None:
        self.store_available = self._gauge(
            "store_available", "Whether the store could be written when it was last asked."
        )
        self.upkeep = self._counter("upkeep", "Times that what is past its time was dropped, by result.", "result")
        for result in ENDS:
            self.upkeep.labels(result)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"sitehealth_{name}", about, registry=self._registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"sitehealth_{name}", about, labels, registry=self._registry)

    def count_running(self, running: Callable[[], int]) -> None:
        """Show how many inspections are under way, as ``running`` says when it is asked."""
        self._in_progress.set_function(running)

    def expect_reports(self, formats: tuple[str, ...]) -> None:
        """Show formats that nothing was written in yet."""
        for name in formats:
            for result in ENDS:
                self.reports.labels(name, result)

    def observe(self, fetched: Fetched) -> None:
        """Count one outcome."""
        response = fetched.response
        self.requests.labels(f"{response.status // 100}xx" if response.status and not response.error else "error").inc()
        self.seconds.observe(response.elapsed)

    def fetcher(self) -> type[Fetcher]:
        """Return a Fetcher that is measured here."""
        live = self

        class Observed(Fetcher):
            async def fetch(self, url: str, **options: Any) -> Fetched:  # noqa: ANN401 - Fetcher.fetch's options
                fetched = await super().fetch(url, **options)
                live.observe(fetched)
                return fetched

        return Observed
