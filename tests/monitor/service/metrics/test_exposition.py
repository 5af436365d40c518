"""What is written for a scraper: both formats, fresh where that is quick, written ahead where it is not."""

from __future__ import annotations

import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_plain
from prometheus_client.registry import Collector

from monitor.service.metrics.exposition import QUICK, Exposition

OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"


class Stored(Collector):
    def __init__(self, work: float = 0.0) -> None:
        self.work, self.figure, self.collected = work, 1.0, 0

    def describe(self):
        return []

    def collect(self):
        self.collected += 1
        end = time.thread_time() + self.work
        while time.thread_time() < end:
            pass
        yield GaugeMetricFamily("stored", "From the store.", value=self.figure)


def exposition(stored: Stored) -> tuple[Exposition, Gauge]:
    registry = CollectorRegistry()
    live = Gauge("live", "Of this process.", registry=registry)
    return Exposition(registry, stored, lambda: stored.figure), live


@pytest.mark.parametrize(("accept", "read"), [(OPENMETRICS, read_openmetrics), ("*/*", read_plain), ("", read_plain)])
def test_both_formats_hold_both_kinds(accept, read):
    pages, live = exposition(Stored())
    live.set(7)
    kind, parts = pages.page(accept)
    body = b"".join(parts)
    values = {sample.name: sample.value for family in read(body.decode()) for sample in family.samples}
    assert values == {"stored": 1.0, "live": 7.0}
    assert kind.startswith("application/openmetrics-text" if read is read_openmetrics else "text/plain")
    assert body.count(b"# EOF") == (read is read_openmetrics)
    assert gzip.decompress(b"".join(pages.page(accept, zipped=True)[1])) == body


def test_what_has_not_changed_is_not_written_again():
    stored = Stored()
    pages, live = exposition(stored)
    for number in range(3):
        live.set(number)
        assert f"live {number}.0" in b"".join(pages.page("")[1]).decode()
    assert stored.collected == 1
    stored.figure = 5.0
    assert "stored 5.0" in b"".join(pages.page("")[1]).decode()


def test_nobody_waits_for_many_sites():
    stored = Stored(work=2 * QUICK)
    pages, _ = exposition(stored)
    assert "stored 1.0" in b"".join(pages.page("")[1]).decode()
    stored.figure = 5.0
    began = time.thread_time()
    assert "stored 1.0" in b"".join(pages.page("")[1]).decode()
    assert time.thread_time() - began < QUICK
    pages.refresh()
    assert "stored 5.0" in b"".join(pages.page("")[1]).decode()


def test_who_can_have_what_was_there_does_not_wait_for_another_thread(monkeypatch):
    """On a busy machine, or with a slow store, the other thread takes seconds for what is quick."""
    monkeypatch.setattr("monitor.service.metrics.exposition.PATIENCE", 600)
    begun, go_on = Event(), Event()

    class Held(Stored):
        def collect(self):
            if self.figure == 5.0:
                begun.set()
                assert go_on.wait(20)
            yield from super().collect()

    stored = Held()
    pages, live = exposition(stored)
    pages.page("")
    stored.figure = 5.0
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(pages.refresh)
        assert begun.wait(60)
        live.set(3)
        body = b"".join(pages.page("")[1]).decode()
        assert not writing.done()
        go_on.set()
    assert "stored 1.0" in body
    assert "live 3.0" in body
    assert "stored 5.0" in b"".join(pages.page("")[1]).decode()


def test_a_format_that_nobody_asked_for_is_not_written():
    stored = Stored()
    pages, _ = exposition(stored)
    pages.refresh()
    assert stored.collected == 0
    pages.page(OPENMETRICS)
    stored.figure = 5.0
    pages.refresh()
    assert stored.collected == 2
