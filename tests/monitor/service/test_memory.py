"""Memory: what was taken for a moment is the system's again, and ended inspections are let go."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.inspection.run import Inspection
from monitor.service.daemon import Daemon
from monitor.service.memory import give_back
from monitor.settings.site import Settings
from tests.monitor.daemons import FEW, QUICK
from tests.server.site import Exchange, Site

BLOCK, BLOCKS = 16 * 1024, 4096
"""Small enough for the heap; a larger one is mapped by itself, and returned when it is freed."""


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="NOT TESTED: this C library has no trim")
def test_free_memory_is_given_back():
    blocks = [bytearray(BLOCK) for _ in range(BLOCKS)]
    kept = blocks[-1]  # at the end of the heap, so that glibc by itself gives nothing back
    del blocks
    before = resident()
    give_back()
    assert resident() < before - BLOCK * BLOCKS / 2
    assert len(kept) == BLOCK


HASHES = """
from pathlib import Path
from monitor.service.memory import return_large_blocks
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
return_large_blocks()
before = resident()
for _ in range(3):
    block = bytearray(19 * 1024 * 1024)
    small = bytearray(100_000)
    del block
print(resident() - before)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="NOT TESTED: this C library has no mallopt")
def test_what_one_hash_of_a_password_took_is_given_back_every_time():
    kept = subprocess.run([sys.executable, "-c", HASHES], check=True, capture_output=True, text=True).stdout
    assert int(kept) < 4 * 1024 * 1024


SITES = 4


async def home(exchange: Exchange) -> None:
    await exchange.answer("<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>某局</title><p>正文</p>")


def overseen(folder: Path, url: str) -> Settings:
    """Return the settings of a daemon that has two inspections of each site to make, one after the other."""
    return Settings.model_validate(
        {
            "sites": [{"id": f"s{n}", "url": f"{url}/?{n}"} for n in range(SITES)],
            "store": {"url": f"sqlite:///{folder / 'store.db'}"},
            "daemon": {"listen": "127.0.0.1:0", "reports": str(folder / "reports")},
            "schedule": {"spread": 0, "at_once": 1},
            "crawl": QUICK,
            "checks": FEW,
            "availability": {"every": 0},
            "report": {"formats": ["json"]},
        }
    )


def reports(folder: Path) -> list[Path]:
    return list(folder.glob("reports/*/*.json"))


def held() -> int:
    """Return how many inspections are still in memory."""
    return sum(isinstance(each, Inspection) for each in gc.get_objects())


async def test_ended_inspections_are_let_go(tmp_path):
    """Each refers to itself in circles, and holds megabytes that Python's own collector does not know of."""
    with Site({"/": home}).running() as site:
        gc.disable()  # whatever is dropped below is dropped by the daemon
        try:
            daemon = Daemon(overseen(tmp_path, site.url))
            running = asyncio.create_task(daemon.run())
            async with asyncio.timeout(200):
                # All but the last one, and the one before whose report was written as it ended.
                while len(reports(tmp_path)) < 2 * SITES or held() > 2:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.1)
            daemon.stop()
            await running
        finally:
            gc.enable()
            gc.unfreeze()
