"""Run whole commands and say what they cost; make and serve the sites that they inspect."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PORTS = ("--port", "28080", "--tls-port", "28443", "--refused-port", "28099")
FAST = "crawl.delay=0 crawl.retries=0 crawl.second_look=false crawl.robots=false crawl.concurrency=16".split()


class Cost(NamedTuple):
    """Processor seconds of a command and its children, wall seconds, and MiB of its largest process."""

    cpu: float
    wall: float
    mib: float


def inspecting(url: str, folder: Path | str, *more: str) -> list[str]:
    """Return the command that inspects a site as fast as it can, and leaves store and report in a folder."""
    settings = [part for setting in FAST for part in ("--set", setting)]
    kept = ["--set", f"store.url=sqlite:///{folder}/store.db", "--format", "json", "--out", f"{folder}/report.json"]
    return [sys.executable, "-m", "monitor", "inspect", url, "--allow-private", *settings, *kept, *more]


def environment(tree: Path = ROOT) -> dict[str, str]:
    """Return what a command is run in: with the code of a checkout, whose bytecode is kept as that of users is."""
    given = {**os.environ, "PYTHONPATH": str(tree)}
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    return given


def cost_of(command: Sequence[str], tree: Path = ROOT) -> Cost:
    """Run a command of a checkout and return what it cost; ends the measurement where it fails."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, env=environment(tree), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tree
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1, 2}:
        raise SystemExit(f"exit code {process.returncode}: {' '.join(command)}")
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss / 1024)


def make_site(bench: Path, pages: int, folder: Path) -> Path:
    """Generate a site of so many pages into a folder and return it. ``bench`` has the generator."""
    size = ("--pages", str(pages), "--profile", "fast")
    command = [sys.executable, str(bench / "sitegen.py"), *size, *PORTS, "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


@contextmanager
def serving(bench: Path, site: Path, backend: str = "") -> Iterator[None]:
    """Serve a generated site at its address: by nginx where there is one, unless ``backend`` says ``python``."""
    backend = backend or ("nginx" if shutil.which("nginx") else "python")
    command = [sys.executable, str(bench / "siteserve.py"), str(site), "--backend", backend]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is not None and not server.stdout.readline():
            raise SystemExit("the site is not served: another server may have its port")
        yield
    finally:
        server.terminate()
        server.wait()
