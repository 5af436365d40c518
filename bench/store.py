"""Measure what the store costs a page at the polite pace: ten requests a second, and a transaction a second.

    python bench/store.py [--bench FOLDER] [--pages 300] [--rounds 3] [--store URL]

A generated site is inspected for its links with the pauses that crawls have by default. Of ``Frontier.flush``, which
writes what a second taught, the CPU milliseconds a page are printed, for each round. What other addresses answered is
in them, and what statements cost when they are executed for the first time; what is read back at the end is not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measuring import environment, inspecting, make_site, serving

HOMEPAGE = "http://127.0.0.1:28080/"


class FlushCost:
    """What writing batches has cost this process: CPU seconds, and how many transactions and pages there were."""

    def __init__(self) -> None:
        self.seconds, self.transactions, self.pages = 0.0, 0, 0

    def measure(self) -> None:
        """Have every flush of a frontier measured from here on."""
        from monitor.crawl.frontier import Frontier

        flush = Frontier.flush

        def measured(frontier: Frontier, *, force: bool = False) -> None:
            waiting, began = frontier.batch, time.process_time()
            flush(frontier, force=force)
            self.seconds += time.process_time() - began
            if frontier.batch is not waiting:
                self.transactions += 1
                self.pages += len(waiting.pages)

        Frontier.flush = measured

    def __str__(self) -> str:
        return f"{self.seconds} {self.transactions} {self.pages}"


def main() -> None:
    options = arguments()
    if options.inspect:
        inspect(options.inspect, options)
        return
    costs = []
    with tempfile.TemporaryDirectory(prefix="sitehealth-store-") as name:
        site = make_site(options.bench, options.pages, Path(name) / "site")
        with serving(options.bench, site):
            for number in range(options.rounds):
                folder = Path(name) / str(number)
                folder.mkdir()
                command = [sys.executable, __file__, *sys.argv[1:], "--inspect", str(folder)]
                said = subprocess.run(command, check=True, env=environment(), stdout=subprocess.PIPE, text=True).stdout
                seconds, transactions, pages = map(float, said.splitlines()[-1].split())
                costs.append(1000 * seconds / pages)
                print(
                    f"{costs[-1]:.3f} CPU ms a page: {pages:.0f} pages in {transactions:.0f} transactions, "
                    f"load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
    print(f"median {median(costs):.3f}, least {min(costs):.3f} CPU ms a page")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"), help="folder of sitegen.py")
    parser.add_argument("--pages", type=int, default=300, help="ten a second are read, and then what they refer to")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--store", default="", help="a store of PostgreSQL, for instance; default: a new one of SQLite")
    parser.add_argument("--inspect", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def inspect(folder: Path, options: argparse.Namespace) -> None:
    """Make one inspection in this process, and say what its flushes cost."""
    polite = ["--set", "crawl.delay=0.1", "--checks", "links"]
    store = ["--set", f"store.url={options.store}"] if options.store else []
    cost = FlushCost()
    cost.measure()
    from monitor.cli import main as sitehealth

    _, _, _, *given = inspecting(HOMEPAGE, folder, *polite, *store)
    sitehealth(given, prog_name="sitehealth", standalone_mode=False)
    print(cost)


if __name__ == "__main__":
    main()
