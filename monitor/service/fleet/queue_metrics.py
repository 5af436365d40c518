"""Show the queue as Prometheus metrics: what waits, for how long, what was begun more than once, and who works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.service.fleet.judge import QUEUES
from monitor.store.job_store import JobStore, QueueCount
from monitor.store.outage import outage_of

EMPTY = (0, 0, 0.0, 0, 0)

JOBS = "Jobs in the queue: inspections, rechecks (recheck), and texts of large sites that another worker reads (texts)."


class QueueMetrics(Collector):
    """Reads the queue at every scrape; while the store is away there is nothing to show but who leads.

    ``leads`` says whether this process does.
    """

    def __init__(self, jobs: JobStore, leads: Callable[[], bool]) -> None:
        self._jobs, self._leads = jobs, leads

    def describe(self) -> Iterable[Metric]:
        """Describe nothing, so that registering does not read the queue."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        yield GaugeMetricFamily(
            "sitehealth_scheduler_leads", "Whether this scheduler acts; the others stand by.", float(self._leads())
        )
        try:
            counts, workers = self._jobs.counts(), self._jobs.workers()
        except Exception as error:
            if outage_of(error) is None:
                raise
            return
        yield from _queues(counts)
        known = GaugeMetricFamily("sitehealth_workers", "Workers that were just heard of.", labels=["version"])
        alive = Counter(worker.version for worker in workers if worker.silent < self._jobs.stalled_after)
        for version, count in sorted(alive.items()):
            known.add_metric([version], count)
        yield known


def _queues(counts: Iterable[QueueCount]) -> Iterator[Metric]:
    by_queue = {count.queue: count for count in counts}
    queues = [by_queue.get(queue, QueueCount(queue, *EMPTY)) for queue in QUEUES]
    jobs = GaugeMetricFamily("sitehealth_queue_jobs", JOBS, labels=["queue", "state"])
    oldest = GaugeMetricFamily(
        "sitehealth_queue_oldest_waiting_age_seconds",
        "Seconds since the oldest job that waits was put into the queue, 0 without any.",
        labels=["queue"],
    )
    retried = GaugeMetricFamily(
        "sitehealth_queue_retried_jobs",
        "Jobs in the queue that a worker had begun before, and handed back or was lost with.",
        labels=["queue"],
    )
    for queue in queues:
        for state, value in (("waiting", queue.waiting), ("running", queue.running), ("failed", queue.failed)):
            jobs.add_metric([queue.queue, state], value)
        oldest.add_metric([queue.queue], queue.oldest)
        retried.add_metric([queue.queue], queue.retried)
    yield from (jobs, oldest, retried)
