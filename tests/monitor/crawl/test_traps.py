"""Spaces without an end: what is cut, how soon, and what looks like one and is none."""

from __future__ import annotations

from collections import deque
from urllib.parse import urljoin

import pytest

from monitor.crawl.page_reader import digest_of
from monitor.crawl.traps import PROBES, Traps
from tests.monitor.crawl import drawn, lists, spaces

LIMIT = 1_000
"""Pages after which a walk that nobody cuts is given up."""


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


class Walk:
    """Read a site, a function from an address to (text, links to pages, other addresses), in order of discovery."""

    def __init__(self, site):
        self.site, self.traps = site, Traps(20)
        self.read, self.repeating, self.probes = [], {}, []

    def go(self, *, memory=None, limit=LIMIT):
        """Walk to the end; ``memory`` is a walk whose pages have not changed since."""
        met, waiting, cut_off = {spaces.HOME}, deque([spaces.HOME]), list[str]()
        while len(self.read) < limit:
            if not waiting:
                waiting, cut_off = self._behind_cuts(cut_off)
            if not waiting:
                break
            url = waiting.popleft()
            if self.traps.is_cut(url):
                cut_off.append(url)
                continue
            text, links, others = self.site(url)
            self.read.append(url)
            body = f"<title>某局</title><p>{text}</p>{''.join(f'<a href={each}>看</a>' for each in links)}".encode()
            digest = digest_of(body)
            self.repeating[url] = repeats = self._repeats(url, body, digest, memory)
            found = dict.fromkeys(urljoin(url, link) for link in links)
            fresh = [each for each in found if each not in met and self.traps.may_enter(each, url)]
            met.update(fresh)
            waiting.extend(fresh)
            others = [urljoin(url, each) for each in others]
            self.traps.visited(url, digest, fresh, others, repeats=repeats, linked=found)
        return self

    def _behind_cuts(self, cut_off):
        """Return what is to be read of what was cut off, as a crawl does, and what is not."""
        self.traps.take_back()
        probes = self.traps.look_behind(cut_off)
        again = [url for url in cut_off if url in probes or not self.traps.is_cut(url)]
        self.probes += [url for url in again if url in probes]
        return deque(again), [url for url in cut_off if url not in again]

    def _repeats(self, url, body, digest, memory):
        if memory is None or url not in memory.repeating:
            return self.traps.repeats(url, body, digest)
        self.traps.remember(url, digest)
        return memory.repeating[url]


@pytest.mark.parametrize("site", spaces.ENDLESS)
def test_a_space_without_an_end_is_cut_within_100_pages_and_is_one_finding(site):
    walk = Walk(site).go()
    assert len(walk.read) <= 100
    assert len(walk.traps.spaces) == 1


@pytest.mark.parametrize(("way", "answer"), lists.ENDLESS)
def test_lists_that_are_put_together_are_cut_within_100_pages_and_are_one_finding(way, answer):
    walk = Walk(lists.endless(way, answer)).go()
    assert len(walk.read) <= 130
    assert len([url for url in walk.read if "/art/" not in url]) <= 100
    assert len(walk.traps.spaces) == 1


def test_a_space_is_told_by_the_page_where_it_begins():
    for site, first in ((spaces.month_and_day, "/rl/24320/"), (spaces.in_words, "/cal?m=0")):
        (space,) = Walk(site).go().traps.spaces.values()
        assert space.referrer == urljoin(spaces.HOME, first) != space.example


@pytest.mark.parametrize("site", lists.FINITE)
def test_lists_that_say_something_are_read_to_the_last(site):
    walk = Walk(site).go(limit=5_000)
    assert set(walk.read) == every_page(site)
    assert not walk.traps.spaces


@pytest.mark.parametrize("count", [40, 60, 80, 100])
def test_lists_behind_a_cut_are_read_where_a_look_there_finds_something(count):
    site = lists.behind_empty_lists(count)
    walk = Walk(site).go()
    assert set(walk.read) == every_page(site)
    assert not walk.traps.spaces


def test_of_what_lies_behind_a_cut_ten_pages_are_read_and_no_more():
    walk = Walk(spaces.month_and_day).go()
    assert len(walk.traps.spaces) == 1
    assert len(walk.probes) == PROBES
    assert walk.read[-PROBES:] == walk.probes
    assert len(walk.read) <= 100


def test_spaces_as_they_are_drawn_are_cut_soon():
    """Of 400 drawings, 96 of 100 are cut within 100 pages; one of these is cut later."""
    walks = {space.told: Walk(space.site).go(limit=200) for space in map(drawn.draw, range(20))}
    read = {told: len([url for url in walk.read if "/art/" not in url]) for told, walk in walks.items()}
    assert {told: len(walk.traps.spaces) for told, walk in walks.items()} == dict.fromkeys(walks, 1)
    late = {told: pages for told, pages in read.items() if pages > 100}
    assert len(late) <= 1, late


@pytest.mark.parametrize("at", [9008, 9072, 61002])
def test_a_space_that_is_written_in_several_ways_is_one_finding(at):
    """Links that an ampersand was escaped in twice; filters in folders whose values are a letter and a number; folders.

    Of the last, some are numbers, which may stand within themselves in a date as well.
    """
    assert len(Walk(drawn.draw(at).site).go(limit=400).traps.spaces) == 1


@pytest.mark.parametrize("at", [7024, 7080, 31026, 31068, 52063, 52136])
def test_what_grows_or_multiplies_though_its_pages_differ_is_cut_soon(at):
    """Two relative links without a slash; sessions beside two filters of lists that show some of thirty articles.

    Calendars whose months and days do so, of several shapes and of one; relative links in folders of two depths.
    """
    walk = Walk(drawn.draw(at).site).go(limit=400)
    assert len([url for url in walk.read if "/art/" not in url]) <= 100
    assert len(walk.traps.spaces) == 1


@pytest.mark.parametrize("at", [1, 2, 3, 27, 77, 98])
def test_lists_as_they_are_drawn_are_read_to_the_last(at):
    lists_drawn = drawn.draw_lists(at)
    walk = Walk(lists_drawn.site).go(limit=5_000)
    assert set(walk.read) == every_page(lists_drawn.site), lists_drawn.told
    assert not walk.traps.spaces


def test_filters_do_not_take_the_list_of_the_same_program_with_them():
    walk = Walk(lists.list_beside_filters).go()
    assert len([url for url in walk.read if "c=search" not in url]) == 1 + 40 + 3 * 40
    assert [space.shape for space in walk.traps.spaces.values()] == ["http://a.cn/i?c=search&…"]


def every_page(site):
    """Return all addresses of a site that has an end."""
    met, waiting = {spaces.HOME}, [spaces.HOME]
    while waiting:
        url = waiting.pop()
        found = {urljoin(url, each) for each in site(url)[1]} - met
        met |= found
        waiting.extend(found)
    return met


@pytest.mark.parametrize("site", [*spaces.ENDLESS, lists.endless("four filters of words", lists.some_items)])
def test_a_space_is_cut_at_the_same_place_in_every_run(site):
    first = before = Walk(site).go()
    for _ in range(9):
        before = Walk(site).go(memory=before)
        assert before.read == first.read
        assert before.traps.spaces == first.traps.spaces


@pytest.mark.parametrize(
    ("site", "pages"),
    [
        (spaces.archive, 401),
        (spaces.long_list_of_films, 1_601),
        (spaces.long_list_of_photos, 1_601),
        (spaces.prices, 241),
        (spaces.gallery, 201),
        (spaces.empty_columns, 61),
        (spaces.two_orders, 43),
        (spaces.empty_in_one_order, 61),
    ],
)
def test_what_has_an_end_is_read_to_it(site, pages):
    walk = Walk(site).go(limit=2_000)
    assert (len(walk.read), walk.traps.spaces) == (pages, {})


def test_a_calendar_does_not_take_the_articles_of_the_same_program_with_it():
    walk = Walk(spaces.programs).go()
    assert len([url for url in walk.read if "c=article" in url]) == 200
    assert len(walk.traps.spaces) == 1


def test_what_is_known_of_a_space_outlives_a_restart():
    first, second = Walk(spaces.month_and_day).go().traps, Traps(20)
    second.recalled(first.state())
    assert second.spaces == first.spaces
    assert not second.may_enter("http://a.cn/rl/99/", "http://a.cn/rl/98/")


def test_a_site_that_gets_the_address_of_each_page_is_one_target():
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
