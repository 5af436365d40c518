"""A bomb costs its limit and little more: measured in a process of its own, where nothing else is counted."""

from __future__ import annotations

import json
import subprocess
import sys

PATHS = ["/gzip-bomb", "/brotli-bomb", "/endless", "/huge", "/hollow-gzip", "/long-line", "/long-header",
         "/header-flood", "/chunk-flood", "/redirect-big", "/nested"]  # fmt: skip
LIMIT_MIB = 1
ROOM_MIB = 24
"""For the decoders' windows (16 MiB for brotli), read-ahead, and the allocator's habits."""

PROGRAM = """
import asyncio, json, re, sys
from pathlib import Path
from monitor.fetch import Fetcher, Limits

def peak():  # not ru_maxrss: that begins at what the test run had when it forked
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

async def main(base, paths):
    limits = Limits(timeout=60, body={limit} << 20)
    async with Fetcher(user_agent="test", allow_private=True, limits=limits) as it:
        await it.fetch(base + "/encoded/br")
        before = peak()
        grown = {{}}
        for path in paths:
            await asyncio.gather(*(it.fetch(base + path) for _ in range(3)))
            grown[path] = round(peak() - before, 1)
    print(json.dumps(grown))

asyncio.run(main(sys.argv[1], sys.argv[2:]))
"""


def test_no_body_and_no_header_fills_memory(hostile):
    program = PROGRAM.format(limit=LIMIT_MIB)
    command = [sys.executable, "-c", program, hostile, *PATHS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    grown = json.loads(done.stdout)
    assert list(grown) == PATHS
    assert max(grown.values()) < ROOM_MIB + 3 * LIMIT_MIB, grown
