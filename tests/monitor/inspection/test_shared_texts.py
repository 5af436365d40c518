"""A slip in a text that many pages share is one finding with its pages, and fixed when it is gone from all of them."""

from __future__ import annotations

import pytest

from tests.monitor.web import Command, Outcome, html, links, web
from tests.server.site import Exchange

SLIP, MENDED = "认真布署防汛工作，确保安全。", "认真部署防汛工作，确保安全。"
PATHS = ("/a.html", "/b.html", "/c.html")


class Template:
    """A site whose pages share a paragraph, until a test mends it on some of them."""

    def __init__(self) -> None:
        self.mended: set[str] = set()
        self.down: set[str] = set()
        self.site = web({"/": links(*PATHS), **dict.fromkeys(PATHS, self._page)})

    async def _page(self, exchange: Exchange) -> None:
        path = f"/{exchange.last}"
        if path in self.down:
            await exchange.answer(b"busy", status=503)
        else:
            await exchange.answer(html(f"<p>第{path}页</p><p>{MENDED if path in self.mended else SLIP}</p>"))


@pytest.fixture
def inspect(tmp_path) -> Command:
    return Command(tmp_path)


def stand(outcome: Outcome) -> list[tuple[str, int]]:
    return [(row["baseline"], row["page_count"]) for row in outcome.found("typo")]


def fixed(outcome: Outcome) -> int:
    return sum(row["rule"] == "typo" for row in outcome.report["fixed"])


def test_it_has_its_pages_and_stays_known_until_the_last_is_mended(inspect):
    template = Template()
    with template.site.running() as site:
        first = inspect(site.url, checks="typos")
        template.mended = {"/a.html"}
        second = inspect(site.url, checks="typos")
        template.mended = {"/a.html", "/b.html"}
        third = inspect(site.url, checks="typos")
        template.mended = set(PATHS)
        fourth = inspect(site.url, checks="typos")
    (finding,) = first.found("typo")
    assert finding["pages"] == [f"{site.url}{path}" for path in PATHS]
    assert [stand(each) for each in (first, second, third, fourth)] == [
        [("new", 3)],
        [("unchanged", 2)],
        [("unchanged", 1)],
        [],
    ]
    assert [fixed(each) for each in (first, second, third, fourth)] == [0, 0, 0, 1]


def test_it_is_not_fixed_while_one_of_its_pages_cannot_be_read(inspect):
    template = Template()
    with template.site.running() as site:
        inspect(site.url, checks="typos")
        template.mended, template.down = set(PATHS), {"/b.html"}
        second = inspect(site.url, checks="typos")
        template.down = set()
        third = inspect(site.url, checks="typos")
    assert (stand(second), fixed(second)) == ([], 0)
    assert [row["rule"] for row in second.report["unverified"]] == ["typo"]
    assert (stand(third), fixed(third)) == ([], 1)
