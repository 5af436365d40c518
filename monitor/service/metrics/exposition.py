"""Write the metrics down for a scraper: at once where that is quick, ahead of time where there are many sites.

200 sites are some 15,000 series, a quarter of a second's work. They change when a run ends, not when somebody asks: so
what the store tells is written again only then, and behind the scraper's back once it takes longer than a moment. What
this process counts (requests, memory) is little, and written at every scrape.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from monitor.service.memory import give_back
from monitor.service.spacing import Spacing

QUICK = 0.02
"""Seconds that may be spent while a scraper waits."""
PATIENCE = 2.0
"""Seconds that a scraper waits for what is being written for the first time; then it gets the rest."""

OPENMETRICS, PLAIN = "application/openmetrics-text; version=1.0.0", "text/plain"
EOF = b"# EOF\n"
LEVEL = 3
"""Of gzip: a tenth of the size for a third of the work of its default."""


@dataclass(slots=True)
class _Page:
    """What the store told when it was last written in one format: the text, and the same as a gzip member."""

    stamp: object
    plain: bytes
    zipped: bytes
    took: float
    """Seconds of processor time that writing it took."""


NOTHING = _Page(None, b"", gzip.compress(b"", LEVEL, mtime=0), 0.0)
"""What is shown where the store has been away since the start."""


class Exposition:
    """The metrics of ``live``, and those of ``stored`` as they were when ``stamp()`` last changed.

    While the store is away (``is_outage`` of what it raised) they stay as they were. A format is written once somebody
    has asked for it: with 13,000 sites, one that nobody reads costs a minute.
    """

    def __init__(
        self,
        live: CollectorRegistry,
        stored: Collector,
        stamp: Callable[[], object],
        is_outage: Callable[[BaseException], bool] = lambda _: False,
    ) -> None:
        self._live, self._stamp, self._is_outage = live, stamp, is_outage
        self._stored = stored
        self._pages: dict[str, _Page] = {}
        self._lock = Lock()
        self._spacing = Spacing()

    def prepare(self) -> None:
        """Write what Prometheus will ask for, before it does: with thousands of sites that takes seconds."""
        self._pages.setdefault(OPENMETRICS, NOTHING)
        self.refresh()

    def refresh(self) -> None:
        """Write anew what the store tells, in every format that was asked for, where it has changed.

        Called often; what takes a second to write is written three times a minute at most.
        """
        if not self._pages or not self._spacing.allows():
            return
        began = time.thread_time()
        for accept in list(self._pages):
            self._write(accept)
        took = time.thread_time() - began
        self._spacing.took(took)
        if took > QUICK:
            give_back()

    def _write_or_keep(self, accept: str) -> None:
        """Write a format for a scraper, who does not wait for another thread where there is something to show."""
        try:
            self._write(accept, 0 if accept in self._pages else PATIENCE)
        except Exception as error:
            if not self._is_outage(error):
                raise

    def _write(self, accept: str, patience: float = -1) -> None:
        """Write a format where the store changed; leave it where another thread is at it for so many seconds."""
        if not self._lock.acquire(timeout=patience):
            return
        try:
            stamp, known = self._stamp(), self._pages.get(accept)
            if known is not None and known.stamp == stamp:
                return
            began = time.thread_time()
            encoder, _ = choose_encoder(accept)
            # Family by family: all at once took 6 MB more for a moment.
            plain = b"".join(encoder(_alone(family)).removesuffix(EOF) for family in self._stored.collect())
            zipped = gzip.compress(plain, LEVEL, mtime=0)
            self._pages[accept] = _Page(stamp, plain, zipped, time.thread_time() - began)
        finally:
            self._lock.release()

    def page(self, accept: str, *, zipped: bool = False) -> tuple[str, tuple[bytes, bytes]]:
        """Return content type and body for what a scraper accepts: OpenMetrics where asked for, else plain text.

        The body comes in two parts, of which the large one was written before; it is not copied for every scrape.
        Those of a gzip body are members of their own (RFC 1952, 2.2).
        """
        chosen = OPENMETRICS if "application/openmetrics-text" in accept else PLAIN
        if self._pages.get(chosen, NOTHING).took < QUICK:
            self._write_or_keep(chosen)
        encoder, kind = choose_encoder(chosen)
        stored, live = self._pages.get(chosen, NOTHING), encoder(self._live)
        if zipped:
            return kind, (stored.zipped, gzip.compress(live, LEVEL, mtime=0))
        return kind, (stored.plain, live)


class _Family(Collector):
    """Collects one metric that is there already."""

    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def collect(self) -> Iterable[Metric]:
        yield self._metric


def _alone(metric: Metric) -> CollectorRegistry:
    """Return a registry of one metric: whole registries are what encoders take."""
    registry = CollectorRegistry()
    registry.register(_Family(metric))
    return registry
