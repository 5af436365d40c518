"""Measure what the checks of official sites cost beside a crawl that only checks links.

    python bench/official.py --bench FOLDER [--pages 5000] [--repeat 5]

FOLDER holds the generator and the server (``sitegen.py``, ``siteserve.py``). Both inspections run in turn, round after
round, each into a store of its own; what is printed is CPU seconds, and the ratio round by round. Attachments are left
out: they cost what their bytes cost.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

PORT = 28180
LINKS = ("links", "spaces")
OFFICIAL = (
    *("privacy", "homepage", "freshness", "dates", "speed", "identity", "meta", "charset", "templates", "sources"),
    *("publication", "columns", "interpretation", "letters", "guides", "probes", "ipv6"),
)


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="sitehealth-bench-") as name:
        folder = Path(name)
        ports = ("--port", str(PORT), "--tls-port", str(PORT + 1), "--refused-port", str(PORT + 2))
        options = ("--pages", str(arguments.pages), "--profile", "fast", *ports, "--out", str(folder / "site"))
        _call(arguments.bench / "sitegen.py", *options)
        server = subprocess.Popen(
            [sys.executable, str(arguments.bench / "siteserve.py"), str(folder / "site")], stdout=subprocess.DEVNULL
        )
        try:
            _wait(f"http://127.0.0.1:{PORT}/")
            _measure(folder, arguments.repeat)
        finally:
            server.terminate()
            server.wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"), help="folder of the generator")
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


def _call(script: Path, *options: str) -> None:
    subprocess.run([sys.executable, str(script), *options], check=True, stdout=subprocess.DEVNULL)


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            urlopen(url).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nobody answers at {url}")


def _measure(folder: Path, repeat: int) -> None:
    ratios = []
    for number in range(repeat):
        alone = _inspect(folder / f"links-{number}.db", LINKS)
        together = _inspect(folder / f"all-{number}.db", (*LINKS, *OFFICIAL))
        ratios.append(together / alone)
        print(f"round {number + 1}: links {alone:.2f} s CPU, with the checks {together:.2f} s, {ratios[-1]:.3f}")
    print(f"median ratio {statistics.median(ratios):.3f} (from {min(ratios):.3f} to {max(ratios):.3f})")


def _inspect(store: Path, checks: tuple[str, ...]) -> float:
    """Inspect the site into a new store and return the CPU seconds of that process and its children."""
    settings = {
        "store.url": f"sqlite:///{store}",
        "crawl.delay": "0",
        "crawl.concurrency": "16",
        "crawl.second_look": "false",
    }
    command = [sys.executable, "-m", "monitor", "inspect", f"http://127.0.0.1:{PORT}/", f"--checks={','.join(checks)}"]
    command += ["--allow-private", "--format=json", f"--out={store}.json"]
    command += [f"--set={name}={value}" for name, value in settings.items()]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the inspection ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
