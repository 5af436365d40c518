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
        ("/tag/K02/a/", "/tag/a/K02/", "/tag/c/d/", "http://a.cn/tag/…/…"),
        ("/tag/a-b.html", "/tag/b-a.html", "/tag/c-d-e.html", "http://a.cn/tag/…/…"),
        ("/zt-12/a_b/", "/zt-12/b_a/", "/zt-12/c_d/", "http://a.cn/zt-12/…/…"),
        ("/a/t20260904_12/", "/a/12_t20260904/", "/a/c_d/", ""),
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


def test_numbers_are_filters_where_they_change_places_at_two_steps_and_days_are_none():
    filters = Filters()
    for path in ("/rl/2026/4/9/", "/rl/2026/9/4/", "/rl/2025/4/9/", "/rl/2025/9/4/", "/tag/4/9/", "/tag/9/4/"):
        filters.meet(f"http://a.cn{path}")
    assert not filters.shape("http://a.cn/rl/2026/1/2/")
    assert not filters.shape("http://a.cn/tag/1/2/")
    for path in ("/tag/7/4/9/", "/tag/7/9/4/"):
        filters.meet(f"http://a.cn{path}")
    assert not filters.shape("http://a.cn/rl/2026/1/2/")
    assert filters.shape("http://a.cn/tag/1/2/") == "http://a.cn/tag/…/…"


@pytest.mark.parametrize("url", ["http://a.cn", "http://a.cn/", "mailto:a@b.cn", "http://a.cn/%", "http://[::1]/a/b/c"])
def test_any_address_may_be_met(url):
    filters = Filters()
    filters.meet(url)
    assert not filters.shape(url)
