"""Sitemaps and robots.txt as owners write them, and as nobody should."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from monitor.crawl.sitemap import Robots, SitemapEntry, decode_robots, read_sitemap
from tests.cost import assert_bounded

URL = "http://www.qinghe.gov.cn/a.html"


LISTED = [SitemapEntry(URL)]
SITEMAPS = [
    (f"<urlset><url><loc> {URL} </loc></url></urlset>", LISTED),
    (f"<urlset><url><LOC>{URL}</LOC></url></urlset>", LISTED),
    (f"<urlset><loc><![CDATA[{URL}]]></loc></urlset>", LISTED),
    ("<urlset><url><loc>http://a.cn/?a=1&amp;b=2</loc></url></urlset>", [SitemapEntry("http://a.cn/?a=1&b=2")]),
    ("<urlset><url><loc>http://a.cn/?a=1&b=2</loc></url></urlset>", [SitemapEntry("http://a.cn/?a=1&b=2")]),
    (f"<sitemapindex><sitemap><loc>{URL}</loc></sitemap></sitemapindex>", [SitemapEntry(URL, nested=True)]),
    (f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{URL}</loc></url></urlset>", LISTED),
    (f"<sm:urlset xmlns:sm='x'><sm:url><sm:loc>{URL}</sm:loc></sm:url></sm:urlset>", LISTED),
    (f"<sm:urlset><sm:url><sm:loc>{URL}</sm:loc></sm:url></sm:urlset>", LISTED),
    (f"<urlset><!-- <url><loc>http://a.cn/old</loc></url> --><url><loc>{URL}</loc></url></urlset>", LISTED),
    (f"<urlset><url><loc>{URL}<!-- moved --></loc></url></urlset>", LISTED),
    (
        f"<urlset xmlns:i='y'><url><loc>{URL}</loc><i:image><i:loc>http://a.cn/x.png</i:loc></i:image></url></urlset>",
        LISTED,
    ),
    (f"<urlset><url><loc>{URL}</loc></url><url><loc>", LISTED),
    (f"<urlset><url><loc>{URL}</loc></ulr></urlset>", LISTED),
    (f"<rss version='2.0'><channel><link>http://a.cn/</link><item><link>{URL}</link></item></channel></rss>", LISTED),
    (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><link href='http://a.cn/'/>"
        f"<entry><link rel='self' href='http://a.cn/e'/><link href='{URL}'/></entry></feed>",
        LISTED,
    ),
    (f"{URL}\r\nftp://a.cn/\n\nnonsense\n", LISTED),
    (f"nonsense\r{URL}", LISTED),
    ("", []),
    ("<html>404</html>", []),
]


@pytest.mark.parametrize(("body", "expected"), SITEMAPS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sitemap_lists_addresses_in_whatever_it_is_written(body, expected, encoding):
    encoded = body.encode(encoding)
    assert list(read_sitemap(encoded)) == expected
    assert list(read_sitemap(gzip.compress(encoded))) == expected


def test_the_declared_encoding_of_a_sitemap_counts():
    text = "<?xml version='1.0' encoding='{}'?><urlset><url><loc>http://a.cn/中</loc></url></urlset>"
    for encoding in ("GBK", "UTF-16", "UTF-8"):
        assert list(read_sitemap(text.format(encoding).encode(encoding))) == [SitemapEntry("http://a.cn/中")]


CHINESE = "<urlset><url><loc>http://a.cn/镕?a=1&amp;b=2</loc></url></urlset>"
ENCODINGS = {
    "no declaration": CHINESE.encode("gb18030"),
    "gb2312, and a character beyond it": f"<?xml version='1.0' encoding='gb2312'?>{CHINESE}".encode("gb18030"),
    "UTF-8 that is none": f"<?xml version='1.0' encoding='UTF-8'?>{CHINESE}".encode("gb18030"),
    "UTF-16 that is none": f"<?xml version='1.0' encoding='utf-16'?>{CHINESE}".encode(),
    "GBK that is none": f"<?xml version='1.0' encoding='gbk'?>{CHINESE}".encode(),
    "UTF-16 that says UTF-8": f"<?xml version='1.0' encoding='UTF-8'?>{CHINESE}".encode("utf-16"),
    "UTF-16 without a mark": CHINESE.encode("utf-16-be"),
    "something before it": f"\n\ufeffNotice: x in y.php\n<?xml version='1.0'?>{CHINESE}".encode(),
    "CDATA": b"<urlset><url><loc><![CDATA[http://a.cn/%b?a=1&b=2]]></loc></url></urlset>" % "镕".encode(),
    "lines": "HTTP://a.cn/<x>\nhttp://a.cn/镕?a=1&b=2\n".encode("gb18030"),
    "packed twice": gzip.compress(gzip.compress(CHINESE.encode())),
    "a wrong checksum": gzip.compress(CHINESE.encode())[:-8] + b"whatever",
    "something after it": gzip.compress(CHINESE.encode()) + b"<!-- served in 3 ms -->",
}


@pytest.mark.parametrize("body", ENCODINGS.values(), ids=ENCODINGS)
def test_what_a_sitemap_is_counts_before_what_it_says(body):
    assert SitemapEntry("http://a.cn/镕?a=1&b=2") in list(read_sitemap(body))


def test_a_packed_sitemap_that_breaks_off_is_read_as_far_as_it_came():
    entries = "".join(f"<url><loc>http://a.cn/{number}.html</loc></url>" for number in range(5_000))
    packed = gzip.compress(f"<urlset>{entries}</urlset>".encode())
    assert 1_000 < sum(1 for _ in read_sitemap(packed[: len(packed) // 2])) < 4_000


def test_nothing_outside_a_sitemap_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("http://a.cn/secret")
    entity = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    body = f"{entity}<urlset><url><loc>&a;</loc></url><url><loc>{URL}</loc></url></urlset>"
    assert [entry for entry in read_sitemap(body.encode()) if "secret" in entry.url] == []


def test_a_large_sitemap_is_read_piece_by_piece():
    url = "<url><loc>http://www.qinghe.gov.cn/art/{}.html</loc></url>"
    body = f"<urlset>{''.join(map(url.format, range(100_000)))}</urlset>".encode()
    tracemalloc.start()
    count = sum(1 for _ in read_sitemap(body))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < 4 * 1024 * 1024) == (100_000, True)


def test_a_packed_sitemap_is_unpacked_no_further_than_the_protocol_allows():
    bomb = gzip.compress(b" " * (200 * 1024 * 1024))
    assert_bounded(lambda: list(read_sitemap(bomb)), 3)
    assert list(read_sitemap(bomb)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"\x1f\x8bnonsense",
        b"<loc>" * 100_000,
        b"<loc>x",
        b"\xff" * 1000,
        b"<urlset>" + b"<url>" * 100_000,
        b"<" * 99_999,
    ],
)
def test_a_broken_sitemap_lists_nothing(body):
    assert list(read_sitemap(body)) == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\xef\xbb\xbfUser-agent: *", "User-agent: *"),
        ("User-agent: *".encode("utf-16"), "User-agent: *"),
        ("User-agent: *".encode("utf-16-le"), "User-agent: *"),
        ("Disallow: /中".encode(), "Disallow: /中"),
        ("Disallow: /中".encode("gbk"), "Disallow: /中"),
        ("Disallow: /中".encode()[:-1], "Disallow: /"),
        (b"\xff\xff", "\ufffd\ufffd"),
    ],
)
def test_a_robots_txt_is_read_in_its_encoding(body, text):
    assert decode_robots(body) == text


def test_an_address_that_is_no_text_is_passed_over():
    half = b"http://a.cn/\xed\xa0\x80"
    body = b"<urlset><url><loc>%b</loc></url><url><loc>%b</loc></url></urlset>" % (half, URL.encode())
    assert SitemapEntry(URL.replace("&amp;", "&")) in list(read_sitemap(body))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_robots_txt_end_as_they_like(end):
    robots = Robots(end.join(("User-agent: *", "Disallow: /内部/", "Disallow: /*.bak$", "")), "Sitehealth")
    allowed = [robots.allows(f"http://a.cn{path}") for path in ("/x", "/%E5%86%85%E9%83%A8/a", "/x.bak", "/x.bak?v=1")]
    assert allowed == [True, False, False, True]


@pytest.mark.parametrize("value", ["inf", "nan", "-1", "0", "1,5", "²", "1e400", "soon", ""])
def test_a_crawl_delay_that_is_none_is_none(value):
    assert Robots(f"User-agent: *\nCrawl-delay: {value}", "Sitehealth").delay == 0


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
    assert not Robots("user-agent : Sitehealth/1.0 # us\nDisallow: /x\n", "Sitehealth").allows("http://a.cn/x/y")


@pytest.mark.parametrize("text", ["", "<html>404</html>", "\0\ufffd", "Disallow: /"])
def test_a_robots_txt_that_cannot_be_read_asks_nothing(text):
    assert Robots(text, "Sitehealth").allows("http://a.cn/x")
