"""Rounds of a site that has not changed stay the size they are, in both scopes, whatever the site is made of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.monitor.official import Office, Served
from tests.monitor.web import html, links, web
from tests.sites.fixture import SITES
from tests.sites.pages import NOW
from tests.sites.server import serving

pytestmark = pytest.mark.slow

ROUNDS = 10


def rounds(office, site, scope, checks="links,spaces", count=ROUNDS):
    """Inspect a site week after week; return what each round read and found, without what tells the rounds apart."""
    seen = []
    for week in range(count):
        when = NOW + timedelta(days=7 * week)
        report = office.inspect(site, when=when, scope=scope, checks=checks, settings=("crawl.concurrency=1",))
        findings = sorted((finding["rule"], finding["message"]) for finding in report["findings"])
        seen.append((report["run"]["pages"], report["run"]["links"], findings))
    return seen


@pytest.mark.parametrize("scope", ["homepage", "site"])
@pytest.mark.parametrize("name", SITES)
def test_ten_rounds_of_an_unchanged_site_are_equal(tmp_path, name, scope):
    with serving(name) as site:
        seen = rounds(Office(tmp_path), site, scope)
    assert seen == [seen[0]] * ROUNDS


@pytest.mark.parametrize("scope", ["homepage", "site"])
def test_a_chain_of_pages_does_not_grow(tmp_path, scope):
    pages = {f"/{n}.html": html(f'<a href="/{n + 1}.html">关于{chr(0x4E00 + n)}的公告</a>') for n in range(30)}
    with web({**pages, "/": links("/0.html")}).running() as site:
        seen = rounds(Office(tmp_path), Served(site.url), scope)
    assert {pages for pages, _, _ in seen} == ({2} if scope == "homepage" else {31})


def test_a_space_without_an_end_does_not_grow(tmp_path):
    async def calendar(exchange):
        month = int(exchange.query("m", "1"))
        days = "".join(f'<a href="/day?d={month * 31 + day}">{day}</a>' for day in range(3))
        await exchange.answer(html(f'{month}月<a href="/cal?m={month + 1}">下月</a>{days}'))

    pages = {"/": links("/cal?m=1"), "/cal": calendar, "/day": html("当日没有活动")}
    with web(pages).running() as site:
        seen = rounds(Office(tmp_path), Served(site.url), "site")
    assert seen == [seen[0]] * ROUNDS
    assert seen[0][0] <= 100
    assert [rule for rule, _ in seen[0][2]] == ["endless-space"]
