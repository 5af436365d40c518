"""Hosts a site linked to before: learned from clean and whole inspections, given to the check for injected links."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from monitor.store import Store
from monitor.store.memory.linked_hosts import LinkedHostStore
from tests.monitor.official import Office
from tests.monitor.web import html, web

POISON = '<div style="position:absolute;left:-9999px"><a href="http://www.casino-777.example/">澳门博彩官网</a></div>'


def hidden(*hosts: str) -> str:
    return "".join(f'<div style="display:none"><a href="http://{host}/">青山</a></div>' for host in hosts)


@dataclass
class Bureau:
    """A site whose homepage changes, and its inspections."""

    office: Office
    site: object

    @property
    def home(self) -> str:
        return f"{self.site.url}/"

    def shows(self, body: str) -> None:
        async def page(exchange):
            await exchange.answer(html(f'<a href="/a.html">a</a>{body}'))

        self.site.routes["/"] = page

    def inspect(self, *settings: str, scope: str = "site") -> dict:
        return self.office.inspect(self, checks="injected-links", scope=scope, settings=settings)

    def known(self, scope: str = "site") -> set[str]:
        with Store(self.office.store) as store:
            return set(LinkedHostStore(store.engine, "fixture", scope).load())


@pytest.fixture
def bureau(tmp_path):
    with web({"/a.html": html("正文")}).running() as site:
        yield Bureau(Office(tmp_path), site)


def told(report) -> list[tuple[str, str, str]]:
    return [(each["rule"], each["confidence"], each["baseline"]) for each in report["findings"]]


def test_a_hidden_newcomer_is_suspected_until_somebody_vouches_for_it(bureau):
    bureau.shows(hidden("old.example.com"))
    assert told(bureau.inspect()) == []
    bureau.shows(hidden("old.example.com", "new.example.org"))
    second = bureau.inspect()
    assert told(second) == [("injected-link", "suspected", "new")]
    assert "new.example.org" in str(second["findings"])
    assert "old.example.com" not in str(second["findings"])
    assert told(bureau.inspect()) == [("injected-link", "suspected", "unchanged")]
    both = 'checks.injected-links.known_hosts=["old.example.com","new.example.org"]'
    assert [each["rule"] for each in bureau.inspect(both)["fixed"]] == ["injected-link"]


def test_a_newcomer_in_the_open_is_nobodys_business(bureau):
    bureau.shows(hidden("old.example.com"))
    bureau.inspect()
    bureau.shows(hidden("old.example.com") + '<a href="http://new.example.org/">青山</a>')
    assert told(bureau.inspect()) == []
    assert bureau.known() == {"old.example.com", "new.example.org"}


def test_pages_that_have_not_changed_are_known_too(bureau):
    async def page(exchange):
        unchanged = exchange.headers.get("if-none-match") == '"1"'
        body = "" if unchanged else html(hidden("old.example.com"))
        await exchange.answer(body, status=304 if unchanged else 200, headers={"ETag": '"1"'})

    bureau.shows("")
    bureau.site.routes["/a.html"] = page
    bureau.inspect()
    with Store(bureau.office.store) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM linked_hosts")
    bureau.inspect()
    assert any("if-none-match" in headers for _, headers in bureau.site.asked("/a.html"))
    assert bureau.known() == {"old.example.com"}


def test_nothing_is_learned_while_an_intruder_is_there(bureau):
    bureau.shows(POISON + hidden("unnoticed.example.org"))
    assert told(bureau.inspect()) == [("injected-link", "confirmed", "new")]
    assert bureau.known() == set()


def test_nothing_is_learned_from_a_run_that_was_cut_short(bureau):
    bureau.shows(hidden("old.example.com"))
    bureau.inspect("crawl.max_pages=1")
    assert bureau.known() == set()


def test_what_the_homepage_links_to_says_nothing_of_other_pages(bureau):
    bureau.shows(hidden("old.example.com"))
    bureau.inspect(scope="homepage")
    assert (bureau.known("homepage"), bureau.known("site")) == ({"old.example.com"}, set())
    bureau.site.routes["/a.html"] = bureau.site.routes["/"]
    bureau.shows("")
    assert told(bureau.inspect()) == []


def test_whom_everybody_knows_is_not_put_down(bureau):
    bureau.shows('<a href="http://www.gov.cn/">中国政府网</a><a href="http://user@old.example.com:8080/">青山</a>')
    bureau.inspect()
    assert bureau.known() == {"old.example.com"}
