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
from ipaddress import ip_address
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
SIX, SIX_ADDRESS = "six.example", "fd09::6"
"""A host that only IPv6 leads to."""
OLD = "old.example"
"""A host that answers without headers, as HTTP/0.9 has it."""
NAMES[OLD] = "10.9.1.8"
FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = 1, 2, 3, 4, 5
TRUNCATED = 0x0200
"""The bit that says that the answer is longer, and to be had over TCP."""
LATE_SECONDS = 1.5
"""How late a slow name server answers; the resolver waits for one second."""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


A, AAAA = 1, 28


class NameServer(asyncio.DatagramProtocol):
    """Answers for NAMES; ``code`` is what it says of everything instead, ``silent`` makes it say nothing.

    ``everybody`` is the address that every name has instead, ``unknown`` that of the names that do not exist.
    ``empty`` answers know every name and have no address. ``flags`` are set in every answer, ``late`` is how many
    seconds it takes, and ``forged`` answers have another id.
    """

    code: int | None = None
    silent = False
    everybody: str | None = None
    unknown: str | None = None
    empty = False
    flags = 0
    late = 0.0
    forged = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: object) -> None:
        if not self.silent:
            asyncio.get_running_loop().call_later(self.late, self.transport.sendto, self.answer(data), address)

    def answer(self, query: bytes) -> bytes:
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += 1 + query[at]
        question = query[12 : at + 5]
        kind = struct.unpack("!H", query[at + 1 : at + 3])[0]
        name = ".".join(labels).lower()
        known = self.everybody or NAMES.get(name) or self.unknown
        exists = known is not None or name == SIX
        code = self.code if self.code is not None else (0 if exists else NXDOMAIN)
        address = SIX_ADDRESS if name == SIX and not self.everybody and kind == AAAA else known if kind == A else None
        data = ip_address(address).packed if address and code == 0 and not (self.flags or self.empty) else b""
        number = bytes(255 - each for each in query[:2]) if self.forged else query[:2]
        head = number + struct.pack("!HHHHH", 0x8180 | code | self.flags, 1, int(bool(data)), 0, 0)
        record = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 1, len(data)) + data if data else b""
        return head + question + record


class World:
    """The servers, and the faults as contexts of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = NameServer()
        self.others: Callable[[str], bytes] = self.page
        self.left: int | None = None
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
        ip("-6", "address", "add", "fd08::1/64", "dev", "out0", "nodad")
        for gateway in ("10.9.2.9", "fd08::9"):
            ip("neighbour", "add", gateway, "lladdr", "02:00:00:00:00:09", "dev", "out0")
        self.connect()
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", "ascii")
        (self.folder / "hosts").write_text("127.0.0.1 localhost\n", "ascii")
        for name in ("resolv.conf", "hosts"):
            subprocess.run(["mount", "--bind", self.folder / name, f"/etc/{name}"], check=True)

    def connect(self) -> None:
        for address in (*OTHERS.values(), NAMES[PORTAL], NAMES[OLD]):
            ip("address", "replace", f"{address}/32", "dev", "lo")
        self.connect_ipv6()

    def disconnect(self) -> None:
        for address in (*OTHERS.values(), NAMES[PORTAL], NAMES[OLD]):
            ip("address", "del", f"{address}/32", "dev", "lo")
        ip("-6", "address", "del", f"{SIX_ADDRESS}/128", "dev", "lo")

    def connect_ipv6(self) -> None:
        ip("-6", "address", "replace", f"{SIX_ADDRESS}/128", "dev", "lo")

    def lose_ipv6(self) -> None:
        """Have a way out over IPv6 on which everything is lost."""
        ip("-6", "address", "del", f"{SIX_ADDRESS}/128", "dev", "lo")
        ip("-6", "route", "add", f"{SIX_ADDRESS}/128", "via", "fd08::9", "dev", "out0", "onlink")

    def find_ipv6(self) -> None:
        ip("-6", "route", "del", f"{SIX_ADDRESS}/128")
        self.connect_ipv6()

    async def serve(self) -> None:
        """Start everything; servers listen on all addresses, so that addresses may come and go."""
        loop = asyncio.get_running_loop()
        await self.resolve()
        await asyncio.start_server(self.answer, ("0.0.0.0", "::"), 80)
        await self.serve_securely()
        loop.set_exception_handler(lambda *_: None)

    async def serve_securely(self) -> None:
        self.secure = await asyncio.start_server(self.answer, "0.0.0.0", 443, ssl=self.tls)

    async def swallow_handshakes(self) -> None:
        """Take connections on which nothing large arrives, as a certificate: packets are lost for their size."""
        self.secure.close()
        self.secure = await asyncio.start_server(lambda *_: asyncio.Event().wait(), "0.0.0.0", 443)

    async def answer_handshakes(self) -> None:
        self.secure.close()
        await self.serve_securely()

    async def resolve(self) -> None:
        loop = asyncio.get_running_loop()
        self.endpoint, _ = await loop.create_datagram_endpoint(lambda: self.names, local_addr=("127.0.0.1", 53))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
            path = head.split(" ")[1]
            if host == OLD and self.others == self.page:
                writer.write(b"<html><title>old</title><p>no headers here</p></html>")
            else:
                writer.write(self.office(path) if host in {OFFICE, "office.example"} else self.outside(path))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def outside(self, path: str) -> bytes:
        """Answer for somebody else; the network goes down with the last of those that are ``left``."""
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.disconnect()
        return self.others(path)

    def office(self, path: str) -> bytes:
        hrefs = [f"http://{host}/" for host in OTHERS] + [f"https://{host}/x" for host in OTHERS]
        hrefs += [
            f"http://{SIX}/",
            f"http://{OLD}/",
            "http://a.partner.example/gone",
            "http://nowhere.example/",
            "/missing",
            "http://odd name.example/",
        ]
        if path == "/plain":
            hrefs = [href for href in hrefs if href.startswith("http:") and "odd" not in href]
        body = "".join(f'<p><a href="{href}">到 {href}</a></p>' for href in hrefs)
        return self.page(path, body) if path in {"/", "/plain"} else reply("404 Not Found", b"<title>404</title>")

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


def all_of(*changes: Change) -> Change:
    """Make several changes that take no time."""

    def change(world: World) -> None:
        for each in changes:
            each(world)

    return change


def strange_certificates(world: World) -> None:
    """Show certificates of an authority that nobody trusts."""
    world.present(trustme.CA())


def known_certificates(world: World) -> None:
    world.present(world.ca)


def welcome(_: str) -> bytes:
    """Answer whatever is asked with a page to log in on."""
    return reply("200 OK", b"<title>login</title><form action=/login><input name=user></form>")


def portal(path: str) -> bytes:
    if path == "/login":
        return reply("200 OK", b"<title>login</title>")
    return reply("302 Found", b"", f"Location: http://{PORTAL}/login")


def dies_after(answers: int) -> tuple[Change, Change]:
    """Have the network go down in the middle of a run, after so many answers of others."""

    def mend(world: World) -> None:
        world.left = None
        world.connect()

    return lambda world: setattr(world, "left", answers), mend


EARLIER = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2090, 1, 1, tzinfo=UTC)
SILENT = ("10.9.1.0/24", "via", "10.9.2.9", "dev", "out0", "onlink")
UNREACHABLE = ("unreachable", "10.9.1.0/24")

FAULTS: dict[str, tuple[Change, Change]] = {
    "resolver down": (lambda world: world.endpoint.close(), lambda world: world.resolve()),
    "resolver silent": (names(silent=True), names(silent=False)),
    "SERVFAIL": (names(code=SERVFAIL), names(code=None)),
    "REFUSED": (names(code=REFUSED), names(code=None)),
    "NOTIMP": (names(code=NOTIMP), names(code=None)),
    "FORMERR": (names(code=FORMERR), names(code=None)),
    "answers are cut, and TCP is closed": (names(flags=TRUNCATED), names(flags=0)),
    "answers have another id": (names(forged=True), names(forged=False)),
    "a slow resolver": (names(late=LATE_SECONDS), names(late=0.0)),
    "every name leads to a portal": (
        all_of(names(everybody=NAMES[PORTAL]), others(welcome), strange_certificates),
        all_of(names(everybody=None), others(), known_certificates),
    ),
    "a portal answers 200 to everything": (
        all_of(others(welcome), strange_certificates),
        all_of(others(), known_certificates),
    ),
    "a portal answers 511": (
        all_of(others(lambda _: reply("511 Network Authentication Required", b"login")), strange_certificates),
        all_of(others(), known_certificates),
    ),
    "a portal answers 404 to everything": (others(lambda _: reply("404 Not Found", b"none")), others()),
    "a proxy wants a login": (others(lambda _: reply("401 Unauthorized", b"no", "WWW-Authenticate: Basic")), others()),
    "large packets are lost": (World.swallow_handshakes, World.answer_handshakes),
    "NXDOMAIN of everything": (names(code=NXDOMAIN), names(code=None)),
    "names without addresses": (names(empty=True), names(empty=False)),
    "connections end without an answer": (others(lambda _: b""), others()),
    "a portal sends round in circles": (others(lambda path: reply("302 Found", b"", f"Location: {path}")), others()),
    "the network goes down within a run": dies_after(4),
    "no route": (World.disconnect, World.connect),
    "the outside is silent": (instead(*SILENT), back(*SILENT)),
    "the outside is unreachable": (instead(*UNREACHABLE), back(*UNREACHABLE)),
    "a proxy refuses": (others(lambda _: reply("407 Proxy Authentication Required", b"no")), others()),
    "a proxy fails": (others(lambda _: reply("502 Bad Gateway", b"no")), others()),
    "a portal": (others(portal), others()),
    "certificates of a proxy": (strange_certificates, known_certificates),
    "a clock that is years fast": (lambda world: world.present(world.ca, not_after=EARLIER), known_certificates),
    "a clock that is years slow": (lambda world: world.present(world.ca, not_before=LATER), known_certificates),
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
    said |= await partial(store, world)
    said["known by its name"] = await inspect(store, "http://office.example/", "named")
    world.endpoint.close()
    said["its name is gone"] = await inspect(store, "http://office.example/", "named")
    await world.resolve()
    said["its name is back"] = await inspect(store, "http://office.example/", "named")
    (folder / "said.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")


async def partial(store: Store, world: World) -> dict[str, dict]:
    """Inspect while our network fails for some only, and for a site that has no https link to give it away."""
    said = {}
    names(unknown=NAMES[PORTAL])(world)
    said["names that do not exist have an address"] = await inspect(store, "http://10.9.0.1/")
    names(unknown=None)(world)
    said["none has any more"] = await inspect(store, "http://10.9.0.1/")
    world.lose_ipv6()
    said["all is lost over IPv6"] = await inspect(store, "http://10.9.0.1/")
    world.find_ipv6()
    said["IPv6 is back"] = await inspect(store, "http://10.9.0.1/")
    said["without https"] = await inspect(store, "http://10.9.0.1/plain", "plain")
    all_of(names(unknown=NAMES[PORTAL]), others(welcome), strange_certificates)(world)
    said["a portal, without https"] = await inspect(store, "http://10.9.0.1/plain", "plain")
    all_of(names(unknown=None), others(), known_certificates)(world)
    said["after the portal, without https"] = await inspect(store, "http://10.9.0.1/plain", "plain")
    said["no canary"] = await inspect(store, "http://10.9.0.1/", "deaf", SETTINGS.model_copy(update={"canaries": DEAD}))
    return said


async def settled(change: object) -> None:
    if isinstance(change, Awaitable):
        await change


DEAD = ("https://nowhere.example/",)
"""Canaries that do not open in a network that is as it should be."""

SETTINGS = CrawlSettings(
    delay=0, timeout=1, second_look_delay=0, allow_private=True, canaries=("https://f.partner.example/",), robots=False,
    sitemap=False, conditional=False, external_concurrency=4,
)  # fmt: skip


async def inspect(store: Store, url: str, name: str = "office", settings: CrawlSettings = SETTINGS) -> dict:
    """Inspect once, and return what came of it."""
    site = SiteSettings(url=url, id=name)
    run = await Inspection(store, settings, site, "homepage", build({}, ["links", "hijacked-links"])).run()
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
