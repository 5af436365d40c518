"""A process that is told to stop ends in time, also where its event loop does not turn."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, signal, sqlite3, sys, threading, time
from monitor import loop
from monitor.service.last_resort import LastResort

async def main():
    stop, last = asyncio.Event(), LastResort({seconds})
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    last.start()
    print("ready", flush=True)
    {work}
    await stop.wait()
    last.stop()
    print("stopped", flush=True)

loop.run(main())
"""
LOCKED = """
    one, other = (sqlite3.connect(sys.argv[1], timeout=600, isolation_level=None) for _ in range(2))
    one.execute("BEGIN EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
"""


def told_to_stop(work: str, seconds: float, path: str) -> subprocess.CompletedProcess:
    """Start a program that works on its event loop, send SIGTERM, and wait for its end."""
    command = [sys.executable, "-c", PROGRAM.format(work=work, seconds=seconds), path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=300)
        return subprocess.CompletedProcess(command, process.returncode, rest)


@pytest.mark.parametrize("work", ["time.sleep(600)", LOCKED, "while True: pass"], ids=["waits", "locked", "computes"])
def test_a_loop_that_does_not_turn_is_ended(tmp_path, work):
    done = told_to_stop(work, 0.1, str(tmp_path / "store.db"))
    assert (done.returncode, done.stdout) == (0, "")


def test_a_loop_that_turns_hears_of_the_signal_as_ever(tmp_path):
    done = told_to_stop("pass", 600, str(tmp_path / "store.db"))
    assert (done.returncode, done.stdout) == (0, "stopped\n")
