"""Shapes of addresses: what a program makes up is taken out, what a person wrote stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl import parameters
from monitor.crawl.filters import Filters
from monitor.crawl.parameters import read
from monitor.crawl.shapes import are_alike, has_numbered_name, nesting_of, shape_of, unsorted
from tests.cost import assert_linear


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("http://a.cn/x?b&x", "http://a.cn/x?c&x", True),
        ("http://a.cn/x?b", "http://a.cn/x?c", False),
        ("http://a.cn/x?b&x", "http://a.cn/y?b&x", False),
        ("http://a.cn/l/N/AN/N/", "http://a.cn/l/N/CN/N/", True),
        ("http://a.cn/l/N/AN/N/", "http://a.cn/l/N/CN/N/N/", False),
        ("http://a.cn/rl/N/", "http://a.cn/hd/N/", False),
    ],
)
def test_shapes_that_one_program_may_make_are_alike(one, other, alike):
    assert are_alike(one, other) is alike


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("http://a.cn/art/2026/9/4/art_12_345.html", "http://a.cn/art/N/N/N/art_N_N.html"),
        ("http://a.cn/x?m=1&y=2", "http://a.cn/x?m&y"),
        ("http://a.cn/x?y=2&m=1", "http://a.cn/x?m&y"),
        ("http://a.cn/a1b2c3d4e5f60718293a/x", "http://a.cn/N/x"),
        ("http://a.cn/p/9f3c1a7be2/list", "http://a.cn/p/N/list"),
        ("http://a.cn/x/550e8400-e29b-41d4-a716-446655440000/", "http://a.cn/x/N/"),
        ("http://a.cn/covid19/list2/", "http://a.cn/covidN/listN/"),
        ("http://a.cn/x?c=article&id=5", "http://a.cn/x?c=article&id"),
        ("http://a.cn/x?month=September&day=5", "http://a.cn/x?day&month"),
        ("http://a.cn/x?sort=date&id=5", "http://a.cn/x?id&sort"),
        ("http://a.cn/cal/september/5/", "http://a.cn/cal/N/N/"),
        ("http://a.cn/x/y/x/z.html", "http://a.cn/x/y/…/z.html"),
        ("http://a.cn/y/x/x/z.html", "http://a.cn/x/y/…/z.html"),
        ("http://a.cn/2026/2026/z.html", "http://a.cn/N/N/z.html"),
        ("http://12345.gov.cn:8080/7/", "http://12345.gov.cn:8080/N/"),
        ("http://a.cn/2026/x/may/", "http://a.cn/N/x/N/"),
        ("http://a.cn/x/may/x/9f3c1a7be2", "http://a.cn/x/…/N"),
        ("http://12345.gov.cn:8080", "http://12345.gov.cn:8080"),
    ],
)
def test_a_shape_is_an_address_without_its_numbers(url, shape):
    assert shape_of(url) == shape_of(url) == shape


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://a.cn/l?id=1&sort=date", "http://a.cn/l?id=1"),
        ("http://a.cn/l?orderBy=x", "http://a.cn/l"),
        ("http://a.cn/l?id=1&resort=2", "http://a.cn/l?id=1&resort=2"),
        ("http://a.cn/l", "http://a.cn/l"),
        ("http://a.cn/l?order=3", "http://a.cn/l"),
        ("http://a.cn/l?order=4711", "http://a.cn/l?order=4711"),
    ],
)
def test_what_only_sorts_is_left_out(url, plain):
    assert unsorted(url) == plain


@pytest.mark.parametrize(
    ("url", "nesting"),
    [
        ("http://a.cn/x/y/x/", "http://a.cn"),
        ("http://a.cn/b/x/x/z.html", "http://a.cn/b"),
        ("http://a.cn/x/y/z.html", None),
        ("http://a.cn/9/9/z.html", None),
        ("http://a.cn/", None),
    ],
)
def test_folders_within_themselves_nest_from_somewhere_on(url, nesting):
    assert nesting_of(url) == nesting


@pytest.mark.parametrize(
    ("path", "numbered"),
    [
        ("/zwgk/202609/t20260904_4711.html", True),
        ("/art/2026/9/4/art_12_3456.html", False),
        ("/list/2026", True),
        ("/list/2026/", False),
        ("/list-a-2026.html", False),
        ("/tag/a,b2026", False),
        ("/s=1/2026.html", False),
        ("/q/2026.html?a=1", False),
        ("/q?a/2026.html", False),
        ("/%E5%B1%802026", False),
        ("/rl/202.html", False),
    ],
)
def test_names_of_articles_have_a_number_and_few_parts(path, numbered):
    assert has_numbered_name(f"http://a.cn{path}") is numbered


FOLDERS = st.lists(st.text("ab12０政-_+,;|%.~", max_size=8), max_size=4).map("/".join)
NAMES = st.from_regex(r"[ab1.]{0,4}[_-]?[ab.]{0,4}[0-9]{4}[ab１.]{0,4}[_-]?[ab1.]{0,4}(?:\.html)?", fullmatch=True)


@given(FOLDERS, NAMES)
def test_addresses_of_articles_hold_neither_filters_nor_parameters(folders, name):
    url = f"http://a.cn/{folders}/{name}"
    if not has_numbered_name(url):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parameters, "has_numbered_name", lambda _: False)
        met = Filters()
        met.meet(url)
        assert (read.__wrapped__(url), met) == ((url, ()), Filters())


@pytest.mark.parametrize("name", ["1234{}_b-c", "{}1234_b-c", "12{}34", "{}_{}"])
def test_a_long_name_costs_what_it_is_long(name):
    assert_linear(
        has_numbered_name, lambda length: "http://a.cn/" + name.replace("{}", "1a" * (length // 2)), 400_000, 0.1
    )
