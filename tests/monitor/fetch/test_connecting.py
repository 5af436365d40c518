"""Of several addresses the first that answers is taken, and names are remembered as long as they should be."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from monitor.fetch import Fetcher, network_backend, resolver, transport
from monitor.fetch.addresses import AddressGuard
from monitor.fetch.network_backend import first_to_answer
from monitor.fetch.resolver import Resolver, UnresolvedError
from tests import instant
from tests.server.site import listening


class Attempts:
    """Addresses that answer after so many seconds, or refuse; notes what was tried and what was closed."""

    def __init__(self, **seconds: float | Exception) -> None:
        self.seconds = seconds
        self.tried: list[str] = []
        self.closed: list[str] = []

    async def __call__(self, address: str) -> network_backend.Stream:
        self.tried.append(address)
        wait = self.seconds[address]
        if isinstance(wait, Exception):
            raise wait
        await asyncio.sleep(wait)
        return Opened(address, self.closed)


class Opened(network_backend.Stream):
    def __init__(self, address: str, closed: list[str]) -> None:
        self.address = address
        self._closed = closed

    async def aclose(self) -> None:
        self._closed.append(self.address)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(network_backend, "HEAD_START", 0.05)


@pytest.mark.parametrize(
    ("seconds", "winner", "tried"),
    [
        ({"a": 0, "b": 0}, "a", ["a"]),
        ({"a": 0.03, "b": 0}, "a", ["a"]),
        ({"a": 9, "b": 0}, "b", ["a", "b"]),
        ({"a": 9, "b": 9, "c": 0}, "c", ["a", "b", "c"]),
        ({"a": OSError("refused"), "b": 0}, "b", ["a", "b"]),
        ({"a": 0.08, "b": 9}, "a", ["a", "b"]),
    ],
)
def test_each_address_has_a_head_start_on_the_next(seconds, winner, tried):
    attempts = Attempts(**seconds)
    assert instant.run(first_to_answer(attempts, list(seconds))).address == winner
    assert attempts.tried == tried


async def test_where_none_answers_the_first_refusal_counts():
    attempts = Attempts(a=OSError("first"), b=OSError("second"))
    with pytest.raises(OSError, match="first"):
        await first_to_answer(attempts, ["a", "b"])


async def test_an_address_that_we_have_no_way_to_says_nothing_where_another_was_tried():
    attempts = Attempts(a=OSError(errno.ENETUNREACH, "no way"), b=ConnectionRefusedError(errno.ECONNREFUSED, "refused"))
    with pytest.raises(ConnectionRefusedError):
        await first_to_answer(attempts, ["a", "b"])


async def test_a_connection_that_comes_second_is_closed():
    both = asyncio.Barrier(2)

    class Together(Attempts):
        async def __call__(self, address: str) -> network_backend.Stream:
            await both.wait()
            return Opened(address, self.closed)

    attempts = Together()
    won = await first_to_answer(attempts, ["a", "b"])
    assert sorted([won.address, *attempts.closed]) == ["a", "b"]


def test_nothing_is_left_running_when_the_wait_is_given_up():
    attempts = Attempts(a=9, b=9)

    async def given_up() -> int:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await first_to_answer(attempts, ["a", "b"])
        return len(asyncio.all_tasks())

    assert instant.run(given_up()) == 1
    assert attempts.tried == ["a", "b"]


@pytest.fixture
async def resolving():
    """A resolver whose name server knows nothing, and says so in the way it is told."""
    errors = {"gone": socket.EAI_NONAME, "down": socket.EAI_AGAIN}
    asked: list[str] = []

    async def lookup(host: str) -> list[str]:
        asked.append(host)
        raise socket.gaierror(errors[host], "no")

    it = Resolver(AddressGuard(), lookup)
    yield it, asked
    await it.close()


@pytest.mark.parametrize(("host", "temporary", "again"), [("gone", False, 1), ("down", True, 2)])
async def test_trouble_is_forgotten_sooner_than_an_answer(resolving, monkeypatch, host, temporary, again):
    it, asked = resolving
    monkeypatch.setattr(resolver, "KEEP_FAILURE", 0.0)
    for _ in range(2):
        with pytest.raises(UnresolvedError) as caught:
            await it.permitted(host)
        assert caught.value.temporary is temporary
        await asyncio.sleep(0.01)
    assert len(asked) == again


async def test_the_systems_resolver_is_asked_where_nothing_else_is_said():
    it = Resolver(AddressGuard(allow_private=True))
    assert "127.0.0.1" in await it.permitted("localhost")
    await it.close()


async def opened(port: int) -> network_backend.Stream:
    """A connection to loopback, by the way that the fetcher goes."""
    it = Resolver(AddressGuard(allow_private=True))
    return await network_backend.connect(it, "127.0.0.1", port)


async def test_a_peer_that_sends_faster_than_we_read_has_to_wait():
    total = 64 << 20
    sent = 0

    async def speak(reader, writer):
        nonlocal sent
        while sent < total:
            writer.write(bytes(1 << 16))
            sent += 1 << 16
            await writer.drain()
        await reader.read()

    async with listening(speak) as port:
        stream = await opened(port)
        await asyncio.sleep(0.3)
        assert sent < total / 2, "the kernels' buffers and a little of ours, then no more"
        received = 0
        while received < total:
            received += len(await stream.read(1 << 16))
        await stream.aclose()


async def test_writing_to_a_peer_that_has_gone_is_told_and_its_last_words_can_still_be_read():
    async def speak(reader, writer):
        writer.write(b"go away")
        await writer.drain()

    async with listening(speak) as port:
        stream = await opened(port)
        await asyncio.sleep(0.1)
        assert stream.get_extra_info("is_readable")
        with pytest.raises(ConnectionResetError):
            await stream.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await stream.read(100) == b"go away"
        await stream.aclose()


async def test_the_idle_connections_of_hosts_long_unused_are_closed(names, hostile_site, monkeypatch):
    monkeypatch.setattr(transport, "ORIGINS", 2)
    hosts = ["a.test", "b.test", "c.test"]
    lookup = names({host: ["127.0.0.1"] for host in hosts})
    before = hostile_site.connections
    async with Fetcher(user_agent="test", allow_private=True, lookup=lookup) as fetcher:
        for host in [*hosts, "c.test", "b.test", "a.test"]:
            assert (await fetcher.fetch(f"http://{host}:{hostile_site.port}/kept")).response.status == 200
    assert hostile_site.connections == before + 4, "a.test had to connect again, the others had not"
