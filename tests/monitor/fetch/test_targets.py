"""Addresses whose origin is known are read as all others are."""

import pytest

from monitor.fetch.url import Targets, read

ORIGINS = ("http://www.qinghe.gov.cn", "https://www.qinghe.gov.cn:8443", "http://127.0.0.1:8080")
PATHS = (
    "/", "", "?p=1", "/a/b.html", "/a/./b", "/a/../b", "/.well-known/x", "/a b", '/a"b', "/a'b?c='",
    "/a^b|c`d{e}", "/100%.html",
    "/%e5%8a%9e", "/办.html", "/a?q=<b>&c=[d]", "/a\\b", "/a#b", "/a;jsessionid=1", "/@x:y", "/a//b",
)  # fmt: skip


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("path", PATHS)
def test_an_address_of_a_known_origin_is_read_as_the_first_one_was(origin, path):
    targets = Targets()
    assert targets.read(f"{origin}/first") == read(f"{origin}/first")
    assert targets.read(origin + path) == read(origin + path)


def test_an_origin_that_begins_like_a_known_one_is_another():
    targets = Targets()
    targets.read("http://www.gov.c/")
    for url in ("http://www.gov.cn", "http://www.gov.cn/", "http://www.gov.c?/", "http://www.gov.c:81/"):
        assert targets.read(url) == read(url)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://a.gov.cn/x?y=1", ("/x?y=1", "a.gov.cn", False, 80)),
        ("https://a.gov.cn:443", ("/", "a.gov.cn", True, 443)),
        ("https://a.gov.cn:8443/", ("/", "a.gov.cn:8443", True, 8443)),
        ("http://[::1]/", ("/", "[::1]", False, 80)),
        ("http://[::1]:8080/", ("/", "[::1]:8080", False, 8080)),
        ("http://0x7f.1/", ("/", "127.0.0.1", False, 80)),
    ],
)
def test_a_target_says_its_parts(url, parts):
    target = read(url)
    assert (target.path, target.authority, target.is_secure, target.port) == parts
