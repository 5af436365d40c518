"""Spaces without an end, and lists with one, drawn by number: of one number there is one drawing.

A space is how its addresses are written (names of folders, words or numbers as values, marks between them), how they
lead to one another, and what its pages answer. What has an end has the same addresses, and pages that say something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.monitor.crawl.lists import Site, letters, number, titles
from tests.monitor.crawl.spaces import HOME

Choices = dict[str, tuple[str, ...]]
Chosen = dict[str, str]

NAMES = (
    "theme dept period kind area year lx zt bm type cat level status channel source region tag f1 f2 orderId typeid"
).split()
FOLDERS = ("q", "search", "list", "zwgk", "zfxxgk", "12", "2024", "col1234", "xxgk_1", "dxal-list", "zt-2023", "jsp")
PROGRAMS = ("index.jsp", "list.do", "query.aspx", "s.php", "search", "i.html")


@dataclass(frozen=True)
class Space:
    """A drawn site: what it is, in words, and a function from an address to what its page has."""

    told: str
    site: Site


def draw(at: int) -> Space:
    """Return the space without an end of a number."""
    chance = Random(at)
    way = chance.choice(WAYS)
    answer = chance.choice(ANSWERS)
    told, first, lead = way(chance)

    def site(url: str) -> tuple[str, list[str], list[str]]:
        if url == HOME:
            return "某县某局", [first, "/about.html"], []
        if "/art/" in url:
            return titles([int(url.rpartition("/")[2])]), [], []
        if url.endswith("/about.html"):
            return "机构职能", [], []
        links, values = lead(url)
        text, items = answer(url, values)
        return text, [*links, *items], []

    return Space(f"{at}: {told}; {answer.__name__}", site)


# ---- what pages answer ---------------------------------------------------------------------------


def blank(_url: str, _values: list[str]) -> tuple[str, list[str]]:
    return "没有符合条件的内容", []


def echo(_url: str, values: list[str]) -> tuple[str, list[str]]:
    return f"您选择了“{'”、“'.join(values)}”，没有内容", []


def same(url: str, _values: list[str]) -> tuple[str, list[str]]:
    shown = sorted(range(15), key=lambda each: number(url, each))
    return titles(shown), [f"/art/{each}" for each in shown]


def some(url: str, values: list[str]) -> tuple[str, list[str]]:
    shown = sorted({number(url, each) % 30 for each in range(5)})
    return f"{'、'.join(values)}：共{len(shown)}条{titles(shown)}", [f"/art/{each}" for each in shown]


ANSWERS = (blank, echo, same, some)


# ---- how addresses are written and lead to one another ---------------------------------------------


def values_of(chance: Random, least: int = 3, most: int = 10) -> tuple[str, ...]:
    """Draw the values of a filter: words, words with dashes, numbers, codes, escaped Chinese."""
    count = chance.randint(least, most)
    seed = chance.random()
    match chance.randrange(5):
        case 0:
            return tuple(letters(seed, each)[: 4 + each % 4] for each in range(count))
        case 1:
            return tuple(str(number(seed, each) % 1000) for each in range(count))
        case 2:
            return tuple(map(str, range(count)))
        case 3:
            return tuple(f"{letters(seed, each)[0].upper()}{number(seed, each) % 100:02}" for each in range(count))
        case _:
            return tuple(
                "".join(f"%E{4 + each % 5}%B{each % 10}%A{each % 6}" for _ in range(2)) for each in range(count)
            )


def choices_of(chance: Random, least: int = 3, most: int = 4) -> Choices:
    return {name: values_of(chance) for name in chance.sample(NAMES, chance.randint(least, most))}


def folder_of(chance: Random) -> str:
    return "/" + "".join(f"{name}/" for name in chance.sample(FOLDERS, chance.randint(0, 2)))


def turns(chosen: Chosen, choices: Choices) -> list[Chosen]:
    return [chosen | {name: value} for name in chosen for value in choices[name] if chosen[name] != value]


def tail(url: str, start: str) -> str:
    return url.removeprefix(HOME[:-1]).removeprefix(start)


def in_query(chance: Random) -> tuple[str, str, Callable]:
    """Filters that all stand in a query."""
    choices, mark = choices_of(chance), chance.choice(("&", "&", "&", ";"))
    start = f"{folder_of(chance)}{chance.choice(PROGRAMS)}?{chance.choice(('', '', 'c=search' + mark, 'id=12' + mark))}"

    def write(chosen: Chosen) -> str:
        return start + mark.join(f"{name}={value}" for name, value in chosen.items())

    def lead(url: str) -> tuple[list[str], list[str]]:
        chosen = dict(part.partition("=")[::2] for part in tail(url, start).split(mark))
        return [write(each) for each in turns(chosen, choices)], list(chosen.values())

    first = write({name: values[0] for name, values in choices.items()})
    return f"in a query {first}", first, lead


def added(chance: Random) -> tuple[str, str, Callable]:
    """Filters of a query that are added and taken away."""
    choices = choices_of(chance)
    start = f"{folder_of(chance)}{chance.choice(PROGRAMS)}?"
    ordered = chance.random() < 0.5

    def write(chosen: Chosen) -> str:
        parts = sorted(chosen.items()) if ordered else chosen.items()
        return start + "&".join(f"{name}={value}" for name, value in parts)

    def lead(url: str) -> tuple[list[str], list[str]]:
        query = tail(url, start)
        chosen = dict(part.partition("=")[::2] for part in query.split("&")) if query else {}
        more = [chosen | {name: value} for name in choices if name not in chosen for value in choices[name]]
        less = [{key: value for key, value in chosen.items() if key != name} for name in chosen if len(chosen) > 1]
        return [write(each) for each in (*more, *less, *turns(chosen, choices))], list(chosen.values())

    first = write({name: values[0] for name, values in list(choices.items())[:1]})
    return f"added to a query{' in order' if ordered else ''} {first}", first, lead


def in_places(chance: Random) -> tuple[str, str, Callable]:
    """Filters without names: folders, or parts of a file's name."""
    count = chance.choice((3, 4))
    values = [values_of(chance) for _ in range(count)]
    mark = chance.choice("/-_")
    base = folder_of(chance) + chance.choice(FOLDERS)
    start = base + mark
    end = chance.choice(("/", "/index.html")) if mark == "/" else chance.choice((".html", ".htm", "/"))

    def lead(url: str) -> tuple[list[str], list[str]]:
        chosen = dict(enumerate(tail(url, start).removesuffix(end).split(mark)))
        turned = [
            chosen | {place: each} for place in range(count) for each in values[place] if chosen.get(place) != each
        ]
        return [start + mark.join(each.values()) + end for each in turned], list(chosen.values())

    first = start + mark.join(each[0] for each in values) + end
    return f"in places {first}", first, lead


def as_folders(chance: Random) -> tuple[str, str, Callable]:
    """Filters that are added as folders, or joined by a mark, in any order."""
    values = values_of(chance, 7, 12)
    mark = chance.choice(("/", "+", ",", "-", "_"))
    start = folder_of(chance) + chance.choice(("tag/", "tags/", "label/", "t-", "2024/", "zt-12/"))
    end = "/" if mark == "/" else chance.choice(("/", ".html"))

    def lead(url: str) -> tuple[list[str], list[str]]:
        chosen = [each for each in tail(url, start).removesuffix(end).split(mark) if each]
        return [start + mark.join([*chosen, each]) + end for each in values if each not in chosen], chosen

    return f"as folders {start + values[0] + end} ({mark})", start + values[0] + end, lead


def several(chance: Random) -> tuple[str, str, Callable]:
    """A parameter that holds several values."""
    values, name = values_of(chance, 8, 12), chance.choice(NAMES)
    mark = chance.choice((",", "+", "|", f"&{name}=", f"&{name}[]=", "%2C"))
    written = f"{name}[]" if "[]" in mark else name
    start = f"{folder_of(chance)}{chance.choice(PROGRAMS)}?{written}="

    def lead(url: str) -> tuple[list[str], list[str]]:
        chosen = tail(url, start).split(mark)
        return [start + mark.join([*chosen, each]) for each in values if each not in chosen], chosen

    return f"several {start}{values[0]}{mark}{values[1]}", start + values[0], lead


def switches(chance: Random) -> tuple[str, str, Callable]:
    """Switches that are on or off."""
    names = chance.sample(NAMES, chance.randint(8, 11))
    on, off = chance.choice((("1", "0"), ("on", "off"), ("1", ""), ("true", "")))
    start = f"{folder_of(chance)}{chance.choice(PROGRAMS)}?"

    def write(state: Chosen) -> str:
        return start + "&".join(f"{name}={state[name]}" for name in names if state.get(name))

    def lead(url: str) -> tuple[list[str], list[str]]:
        state = dict(part.partition("=")[::2] for part in tail(url, start).split("&"))
        turned = [state | {name: off if state.get(name) == on else on} for name in names]
        return [write(each) for each in turned if any(each.values())], []

    first = write({name: on if not off and name == names[0] else off for name in names})
    return f"switches {first}", first, lead


def fresh(chance: Random) -> tuple[str, str, Callable]:
    """A word in each address that no other has, alone or beside a filter."""
    name = chance.choice(("sid", "token", "_t", "r", "callback", "k"))
    make = chance.choice((letters, lambda *parts: str(number(*parts)), lambda *parts: f"{number(*parts):x}"))
    start = f"{folder_of(chance)}{chance.choice(PROGRAMS)}?"
    choices = choices_of(chance, 1, 2) if chance.random() < 0.6 else {}
    behind = chance.random() < 0.5

    def write(chosen: Chosen, word: str) -> str:
        parts = [f"{key}={value}" for key, value in chosen.items()]
        parts.insert(len(parts) if behind else 0, f"{name}={word}")
        return start + "&".join(parts)

    def lead(url: str) -> tuple[list[str], list[str]]:
        chosen = dict(part.partition("=")[::2] for part in tail(url, start).split("&"))
        chosen.pop(name)
        following = turns(chosen, choices) or [chosen] * 3
        return [write(each, make(url, at)) for at, each in enumerate(following)], list(chosen.values())

    first = write({key: values[0] for key, values in choices.items()}, make("first"))
    return f"fresh {first}", first, lead


def growing(chance: Random) -> tuple[str, str, Callable]:
    """Addresses that grow by their links."""
    tails = chance.choice(
        (
            ("{own}&from=list", "{own}&from=top", "{own}&from=menu"),
            ("xwzx/", "zwgk/", "12/"),
            ("../xwzx/a/", "b/"),
            ("{own}&amp;b=2", "{own}&amp;amp;c=3"),
            ("./index/", "news/list.html"),
            ("{own}/print", "{own}/share"),
        )
    )
    start = folder_of(chance) + ("a.html?x=1" if "&" in tails[0] else chance.choice(("x/", "y/z/")))

    def lead(url: str) -> tuple[list[str], list[str]]:
        own = url.removeprefix(HOME[:-1])
        return [each.format(own=own) for each in tails], []

    return f"growing {start} {tails}", start, lead


def calendar(chance: Random) -> tuple[str, str, Callable]:
    """Months that lead to months, and mostly to their days."""
    month, day = chance.choice(
        (
            ("/rl/{y}/{m}/", "/rl/{y}/{m}/{d}/"),
            ("/rl?date={y}-{m:02}", "/rl?date={y}-{m:02}-{d:02}"),
            ("/cal.jsp?year={y}&month={m}", "/cal.jsp?year={y}&month={m}&day={d}"),
            ("/{y}{m:02}/", "/{y}{m:02}/{d:02}.html"),
            ("/events/month/{y}-{m:02}/", "/events/day/{y}-{m:02}-{d:02}/"),
            ("/hd/{y}_{m}.html", "/hd/{y}_{m}_{d}.html"),
            ("/i?c=cal&t={y}{m:02}01", "/i?c=day&t={y}{m:02}{d:02}"),
        )
    )
    with_days = chance.random() < 0.7
    places = {}

    def write(at: int, on: int = 0) -> str:
        url = (day if on else month).format(y=2000 + at // 12, m=at % 12 + 1, d=on)
        places[HOME[:-1] + url] = at, on
        return url

    def lead(url: str) -> tuple[list[str], list[str]]:
        at, on = places[url]
        if on:
            return [write(at)], []
        days = [write(at, each) for each in range(1, 29)] if with_days else []
        return [write(at + 1), write(max(0, at - 1)), *days], []

    first = write(300)
    return f"calendar {first}{' with days' if with_days else ''}", first, lead


WAYS = (in_query, added, in_places, in_places, as_folders, several, switches, fresh, fresh, growing, calendar)


# ---- what has an end -------------------------------------------------------------------------------


def draw_lists(at: int) -> Space:
    """Return lists with an end of a number: offices by kinds of files, with articles of their own; some are blank."""
    chance = Random(-1 - at)
    told, write = chance.choice(LISTS)
    offices, kinds = values_of(chance, 8, 20), values_of(chance, 5, 12)
    named, article = chance.choice(("by home", "by all", "by neighbours")), chance.choice(ARTICLES)
    filled = chance.choice((1.0, 1.0, 0.7, 0.4))
    says = chance.choice(("texts", "texts", "titles", "films"))
    pairs = {HOME[:-1] + write(one, other): (one, other) for one in offices for other in kinds}
    articles: dict[str, int] = {}

    def of(url: str) -> list[str]:
        one, other = pairs[url]
        if number(at, url) % 100 >= filled * 100:
            return []
        numbers = [number(at, url, each) % 10**6 for each in range(2)]
        written = [article.format(one=one, other=other, n=each) for each in numbers]
        articles.update({HOME[:-1] + path: each for path, each in zip(written, numbers, strict=True)})
        return written

    def neighbours(url: str) -> list[str]:
        one, other = pairs[url]
        return [each for each, (a, b) in pairs.items() if (a == one) != (b == other)]

    def site(url: str) -> tuple[str, list[str], list[str]]:
        if url == HOME:
            return "某县某局", list(pairs) if named == "by home" else list(pairs)[:1], []
        if url in pairs:
            shown = of(url)
            links = {"by home": [HOME], "by all": list(pairs), "by neighbours": neighbours(url)}[named]
            return titles([articles[HOME[:-1] + each] for each in shown]) or "没有内容", [*links, *shown], []
        said = articles[url]
        return (
            {"texts": titles([said, said + 1, said + 2]), "titles": titles([said]), "films": "视频"}[says],
            [HOME],
            [],
        )

    return Space(f"{at}: {told} named {named}, {filled:.0%} filled, {says} at {article}", site)


LISTS = (
    ("folders", lambda one, other: f"/{one}/{other}/"),
    ("folders below one", lambda one, other: f"/zwgk/{one}/{other}/"),
    ("folders below a year", lambda one, other: f"/zt/2024/{one}/{other}/"),
    ("parts of a name", lambda one, other: f"/list-{one}-{other}.html"),
    ("parts of a name below a folder", lambda one, other: f"/xxgk/l_{one}_{other}.html"),
    ("a query", lambda one, other: f"/list.do?dept={one}&kind={other}"),
    ("a query with a command", lambda one, other: f"/i.php?c=list&dept={one}&kind={other}"),
)
ARTICLES = (
    "/art/2024/5/6/art_12_{n}.html",
    "/{one}/{other}/202405/t20240506_{n}.html",
    "/zwgk/{one}/{other}/2024/05/{n}.html",
    "/zwgk/{one}/{other}/{n}.html",
    "/content/post_{n}.html",
    "/i.php?c=show&id={n}",
    "/show.jsp?dept={one}&kind={other}&id={n}",
    "/{one}/{n}-{other}.html",
    "/{one}/{other}/{n:x}/index.html",
)
