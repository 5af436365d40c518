"""Measure the console at 500 sites and 200,000 entries: pages, what 20 people wait, memory, inspections beside.

``make bench BENCH=console``; ``--store FOLDER`` keeps the store for the next time. The console is the real command in a
process of its own, which clocks each request from its arrival to the last byte of its answer: server time. What people
wait is clocked at their end, on the same cores. People click, read for a second or two, and click again.

``--inspections N`` has a daemon with the console inspect a site on loopback 2 N + 1 times, in turn with nobody there
and with those people clicking; the first, which fills memories, does not count. Of each the wall and CPU seconds are
printed: those of the daemon's main thread and its workers, for the console has threads of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import httpx
import yaml
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.clocked_console import MEASURED
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
from tests.monitor.daemons import Daemon, free_port

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
                close(store.engine, run, values, settled, fixed={}, now=when, forget_unseen=False, policy=policy)


class Process:
    """The console in a process of its own."""

    def __init__(self, config: Path) -> None:
        command = [sys.executable, "-m", "bench.clocked_console", str(config)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.url = self._process.stdout.readline().strip().rstrip("/")
        self.seconds: list[float] = []

    @property
    def cpu(self) -> float:
        """CPU seconds so far."""
        return cpu_of(Path(f"/proc/{self._process.pid}/stat"))

    def memory(self, what: str) -> float:
        """MiB resident now (VmRSS), or at most so far (VmHWM)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", status)[1]) / 1024

    def end(self) -> None:
        """End it; afterwards ``seconds`` are what measured requests took in it."""
        self._process.terminate()
        said, _ = self._process.communicate(timeout=60)
        self.seconds = json.loads(said) if said.startswith("[") else []


def cpu_of(stat: Path) -> float:
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def person(url: str) -> httpx.Client:
    client = httpx.Client(base_url=url, timeout=120)
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/login").text)[1]
    client.post("/login", data={"form_token": token, "name": "admin", "password": PASSWORD})
    client.headers[MEASURED] = "1"
    return client


class Bureau(NamedTuple):
    """How much there is to look at."""

    sites: int
    entries: int

    def path_of(self, name: str) -> str:
        """Return the address of a page of any site, entry or run."""
        draw = random.randrange
        return PATHS[name].format(site=draw(self.sites), entry=draw(1, self.entries), run=draw(1, 2 * self.sites))


def alone(process: Process, bureau: Bureau) -> None:
    client = person(process.url)
    del client.headers[MEASURED]
    for name in PATHS:
        client.get(bureau.path_of(name)).raise_for_status()
    for name in PATHS:
        before, began = process.cpu, time.perf_counter()
        for _ in range(10):
            client.get(bureau.path_of(name)).raise_for_status()
        cpu, wall = (process.cpu - before) / 10, (time.perf_counter() - began) / 10
        print(f"{name:28} {cpu * 1000:6.0f} ms CPU {wall * 1000:6.0f} ms", flush=True)
    client.close()


@contextmanager
def people_at(url: str, people: int, bureau: Bureau) -> Iterator[dict[str, list[float]]]:
    """Have people click until the end; yield what they waited so far, in seconds by page."""
    waited: dict[str, list[float]] = defaultdict(list)
    clients, over = [person(url) for _ in range(people)], threading.Event()

    def click(client: httpx.Client) -> None:
        while not over.wait(random.uniform(1, 3)):
            name = random.choice(list(PATHS))
            began = time.perf_counter()
            client.get(bureau.path_of(name)).raise_for_status()
            waited[name].append(time.perf_counter() - began)

    threads = [threading.Thread(target=click, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield waited
    finally:
        over.set()
        for thread in threads:
            thread.join()
        for client in clients:
            client.close()


def spread(seconds: Sequence[float]) -> str:
    cuts = quantiles(seconds, n=20)
    return f"median {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms"


def together(config: Path, people: int, seconds: float, bureau: Bureau) -> None:
    process = Process(config)
    try:
        alone(process, bureau)
        with people_at(process.url, people, bureau) as waited:
            time.sleep(seconds)
        print(f"memory: {process.memory('VmRSS'):.0f} MiB, {process.memory('VmHWM'):.0f} at most", flush=True)
    finally:
        process.end()
    every = [each for times in waited.values() for each in times]
    print(f"{people} people, {len(every)} pages, load {os.getloadavg()[0]:.1f}: they waited {spread(every)}")
    print(f"server time: {spread(process.seconds)}", flush=True)


# ---- what inspections feel of it ------------------------------------------------------------------------

PAGES = 100
"""Pages of the site that is inspected, at the pace that sites are inspected at by default."""

WORDS = "工作 通知 服务 群众 办事 指南 公开 信息 政策 解读 社会 发展 环境 治理 安全 生产 教育 医疗 就业 保障".split()


class Inspected(NamedTuple):
    """What an inspection took: wall and CPU seconds."""

    wall: float
    cpu: float


def write_site(folder: Path, edition: int) -> None:
    """Write a site whose texts nobody has judged before."""
    draw = random.Random(edition)
    for page in range(PAGES):
        text = "".join(f"<p>{''.join(draw.choices(WORDS, k=20))}。</p>" for _ in range(20))
        links = "".join(f"<a href='/{each}.html'>第{each}页</a>" for each in range(page + 1, min(page + 11, PAGES)))
        body = f"<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>第{page}页</title>{text}{links}"
        (folder / ("index.html" if page == 0 else f"{page}.html")).write_text(body, "utf-8")


def cpu_of_inspections(process: int) -> float:
    """Return the CPU seconds of the main thread, which inspects, and of the workers, those that ended included."""
    main = Path(f"/proc/{process}/task/{process}")
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    workers = (main / "children").read_text().split()
    ended = (int(fields[13]) + int(fields[14])) / TICK
    return cpu_of(main / "stat") + ended + sum(cpu_of(Path(f"/proc/{each}/stat")) for each in workers)


def inspect(daemon: Daemon, client: httpx.Client) -> Inspected:
    before, known = cpu_of_inspections(daemon.process.pid), len(runs_of(daemon))
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/").text)[1]

    def begun() -> bool:
        # Refused while the inspection before is still being ended, after its run is.
        client.post("/sites/loopback/inspect", data={"form_token": token, "scope": "site"})
        return len(runs_of(daemon)) > known

    def ended() -> bool:
        return runs_of(daemon)[0].finished is not None

    daemon.until(begun, "begun", 1_800)
    daemon.until(ended, "inspected", 1_800)
    run = runs_of(daemon)[0]
    if run.status != "complete" or run.pages < PAGES:
        raise SystemExit(f"the inspection is {run.status} after {run.pages} pages")
    return Inspected(run.finished - run.started, cpu_of_inspections(daemon.process.pid) - before)


def runs_of(daemon: Daemon) -> list:
    with Store(daemon.store) as store:
        return store.runs.latest(1_000, "loopback")


def slowed(folder: Path, settings: dict, people: int, rounds: int, bureau: Bureau) -> None:
    """Inspect in turn without and with people at the console, and print what each inspection took."""
    port, console = free_port(), f"127.0.0.1:{free_port()}"
    idle = {"weekly": {"run": False}, "quarterly": {"run": False}}
    own = {"id": "loopback", "url": f"http://127.0.0.1:{port}/", "name": "本机"}
    with tempfile.TemporaryDirectory() as pages:
        server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", pages]
        site = subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        chosen = {
            "sites": [own, *settings["sites"]],
            "store": settings["store"],
            "schedule": idle,
            "console": {"listen": console},
            "crawl": {"allow_private": True, "second_look": False},
            "checks": {},
        }
        daemon = Daemon(folder, chosen)
        daemon.write()
        took: dict[bool, list[Inspected]] = {False: [], True: []}
        try:
            daemon.start()
            url = f"http://{console}"
            daemon.until(lambda: answers(url), "answering")
            with closing(person(url)) as client:
                for turn in range(2 * rounds + 1):
                    write_site(Path(pages), turn)
                    is_watched = turn > 0 and turn % 2 == 0
                    with people_at(url, people if is_watched else 0, bureau):
                        inspected = inspect(daemon, client)
                    said = f"{people if is_watched else 0:3} people: {inspected.wall:.1f} s, {inspected.cpu:.1f} CPU s"
                    print(
                        f"{said}, {PAGES / inspected.cpu:.0f} pages a CPU s, load {os.getloadavg()[0]:.1f}", flush=True
                    )
                    if turn > 0:
                        took[is_watched].append(inspected)
        finally:
            daemon.stop()
            site.terminate()
            site.wait()
    for what in Inspected._fields:
        without, beside = (median(getattr(each, what) for each in took[watched]) for watched in (False, True))
        print(f"{what}: {100 * (beside / without - 1):+.1f} % with {people} people")


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/login", timeout=60).status_code == 200
    except httpx.HTTPError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=None, help="folder that keeps the store")
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60, help="how long they click; 0 leaves that out")
    parser.add_argument("--inspections", type=int, default=0, help="how often to inspect with and without people")
    chosen = parser.parse_args()
    bureau = Bureau(chosen.sites, chosen.entries)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.store or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        url, config = f"sqlite:///{folder / 'console.db'}", folder / "config.yaml"
        sites = [{"url": f"http://s{at}.cn/", "id": f"s{at}.cn", "name": f"第 {at} 局"} for at in range(chosen.sites)]
        settings = {"sites": sites, "store": {"url": url}}
        config.write_text(yaml.safe_dump(settings, allow_unicode=True))
        if not (folder / "console.db").exists():
            fill(url, chosen.sites, chosen.entries)
            with Store(url) as store:
                users = UserAdministration(store, load(config, []))
                right = RightRecord("all", "", "admin")
                users.add_user("admin", PASSWORD, [right], [], Actor("bench", "", Via.CLI))
        if chosen.seconds:
            together(config, chosen.people, chosen.seconds, bureau)
        if chosen.inspections:
            slowed(folder, settings, chosen.people, chosen.inspections, bureau)


if __name__ == "__main__":
    main()
