"""Fetchers for the tests: one for each way of asking."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from monitor.fetch import Fetcher, Limits
from monitor.fetch import fetcher as fetcher_module

QUICK = Limits(timeout=5.0, body=1 << 20)


@pytest.fixture(params=["guarded", "pinned"])
async def fetcher(request, hostile, monkeypatch) -> AsyncIterator[Fetcher]:
    """A fetcher that asks the hostile site over one of its transports."""
    if request.param == "guarded":
        monkeypatch.setattr(fetcher_module, "PINS", 0)
    async with Fetcher(user_agent="sitehealth-test (+http://contact.test)", limits=QUICK, allow_private=True) as it:
        if request.param == "pinned":
            await it.pin("127.0.0.1")
            assert (await it.fetch(f"{hostile}/ok")).response.status == 200
            assert "127.0.0.1" in it._pins
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
