"""A clock that leaps by a year under the daemon: two rounds are served, the others counted, and nothing piles up."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.monitor.daemons import Daemon, daemon
from tests.monitor.service.test_faults import SETTINGS, HeldSite

pytestmark = pytest.mark.slow

LIBRARIES = Path("/usr/lib")
SHIM = Path(__file__).parents[3] / "tools" / "moments" / "python"

CPU_SECONDS, MEGABYTES = 12.0, 60.0
"""What a leap may cost, the two inspections after it and a minute of the daemon's life included: every tick that was
missed, listed one by one, took 24 CPU seconds and 390 MB for one clock alone; now it is 2.5 CPU seconds and 2.4 MB."""


def environment(clock: Path) -> dict[str, str]:
    """Return what makes a process take its time from a file (libfaketime's manual); spans stay as long as they are."""
    if shutil.which("faketime") is None:
        pytest.skip("NO FAKETIME ON THIS MACHINE: tools/install-debian.sh faketime")
    library = next(LIBRARIES.glob("*/faketime/libfaketimeMT.so.1"))
    return os.environ | {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(SHIM),
    }


def resident(it: Daemon) -> float:
    """Return the megabytes that a process holds (proc(5), statm)."""
    pages = int(Path(f"/proc/{it.process.pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_a_leap_of_a_year_costs_two_inspections(tmp_path):
    web, clock = HeldSite(), tmp_path / "clock"
    clock.write_text("+0")
    with web.site.running():
        sites = [{"id": "a", "url": f"{web.site.url}/"}]
        settings = SETTINGS | {"sites": sites, "schedule": {"spread": 0}}
        with daemon(tmp_path, is_forked=False, **settings) as it:
            it.environment = environment(clock)
            it.start()
            it.until(lambda: it.ended(2), "first inspections")
            it.until(lambda: len(list((tmp_path / "reports").glob("a/*.json"))) == 2, "reports")
            # A round that falls while the one before is still being ended is skipped, as it should be.
            it.until(lambda: it.metric("inspections_in_progress") == 0, "nothing under way")
            cpu, memory, lines = it.cpu_seconds(), resident(it), len(it.log().splitlines())

            clock.write_text("+366d")
            it.until(lambda: it.ended(4), "served after the leap")
            it.until(lambda: len(list((tmp_path / "reports").glob("a/*.json"))) >= 3, "reports after the leap")

            assert it.cpu_seconds() - cpu < CPU_SECONDS
            assert resident(it) - memory < MEGABYTES
            assert len(it.log().splitlines()) - lines < 40
            assert sorted(row.scope for row in it.rows()) == ["homepage", "homepage", "site", "site"]
            for scope, between in (("homepage", 51), ("site", 3)):
                it.until(
                    lambda scope=scope, between=between: (
                        abs(
                            (it.metric("scheduler_misfires_total", site="a", scope=scope, reason="missed") or 0)
                            - between
                        )
                        <= 1
                    ),
                    f"{between} rounds of {scope} counted as missed",
                )
            assert "Traceback" not in it.log()
            it.stop()
            assert it.process.returncode == 0
