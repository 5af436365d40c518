"""Shapes of addresses, and how long a space may go on without saying anything new."""

from __future__ import annotations

import pytest

from monitor.crawl.traps import SUSPICIOUS, Traps, shape_of, unsorted
from tests.factories import page

CALENDAR = "http://a.cn/cal?y={}&m={}"


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("http://a.cn/art/2026/9/4/art_12_345.html", "http://a.cn/art/N/N/N/art_N_N.html"),
        ("http://a.cn/x?m=1&y=2", "http://a.cn/x?m&y"),
        ("http://a.cn/x?y=2&m=1", "http://a.cn/x?m&y"),
        ("http://a.cn/a1b2c3d4e5f60718293a/x", "http://a.cn/N/x"),
        ("http://12345.gov.cn:8080/7/", "http://12345.gov.cn:8080/N/"),
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
    ("path", "admitted"),
    [
        ("/a/b/a/b/a/b/", False),
        ("/x/x/x/y.html", False),
        ("/a/b/a/b/c", True),
        ("/2024/2024/2024/x", True),
        ("/art/2026/1/1/1/art_1.html", True),
    ],
)
def test_folders_that_repeat_three_times_are_a_trap_and_numbers_are_not(path, admitted):
    traps = Traps(patience=5)
    assert traps.may_enter(f"http://a.cn{path}", "http://a.cn/") is admitted
    assert bool(traps.spaces) is not admitted


def walk(traps: Traps, texts, *, news: bool = False) -> int:
    """Follow a chain of pages, each of which names the next; return how many were read before the chain was cut."""
    url = CALENDAR.format(2024, 1)
    traps.may_enter(url, "http://a.cn/")
    for count, text in enumerate(texts):
        if traps.is_cut(url):
            return count
        following = CALENDAR.format(2024 + (count + 1) // 12, (count + 1) % 12 + 1)
        traps.may_enter(following, url)
        traps.visited(page(url, f"<p>{text}</p>"), news=news)
        url = following
    return len(texts)


def test_a_chain_that_says_the_same_is_cut_after_so_many_pages():
    traps = Traps(patience=5)
    assert walk(traps, [f"{n}月日程" for n in range(99)]) == SUSPICIOUS + 1 + 5
    (space,) = traps.spaces.values()
    assert (space.reason, space.shape) == ("same-pages", "http://a.cn/cal?m&y")


def test_a_chain_of_pages_that_say_something_new_goes_on():
    assert walk(Traps(patience=5), [chr(0x4E00 + n) for n in range(99)]) == 99


def test_a_chain_of_pages_that_lead_somewhere_new_goes_on():
    assert walk(Traps(patience=5), ["同样的话"] * 99, news=True) == 99


def test_what_is_known_of_a_space_outlives_a_restart():
    first, second = Traps(patience=5), Traps(patience=5)
    walk(first, [f"{n}月日程" for n in range(99)])
    second.recalled(first.state())
    assert second.spaces == first.spaces
    assert not second.may_enter(CALENDAR.format(2099, 1), "http://a.cn/")


def test_a_site_that_repeats_own_address_is_one_target():
    traps = Traps(patience=5)
    told = [
        "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=1100000001&url=http%3A%2F%2Fa.cn%2F{}",
        "http://service.weibo.com/share/share.php?title={}&url=http://a.cn/{}",
    ]
    page_of_ours = "http://a.cn/1"
    for template in told:
        met = [traps.repeats_own_address(template.format(n, n), page_of_ours) for n in range(3)]
        assert met == [False, True, True]
    assert not traps.repeats_own_address("http://b.cn/?site_code=2&url=http://a.cn/1", page_of_ours)
    for other in (
        "http://b.cn/x?id=1",
        "http://b.cn/x?id=2",
        "http://b.cn/go?url=http://c.cn/1",
        "http://b.cn/go?url=http://d.cn/",
    ):
        assert not traps.repeats_own_address(other, page_of_ours)
