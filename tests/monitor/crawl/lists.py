"""Lists that a program puts together, with and without an end, as the sites of ``spaces.py`` are.

The endless ones are made of two parts: how their addresses lead to one another, and what their pages answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import combinations
from urllib.parse import parse_qsl, quote, urlsplit

from tests.monitor.crawl.spaces import HOME, home

Site = Callable[[str], tuple[str, list[str] | tuple[str, ...], list[str] | tuple[str, ...]]]
Chosen = list[tuple[str, str]]

WORDS = ("jiaoyu", "yiliao", "zhufang", "jiuye", "shebao", "huji", "shuishou", "zhijian", "yanglao", "huanbao")
NAMES = ("theme", "dept", "period", "kind")
NUMBERS = tuple(map(str, range(10)))
LABELS = dict(zip(WORDS, "教育 医疗 住房 就业 社保 户籍 税收 质检 养老 环保".split(), strict=True))
SORTS = {"cate": WORDS, "px": ("date", "title", "hits", "size"), "fx": ("asc", "desc"), "rows": ("10", "20", "50")}
NUMBERED_SORTS = {"cate": NUMBERS, "px": NUMBERS[:4], "fx": NUMBERS[:2], "rows": ("10", "20", "50")}
SWITCHES = ("hot", "new", "open", "pic", "video", "top", "rec", "old", "free")


def number(*parts: object) -> int:
    """Return a number that follows from nothing."""
    return int(hashlib.sha256(repr(parts).encode()).hexdigest()[:12], 16)


def letters(*parts: object) -> str:
    """Return eight letters that follow from nothing."""
    return "".join(chr(97 + number(*parts, place) % 26) for place in range(8))


def titles(numbers: list[int]) -> str:
    return "".join(f"<li>{chr(0x4E00 + each % 9000)}{chr(0x5E00 + each * 7 % 9000)}的公告</li>" for each in numbers)


# ---- what pages answer ---------------------------------------------------------------------------


def nothing(_url: str, _values: list[str]) -> tuple[str, list[str]]:
    return "没有符合条件的内容", []


def nothing_of(_url: str, values: list[str]) -> tuple[str, list[str]]:
    """Nothing, but for the names of what was asked for."""
    return f"“{'”、“'.join(LABELS.get(each, each) for each in values)}”没有内容", []


def same_items(url: str, _values: list[str]) -> tuple[str, list[str]]:
    """The same twenty articles, always in another order."""
    shown = sorted(range(20), key=lambda each: number(url, each))
    return titles(shown), [f"/art/{each}" for each in shown]


def some_items(url: str, _values: list[str]) -> tuple[str, list[str]]:
    """Some of thirty articles."""
    shown = sorted({number(url, each) % 30 for each in range(5)})
    return f"共{len(shown)}条{titles(shown)}", [f"/art/{each}" for each in shown]


ANSWERS = (nothing, nothing_of, same_items, some_items)


# ---- how addresses lead to one another -----------------------------------------------------------


def written(chosen: Chosen, mark: str = "&") -> str:
    return mark.join(f"{name}={value}" for name, value in chosen)


def query(url: str) -> Chosen:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def turned(chosen: Chosen, choices: dict[str, tuple[str, ...]]) -> Iterator[Chosen]:
    """Yield what is chosen with each value of each parameter in the place of its own."""
    for name, values in choices.items():
        for value in values:
            if name in dict(chosen) and (name, value) not in chosen:
                yield [(each, value if each == name else known) for each, known in chosen]


def first_of(choices: dict[str, tuple[str, ...]]) -> Chosen:
    return [(name, values[0]) for name, values in choices.items()]


def filters(choices: dict[str, tuple[str, ...]], start: str = "/q?", mark: str = "&") -> tuple[str, Callable]:
    """Filters that all stand in every address; each page leads to all that differ in one."""
    length = len(start)

    def links(url: str) -> tuple[list[str], list[str]]:
        chosen = [tuple(part.split("=")) for part in url.removeprefix(HOME[:-1])[length:].split(mark)]
        return [start + written(each, mark) for each in turned(chosen, choices)], [value for _, value in chosen]

    return start + written(first_of(choices), mark), links


def all_linked(choices: dict[str, tuple[str, ...]]) -> tuple[str, Callable]:
    """Filters of which every page leads to all combinations."""
    every = [[]]
    for name, values in choices.items():
        every = [[*each, (name, value)] for each in every for value in values]
    addresses = [f"/q?{written(each)}" for each in every]
    return addresses[0], lambda url: (addresses, [value for _, value in query(url)])


def added(choices: dict[str, tuple[str, ...]]) -> tuple[str, Callable]:
    """Filters that are added one by one, and taken away again."""

    def links(url: str) -> tuple[list[str], list[str]]:
        chosen = query(url)
        more = [[*chosen, (name, each)] for name in choices if name not in dict(chosen) for each in choices[name]]
        less = [[each for each in chosen if each != gone] for gone in chosen if len(chosen) > 1]
        return [f"/q?{written(each)}" for each in more + less], [value for _, value in chosen]

    name = next(iter(choices))
    return f"/q?{name}={choices[name][0]}", links


def several(values: tuple[str, ...], name: str, mark: str) -> tuple[str, Callable]:
    """One filter that holds several values."""
    between = mark.replace("NAME", name)

    def links(url: str) -> tuple[list[str], list[str]]:
        chosen = url.partition(f"?{name}=")[2].split(between)
        return [f"/q?{name}={between.join([*chosen, each])}" for each in values if each not in chosen], chosen

    return f"/q?{name}={values[0]}", links


def in_places(values: tuple[str, ...], start: str, mark: str, end: str) -> tuple[str, Callable]:
    """Four filters without names, each in its place in the path."""

    def links(url: str) -> tuple[list[str], list[str]]:
        chosen = url.removeprefix(HOME[:-1] + start).removesuffix(end).split(mark)
        places = [dict(enumerate(chosen)) | {place: each} for place in range(4) for each in values]
        return [start + mark.join(each.values()) + end for each in places if list(each.values()) != chosen], chosen

    return start + mark.join(values[:1] * 4) + end, links


def switches(on: str, off: str) -> tuple[str, Callable]:
    """Nine switches; one that is off is left out where ``off`` is empty."""

    def links(url: str) -> tuple[list[str], list[str]]:
        state = dict(query(url))
        turns = [state | {name: off if state.get(name) == on else on} for name in SWITCHES]
        ordered = [[(name, each[name]) for name in SWITCHES if each.get(name)] for each in turns]
        return [f"/q?{written(each)}" for each in ordered], []

    return f"/q?{written([(name, on if name == 'hot' else off) for name in SWITCHES if off or name == 'hot'])}", links


def fresh(*patterns: str, count: int = 3) -> tuple[str, Callable]:
    """Addresses with a word that no other has."""

    def links(url: str) -> tuple[list[str], list[str]]:
        words = [letters(url, each) for each in range(count)]
        return [pattern.format(word) for pattern in patterns for word in words], [
            urlsplit(url).query.rpartition("=")[2]
        ]

    return patterns[0].format("abcdefgh"), links


def growing(*tails: str, start: str) -> tuple[str, Callable]:
    """Addresses that grow: what a page adds to its own is never taken away."""

    def links(url: str) -> tuple[list[str], list[str]]:
        own = url.removeprefix(HOME[:-1])
        return [tail.format(own=own, quoted=quote(own, safe="")) for tail in tails], []

    return start, links


def with_words(count: int, size: int = 10) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(NAMES[:count], WORDS[:size])


def with_numbers(count: int) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(NAMES[:count], NUMBERS)


WAYS = {
    "four filters of words": filters(with_words(4)),
    "four filters of numbers": filters(with_numbers(4)),
    "two filters of many": filters(dict.fromkeys(NAMES[:2], tuple(a + b for a in "abcdef" for b in "uvwxyz"))),
    "three filters, all linked": all_linked(with_words(3, 6)),
    "filters of a program": filters(with_words(3), "/i?c=search&"),
    "filters added one by one": added(with_words(4)),
    "numbers added one by one": added(with_numbers(4)),
    "orders and filters": filters(SORTS),
    "numbered orders": filters(NUMBERED_SORTS),
    "filters behind semicolons": filters(with_words(4), "/q;", ";"),
    "filters as folders with names": filters(with_words(4), "/q/", "/"),
    "filters as folders without names": in_places(WORDS, "/q/", "/", "/"),
    "filters as parts of a name": in_places(WORDS, "/list-", "-", ".html"),
    "a name that is repeated": several(WORDS, "f[]", "&NAME="),
    "a list with commas": several(WORDS, "tag", ","),
    "a list with pluses": several(WORDS, "tag", "+"),
    "switches": switches("yes", "no"),
    "switches that are left out": switches("1", ""),
    "sessions of letters": fresh("/q?sid={}"),
    "sessions of letters in the path": fresh("/s/{}/list"),
    "sessions with pages": fresh("/q?sid={}&p=1", "/q?sid={}&p=2", "/q?sid={}&p=3", count=1),
    "searches that lead to searches": fresh("/s?q={}"),
    "where one came from": growing("{own}&from=list", "{own}&from=top", "{own}&from=menu", start="/a.html?from=index"),
    "where to go back to": growing("/login?to={quoted}", "/reg?to={quoted}", start="/login?to=%2F"),
    "ampersands escaped twice": growing("{own}&amp;b=2", "{own}&amp;amp;b=2", start="/q?a=1"),
    "print versions of print versions": growing("{own}print/", start="/x/a/"),
    "folders and a file without a slash": growing("{own}/../news/", "{own}/../gov/", "{own}/../l.html", start="/x/a/b"),
}
"""How a space begins, and a function from an address to (links, values that are chosen)."""

QUIET = {
    "where one came from",
    "where to go back to",
    "ampersands escaped twice",
    "print versions of print versions",
} | {
    "folders and a file without a slash",
    "sessions of letters in the path",
}
"""Where nothing is asked for that a page could list."""


def endless(way: str, answer: Callable[[str, list[str]], tuple[str, list[str]]]) -> Site:
    first, lead = WAYS[way]

    def site(url: str) -> tuple[str, list[str], list[str]]:
        if url == HOME:
            return "某县某局", [first], []
        if "/art/" in url:
            return titles([int(url.rpartition("/")[2])]), [], []
        links, values = lead(url)
        text, items = answer(url, values)
        return text, [*links, *items], []

    return site


ENDLESS = [(way, answer) for way in WAYS for answer in ANSWERS if way not in QUIET or answer in {nothing, same_items}]


# ---- what has an end -----------------------------------------------------------------------------


def article(of: int) -> str:
    return titles([of * 13 + each * 1777 for each in range(3)])


OFFICES_BY_KINDS = [f"/list?dept={dept}&kind={kind}" for dept in (*WORDS, *"abcd") for kind in WORDS]
NAMED = [f"/list?col={letters(each)}" for each in range(100)]


def offices_by_kinds(url: str) -> tuple[str, list[str], list[str]]:
    """Every office has articles of every kind, and all pages name all others."""
    if url == HOME:
        return home(OFFICES_BY_KINDS[0])
    return titles([number(url) + each for each in range(4)]), OFFICES_BY_KINDS, []


def offices_by_kinds_with_gaps(url: str) -> tuple[str, list[str], list[str]]:
    """As before, but for two thirds of the lists, which are empty; what the others name says something."""
    if "/show" in url:
        return article(int(url.rpartition("=")[2])), [], []
    if url == HOME or number(url) % 3:
        return "没有内容", OFFICES_BY_KINDS, []
    return "列表", [*OFFICES_BY_KINDS, f"/show?id={number(url) % 10**6}"], []


def behind_empty_lists(count: int) -> Site:
    """Return lists that all name one another, of which the first ``count`` are empty."""

    def site(url: str) -> tuple[str, list[str] | tuple[str, ...], list[str] | tuple[str, ...]]:
        if "/show" in url:
            return article(int(url.rpartition("=")[2])), [], []
        if url == HOME:
            return home(OFFICES_BY_KINDS[0])
        if OFFICES_BY_KINDS.index(url.removeprefix(HOME[:-1])) < count:
            return "没有内容", OFFICES_BY_KINDS, []
        return "列表", [*OFFICES_BY_KINDS, f"/show?id={number(url) % 10**6}"], []

    return site


def few_empty_lists(url: str) -> tuple[str, list[str], list[str]]:
    """Sixty empty lists of two filters, all named by all."""
    every = [f"/list?dept={dept}&kind={kind}" for dept in WORDS for kind in WORDS[:6]]
    return ("某县某局", every, []) if url == HOME else ("没有内容", ["/", *every], [])


def empty_lists_by_name(url: str) -> tuple[str, list[str], list[str]]:
    """A hundred empty lists of one parameter, all named by all."""
    return ("某县某局", NAMED, []) if url == HOME else ("没有内容", ["/", *NAMED], [])


def columns_by_pages(url: str) -> tuple[str, list[str], list[str]]:
    """Lists that say nothing but lead to articles of the same program."""
    if url == HOME:
        return home(*(f"/i?col={each}&page=1" for each in range(10)))
    fields = dict(query(url))
    if "id" in fields:
        return article(int(fields["id"])), [], []
    column, page = int(fields["col"]), int(fields["page"])
    shown = [f"/i?col={column}&id={(column * 100 + page) * 3 + each}" for each in range(2)]
    return "列表", [*(f"/i?col={column}&page={each}" for each in range(1, 11)), *shown], []


def program_of_four(url: str) -> tuple[str, list[str], list[str]]:
    """Lists of eighty modules, two pages each, and their articles, by four parameters of one program."""
    if url == HOME:
        return home(*(f"/i?g=portal&m={one}&c={other}&a=list" for one in WORDS for other in WORDS[:8]))
    fields = dict(query(url))
    if fields["a"] == "show":
        return article(int(fields["id"])), [], []
    own, page = f"/i?g=portal&m={fields['m']}&c={fields['c']}", int(fields.get("p", 1))
    shown = [number(own) % 4000 * 9 + page * 3 + each for each in range(2)]
    return "列表", [*(f"{own}&a=list&p={each}" for each in (1, 2)), *(f"{own}&a=show&id={each}" for each in shown)], []


def months_with_gaps(url: str) -> tuple[str, list[str], list[str]]:
    """An archive by months, half of which have nothing."""
    if url == HOME:
        return home(*(f"/archive?year={year}&month={month}" for year in range(2006, 2026) for month in range(1, 13)))
    if "/a?" in url:
        return article(int(url.rpartition("=")[2])), [], []
    return ("没有内容", [], []) if number(url) % 2 else ("目录", [f"/a?id={number(url) % 10**6}"], [])


def products(url: str) -> tuple[str, list[str], list[str]]:
    if url == HOME:
        return home(*(f"/shop?cat={cat}&brand={brand}" for cat in WORDS for brand in WORDS))
    if "sku" in url:
        return article(int(url.rpartition("=")[2])), [], []
    return "商品", [f"/shop?sku={number(url) % 10**6 + each}" for each in range(2)], []


def tags_of_a_journal(url: str) -> tuple[str, list[str], list[str]]:
    """Pairs of tags, each with an article of its own."""
    if url == HOME:
        tags = [f"t{letters(each)}" for each in range(18)]
        return home(*(f"/tags?t={one},{other}" for one, other in combinations(tags, 2)))
    return titles([number(url)]), [], []


def prices_by_market(url: str) -> tuple[str, list[str], list[str]]:
    """Tables of the same words with other figures."""
    if url == HOME:
        return home(*(f"/price?market={market}&day={day}" for market in WORDS for day in range(1, 29)))
    return " ".join(f"{number(url, each) % 10**5 / 100:.2f}元" for each in range(8)), [], []


def albums(url: str) -> tuple[str, list[str], list[str]]:
    """Pictures without words, by two parameters."""
    if url == HOME:
        return home(*(f"/pic?album={album}&no={each}" for album in WORDS for each in range(20)))
    return "图片", [], [f"/img/{number(url)}.jpg"]


def languages(url: str) -> tuple[str, list[str], list[str]]:
    if url == HOME:
        return home(*(f"/show?id={each}&lang={lang}" for each in range(80) for lang in ("zh", "en", "zt")))
    return titles([number(url)]), [], []


def long_lists(url: str) -> tuple[str, list[str], list[str]]:
    """Lists that are read by their pagers alone, one page after the other."""
    if url == HOME:
        return home(*(f"/l?site=main&col={each}&p=1" for each in WORDS[:5]))
    column, page = dict(query(url))["col"], int(dict(query(url))["p"])
    following = [f"/l?site=main&col={column}&p={page + 1}"] if page < 50 else []
    return titles([number(column) + page * 3 + each for each in range(3)]), following, []


def handbook(url: str) -> tuple[str, list[str], list[str]]:
    """Versions, parts and chapters of a handbook."""
    if url == HOME:
        return home(*(f"/docs/{version}/{part}/" for version in "abc" for part in WORDS))
    links = [f"{each}.html" for each in WORDS] if url.endswith("/") else []
    return titles([number(url)]), links, []


def slugs(url: str) -> tuple[str, list[str], list[str]]:
    if url == HOME:
        return home(*(f"/i?c=article&slug={letters(each)}" for each in range(300)))
    return titles([number(url)]), [], []


FINITE = (
    offices_by_kinds,
    offices_by_kinds_with_gaps,
    few_empty_lists,
    empty_lists_by_name,
    columns_by_pages,
    program_of_four,
    months_with_gaps,
    products,
    tags_of_a_journal,
    prices_by_market,
    albums,
    languages,
    long_lists,
    handbook,
    slugs,
)


def list_beside_filters(url: str) -> tuple[str, list[str], list[str]]:
    """A list that is read by its pager, and filters without an end, of one program."""
    if url == HOME:
        return home("/i?c=list&p=1", "/i?c=search&theme=jiaoyu&dept=jiaoyu&period=jiaoyu")
    fields = dict(query(url))
    if fields["c"] == "show":
        return article(int(fields["id"])), [], []
    if fields["c"] == "search":
        chosen = query(url)[1:]
        return "没有内容", [f"/i?c=search&{written(each)}" for each in turned(chosen, with_words(3))], []
    page = int(fields["p"])
    following = [f"/i?c=list&p={page + 1}"] if page < 40 else []
    return "列表", [*following, *(f"/i?c=show&id={page * 3 + each}" for each in range(3))], []
