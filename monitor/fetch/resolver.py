"""Resolve host names once per run, and let only addresses through that the guard permits.

Names go through the operating system's resolver, so ``/etc/hosts`` and the office's own DNS count. It blocks, so it
runs in threads of its own: a dead name server then holds up names, not everything that shares the loop's threads.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from msgspec import Struct, field

from monitor.fetch.addresses import AddressGuard

THREADS = 16
KEEP = 300.0
"""Seconds that an answer counts, a "no such host" included."""
KEEP_FAILURE = 15.0
"""Seconds that a resolver's own trouble counts: long enough to spare it, short enough for a second look."""
TEMPORARY = frozenset({socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY})

Lookup = Callable[[str], Awaitable[list[str]]]
"""Name to addresses in order of preference; raises socket.gaierror."""


class UnresolvedError(Exception):
    """The name has no address; ``temporary`` where asking again may help."""

    def __init__(self, words: str, *, temporary: bool) -> None:
        super().__init__(words)
        self.temporary = temporary


class ForbiddenAddressError(Exception):
    """Every address of the host is one that the guard refuses."""


class Resolver(Struct):
    """Names to permitted addresses, remembered for the run. Close it when done."""

    guard: AddressGuard
    lookup: Lookup | None = None
    _known: dict[str, tuple[float, asyncio.Task[list[str]]]] = field(default_factory=dict)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "resolver"))

    async def permitted(self, host: str) -> list[str]:
        """Return the addresses of a host that may be touched, best first.

        ``host`` is a name in ASCII or an address, without brackets. Raises UnresolvedError, ForbiddenAddressError.
        """
        addresses = [host] if is_address(host) else await self._addresses(host)
        refusals = {address: self.guard.refusal(address) for address in addresses}
        permitted = [address for address, refusal in refusals.items() if refusal is None]
        if not permitted:
            raise ForbiddenAddressError("; ".join(refusal for refusal in refusals.values() if refusal))
        return permitted

    async def _addresses(self, host: str) -> list[str]:
        now = asyncio.get_running_loop().time()
        until, task = self._known.get(host, (0.0, None))
        if task is None or (until < now and task.done()):
            task = asyncio.create_task(self._ask(host), name=f"resolve {host}")
            self._known[host] = (now + KEEP, task)
        try:
            # One caller's time running out must not take the answer from the others.
            return await asyncio.shield(task)
        except UnresolvedError as error:
            if error.temporary:
                self._known[host] = (min(self._known[host][0], now + KEEP_FAILURE), task)
            raise

    async def _ask(self, host: str) -> list[str]:
        try:
            addresses = await (self.lookup or self._system)(host)
        except socket.gaierror as error:
            temporary = error.errno in TEMPORARY
            reason = "temporary failure" if temporary else "no such host"
            raise UnresolvedError(f"{reason}: {error.strerror}", temporary=temporary) from error
        except UnicodeError as error:  # a label of more than 63 characters, or an empty one
            raise UnresolvedError(f"no such host: {error}", temporary=False) from error
        if not addresses:
            raise UnresolvedError("no such host: no address", temporary=False)
        return addresses

    async def _system(self, host: str) -> list[str]:
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(answer[4][0]) for answer in answers))

    def remembered(self, host: str) -> tuple[str, ...]:
        """Return the addresses of a host as they are known, none where it was not asked for or has none."""
        if is_address(host):
            return (host,)
        _, task = self._known.get(host, (0.0, None))
        known = task is not None and task.done() and not task.cancelled() and task.exception() is None
        return tuple(task.result()) if task is not None and known else ()

    def forget_unresolved(self) -> None:
        """Forget the names that had no address, so that a second look is one."""
        done = {host: task for host, (_, task) in self._known.items() if task.done() and not task.cancelled()}
        for host, task in done.items():
            if task.exception() is not None:
                del self._known[host]

    async def close(self) -> None:
        """Drop what is under way; a thread inside the system's resolver ends when the resolver does."""
        tasks = [task for _, task in self._known.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)


def is_address(host: str) -> bool:
    """Return whether a host is an address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
