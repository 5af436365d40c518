"""No link and no redirect takes the monitor to an address that is not for it."""

from __future__ import annotations

import asyncio
import socket

import pytest

from monitor.fetch import Fetcher, Limits
from monitor.fetch.resolver import is_address

REFUSED = [
    "http://127.0.0.1:{port}/ok",
    "http://2130706433:{port}/ok",
    "http://0x7f.1:{port}/ok",
    "http://0177.0.0.1:{port}/ok",
    "http://127.1:{port}/ok",
    "http://１２７.0.0.1:{port}/ok",
    "http://%31%32%37.0.0.1:{port}/ok",
    "http://127。0。0。1:{port}/ok",
    "HTTP://127.0.0.1:{port}/ok",
    "http:\\\\127.0.0.1:{port}\\ok",
    "http://user@127.0.0.1:{port}/ok",
    "http://[::1]:{port}/ok",
    "http://[::ffff:127.0.0.1]:{port}/ok",
    "http://[::ffff:7f00:1]:{port}/ok",
    "http://0.0.0.0:{port}/ok",
    "http://0:{port}/ok",
    "http://localhost:{port}/ok",
    "http://LOCALHOST.:{port}/ok",
    "http://inside.test:{port}/ok",
    "http://169.254.169.254/latest/meta-data/",
]


@pytest.mark.parametrize("url", REFUSED)
async def test_private_addresses_are_not_touched_however_they_are_spelt(hostile_site, names, url):
    lookup = names({"localhost": ["127.0.0.1", "::1"], "localhost.": ["127.0.0.1"], "inside.test": ["127.0.0.1"]})
    before = hostile_site.connections
    async with Fetcher(user_agent="test", lookup=lookup) as fetcher:
        response = (await fetcher.fetch(url.format(port=hostile_site.port))).response
    assert response.error == "forbidden-address", response
    assert hostile_site.connections == before


@pytest.fixture
async def outside(names, hostile):
    """A fetcher for which outside.test, on loopback, is all of the internet."""
    lookup = names({"outside.test": ["127.0.0.1"], "inside.test": ["10.0.0.1"], "both.test": ["10.0.0.1", "127.0.0.1"]})
    async with Fetcher(user_agent="test", allowed_networks=["127.0.0.1"], lookup=lookup) as fetcher:
        fetcher.lookup = lookup
        fetcher.base = hostile.replace("127.0.0.1", "outside.test")
        yield fetcher


@pytest.mark.parametrize(
    "path", ["/redirect-private", "/redirect-metadata", "/redirect-decimal", "/to?url=http://inside.test/"]
)
async def test_every_hop_passes_the_guard(outside, path):
    response = (await outside.fetch(outside.base + path)).response
    assert response.error == "forbidden-address"
    assert len(response.redirects) == 1
    assert response.status is None
    assert response.url == response.redirects[0].location


async def test_the_connection_goes_to_the_address_that_was_checked(outside, hostile_site):
    """A name server that changes its mind after the check (DNS rebinding) is not asked again."""
    for _ in range(3):
        fetched = await outside.fetch(f"{outside.base}/status/200")
        assert (fetched.response.status, fetched.address) == (200, "127.0.0.1")
    assert outside.lookup.asked.count("outside.test") == 1


async def test_of_several_addresses_only_permitted_ones_are_tried(outside, hostile_site):
    for _ in range(3):
        fetched = await outside.fetch(f"http://both.test:{hostile_site.port}/status/200")
        assert (fetched.response.status, fetched.address) == (200, "127.0.0.1")


async def test_names_that_do_not_exist_are_told_from_name_servers_that_do_not_answer(names):
    lookup = names({
        "gone.test": socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        "empty.test": [],
        "later.test": socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
    })  # fmt: skip
    async with Fetcher(user_agent="test", lookup=lookup) as fetcher:
        details, errors = {}, []
        for host in ("gone.test", "empty.test", "later.test"):
            response = (await fetcher.fetch(f"http://{host}/")).response
            errors.append(response.error)
            details[host] = response.detail
    assert errors == ["dns", "dns", "resolver"]
    assert details["gone.test"].startswith("no such host")
    assert details["empty.test"].startswith("no such host")
    assert details["later.test"].startswith("temporary failure")


async def test_a_name_that_no_name_server_takes_does_not_exist():
    async with Fetcher(user_agent="test") as fetcher:
        response = (await fetcher.fetch(f"http://{'x' * 70}.test/")).response
    assert response.error == "dns"
    assert response.detail.startswith("no such host")


async def test_a_name_is_looked_up_once_a_run_whatever_came_of_it(names, hostile_site):
    lookup = names({"outside.test": ["127.0.0.1"], "gone.test": socket.gaierror(socket.EAI_NONAME, "unknown")})
    async with Fetcher(user_agent="test", allow_private=True, lookup=lookup) as fetcher:
        port = hostile_site.port
        await asyncio.gather(*(fetcher.fetch(f"http://outside.test:{port}/ok?{n}") for n in range(20)))
        await asyncio.gather(*(fetcher.fetch(f"http://gone.test/{n}") for n in range(20)))
    assert sorted(lookup.asked) == ["gone.test", "outside.test"]


async def test_a_name_server_that_hangs_costs_one_fetch_its_time_and_no_more():
    async def lookup(host: str) -> list[str]:
        await asyncio.sleep(600)
        return []

    async with Fetcher(user_agent="test", lookup=lookup) as fetcher:
        response = (await fetcher.fetch("http://slow.test/", limits=Limits(timeout=0.2))).response
    assert (response.error, response.status) == ("timeout", None)
    assert response.elapsed < 60


async def test_a_dead_address_gives_way_to_the_next(names, hostile_site):
    lookup = names({"two.test": ["127.0.0.2", "127.0.0.1"]})
    async with Fetcher(user_agent="test", allow_private=True, lookup=lookup) as fetcher:
        fetched = await fetcher.fetch(f"http://two.test:{hostile_site.port}/ok")
    assert (fetched.response.status, fetched.address) == (200, "127.0.0.1")


async def test_nobody_listening_is_a_connect_error(hostile):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        async with Fetcher(user_agent="test", allow_private=True) as fetcher:
            response = (await fetcher.fetch(f"http://127.0.0.1:{closed.getsockname()[1]}/")).response
    assert (response.error, response.detail) == ("connect", "Connection refused")


async def test_pin_says_where_a_host_may_be_asked(names):
    lookup = names({"outside.test": ["8.8.8.8"], "inside.test": ["10.0.0.1"], "gone.test": []})
    async with Fetcher(user_agent="test", lookup=lookup) as fetcher:
        assert await fetcher.pin("outside.test") == ("8.8.8.8",)
        assert await fetcher.pin("inside.test") == ()
        assert await fetcher.pin("gone.test") == ()


MALFORMED = ["", "http://", "http:///", "//host/", "/path", "ftp://host/", "http://[::1/", "http://a b/", "http://h:99999/",
             "javascript:alert(1)", "http://./", "http://256.256.256.256/"]  # fmt: skip


@pytest.mark.parametrize("url", MALFORMED)
async def test_what_no_browser_could_ask_for_is_malformed(url):
    async with Fetcher(user_agent="test") as fetcher:
        fetched = await fetcher.fetch(url)
    assert (fetched.response.error, fetched.response.url) == ("malformed", url)
    assert fetched.response.detail


async def test_names_in_chinese_go_out_as_punycode(names, hostile_site):
    lookup = names({"xn--fiqs8s.test": ["127.0.0.1"]})
    async with Fetcher(user_agent="test", allow_private=True, lookup=lookup) as fetcher:
        fetched = await fetcher.fetch(f"HTTP://中国。test:{hostile_site.port}/echo#part")
    assert fetched.response.status == 200
    assert hostile_site.asked("/echo")[-1][1]["host"] == f"xn--fiqs8s.test:{hostile_site.port}"


@pytest.mark.parametrize(("host", "verdict"), [("127.0.0.1", True), ("::1", True), ("a.test", False), ("1.2.3", False)])
def test_addresses_are_told_from_names(host, verdict):
    assert is_address(host) is verdict
