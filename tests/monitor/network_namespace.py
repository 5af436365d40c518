"""A network of its own, with an office's site, sites of others and a name server, and what can be wrong with all of it.

Run inside of new namespaces: ``unshare --net --mount python -m tests.monitor.network_namespace FOLDER``.
It inspects the site while the network is good, again with each fault, and after each once more while it is good; what
every run said is written to said.json. Nothing outside of the namespaces is touched.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import struct
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import trustme

from monitor.fetch import Fetcher
from monitor.inspection.run import Inspection
from monitor.service.availability import Prober
from monitor.settings.checks import build
from monitor.settings.service import AvailabilitySettings
from monitor.settings.site import CrawlSettings, Settings, SiteSettings
from monitor.store import Store
from monitor.store.findings import FindingStore
from monitor.store.statistics import Statistics

OFFICE = "10.9.0.1"
OTHERS = {f"{letter}.partner.example": f"10.9.1.{number}" for number, letter in enumerate("abcdef", 1)}
PORTAL = "portal.example"
NAMES = {**OTHERS, PORTAL: "10.9.1.9", "office.example": OFFICE}
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


class NameServer(asyncio.DatagramProtocol):
    """Answers for NAMES; ``code`` is what it says of everything instead, ``silent`` makes it say nothing."""

    code: int | None = None
    silent = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: object) -> None:
        if not self.silent:
            self.transport.sendto(self.answer(data), address)

    def answer(self, query: bytes) -> bytes:
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += 1 + query[at]
        question = query[12 : at + 5]
        kind = struct.unpack("!H", query[at + 1 : at + 3])[0]
        known = NAMES.get(".".join(labels).lower())
        code = self.code if self.code is not None else (0 if known else NXDOMAIN)
        records = known is not None and code == 0 and kind == 1
        head = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, int(records), 0, 0)
        record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 1, 4) + bytes(map(int, known.split("."))) if records else b""
        return head + question + record


class World:
    """The servers, and the faults as contexts of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = NameServer()
        self.others: Callable[[str], bytes] = self.page
        self.ca = trustme.CA()
        self.ca.cert_pem.write_to_path(str(folder / "root.pem"))
        os.environ["SSL_CERT_FILE"] = str(folder / "root.pem")
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.present(self.ca)

    def present(self, ca: trustme.CA, **options: object) -> None:
        """Show certificates of an authority from now on."""
        ca.issue_cert(*OTHERS, **options).configure_cert(self.tls)

    def prepare(self) -> None:
        """Lay out addresses, resolver and hosts file."""
        ip("link", "set", "lo", "up")
        ip("link", "add", "out0", "type", "veth", "peer", "name", "nobody0")
        for link in ("out0", "nobody0"):
            ip("link", "set", link, "up")
        ip("address", "add", f"{OFFICE}/32", "dev", "lo")
        ip("address", "add", "10.9.2.1/24", "dev", "out0")
        ip("neighbour", "add", "10.9.2.9", "lladdr", "02:00:00:00:00:09", "dev", "out0")
        self.connect()
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", "ascii")
        (self.folder / "hosts").write_text("127.0.0.1 localhost\n", "ascii")
        for name in ("resolv.conf", "hosts"):
            subprocess.run(["mount", "--bind", self.folder / name, f"/etc/{name}"], check=True)

    def connect(self) -> None:
        for address in (*OTHERS.values(), NAMES[PORTAL]):
            ip("address", "replace", f"{address}/32", "dev", "lo")

    def disconnect(self) -> None:
        for address in (*OTHERS.values(), NAMES[PORTAL]):
            ip("address", "del", f"{address}/32", "dev", "lo")

    async def serve(self) -> None:
        """Start everything; servers listen on all addresses, so that addresses may come and go."""
        loop = asyncio.get_running_loop()
        await self.resolve()
        await asyncio.start_server(self.answer, "0.0.0.0", 80)
        await asyncio.start_server(self.answer, "0.0.0.0", 443, ssl=self.tls)
        loop.set_exception_handler(lambda *_: None)

    async def resolve(self) -> None:
        loop = asyncio.get_running_loop()
        self.endpoint, _ = await loop.create_datagram_endpoint(lambda: self.names, local_addr=("127.0.0.1", 53))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
            path = head.split(" ")[1]
            writer.write(self.office(path) if host in {OFFICE, "office.example"} else self.others(path))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def office(self, path: str) -> bytes:
        hrefs = [f"http://{host}/" for host in OTHERS] + [f"https://{host}/x" for host in OTHERS]
        hrefs += ["http://a.partner.example/gone", "http://nowhere.example/", "/missing", "http://odd name.example/"]
        body = "".join(f'<p><a href="{href}">到 {href}</a></p>' for href in hrefs)
        return self.page(path, body) if path == "/" else reply("404 Not Found", b"<title>404</title>")

    def page(self, path: str, body: str = "<p>ok</p>") -> bytes:
        if path == "/gone":
            return reply("404 Not Found", b"<title>404</title>")
        text = f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>清河县</title><body>{body}"
        return reply("200 OK", text.encode())


def reply(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *headers]).encode() + b"\r\n\r\n" + body


Change = Callable[[World], object]


def names(**state: object) -> Change:
    """Make the name server behave so."""
    return lambda world: vars(world.names).update(state)


def others(answer: Callable[[str], bytes] | None = None) -> Change:
    """Make everybody else answer so, or as they do, for None."""
    return lambda world: setattr(world, "others", answer or world.page)


def instead(*route: str) -> Change:
    """Take the addresses of everybody else away, and have a route for them."""

    def change(world: World) -> None:
        world.disconnect()
        ip("route", "add", *route)

    return change


def back(*route: str) -> Change:
    """Take the route away, and give the addresses back."""

    def change(world: World) -> None:
        ip("route", "del", *route)
        world.connect()

    return change


def portal(path: str) -> bytes:
    if path == "/login":
        return reply("200 OK", b"<title>login</title>")
    return reply("302 Found", b"", f"Location: http://{PORTAL}/login")


EARLIER = datetime(2020, 1, 1, tzinfo=UTC)
SILENT = ("10.9.1.0/24", "via", "10.9.2.9", "dev", "out0", "onlink")
UNREACHABLE = ("unreachable", "10.9.1.0/24")

FAULTS: dict[str, tuple[Change, Change]] = {
    "resolver down": (lambda world: world.endpoint.close(), lambda world: world.resolve()),
    "resolver silent": (names(silent=True), names(silent=False)),
    "SERVFAIL": (names(code=SERVFAIL), names(code=None)),
    "REFUSED": (names(code=REFUSED), names(code=None)),
    "NXDOMAIN of everything": (names(code=NXDOMAIN), names(code=None)),
    "no route": (World.disconnect, World.connect),
    "the outside is silent": (instead(*SILENT), back(*SILENT)),
    "the outside is unreachable": (instead(*UNREACHABLE), back(*UNREACHABLE)),
    "a proxy refuses": (others(lambda _: reply("407 Proxy Authentication Required", b"no")), others()),
    "a proxy fails": (others(lambda _: reply("502 Bad Gateway", b"no")), others()),
    "a portal": (others(portal), others()),
    "certificates of a proxy": (lambda world: world.present(trustme.CA()), lambda world: world.present(world.ca)),
    "certificates of another time": (
        lambda world: world.present(world.ca, not_after=EARLIER),
        lambda world: world.present(world.ca),
    ),
}
"""What breaks the network, and what mends it again."""


async def main(folder: Path) -> None:
    world = World(folder)
    world.prepare()
    await world.serve()
    store = Store(f"sqlite:///{folder}/store.db")
    said = {"good": await inspect(store, "http://10.9.0.1/")}
    for name, (break_it, mend) in FAULTS.items():
        await settled(break_it(world))
        said[name] = await inspect(store, "http://10.9.0.1/") | {"probes": await probe(store, folder)}
        await settled(mend(world))
        said[f"after: {name}"] = await inspect(store, "http://10.9.0.1/")
    said["known by its name"] = await inspect(store, "http://office.example/", "named")
    world.endpoint.close()
    said["its name is gone"] = await inspect(store, "http://office.example/", "named")
    await world.resolve()
    said["its name is back"] = await inspect(store, "http://office.example/", "named")
    (folder / "said.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")


async def settled(change: object) -> None:
    if isinstance(change, Awaitable):
        await change


SETTINGS = CrawlSettings(
    delay=0, timeout=1, second_look_delay=0, allow_private=True, canaries=("https://f.partner.example/",), robots=False,
    sitemap=False, conditional=False, external_concurrency=4,
)  # fmt: skip


async def inspect(store: Store, url: str, name: str = "office") -> dict:
    """Inspect once, and return what came of it."""
    site = SiteSettings(url=url, id=name)
    run = await Inspection(store, SETTINGS, site, "homepage", build({}, ["links", "hijacked-links"])).run()
    stored = [each for chunk in FindingStore(store.engine, run.id).load() for each in chunk]
    found = {each.finding.target.url: f"{each.finding.variant} {each.finding.confidence}" for each in stored}
    baselines = {each.finding.target.url: each.baseline for each in stored}
    return {
        "status": run.status,
        "reason": list(run.reason),
        "found": found,
        "looks": {each.finding.target.url: len(each.finding.target.looks) for each in stored},
        "baselines": baselines,
        "fault": run.facts.network_fault,
        "notices": [list(notice) for notice in run.facts.notices],
    }


async def probe(store: Store, folder: Path) -> dict[str, int]:
    """Probe the homepages of two offices outside once, and return what was counted and what was not."""
    left: list[None] = []
    sites = tuple(SiteSettings(url=f"https://{host}/", id=host) for host in list(OTHERS)[:2])
    statistics = Statistics(store.engine)
    before = counted(statistics)
    prober = Prober(statistics, Fetcher, lambda: 1_800_000_000.0, unjudged=lambda: left.append(None), second_look=0)
    await prober.probe(Settings(crawl=SETTINGS, sites=sites, availability=AvailabilitySettings(timeout=1)))
    return {"counted": counted(statistics) - before, "left": len(left)}


def counted(statistics: Statistics) -> int:
    return sum(probes for probes, _ in statistics.availability("2000-01-01").values())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
