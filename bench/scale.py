"""Measure one daemon over many sites: its start, `sitehealth status`, a scrape, and memory.

    python bench/scale.py [--sites 13000]

Makes a configuration and a store in a temporary folder in which every round of every site has been served, starts the
real daemon over it, and prints the processor seconds until it is ready, its resident memory, the seconds and size of
the second scrape (the first one counts what no later one counts again), and the processor seconds of `status`.
Nothing is inspected and nobody is asked: there is no network in it.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.service.daemon import calendars_of
from monitor.settings.config_file import load
from monitor.store import Store
from monitor.store.schema import runs
from tests.monitor.daemons import COMMAND, Daemon

ENDLESS = 600.0
"""Seconds after which a daemon that is not ready has failed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=13_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        daemon = Daemon(folder, {"sites": [{"url": f"http://s{n}.example.cn/"} for n in range(options.sites)]})
        daemon.write(schedule={}, checks={})
        fill(daemon.config)
        for line in figures(daemon):
            print(line, flush=True)


def fill(config: Path) -> None:
    """Serve the last round of every site and scope, as complete runs."""
    settings = load(config)
    now = time.time()
    rows = [
        {
            "site": site,
            "name": "",
            "url": f"http://{site}/",
            "scope": scope,
            "engine": "",
            "scheduled_for": calendar.latest(now),
            "started": now - 7200,
            "heartbeat": now - 3600,
            "finished": now - 3600,
            "status": "complete",
            "pages": 100,
            "links": 1000,
            "requests": 1100,
            "bytes": 10_000_000,
            "owner": "",
            "reason": ["", ""],
            "facts": {"links": {"page": 900, "image": 100}},
        }
        for (site, scope), calendar in calendars_of(settings).items()
    ]
    with Store(settings.store.url) as store, store.engine.begin() as connection:
        connection.execute(insert(runs), rows)


def figures(daemon: Daemon) -> Iterator[str]:
    """Yield a line for every figure."""
    daemon.start(wait=False)
    try:
        daemon.until(daemon.ready, "ready", ENDLESS)
        yield f"ready after {daemon.cpu_seconds():.1f} CPU s"
        for which in ("first", "second"):
            before, began = daemon.cpu_seconds(), time.monotonic()
            size = len(daemon.get("/metrics")[1])
            took = time.monotonic() - began
            yield f"{which} scrape: {took:.2f} s, {daemon.cpu_seconds() - before:.2f} CPU s, {size / 1e6:.1f} MB"
        yield f"resident: {resident(daemon):.0f} MiB"
    finally:
        daemon.stop()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([COMMAND, "status", "--config", str(daemon.config)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield f"status: {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.1f} CPU s"


def resident(daemon: Daemon) -> float:
    """Return the resident memory of the process, in MiB (proc(5), status)."""
    lines = Path(f"/proc/{daemon.process.pid}/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


if __name__ == "__main__":
    main()
