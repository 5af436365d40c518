"""Measure what drawing pages costs: a site of which some pages need it, a page, and the memory of the browser.

    python bench/browser.py [--pages 400] [--share 0.05] [--rounds 3] [--drawn 20] [--checks links,…]

A site of so many pages is served by this process and inspected whole, in turns with and without its browser, with the
checks that run by default or those that are named; of its pages every twentieth is a list that a script fetches. All
articles stand in a sitemap, so that both ways read the same pages. CPU seconds are those of every process that an
inspection starts, Chromium's included, whichever process waited for it. Then pages are drawn one after the other for
the median of one, and two at a time for the memory (proportional set sizes: the driver and the pages of files count).
The limits are those of the project: 2.5 times, 600 ms, 500 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import yaml
from measuring import ROOT, environment

from checks.model import Response
from monitor.browser.renderer import Renderer
from monitor.fetch import Fetched, Fetcher
from monitor.settings.browser import BrowserSettings

RATIO, PAGE_MS, MEMORY_MB = 2.5, 600.0, 500.0

ITEMS = 19
"""Articles of a list: with their list they are twenty pages."""

PARAGRAPH = "各镇人民政府、街道办事处，县政府各部门：现将有关事项通知如下，请结合实际认真贯彻执行。"
MENU = "".join(f'<li><a href="/zwgk/{at}/">栏目{at}</a></li>' for at in range(40))
SCRIPT = "".join(f"function helper{at}(a) {{ return a.map(x => x + 1).slice({at}) }}\n" for at in range(1_000))
SHOW = """fetch('/list/{at}.json').then(r => r.json()).then(rows => { document.getElementById('list-box').innerHTML =
rows.map(x => `<li><a href="${x.url}">${x.title}</a><span>${x.date}</span></li>`).join('') })"""

SUBREAPER = 36
"""``PR_SET_CHILD_SUBREAPER``: what is left behind by a child is ours to wait for, and to account for."""


class Cost(NamedTuple):
    """CPU and wall seconds of an inspection with all of its processes, and the pages that were drawn."""

    cpu: float
    wall: float
    drawn: int


class BenchSite:
    """The site: an article or list by its address. ``home`` is where it is served."""

    home = ""

    def __init__(self, pages: int, share: float) -> None:
        self.lists = max(round(pages * share), 1)
        self.articles = max(pages - self.lists - 1, 1)

    def answer(self, path: str) -> tuple[str, bytes]:
        """Return type and body of an address, an article where nothing else is."""
        kind = "text/html; charset=utf-8"
        if path == "/sitemap.xml":
            urls = "".join(f"<url><loc>{self.home}{address}</loc></url>" for address in self.addresses())
            return "application/xml", f"<urlset>{urls}</urlset>".encode()
        if path.endswith(".json"):
            return "application/json", json.dumps(self.rows(int(path[6:-5])), ensure_ascii=False).encode()
        if path.endswith(".js"):
            return "text/javascript", SCRIPT.encode()
        if path.startswith("/list/"):
            return kind, self.listing(int(path[6:-1])).encode()
        return kind, self.page("文章", f"<h1>关于{path}的通知</h1>{f'<p>{path}{PARAGRAPH}</p>' * 20}").encode()

    def addresses(self) -> Iterator[str]:
        """Yield the addresses of all pages but the homepage."""
        yield from (f"/list/{at}/" for at in range(self.lists))
        yield from (f"/art/{at}.html" for at in range(self.articles))

    def rows(self, at: int) -> list[dict[str, str]]:
        """Return what a list has."""
        numbers = range(at * ITEMS, min((at + 1) * ITEMS, self.articles))
        return [{"url": f"/art/{n}.html", "title": f"关于第{n}次会议的通知", "date": "2026-08-11"} for n in numbers]

    def listing(self, at: int) -> str:
        """Return the document of a list, which a script fills."""
        body = f"<h2>列表{at}</h2><ul id=list-box></ul><script>{SHOW.replace('{at}', str(at))}</script>"
        return self.page(f"列表{at}", body)

    def page(self, title: str, body: str) -> str:
        """Return a document with the menu that all have."""
        head = f"<meta charset=utf-8><title>{title}</title><script src=/common.js></script>"
        return f"<!doctype html><html lang=zh-CN><head>{head}</head><body><ul>{MENU}</ul>{body}</body></html>"


@contextmanager
def served(site: BenchSite) -> Iterator[None]:
    """Serve a site at a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = ("text/plain", b"") if self.path == "/robots.txt" else site.answer(self.path)
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(b"" if self.command == "HEAD" else body)

        do_HEAD = do_GET  # noqa: N815 - the name that the server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.home = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def main() -> None:
    options = arguments()
    if options.reap:
        reap(options.reap)
        return
    site = BenchSite(options.pages, options.share)
    with served(site):
        with_it, without = [], []
        for _ in range(options.rounds):
            without.append(inspected(site, "never", options.checks))
            with_it.append(inspected(site, "auto", options.checks))
            pair = f"without {described(without[-1])}; with {described(with_it[-1])}"
            print(f"{pair}; load {os.getloadavg()[0]:.1f}", flush=True)
        for name in ("cpu", "wall"):
            pairs = zip(with_it, without, strict=True)
            ratio = statistics.median(getattr(one, name) / getattr(other, name) for one, other in pairs)
            print(f"{name}: {ratio:.2f} times (wanted at most {RATIO})")
        asyncio.run(draw_pages(site, options.drawn))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--share", type=float, default=0.05, help="of the pages that need a browser")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--drawn", type=int, default=20, help="pages that are drawn for the cost of one")
    parser.add_argument("--checks", default="", help="default: those that run by default")
    parser.add_argument("--reap", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser.parse_args()


def described(cost: Cost) -> str:
    return f"{cost.cpu:.2f} CPU s, {cost.wall:.1f} s, {cost.drawn} drawn"


def inspected(site: BenchSite, render: str, checks: str) -> Cost:
    """Inspect the site with or without its browser. Ends the measurement where the inspection fails."""
    with tempfile.TemporaryDirectory(prefix="sitehealth-browser-") as folder:
        config, report = Path(folder) / "config.yaml", Path(folder) / "report.json"
        settings = {
            "sites": [{"url": f"{site.home}/", "id": "bench", "render": render}],
            "store": {"url": f"sqlite:///{folder}/store.db"},
            "crawl": {"delay": 0, "allow_private": True, "second_look": False, "concurrency": 8},
            "browser": {"sandbox": os.geteuid() != 0, "pictures": 0},
        }
        config.write_text(yaml.safe_dump(settings), "utf-8")
        command = [sys.executable, "-m", "monitor", "inspect", f"{site.home}/", f"--config={config}"]
        command += [f"--checks={checks}"] if checks else []
        command += ["--format=json", f"--out={report}"]
        reaping = [sys.executable, __file__, "--reap", *command]
        done = subprocess.run(reaping, env=environment(), cwd=ROOT, capture_output=True, text=True, check=False)
        if not report.exists():
            raise SystemExit(done.stderr[-2000:])
        cpu, wall = map(float, done.stdout.splitlines()[-1].split())
        tallies = {check["id"]: check["subjects"] for check in json.loads(report.read_text("utf-8"))["checks"]}
        return Cost(cpu, wall, tallies.get("browser", 0))


def reap(command: list[str]) -> None:
    """Run a command and wait for all that it leaves behind; print CPU and wall seconds of the whole."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    process.wait()
    wall = time.monotonic() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime, wall)


# ---- one page, and the memory of two -------------------------------------------------------------


async def draw_pages(site: BenchSite, count: int) -> None:
    settings = BrowserSettings(sandbox=os.geteuid() != 0)
    async with Fetcher(user_agent="bench", allow_private=True) as fetcher:
        renderer = Renderer(settings, fetcher.fetch, is_ours=lambda url: url.startswith(site.home))
        try:
            began = cpu_ms()
            await draw(renderer, site, 0)
            print(f"start and first page: {cpu_ms() - began:.0f} CPU ms")
            costs = []
            for at in range(count):
                before = cpu_ms()
                await draw(renderer, site, at % site.lists)
                costs.append(cpu_ms() - before)
            print(f"a page: {statistics.median(costs):.0f} CPU ms (median of {count}; wanted at most {PAGE_MS:.0f})")
            peak = asyncio.create_task(peak_memory())
            await asyncio.gather(*(draw(renderer, site, at % site.lists) for at in range(count)))
            peak.cancel()
            with suppress(asyncio.CancelledError):
                await peak
            print(f"memory of browser and driver, two pages at once: {PEAK[0]:.0f} MB at most (wanted {MEMORY_MB:.0f})")
        finally:
            await renderer.close()


async def draw(renderer: Renderer, site: BenchSite, at: int) -> None:
    answer = Response(f"{site.home}/list/{at}/", 200, (("content-type", "text/html; charset=utf-8"),))
    drawn = await renderer.draw(Fetched(answer, site.listing(at).encode()))
    if "/art/" not in drawn.html:
        raise SystemExit("a page was not drawn")


PEAK = [0.0]


async def peak_memory() -> None:
    """Keep the largest sum of what the processes below this one take."""
    while True:
        PEAK[0] = max(PEAK[0], sum(map(proportional_mb, descendants())))
        await asyncio.sleep(0.1)


def descendants() -> list[int]:
    """Return the processes that this one started, and theirs."""
    found, waiting = list[int](), [os.getpid()]
    while waiting:
        for task in read(f"/proc/{waiting.pop()}/task/*/children").split():
            found.append(int(task))
            waiting.append(int(task))
    return found


def cpu_ms() -> float:
    """Return CPU milliseconds of this process and all below it, those that ended included."""
    ticks = 0
    for pid in (os.getpid(), *descendants()):
        fields = read(f"/proc/{pid}/stat").rpartition(") ")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def proportional_mb(pid: int) -> float:
    """Return what a process takes, with its share of what it shares."""
    line = next((each for each in read(f"/proc/{pid}/smaps_rollup").splitlines() if each.startswith("Pss:")), "Pss: 0")
    return int(line.split()[1]) / 1000


def read(pattern: str) -> str:
    """Return the texts of files, "" for those that have gone."""
    texts = []
    for path in Path("/").glob(pattern.lstrip("/")):
        with suppress(OSError):
            texts.append(path.read_text())
    return " ".join(texts)


if __name__ == "__main__":
    main()
