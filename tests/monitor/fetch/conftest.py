"""A fetcher and a name server for the tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from monitor.fetch import Fetcher, Limits

QUICK = Limits(timeout=30.0, body=1 << 20)


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher that may go to loopback."""
    async with Fetcher(user_agent="sitehealth-test (+http://contact.test)", limits=QUICK, allow_private=True) as it:
        yield it


@pytest.fixture
def names() -> Callable[..., Callable]:
    """A name server of the tests' own: ``names({"a.test": ["127.0.0.1"]})``, with ``asked`` for what it was asked."""

    def serve(table: dict[str, list[str] | Exception]):
        asked: list[str] = []

        async def lookup(host: str) -> list[str]:
            asked.append(host)
            answer = table[host]
            if isinstance(answer, Exception):
                raise answer
            return answer

        lookup.asked = asked  # type: ignore[attr-defined]
        return lookup

    return serve
