"""Sitemaps and robots.txt as owners write them, and as nobody should."""

from __future__ import annotations

import gzip
import time

import pytest

from monitor.crawl.sitemap import Robots, Sitemap, read_sitemap

URL = "http://www.qinghe.gov.cn/a.html"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<urlset><url><loc> {URL} </loc></url></urlset>", Sitemap((URL,), is_index=False)),
        (f"<urlset><url><LOC>{URL}</LOC></url></urlset>", Sitemap((URL,), is_index=False)),
        (f"<urlset><loc><![CDATA[{URL}]]></loc></urlset>", Sitemap((URL,), is_index=False)),
        ("<urlset><loc>http://a.cn/?a=1&amp;b=2</loc></urlset>", Sitemap(("http://a.cn/?a=1&b=2",), is_index=False)),
        (f"<sitemapindex><sitemap><loc>{URL}</loc></sitemap></sitemapindex>", Sitemap((URL,), is_index=True)),
        (f"{URL}\nftp://a.cn/\n\nnonsense\n", Sitemap((URL,), is_index=False)),
        ("", Sitemap((), is_index=False)),
        ("<html>404</html>", Sitemap((), is_index=False)),
    ],
)
def test_a_sitemap_lists_addresses(body, expected):
    assert read_sitemap(body.encode()) == expected
    assert read_sitemap(gzip.compress(body.encode())) == expected


def test_a_packed_sitemap_is_unpacked_no_further_than_the_protocol_allows():
    bomb = gzip.compress(b" " * (200 * 1024 * 1024))
    began = time.process_time()
    assert read_sitemap(bomb) == Sitemap((), is_index=False)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("body", [b"\x1f\x8bnonsense", b"<loc>" * 100_000, b"<loc>x", b"\xff" * 1000])
def test_a_broken_sitemap_lists_nothing(body):
    assert read_sitemap(body).urls == ()


def test_robots_txt_is_read_for_our_name_and_for_everybody():
    robots = Robots(
        "User-agent: *\nDisallow: /admin/\nCrawl-delay: 3\nSitemap: http://a.cn/s.xml\n\n"
        "User-agent: Sitehealth\nDisallow: /x\n",
        "Sitehealth",
    )
    assert robots.allows("http://a.cn/admin/")
    assert not robots.allows("http://a.cn/x/y")
    assert robots.sitemaps == ("http://a.cn/s.xml",)
    assert Robots("User-agent: *\nCrawl-delay: 3", "Sitehealth").delay == 3


@pytest.mark.parametrize("text", ["", "<html>404</html>", "\0\ufffd", "Disallow: /"])
def test_a_robots_txt_that_cannot_be_read_asks_nothing(text):
    assert Robots(text, "Sitehealth").allows("http://a.cn/x")
