"""Measure the console at 500 sites and 200,000 entries: CPU seconds a page, what 20 people wait, memory of the process.

``make bench BENCH=console``; ``--store FOLDER`` keeps the store for the next time. The console is the real command
in a process of its own. People click, read for a second or two, and click again.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

import httpx
import yaml

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.ledger import findings
from checks.model import Severity, Text
from checks.scoring.sheet import Score
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, Via
from monitor.settings.config_file import load
from monitor.store import Store
from monitor.store.accounts.users import RightRecord
from monitor.store.closing import close
from monitor.store.findings import CheckFinding, FindingStore
from monitor.store.ledger.sightings import FaultRecord
from monitor.store.run_facts import RunFacts
from reports.model import Baseline
from reports.remediation.policy import Assignment, LedgerPolicy

ROOT = Path(__file__).parent.parent
PASSWORD = "measured-by-many-people"
TICK = 100
"""Clock ticks of Linux a second, in which /proc counts CPU."""

PATHS = {
    "overview": "/",
    "site": "/sites/s{site}.cn",
    "ledger": "/findings",
    "ledger, a site": "/findings?site=s{site}.cn",
    "ledger, a rule": "/findings?rule=typo",
    "ledger, every state": "/findings?state=any&order=due",
    "ledger, a department": "/findings?department=%E5%A4%84%E5%AE%A43&severity=major",
    "ledger, overdue": "/findings?overdue=1",
    "ledger, search in a site": "/findings?site=s{site}.cn&q=art",
    "ledger, search": "/findings?q=t20241030_7.pdf",
    "finding": "/findings/{entry}",
    "run": "/runs/{run}",
}


def fill(url: str, sites: int, entries: int) -> None:
    """Make sites, each with two runs, and entries of different severities and departments."""
    per_site, now = entries // sites, time.time() - 86_400 * 14
    with Store(url) as store:
        for at in range(sites):
            site = f"s{at}.cn"
            for week in range(2):
                run = store.runs.begin(
                    site=site, name="", url=f"http://{site}/", scope="site", engine="", scheduled_for=None
                )
                kept = FindingStore(store.engine, run.id)
                found = (
                    replace(each, severity=(Severity.MAJOR, Severity.MINOR, None, Severity.CRITICAL)[number % 7 % 4])
                    for number, each in enumerate(findings(site, per_site))
                )
                kept.save(CheckFinding("links", each) for each in found)
                policy = LedgerPolicy((Assignment(department=f"处室{at % 7}", owner="张三"),))
                record = FaultRecord("links", now, now, run.id, 1, None, None)
                settled = ([(each._replace(baseline=Baseline.NEW), record) for each in chunk] for chunk in kept.load())
                facts = RunFacts(score=Score("census-2015", 60 + at % 40, (), (), ()), notices=(Text("无", "none"),))
                values = {"status": "complete", "facts": facts}
                when = now + week * 7 * 86_400
                close(store.engine, run, values, settled, fixed=[], now=when, forget_unseen=False, policy=policy)


class Process:
    """The console in a process of its own."""

    def __init__(self, config: Path) -> None:
        command = [sys.executable, "-m", "monitor", "console", "--config", str(config), "--listen", "127.0.0.1:0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.url = self._process.stdout.readline().strip().rstrip("/")

    @property
    def cpu(self) -> float:
        """CPU seconds so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    @property
    def memory(self) -> float:
        """MiB resident at most so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(60)


def person(url: str) -> httpx.Client:
    client = httpx.Client(base_url=url, timeout=120)
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/login").text)[1]
    client.post("/login", data={"form_token": token, "name": "admin", "password": PASSWORD})
    return client


def path_of(name: str, sites: int, entries: int) -> str:
    draw = random.randrange
    return PATHS[name].format(site=draw(sites), entry=draw(1, entries), run=draw(1, 2 * sites))


def alone(process: Process, sites: int, entries: int) -> None:
    client = person(process.url)
    for name in PATHS:
        client.get(path_of(name, sites, entries)).raise_for_status()
    for name in PATHS:
        before, began = process.cpu, time.perf_counter()
        for _ in range(10):
            client.get(path_of(name, sites, entries)).raise_for_status()
        cpu, wall = (process.cpu - before) / 10, (time.perf_counter() - began) / 10
        print(f"{name:28} {cpu * 1000:6.0f} ms CPU {wall * 1000:6.0f} ms", flush=True)
    client.close()


def together(process: Process, people: int, seconds: float, sites: int, entries: int) -> None:
    waited: dict[str, list[float]] = defaultdict(list)
    clients = [person(process.url) for _ in range(people)]
    until = time.monotonic() + seconds

    def click(client: httpx.Client) -> None:
        while time.monotonic() < until:
            name = random.choice(list(PATHS))
            began = time.perf_counter()
            client.get(path_of(name, sites, entries)).raise_for_status()
            waited[name].append(time.perf_counter() - began)
            time.sleep(random.uniform(1, 3))

    threads = [threading.Thread(target=click, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [each for times in waited.values() for each in times]
    cuts = quantiles(every, n=20)
    print(f"{people} people, {len(every)} pages: median {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms")
    for client in clients:
        client.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=None, help="folder that keeps the store")
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.store or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        url, config = f"sqlite:///{folder / 'console.db'}", folder / "config.yaml"
        sites = [{"url": f"http://s{at}.cn/", "id": f"s{at}.cn", "name": f"第 {at} 局"} for at in range(chosen.sites)]
        config.write_text(yaml.safe_dump({"sites": sites, "store": {"url": url}}, allow_unicode=True))
        if not (folder / "console.db").exists():
            fill(url, chosen.sites, chosen.entries)
            with Store(url) as store:
                users = UserAdministration(store, load(config, []))
                right = RightRecord("all", "", "admin")
                users.add_user("admin", PASSWORD, [right], [], Actor("bench", "", Via.CLI))
        process = Process(config)
        try:
            alone(process, chosen.sites, chosen.entries)
            print(f"memory: {process.memory:.0f} MiB")
            together(process, chosen.people, chosen.seconds, chosen.sites, chosen.entries)
            print(f"memory: {process.memory:.0f} MiB, {process.cpu:.1f} s CPU")
        finally:
            process.end()


if __name__ == "__main__":
    main()
