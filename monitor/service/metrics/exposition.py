"""Write the metrics down for a scraper: at once where that is quick, ahead of time where there are many sites.

200 sites are some 15,000 series, a quarter of a second's work. They change when a run ends, not when somebody asks: so
what the store tells is written again only then, and behind the scraper's back once it takes longer than a moment. What
this process counts (requests, memory) is little, and written at every scrape.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from threading import Lock

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

QUICK = 0.02
"""Seconds that may be spent while a scraper waits."""

OPENMETRICS, PLAIN = "application/openmetrics-text; version=1.0.0", "text/plain"
EOF = b"# EOF\n"
LEVEL = 3
"""Of gzip: a tenth of the size for a third of the work of its default."""


class Exposition:
    """The metrics of ``live``, and those of ``stored`` as they were when ``stamp()`` last changed."""

    def __init__(self, live: CollectorRegistry, stored: Collector, stamp: Callable[[], object]) -> None:
        self._live, self._stamp = live, stamp
        self._stored = CollectorRegistry()
        self._stored.register(stored)
        self._known: object = None
        self._written: dict[str, tuple[bytes, bytes]] = {}
        self._took = 0.0
        self._lock = Lock()

    def refresh(self) -> None:
        """Write down anew what the store tells, where it has changed."""
        with self._lock:
            stamp = self._stamp()
            if self._written and stamp == self._known:
                return
            began = time.thread_time()
            written = {}
            for accept in (PLAIN, OPENMETRICS):
                encoder, kind = choose_encoder(accept)
                plain = encoder(self._stored).removesuffix(EOF)
                written[kind] = (plain, gzip.compress(plain, LEVEL, mtime=0))
            self._took = time.thread_time() - began
            self._known, self._written = stamp, written

    def page(self, accept: str, *, zipped: bool = False) -> tuple[str, bytes]:
        """Return content type and body for what a scraper accepts: OpenMetrics where asked for, else plain text.

        A gzip body has two members (RFC 1952, 2.2), of which the large one was compressed when it was written.
        """
        if not self._written or self._took < QUICK:
            self.refresh()
        encoder, kind = choose_encoder(OPENMETRICS if "application/openmetrics-text" in accept else PLAIN)
        plain, small = self._written[kind]
        live = encoder(self._live)
        return kind, small + gzip.compress(live, LEVEL, mtime=0) if zipped else plain + live
