"""A homepage is handed over wherever it is read, not by the crawl alone: it may be as large as any page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.model import Page
from monitor.fetch import Fetcher
from monitor.inspection import large_pages
from monitor.inspection.large_pages import LARGE
from monitor.pages.offload import in_place
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver
from monitor.probes import cloaking, functional, ipv6
from tests.monitor.official import Office, Served
from tests.monitor.web import html, web

CROWDED = html("<form action=/s><input name=q></form>" + "<i>政务</i>" * 12_000)
PARSER = Parser(HrefResolver())


class Watched:
    """Work that is done here, and what it weighed."""

    def __init__(self) -> None:
        self.weights: list[int] = []

    async def __call__(self, size, work, /, *args, **options):
        self.weights.append(size)
        return await in_place(size, work, *args, **options)


@pytest.fixture
def site():
    with web({"/": CROWDED}).running() as served:
        yield served


async def homepage(fetcher: Fetcher, url: str) -> Page:
    fetched = await fetcher.fetch(url)
    return PARSER.parse(url, fetched.response, fetched.body, datetime.now(UTC), homepage=True)


async def test_every_probe_of_the_homepage_hands_it_over(site):
    async def lookup(_: str) -> list[str]:
        return ["::1"]

    def resolving(_: object) -> Fetcher:
        return Fetcher(user_agent="test", allow_private=True)

    offload = Watched()
    async with Fetcher(user_agent="test", allow_private=True) as fetcher:
        page = await homepage(fetcher, site.url + "/")
        await cloaking.second_look(fetcher, PARSER, page, offload)
        assert [probe async for probe in functional.built_in(fetcher, page, None, offload)] == []
        port = site.url.rpartition(":")[2]
        await ipv6.look(f"http://localhost:{port}/", page, PARSER, resolving, lookup, offload=offload)
    assert len(offload.weights) == 3
    assert min(offload.weights) >= LARGE


def test_a_homepage_that_is_handed_over_is_judged_as_any_other(tmp_path, monkeypatch):
    poisoned = CROWDED.replace("</form>", "</form><p style='display:none'><a href='http://bc.example/'>六合彩</a></p>")
    told = []
    for name, least in (("here", 1 << 40), ("there", LARGE)):
        monkeypatch.setattr(large_pages, "LARGE", least)
        (tmp_path / name).mkdir()
        with web({"/": poisoned}).running() as site:
            report = Office(tmp_path / name).inspect(Served(site.url), checks="cloaking,injected-links,headers,probes")
        assert report["run"]["status"] == "complete"
        told.append(sorted((each["rule"], each["message"].replace(site.url, "")) for each in report["findings"]))
    assert told[0] == told[1]
    assert {"injected-link", "x-frame-options"} <= {rule for rule, _ in told[1]}
