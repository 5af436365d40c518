"""Look at a host over IPv6: whether it has addresses, whether it opens there, and whether it is the same site."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

from checks.model import DualStack, Page
from monitor.fetch import Fetcher
from monitor.fetch.resolver import is_address
from monitor.pages.offload import Offload, in_place, weight
from monitor.pages.parse import Parser
from monitor.pages.urls import host_of

Lookup = Callable[[str], Awaitable[list[str]]]
BODY = 512 * 1024
"""Bytes of the homepage that are read over IPv6."""


async def addresses(name: str) -> list[str]:
    """Return the IPv6 addresses (AAAA) of a name. Raises socket.gaierror."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(name, None, family=socket.AF_INET6, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found if not str(each[4][0]).startswith("::ffff:")))


async def look(  # noqa: PLR0913 - the last two are options
    home: str,
    page: Page | None,
    parser: Parser,
    fetcher: Callable[[Lookup], Fetcher],
    lookup: Lookup = addresses,
    *,
    offload: Offload = in_place,
) -> DualStack | None:
    """Return what a host offers over IPv6; None where it has no name, or its name server did not answer.

    ``page`` is the homepage as everybody gets it, which what IPv6 shows is compared with by title. ``fetcher`` makes
    one that asks only the addresses of a lookup. From a network without IPv6 nothing is asked.
    """
    name = host_of(home).rpartition(":")[0] or host_of(home)
    if is_address(name.strip("[]")):
        return None
    try:
        found = await lookup(name)
    except socket.gaierror as error:
        if error.errno not in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            return None
        found = []
    if not found or not reaches(found[0]):
        return DualStack(name, home, tuple(found))
    async with fetcher(lookup) as over:
        fetched = await over.fetch(home, head_bytes=BODY)
    same = None
    if page is not None and fetched.response.status is not None:
        shown = await offload(weight(fetched.body), parser.parse, home, fetched.response, fetched.body, page.fetched)
        same = fetched.response.status == page.response.status and shown.title == page.title
    return DualStack(name, home, tuple(found), fetched.response, same)


def reaches(address: str) -> bool:
    """Return whether this machine has a way to an IPv6 address; connecting a UDP socket sends nothing."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError:
        return False
    return True
