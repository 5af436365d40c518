"""Two daemons on one store: each round is served once, the other says so, and stands in for one that dies."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest

from tests.monitor.daemons import Daemon, daemon
from tests.monitor.postgresql import server
from tests.monitor.service.test_faults import SETTINGS, HeldSite

pytestmark = pytest.mark.slow

MET = ("inspection begins", "put off")
"""What a daemon logs of a round that is due."""


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def store(request, tmp_path) -> Iterator[str]:
    if request.param == "SQLite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
    else:
        with server() as started:
            yield started.url


def test_each_round_is_served_once_and_a_daemon_that_dies_is_stood_in_for(tmp_path, store):
    web, folders = HeldSite(), (tmp_path / "one", tmp_path / "other")
    settings = SETTINGS | {"store": {"url": store}}
    for folder in folders:
        folder.mkdir()
    with web.site.running(), daemon(folders[0], **settings) as one, daemon(folders[1], **settings) as other:
        both = one, other
        for each in both:
            each.start()

        web.begin("crawl")
        begin(both, "a", web)
        (serves,) = (each for each in both if each.events("inspection begins"))
        waits = other if serves is one else one
        web.let_go()
        one.until(lambda: one.ended(1), "ended")
        (line,) = waits.events("put off")
        assert re.search("is being inspected|another process serves the same round", line["reason"])

        web.begin("crawl")
        begin(both, "b", web)
        (serves,) = (
            each for each in both if [line for line in each.events("inspection begins") if line["site"] == "b"]
        )
        waits = other if serves is one else one
        serves.stop(signal.SIGKILL)
        waits.process.send_signal(signal.SIGHUP)  # looks at once; unasked it does within ten minutes
        web.let_go()
        waits.until(lambda: waits.ended(2), "stood in for")

        rows = {row.site: (row.status, row.reason) for row in waits.rows()}
        assert rows == dict.fromkeys("ab", ("complete", ("", "")))
        assert len(waits.rows()) == 2
        waits.measures("scheduler_misfires_total", 0, site="b", scope="site", reason="missed")
        waits.stop()
        assert waits.process.returncode == 0
        for each in both:
            assert "Traceback" not in each.log()
            assert [line for line in each.log().splitlines() if '"error"' in line] == []


def begin(both: tuple[Daemon, Daemon], name: str, web: HeldSite) -> None:
    """Give both a new site, whose first inspection is due at once, and wait until they have met over it."""
    for each in both:
        each.write(sites=[{"id": name, "url": f"{web.site.url}/?{name}"}])
        each.process.send_signal(signal.SIGHUP)
    for each in both:
        each.until(lambda it=each: [line for event in MET for line in it.events(event) if line["site"] == name], "met")
    both[0].until(lambda: web.waiting, "amid the crawl")
