"""Redirects are followed hop by hop, as far as a browser would and no further."""

from __future__ import annotations

import json
import subprocess
import sys
from urllib.parse import quote

import pytest

from checks.model import Redirect
from monitor.fetch import Limits
from monitor.fetch import fetcher as fetching


async def test_every_hop_is_kept(fetcher, hostile):
    response = (await fetcher.fetch(f"{hostile}/hops/3")).response
    assert (response.status, response.url) == (200, f"{hostile}/ok")
    assert response.redirects == (
        Redirect(f"{hostile}/hops/3", 301, f"{hostile}/hops/2"),
        Redirect(f"{hostile}/hops/2", 301, f"{hostile}/hops/1"),
        Redirect(f"{hostile}/hops/1", 301, f"{hostile}/ok"),
    )


async def test_following_can_be_left_to_the_caller(fetcher, hostile):
    response = (await fetcher.fetch(f"{hostile}/hops/3", follow=False)).response
    assert (response.status, response.url, response.redirects) == (301, f"{hostile}/hops/3", ())
    assert response.header("location") == "/hops/2"


BROKEN = [
    ("/redirect-file", "to file:", 1),
    ("/redirect-javascript", "to javascript:", 1),
    ("/redirect-data", "to data:", 1),
    ("/redirect-ftp", "to ftp:", 1),
    ("/redirect-nowhere", "without Location", 0),
    ("/redirect-empty", "without Location", 0),
    ("/two-locations", "different Locations", 0),
    ("/redirect-or-empty", "different Locations", 0),
    ("/redirect-malformed", "not a URL", 0),
    ("/redirect-no-host", "not a URL", 0),
]


@pytest.mark.parametrize(("path", "words", "hops"), BROKEN)
async def test_redirects_that_lead_nowhere_are_broken(fetcher, hostile, path, words, hops):
    response = (await fetcher.fetch(hostile + path)).response
    assert (response.error, response.status) == ("redirect-broken", 302)
    assert words in response.detail
    assert len(response.redirects) == hops
    assert response.url == hostile + path


@pytest.mark.parametrize(("path", "hops"), [("/redirect-loop", 1), ("/redirect-a", 2), ("/hops/3", 3)])
async def test_a_circle_ends_where_it_closes(fetcher, hostile_site, path, hops):
    circle = f"{hostile_site.url}/to?url={quote('/hops/3')}" if path == "/hops/3" else hostile_site.url + path
    response = (await fetcher.fetch(circle, limits=Limits(redirects=2))).response
    assert response.error == "redirect-loop"
    assert len(response.redirects) == hops


async def test_an_endless_chain_ends_at_its_limit(fetcher, hostile_site):
    before = len(hostile_site.requests)
    response = (await fetcher.fetch(f"{hostile_site.url}/endless-redirect/1")).response
    assert (response.error, response.detail) == ("redirect-loop", "more than 20 redirects")
    assert len(response.redirects) == 21
    assert len(hostile_site.requests) == before + 21


async def test_twenty_hops_are_fine(fetcher, hostile):
    response = (await fetcher.fetch(f"{hostile}/hops/20")).response
    assert (response.status, response.error, len(response.redirects)) == (200, None, 20)


async def test_a_cookie_that_is_set_on_the_way_comes_back(fetcher, hostile):
    fetched = await fetcher.fetch(f"{hostile}/cookie-first")
    assert fetched.response.status == 200
    assert "let in" in fetched.body.decode()
    assert (await fetcher.fetch(f"{hostile}/cookie-forever")).response.error == "redirect-loop"


def test_what_few_sites_make_necessary_is_loaded_where_one_does():
    rare = ("http.cookiejar", "urllib.request", "httpcore", "cryptography")
    code = f"import sys, monitor.fetch; print([name for name in {rare!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
async def test_a_cookie_in_chinese_comes_back_as_it_was_set(fetcher, hostile, charset):
    fetched = await fetcher.fetch(f"{hostile}/cookie-in-chinese?charset={charset}")
    assert (fetched.response.status, len(fetched.response.redirects)) == (200, 1)


async def test_cookies_end_with_the_fetch_that_got_them(fetcher, hostile):
    await fetcher.fetch(f"{hostile}/cookie-first")
    seen = json.loads((await fetcher.fetch(f"{hostile}/echo")).body)
    assert "cookie" not in seen["headers"]


ADDRESSES = [
    ("/redirect-relative", "/ok?from=relative#part", "/ok?from=relative"),
    ("/redirect-chinese", "/%E4%B8%AD%E6%96%87?%E8%AF%8D=%E5%85%AC%E5%BC%80", None),
    ("/redirect-gbk", "/%D6%D0%CE%C4", None),
    ("/redirect-backslash", "/ok", None),
    ("/redirect-tab", "/ok", None),
    ("/redirect-without-end", "/ok", None),
]


@pytest.mark.parametrize(("path", "location", "asked"), ADDRESSES)
async def test_locations_are_read_as_browsers_do(fetcher, hostile, path, location, asked):
    response = (await fetcher.fetch(hostile + path)).response
    assert response.redirects[0].location == hostile + location
    assert response.url == hostile + (asked or location)


METHODS = [(303, "POST", "GET", ""), (302, "POST", "GET", ""), (307, "POST", "POST", "x=1"), (303, "HEAD", "HEAD", "")]


@pytest.mark.parametrize("case", METHODS)
async def test_the_method_changes_as_it_does_in_browsers(fetcher, hostile_site, case):
    status, method, after, body = case
    url = f"{hostile_site.url}/to?status={status}&url=/echo"
    content = b"x=1" if method == "POST" else None
    fetched = await fetcher.fetch(url, method=method, content=content, headers={"Content-Type": "text/plain"})
    assert hostile_site.asked("/echo")[-1][0] == after
    if method != "HEAD":
        seen = json.loads(fetched.body)
        assert seen["body"] == body
        assert ("content-type" in seen["headers"]) == bool(body)


@pytest.mark.parametrize("path", ["/redirect-big", "/hanging-redirect", "/same-locations"])
async def test_browsers_go_on_whatever_the_body_of_a_redirect_is(fetcher, hostile, monkeypatch, path):
    monkeypatch.setattr(fetching, "PASSING_SECONDS", 0.05)
    assert (await fetcher.fetch(hostile + path)).response.status == 200


async def test_secrets_stay_with_the_origin_they_were_meant_for(fetcher, hostile):
    secrets = {"Authorization": "Bearer s3cret", "Cookie": "id=7", "X-Plain": "1"}
    elsewhere = hostile.replace("127.0.0.1", "localhost") + "/echo"
    there = json.loads((await fetcher.fetch(f"{hostile}/to?url={elsewhere}", headers=secrets)).body)["headers"]
    assert "authorization" not in there
    assert "cookie" not in there
    assert there["x-plain"] == "1"
    here = json.loads((await fetcher.fetch(f"{hostile}/to?url=/echo", headers=secrets)).body)["headers"]
    assert (here["authorization"], here["cookie"]) == ("Bearer s3cret", "id=7")


async def test_a_user_in_the_url_is_shown_to_that_host_alone(fetcher, hostile):
    host = hostile.removeprefix("http://")
    seen = json.loads((await fetcher.fetch(f"http://user:p%40ss@{host}/echo")).body)["headers"]
    assert seen["authorization"] == "Basic dXNlcjpwQHNz"
    elsewhere = hostile.replace("127.0.0.1", "localhost") + "/echo"
    moved = json.loads((await fetcher.fetch(f"http://user:p%40ss@{host}/to?url={elsewhere}")).body)["headers"]
    assert "authorization" not in moved
