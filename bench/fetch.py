"""Compare what a fetch costs in CPU: stock httpx, one httpx client a worker, and ours.

Usage: python bench/fetch.py [--pages 2000] [--concurrency 64] [--rounds 3]

A server in a process of its own answers every request with the same page of 20 KB over loopback; each way of asking
runs in a process of its own too, rounds interleaved. The figure to trust on a shared machine is CPU milliseconds a
request, user and system, of the asking process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import httpx
import uvloop

from monitor.fetch import Fetcher

PAGE = b"<p>" + b"x" * 20_000
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n' % len(PAGE) + PAGE

Get = Callable[[str], Awaitable[bytes]]


class Server(asyncio.Protocol):
    """Answers whatever ends in an empty line."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the way back."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request in a piece."""
        for _ in range(data.count(b"\r\n\r\n")):
            self.transport.write(ANSWER)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def spread(url: str, pages: int, gets: list[Get]) -> None:
    """Fetch so many pages, each of the getters one at a time."""
    left = iter(range(pages))

    async def work(get: Get) -> None:
        for number in left:
            if len(await get(f"{url}/page/{number}.html")) != len(PAGE):
                raise SystemExit("a page came back wrong")

    await asyncio.gather(*(work(get) for get in gets))


async def stock(url: str, pages: int, concurrency: int) -> None:
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    async with httpx.AsyncClient(trust_env=False, timeout=10, limits=limits) as client:
        await spread(url, pages, [lambda url: _content(client, url)] * concurrency)


async def client_a_worker(url: str, pages: int, concurrency: int) -> None:
    clients = [httpx.AsyncClient(trust_env=False, timeout=10, verify=False) for _ in range(concurrency)]
    await spread(url, pages, [lambda url, client=client: _content(client, url) for client in clients])
    for client in clients:
        await client.aclose()


async def _content(client: httpx.AsyncClient, url: str) -> bytes:
    return (await client.get(url)).content


async def ours(url: str, pages: int, concurrency: int) -> None:
    async with Fetcher(user_agent="bench", allow_private=True, concurrency=concurrency) as fetcher:

        async def get(url: str) -> bytes:
            return (await fetcher.fetch(url)).body

        await spread(url, pages, [get] * concurrency)


WAYS = {
    "httpx": stock,
    "httpx, a client a worker": client_a_worker,
    "ours": ours,
}


def measure(way: str, url: str, pages: int, concurrency: int) -> dict[str, float]:
    """Warm up, then fetch; milliseconds a request."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:

        async def both() -> dict[str, float]:
            await WAYS[way](url, concurrency, concurrency)
            cpu, wall = time.process_time(), time.perf_counter()
            await WAYS[way](url, pages, concurrency)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            return {"cpu": cpu / pages * 1000, "wall": wall / pages * 1000}

        return runner.run(both())


def compare(options: argparse.Namespace) -> None:
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        size = ["--pages", str(options.pages), "--concurrency", str(options.concurrency)]
        rows: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for way in list(WAYS) * options.rounds:
            command = [sys.executable, __file__, "--way", way, "--url", url, *size]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            rows[way].append(json.loads(done.stdout))
    finally:
        server.kill()
        server.wait()
    print(f"{'':26}{'CPU ms':>8}{'wall ms':>9}   a request of {len(PAGE):,} bytes, {options.concurrency} at a time")
    for way, runs in rows.items():
        cpu, wall = (statistics.median(run[kind] for run in runs) for kind in ("cpu", "wall"))
        print(f"{way:26}{cpu:8.3f}{wall:9.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
    elif options.way:
        print(json.dumps(measure(options.way, options.url, options.pages, options.concurrency)))
    else:
        compare(options)


if __name__ == "__main__":
    main()
