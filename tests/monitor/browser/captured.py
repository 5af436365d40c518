"""A network of its own with a way out, in which every frame is read while a browser draws what is hostile.

Run inside of a new namespace: ``unshare --net python -m tests.monitor.browser.captured FILE BROWSER``. The browser has
no namespace of its own here, so that nothing but our walls keeps it from the way out. What was heard goes to FILE as
JSON.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from checks.model import ErrorKind, Response
from monitor.browser import chromium
from monitor.browser.renderer import NotDrawnError, Renderer
from monitor.fetch import Fetched, Fetcher
from monitor.settings.browser import BrowserSettings
from tests.monitor.browser.hostile import ENDLESS, HOSTILE, LEAVING
from tests.monitor.web import html, web

OUT = "10.77.0.9"
"""A neighbour on the way out."""

ALL = 0x0003
"""Frames of every protocol (ETH_P_ALL)."""

TCP, UDP = 6, 17


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def make_network() -> None:
    """Have a way out on which everything is sent: the neighbour's address is known, so that nothing waits for it."""
    Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1")
    ip("link", "set", "lo", "up")
    ip("link", "add", "out0", "type", "veth", "peer", "name", "far0")
    ip("address", "add", "10.77.0.1/24", "dev", "out0")
    for end in ("out0", "far0"):
        ip("link", "set", end, "up")
    for neighbour in (OUT, "10.77.0.2"):
        ip("neighbour", "add", neighbour, "lladdr", "02:00:00:00:00:09", "dev", "out0")
    ip("route", "add", "default", "via", "10.77.0.2", "dev", "out0")


class Ear(threading.Thread):
    """Reads every frame of the namespace: ``heard`` counts where each went, but for those of the site's port on lo."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.heard = port, Counter[str]()
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL))

    def has_heard(self, where: str) -> bool:
        return any(where in heard for heard in list(self.heard))

    def run(self) -> None:
        while True:
            packet, (interface, *_) = self.socket.recvfrom(65_536)
            to, ports = read(packet)
            if interface != "lo" or self.port not in ports:
                self.heard[f"{interface} {to}"] += 1


def read(packet: bytes) -> tuple[str, tuple[int, ...]]:
    """Return where an IPv4 packet goes, in words, and its ports."""
    if len(packet) < 24 or packet[0] >> 4 != 4:
        return f"something: {packet[:20].hex()}", ()
    size, protocol, to = (packet[0] & 15) * 4, packet[9], socket.inet_ntoa(packet[16:20])
    ports = struct.unpack("!HH", packet[size : size + 4]) if protocol in {TCP, UDP} else ()
    return f"{protocol} {to} {ports[1] if ports else ''}", ports


async def draw_all(site_url: str, settings: BrowserSettings) -> dict[str, list[str]]:
    """Draw every hostile page; return what each asked the fetcher for, which asks the site alone."""
    asked: dict[str, list[str]] = {}
    async with Fetcher(user_agent="t", allow_private=True) as fetcher:

        async def ask(url: str, **options: object) -> Fetched:
            if url.startswith(site_url):
                return await fetcher.fetch(url, **options)
            return Fetched(Response(url, error=ErrorKind.CONNECT), b"")

        renderer = Renderer(settings, ask, is_ours=lambda url: url.startswith(site_url))

        async def draw(name: str, body: str) -> None:
            answer = Response(f"{site_url}/", 200, (("content-type", "text/html; charset=utf-8"),))
            with suppress(NotDrawnError):
                drawn = await renderer.draw(Fetched(answer, html(f"<p>正文在此</p>{body}").encode()))
                asked[name] = [f"{each.outcome} {each.url}" for each in drawn.asked] * ("正文在此" in drawn.html)

        leaving = {name: body.format(out=OUT) for name, body in LEAVING.items()}
        await asyncio.gather(*(draw(name, body) for name, body in (HOSTILE | leaving).items()))
        await draw("a loop", ENDLESS["a loop"])
        await renderer.close()
    return asked


def leave_without_walls(ear: Ear, executable: str) -> None:
    """Have a browser as it comes do what ours must not, until the ear hears it: it hears browsers."""
    page = f"data:text/html,<img src=http://{OUT}:4711/>"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page]
    with subprocess.Popen([executable, *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as bare:
        deadline = time.monotonic() + 60
        while bare.poll() is None and time.monotonic() < deadline and not ear.has_heard(f"{OUT} 4711"):
            time.sleep(0.05)
        bare.kill()


def main(file: Path, executable: str) -> None:
    make_network()
    settings = BrowserSettings(executable=executable, sandbox=False, seconds=15, at_once=2, memory=900)
    chromium.may_have_namespace = lambda: False
    with web({"/frame": "<p>框</p>", "/rows.json": b"{}", "/app.js": b"1"}).running() as site:
        ear = Ear(site.port)
        ear.start()
        asked = asyncio.run(draw_all(site.url, settings))
        heard = dict(ear.heard)
        leave_without_walls(ear, executable)
    file.write_text(json.dumps({"heard": heard, "asked": asked, "without": dict(ear.heard)}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
