"""Filters that are written as folders: which addresses tell where they begin, and which belong to them."""

from __future__ import annotations

import pytest

from monitor.crawl.filters import Filters


@pytest.mark.parametrize(
    ("one", "other", "further", "shape"),
    [
        ("/tag/a/b/", "/tag/b/a/", "/tag/c/d/", "http://a.cn/tag/…/…"),
        ("/tag/a/b", "/tag/b/a", "/tag/c/d/e", "http://a.cn/tag/…/…"),
        ("/tag/a+b", "/tag/b+a", "/tag/c+d+e", "http://a.cn/tag/…/…"),
        ("/tag/a%2Cb.html", "/tag/b%2Ca.html", "/tag/c%2Cd.html", "http://a.cn/tag/…/…"),
        ("/x/tag/c/a/b/", "/x/tag/c/b/a/", "/x/tag/c/d/e/", "http://a.cn/x/tag/c/…/…"),
        ("/tag/%E4%BD%8F/%E6%88%BF/", "/tag/%E6%88%BF/%E4%BD%8F/", "/tag/a/b/", "http://a.cn/tag/…/…"),
        ("/tag/a/b/", "/tag/b/a/", "/tag/a/", ""),
        ("/tag/a/b/", "/tag/b/a/", "/other/a/b/", ""),
        ("/tag/a/b/", "/tag/b/a/", "/tag/a/b/?page=2", ""),
        ("/tag/a/b/", "/tag/b/c/", "/tag/a/c/", ""),
        ("/tag/a/b/", "/tag/a/b.html", "/tag/a/c/", ""),
        ("/a/b/", "/b/a/", "/c/d/", ""),
        ("/2026/zwgk/09/", "/2026/09/zwgk/", "/2026/a/b/", ""),
        ("/art/12/34/", "/art/34/12/", "/art/5/6/", ""),
        ("/tag/a/a/", "/tag/a/a/", "/tag/a/b/", ""),
    ],
)
def test_two_orders_of_the_same_names_begin_filters(one, other, further, shape):
    filters = Filters()
    for path in (one, other):
        filters.meet(f"http://a.cn{path}")
    assert filters.shape(f"http://a.cn{further}") == shape


def test_filters_begin_at_the_first_place_that_showed_it():
    filters = Filters()
    for path in ("/tag/a/b/", "/tag/b/a/", "/tag/c/a/b/", "/tag/c/b/a/"):
        filters.meet(f"http://a.cn{path}")
    assert filters.shape("http://a.cn/tag/c/d/e/") == "http://a.cn/tag/…/…"


@pytest.mark.parametrize("url", ["http://a.cn", "http://a.cn/", "mailto:a@b.cn", "http://a.cn/%", "http://[::1]/a/b/c"])
def test_any_address_may_be_met(url):
    filters = Filters()
    filters.meet(url)
    assert not filters.shape(url)
