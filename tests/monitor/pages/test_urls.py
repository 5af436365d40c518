"""Addresses as browsers resolve them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.pages.urls import (
    NOWHERE,
    Base,
    HrefResolver,
    MalformedError,
    folder_of,
    host_of,
    normalise,
    origin_of,
    plainly,
    resolve,
    strip_session,
)

PAGE = "http://www.qinghe.gov.cn/zwgk/2026/t1.html"


@pytest.mark.parametrize(
    ("href", "url", "fragment"),
    [
        ("t2.html", "http://www.qinghe.gov.cn/zwgk/2026/t2.html", None),
        ("./t2.html", "http://www.qinghe.gov.cn/zwgk/2026/t2.html", None),
        ("../a/", "http://www.qinghe.gov.cn/zwgk/a/", None),
        ("../../../../a", "http://www.qinghe.gov.cn/a", None),
        ("/", "http://www.qinghe.gov.cn/", None),
        ("//img.qinghe.gov.cn/x.png", "http://img.qinghe.gov.cn/x.png", None),
        ("HTTP://WWW.Qinghe.GOV.cn:80/A", "http://www.qinghe.gov.cn/A", None),
        ("https:/one-slash.gov.cn/", "https://one-slash.gov.cn/", None),
        ("  t2.html\n", "http://www.qinghe.gov.cn/zwgk/2026/t2.html", None),
        ("t\n2.html", "http://www.qinghe.gov.cn/zwgk/2026/t2.html", None),
        (r"\\img.qinghe.gov.cn\x.png", "http://img.qinghe.gov.cn/x.png", None),
        (r"\\[::1]\x.png", "http://[::1]/x.png", None),
        ("http://https.gov.cn/", "http://https.gov.cn/", None),
        (r"..\a\b.html", "http://www.qinghe.gov.cn/zwgk/a/b.html", None),
        ("附件 1.doc", "http://www.qinghe.gov.cn/zwgk/2026/%E9%99%84%E4%BB%B6%201.doc", None),
        ("http://例子.政务/路径", "http://xn--fsqu00a.xn--zfr164b/%E8%B7%AF%E5%BE%84", None),
        ("#s1", PAGE, "s1"),
        ("\u3000t2.html", "http://www.qinghe.gov.cn/zwgk/2026/%E3%80%80t2.html", None),
        ("t2.html\u00a0", "http://www.qinghe.gov.cn/zwgk/2026/t2.html%C2%A0", None),
        ("\u3000http://a.cn/", "http://www.qinghe.gov.cn/zwgk/2026/%E3%80%80http://a.cn/", None),
        ("\x0b t2.html\x1f", "http://www.qinghe.gov.cn/zwgk/2026/t2.html", None),
        ("#", PAGE, ""),
        ("?page=2", PAGE + "?page=2", None),
        ("t2.html#第一章", "http://www.qinghe.gov.cn/zwgk/2026/t2.html", "%E7%AC%AC%E4%B8%80%E7%AB%A0"),
        ("a.jsp;jsessionid=0F3A?x=1", "http://www.qinghe.gov.cn/zwgk/2026/a.jsp?x=1", None),
        ("a.php?PHPSESSID=ab12&id=3", "http://www.qinghe.gov.cn/zwgk/2026/a.php?id=3", None),
        ("http://user:pw@b.gov.cn/", "http://user:pw@b.gov.cn/", None),
    ],
)
def test_an_href_means_what_a_browser_makes_of_it(href, url, fragment):
    assert resolve(PAGE, href) == (url, fragment)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:void(0)",
        " JavaScript:go()",
        "mailto:a@b.cn",
        "tel:12345",
        "data:image/png;base64,AA",
        "weixin://x",
        "java\nscript:void(0)",
        "\x01javascript:x()",
        "ms-word:ofe|u|http://a.cn/b.doc",
        "ftp://a.cn/b.zip",
        "magnet:?xt=1",
    ],
)
def test_links_that_start_something_on_the_device_lead_nowhere(href):
    assert resolve(PAGE, href) == NOWHERE


@pytest.mark.parametrize(
    "href",
    [
        "http://",
        "http://[::1",
        "http://a.cn:99999/",
        "file:///C:/a.doc",
        "http://a b.cn/",
        "htttp://a.cn/",
        "ttps://a.cn/",
        "htps://a.cn/",
        "hhttps://a.cn/",
        "hppt://a.cn/",
        "httpss://a.cn/",
        r"F:\公文\1.doc",
        "z:/1.doc",
        "www.a.gov.cn:8080/x",
        "localhost:8080/x",
        "http://http://www.a.gov.cn/x",
        "http://https//www.a.gov.cn/x",
        "https://http/www.a.gov.cn/x",
        "//http://www.a.gov.cn/x",
        "http://http:80/x",
        r"\\fileserver\gongwen\1.doc",
        r"\\fileserver",
    ],
)
def test_what_no_browser_can_open_is_malformed(href):
    with pytest.raises(MalformedError):
        resolve(PAGE, href)


def test_a_query_is_sent_in_the_charset_of_its_page():
    assert resolve(PAGE, "/s?q=中", "gb18030").url == "http://www.qinghe.gov.cn/s?q=%D6%D0"
    assert resolve(PAGE, "/s?q=中", "utf-16-le").url == "http://www.qinghe.gov.cn/s?q=%E4%B8%AD"
    assert resolve(PAGE, "/s?q=中").url == "http://www.qinghe.gov.cn/s?q=%E4%B8%AD"


SENT = [
    ("gbk", "😀中", "%26%23128512%3B%D6%D0"),
    ("gb18030", "😀", "%949%FC6"),
    ("gbk", "€5", "%805"),
    ("big5", "简", "%26%2331616%3B"),
    ("shift_jis", "中😀", "%92%86%26%23128512%3B"),
]


@pytest.mark.parametrize(("charset", "text", "sent"), SENT)
def test_what_a_charset_lacks_is_sent_as_browsers_send_it(charset, text, sent):
    assert resolve(PAGE, f"/s?q={text}", charset).url == f"http://www.qinghe.gov.cn/s?q={sent}"


def test_a_remembered_href_is_not_mistaken_for_that_of_another_folder_or_host():
    resolver = HrefResolver()
    first, second, third = (Base.of(f"http://{host}/{folder}/x.html") for host, folder in ("ab", "ac", "bb"))
    for base in (first, second, third):
        assert resolver.resolve(base, "y.html").url == folder_of(base.url) + "y.html"
        assert resolver.resolve(base, "/y.html").url == base.origin + "/y.html"
        assert resolver.resolve(base, "#y").url == base.url


def test_a_remembered_href_is_not_mistaken_for_that_of_a_page_in_another_charset():
    resolver, base = HrefResolver(), Base.of("http://a.cn/b/x.html")
    queries = {charset: resolver.resolve(base, "s?q=中", charset).url[-9:] for charset in ("big5", "utf-8", "gb18030")}
    assert queries == {"big5": "?q=%A4%A4", "utf-8": "%E4%B8%AD", "gb18030": "?q=%D6%D0"}


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("www.qinghe.gov.cn", "http://www.qinghe.gov.cn/"),
        (" https://QINGHE.gov.cn ", "https://qinghe.gov.cn/"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("中国.政务", "http://xn--fiqs8s.xn--zfr164b/"),
    ],
)
def test_a_typed_address_is_completed(typed, url):
    assert normalise(typed) == url


@pytest.mark.parametrize("typed", ["", "http://", "ftp://a.cn/", "a b"])
def test_a_typed_address_without_a_host_is_refused(typed):
    with pytest.raises(MalformedError):
        normalise(typed)


def test_parts_of_a_url():
    url = "https://u:p@www.qinghe.gov.cn:8443/a/b.html?u=/x/y"
    assert (host_of(url), origin_of(url)) == ("www.qinghe.gov.cn:8443", "https://www.qinghe.gov.cn:8443")
    assert folder_of(url) == "https://u:p@www.qinghe.gov.cn:8443/a/"


@pytest.mark.parametrize("url", ["http://a.cn;jsessionid=1/x", "http://0x7f.1;jsessionid=1/"])
def test_a_host_that_looks_like_a_session_is_kept(url):
    assert strip_session(url) == url
    assert strip_session(f"{url};jsessionid=2?a=1") == f"{url}?a=1"


def test_a_parameter_that_only_looks_like_a_session_is_kept():
    assert strip_session("http://a.cn/x?sid=12&side=left") == "http://a.cn/x?sid=12&side=left"


PIECES = st.sampled_from(
    "a b1 .. . ... .a a. / // ? # & = % %41 : @ \\ ~ _ - ; http:// https:// x.cn:80 x.cn 127.0.0.1 0x7f.1 https".split()
)
HOMES = st.sampled_from([PAGE, "https://x.cn/", "http://x.cn:8080/a/b/c/?q=/d/e", "http://127.0.0.1:1/a"])


@given(HOMES, st.lists(PIECES, max_size=7).map("".join))
@example(PAGE, "../../../x?a=1#f")
@example(PAGE, "http://X.cn/")
@example(PAGE, "http://x.cn:80/")
@example(PAGE, "http://010.0.0.1/")
@example(PAGE, "http://http/x.cn/")
@example(PAGE, "//x.cn/")
@example("https://x.cn/", "//x.cn:80/")
@example(PAGE, "//http/x.cn/")
def test_the_short_way_and_the_long_way_lead_to_the_same_place(home, href):
    target = plainly(Base.of(home), href)
    if target is not None and href[:1] not in {"", "#", "?"}:
        assert target == resolve(home, href)


@given(HOMES | st.just("http://x.cn/a;jsessionid=1?sessionid=2&b#c"), st.lists(PIECES, max_size=4).map("".join))
@example(PAGE, "")
@example(PAGE, "s1")
def test_places_on_the_page_itself_are_those_of_the_long_way(home, rest):
    assert outcome(HrefResolver().resolve, Base.of(home), f"#{rest}") == outcome(resolve, home, f"#{rest}")


@given(HOMES, st.lists(PIECES, max_size=5).map("".join))
@example(PAGE, "/x")
@example(PAGE, "http://x.cn/")
@example(PAGE, "../..")
def test_what_is_remembered_of_one_folder_holds_in_others(home, rest):
    """Menus with steps up (``../../a``) are resolved once for all folders; the root has none above it."""
    resolver = HrefResolver()
    for deeper in ("", "a/", "a/b/", "c/d/e/"):
        base = Base.of(f"{folder_of(home)}{deeper}x.html?/q/r")
        for steps in range(5):
            href = "../" * steps + rest
            assert outcome(resolver.resolve, base, href) == outcome(resolve, base.url, href)


def outcome(resolving, base, href: str):
    try:
        return resolving(base, href)
    except MalformedError:
        return None


def test_most_links_of_a_page_take_the_short_way():
    base = Base.of(PAGE)
    assert all(
        plainly(base, href)
        for href in ("a.html", "./t2.htm", "../../x/", "/", "/a/b.html?id=1", "http://x.cn/a#b", "//x.cn/a")
    )
    assert not any(plainly(base, href) for href in ("//x.cn", "附件.doc", "a b", "mailto:x", "http://X.cn/", "a%20b"))
