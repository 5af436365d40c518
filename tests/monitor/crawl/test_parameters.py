"""Parameters of programs: where they stand in an address, and which are put together freely."""

from __future__ import annotations

from itertools import product

import pytest

from monitor.crawl.parameters import Parameters, differs_in_one, is_narrower, place_of, read
from tests.monitor.crawl import lists

WORDS = lists.WORDS


@pytest.mark.parametrize(
    ("url", "place", "parameters"),
    [
        ("http://a.cn/q?b=2&a=1", "http://a.cn/q", [("a", ("1",)), ("b", ("2",))]),
        ("http://a.cn/q?B=2&amp;a=1", "http://a.cn/q", [("a", ("1",)), ("b", ("2",))]),
        ("http://a.cn/q?f[0]=x&f%5B1%5D=y", "http://a.cn/q", [("f[]", ("x", "y"))]),
        ("http://a.cn/q?t=a,b%2Cc", "http://a.cn/q", [("t", ("a", "b", "c"))]),
        ("http://a.cn/q?t=,a", "http://a.cn/q", [("t", (",a",))]),
        ("http://a.cn/q?t=", "http://a.cn/q", [("t", ("",))]),
        ("http://a.cn/q;a=1;b=2", "http://a.cn/q", [("a", ("1",)), ("b", ("2",))]),
        ("http://a.cn/q/a=1/b=2/", "http://a.cn/q", [("a", ("1",)), ("b", ("2",))]),
        ("http://a.cn/l.jsp;s=9?a=1", "http://a.cn/l.jsp", [("a", ("1",)), ("s", ("9",))]),
        ("http://a.cn/q/x/y/z.html", "http://a.cn/q/", [("/0", ("x",)), ("/1", ("y",)), ("/2", ("z",))]),
        ("http://a.cn/list-x-0.html", "http://a.cn/list-", [("-0", ("x",)), ("-1", ("0",))]),
        ("http://a.cn/list_x_0.html", "http://a.cn/list_", [("-0", ("x",)), ("-1", ("0",))]),
        ("http://a.cn/q/12/x/K3/index.html", "http://a.cn/q/", [("/0", ("12",)), ("/1", ("x",)), ("/2", ("K3",))]),
        ("http://a.cn/q/y/x/3.html", "http://a.cn/q/y/x/3.html", []),
        ("http://a.cn/zt/2024/x/y/", "http://a.cn/zt/2024/", [("/0", ("x",)), ("/1", ("y",))]),
        ("http://a.cn/zt/2024/x/9/", "http://a.cn/zt/2024/x/9/", []),
        ("http://a.cn/x/y/t20260904_1.html", "http://a.cn/x/y/t20260904_1.html", []),
        ("http://a.cn/art/2026/9/art_1_2.html", "http://a.cn/art/2026/9/art_1_2.html", []),
        ("http://a.cn/list-1-0.html", "http://a.cn/list-1-0.html", []),
        ("http://a.cn/q/x.html", "http://a.cn/q/x.html", []),
        ("http://a.cn/", "http://a.cn/", []),
        ("http://a.cn", "http://a.cn", []),
        ("http://a.cn/q?" + "&".join(f"p{n}=1" for n in range(40)), None, []),
    ],
)
def test_parameters_are_read_wherever_they_stand(url, place, parameters):
    assert read(url) == (place or url, tuple(parameters))
    assert place_of(url) == (place or url)


def met(*urls: str) -> Parameters:
    parameters = Parameters()
    for url in urls:
        parameters.meet(url)
    return parameters


FILTERS = tuple(f"http://a.cn/q?c=s&theme={one}&dept={other}" for one, other in product(WORDS, WORDS))


@pytest.mark.parametrize(
    ("urls", "url", "fewest", "shape"),
    [
        (FILTERS, "http://a.cn/q?c=s&theme=x&dept=y", 2, "http://a.cn/q?c=s&…"),
        (FILTERS, "http://a.cn/q?c=s&theme=x", 2, ""),
        (FILTERS, "http://a.cn/q?c=s&theme=x", 1, "http://a.cn/q?c=s&…"),
        (FILTERS, "http://a.cn/q?c=s", 1, ""),
        (FILTERS, "http://a.cn/other?theme=x&dept=y", 2, ""),
        (FILTERS[:15], "http://a.cn/q?c=s&theme=x&dept=y", 2, ""),
        ([f"http://a.cn/i?c=article&a=show&id={n}" for n in range(500)], "http://a.cn/i?c=article&a=show&id=7", 1, ""),
        (
            [f"http://a.cn/i?c={c}&a={a}&id={number}" for c in "xyz" for a in ("show", "list") for number in (1, 2, 3)],
            "http://a.cn/i?c=x&a=list&id=1",
            1,
            "",
        ),
        ([f"http://a.cn/i?col={number % 5}&id={number}" for number in range(500)], "http://a.cn/i?col=1&id=6", 1, ""),
    ],
)
def test_what_is_put_together_freely_has_a_shape(urls, url, fewest, shape):
    assert met(*urls).free_shape(url, fewest) == shape


def test_a_command_stays_in_the_shape_though_its_lists_have_pages():
    lists_by_pages = [f"http://a.cn/q?c={command}&p={page}" for command in ("news", "files", "s") for page in range(40)]
    parameters = met(*FILTERS, *lists_by_pages)
    assert parameters.free_shape("http://a.cn/q?c=news&p=3", 2) == "http://a.cn/q?…"
    assert parameters.free_shape(FILTERS[5], 2) == "http://a.cn/q?c=s&…"


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("/q?a=1&b=2", "/q?a=1&b=3", True),
        ("/q?a=1&b=2", "/q?a=1", True),
        ("/q?a=1", "/q?a=1&b=3", True),
        ("/print?a=1&b=2", "/q?a=1&b=2", True),
        ("/q?a=1&b=2", "/q?a=2&b=3", False),
        ("/q?c=list&id=2", "/q?c=show&id=3", False),
        ("/art/5", "/q?a=1", False),
    ],
)
def test_lists_lead_to_lists_that_differ_in_one_value(one, other, differs):
    assert differs_in_one(f"http://a.cn{one}", f"http://a.cn{other}") is differs


@pytest.mark.parametrize(
    ("one", "other", "narrower"),
    [
        ("http://a.cn/q?a=1&…", "http://a.cn/q?…", True),
        ("http://a.cn/q?…", "http://a.cn/q?…", False),
        ("http://a.cn/q?a=1&…", "http://a.cn/q?b=1&…", False),
        ("http://a.cn/p?a=1&…", "http://a.cn/q?…", False),
        ("http://a.cn/q/", "http://a.cn/q/", False),
    ],
)
def test_a_shape_with_a_value_more_is_narrower(one, other, narrower):
    assert is_narrower(one, other) is narrower


@pytest.mark.parametrize("url", ["http://a.cn/%?%=%", "http://[::1]/a=b", "http://a.cn/;=;=", "http://a.cn/?&&=&", "x"])
def test_any_address_may_be_met(url):
    assert not met(url).free_shape(url, 1)


def test_beside_what_is_always_new_nothing_tells_kinds_of_pages_apart():
    sessions = met(*(f"http://a.cn/q?kind={WORDS[number % 5]}&sid={number:x}" for number in range(40)))
    assert sessions.shape("http://a.cn/q?kind=jiaoyu&sid=ff") == "http://a.cn/q?kind&sid"
    pages = met(*(f"http://a.cn/q?c={WORDS[number % 5]}&p={number // 5}" for number in range(40)))
    assert pages.shape("http://a.cn/q?c=jiaoyu&p=3") == "http://a.cn/q?c=jiaoyu&p"
