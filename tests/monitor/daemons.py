"""Start the real daemon for a test: a process of its own, over a store and a configuration in the folder of a test."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from monitor.store import Store
from tests.monitor.command_server import Forked

COMMAND = Path(sys.executable).with_name("sitehealth")

QUICK = {
    "delay": 0,
    "concurrency": 8,
    "timeout": 20,
    "second_look_delay": 0,
    "allow_private": True,
    "sitemap": False,
    "robots": False,
}
FEW = {name: {"run": False} for name in ("typos", "headers", "leaks", "tls", "injected-links")}
"""Checks that the daemon's tests can do without: they cost seconds, and say nothing about the daemon."""


IDLE = {
    "id": "idle",
    "url": "http://127.0.0.1:9/",
    "schedule": {"weekly": {"run": False}, "quarterly": {"run": False}},
}
"""A site that is never inspected: a daemon needs one."""


PORTS = range(11_000, 32_000)
"""Below the ports that Linux hands out by itself (32768 and up), which any connection of another test could take."""


def free_port() -> int:
    """Return a port that nobody listens at, another one each time, in every process of a run."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            port = random.SystemRandom().choice(PORTS)  # `random` itself is seeded alike in all of them
            probe.bind(("127.0.0.1", port))
            return port


LEAST_PAUSE = 0.05
"""Seconds between two questions whether it is so far."""
PAUSE = 2.0
"""The same, in the time that a question takes."""


@dataclass
class Daemon:
    """One daemon; ``start`` and ``stop`` may be called again and again."""

    folder: Path
    settings: dict[str, Any]
    port: int = field(default_factory=free_port)
    environment: Mapping[str, str] | None = None
    process: subprocess.Popen | None = None
    wrapper: Sequence[str] = ()
    """What the command is started through."""
    is_forked: bool = False
    """Whether the process is forked from one that has loaded the libraries, which spares a second of processor time."""

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write(self, **settings: Any) -> None:
        """Write the configuration with some of its sections changed."""
        self.settings |= settings
        fixed = {
            "store": {"url": self.store},
            "daemon": {"listen": f"127.0.0.1:{self.port}", "log": "json", "reports": str(self.folder / "reports")},
            "sites": [IDLE],
            "crawl": QUICK,
            "checks": FEW,
            "schedule": {"spread": 0},
            "availability": {"every": 0},
            "retention": {},
            "report": {"formats": ["html", "json"]},
        }
        # The daemon looks at its file whenever it likes: it must never find half of one.
        written = self.folder / "config.written"
        written.write_text(yaml.safe_dump(fixed | self.settings, allow_unicode=True), "utf-8")
        written.replace(self.config)

    def start(self, *, wait: bool = True) -> float:
        """Start the process and wait until it is ready; return how many seconds that took."""
        began = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            options = {"stdout": log, "stderr": log, "env": self.environment}
            arguments = ["run", "--config", str(self.config)]
            if self.is_forked and not self.wrapper:
                self.process = Forked(arguments, **options)
            else:
                self.process = subprocess.Popen([*self.wrapper, COMMAND, *arguments], **options)
        if wait:
            self.until(self.ready, "ready")
        return time.monotonic() - began

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal and wait for the end; return how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(120)
        return time.monotonic() - began

    def until(self, told, what: str, seconds: float = 200.0):
        """Wait until ``told()`` says something, and return it."""
        end = time.monotonic() + seconds
        while (asked := time.monotonic()) < end:
            assert self.process is None or self.process.poll() is None, f"the daemon ended: {self.log()[-2000:]}"
            said = told()
            if said:
                return said
            # On a busy machine asking takes long, and who asks on and on keeps it busy.
            time.sleep(max(LEAST_PAUSE, PAUSE * (time.monotonic() - asked)))
        raise AssertionError(f"not {what} in {seconds} s; log: {self.log()[-3000:]}")

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def metric(self, name: str, /, **labels: str) -> float | None:
        """Return the value of one series. Only its lines are parsed: all of them take 20 ms of processor time."""
        lines = self.get("/metrics")[1].splitlines(keepends=True)
        wanted = "".join(line for line in lines if line.startswith((f"sitehealth_{name}{{", f"sitehealth_{name} ")))
        for family in text_string_to_metric_families(wanted):
            for sample in family.samples:
                if sample.labels == labels:
                    return sample.value
        return None

    def measures(self, name: str, value: float | None, /, **labels: str) -> None:
        """Assert what a metric of the store comes to.

        Where writing them takes long, as on a busy machine, they are written every five seconds, not at each scrape.
        """
        self.until(lambda: self.metric(name, **labels) == value, f"{name}{labels} at {value}")

    def cpu_seconds(self) -> float:
        """Return the processor time that the process has used so far, its threads included (proc(5), stat)."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(") ")[2].split()
        user, system = int(stat[11]), int(stat[12])
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text("utf-8") if path.exists() else ""

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = (json.loads(line) for line in self.log().splitlines() if line.startswith("{") and name in line)
        return [line for line in lines if line["event"] == name]

    @property
    def store(self) -> str:
        """The URL of its store."""
        return self.settings.get("store", {}).get("url") or f"sqlite:///{self.folder / 'store.db'}"

    def rows(self) -> list[Any]:
        with Store(self.store) as store:
            return store.runs.latest(1000)

    def ended(self, count: int) -> bool:
        """Whether so many runs have ended and none is under way."""
        rows = self.rows()
        return len(rows) >= count and all(row.finished is not None for row in rows)


@contextlib.contextmanager
def daemon(folder: Path, *, is_forked: bool = True, **settings: Any) -> Iterator[Daemon]:
    """Give a daemon that is not started yet, and see to its end."""
    made = Daemon(folder, settings, is_forked=is_forked)
    made.write()
    try:
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.process.kill()
            made.process.wait()
