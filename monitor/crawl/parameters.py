"""Learn what the parameters of a program do: which are put together freely, as filters are, and which hold data.

A program reached by ``?c=article&a=list&id=7`` has few commands, and a number for each thing. Filters make ever more
addresses of the same values: four of ten values each make ten thousand. Counting tells them apart. Where two parameters
were met in many more combinations than they have values, they are put together freely; so are the values of one
parameter that holds several (``tag=a,b``, ``f[]=a&f[]=b``), and switches that are on or off in many combinations.

Whether the pages of such addresses say anything is another question (``novelty.py``): the lists of twenty offices by
ten kinds of files are put together freely too, and each of them says something.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import combinations
from math import prod
from typing import NamedTuple
from urllib.parse import unquote

from msgspec import Struct, field

from checks.late_pattern import late
from monitor.crawl.shapes import MET, has_numbered_name, parameter_shape, shape_of

ENDING = re.compile(r"\.[A-Za-z]{1,5}$")
"""The ending of a file's name, which is no part of a parameter."""

IN_NAME = re.compile("[-_]")
"""What stands between the parts of a file's name."""

FEWEST_FOLDERS = 2
"""Folders with a name that tell anything: of a day's articles, the year is followed by numbers and a file."""

DATED = re.compile(r"\d{4}")
"""The digits of a year, or of a number that an article is kept under."""

JOINED = late(r"[,;|+]|%(?:2[BbCc]|3[Bb]|7[Cc]|20)")
"""What stands between the values of one parameter that holds several."""

ESCAPED = re.compile(r"^(?:amp;)+")
"""What is left of an ampersand that a template escaped twice."""

INDEX = re.compile(r"\[\d*\]$")
"""The place of a value in a parameter that holds several: ``f[0]=a&f[1]=b``."""

PARTS = 12
"""Parameters of an address that are looked at, and values of a parameter: more of them are no filters."""

UNNAMED = ("/", "-")
"""How the names begin of parameters that have none: folders, and parts of a file's name."""

COMMANDS = 16
"""Values of a parameter beyond which they are data and no commands."""

ALWAYS_NEW = 32
"""Addresses with a new value each after which the parameter is taken for one that never has a value twice."""

SWITCH = 4
"""Values up to which a parameter is a switch: on or off, one of a few orders or views."""

SWITCHINGS = 64
"""Combinations of switches at which they are taken for free: those of six that are on or off."""

ENOUGH = 2_000
"""Values and combinations that are counted; two parameters that are not free by then never will be."""

FEWEST = 6
"""Combinations that tell anything about two parameters."""

DEPTHS = 3
"""Numbers of folders of which a program has addresses from which on it is no program: they grow."""

READ_ANYWAY = 100
"""Addresses that are put together freely up to which nobody calls them endless."""


class Parameter(NamedTuple):
    """A parameter of an address, its name in small letters, with its values: mostly one."""

    name: str
    values: tuple[str, ...]


class _Pair(Struct):
    """What was met of two parameters in one address: the values of each, and their combinations, in hashes."""

    one: set[int] = field(default_factory=set)
    other: set[int] = field(default_factory=set)
    together: set[int] = field(default_factory=set)


class _Program(Struct):
    """What is known of the addresses of one program.

    ``values`` are by name, in hashes. ``free`` has by name the parameters that it is freely put together with, itself
    among them where it holds several values. ``many`` are the names of parameters that hold data.
    """

    values: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    pairs: defaultdict[tuple[str, str], _Pair] = field(default_factory=lambda: defaultdict(_Pair))
    met: Counter[str] = field(default_factory=Counter)
    switchings: set[int] = field(default_factory=set)
    free: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    many: set[str] = field(default_factory=set)

    def learn(self, parameters: tuple[Parameter, ...]) -> None:
        for name, values in parameters:
            known = self.values[name]
            self.met[name] += 1
            if len(known) < ENOUGH:
                known.update(map(hash, values))
            if len(known) > COMMANDS:
                self.many.add(name)
            if len(values) > 1 and name not in self.free[name]:
                pair = self.pairs[name, name]
                pair.together.add(hash(values))
                self._judge(name, name, pair, len(known), 0)
        for one, other in combinations(parameters, 2):
            if other.name not in self.free[one.name]:
                self._combine(one, other)
        self._switch(parameters)

    def _combine(self, one: Parameter, other: Parameter) -> None:
        pair = self.pairs[one.name, other.name]
        if len(pair.together) < ENOUGH:
            pair.one.update(map(hash, one.values))
            pair.other.update(map(hash, other.values))
            pair.together.update(hash((a, b)) for a in one.values for b in other.values)
            self._judge(one.name, other.name, pair, len(pair.one), len(pair.other))

    def _judge(self, one: str, other: str, pair: _Pair, ones: int, others: int) -> None:
        """See whether two parameters are put together freely.

        Where one of them is with a third, it is enough that most of their combinations were met.
        """
        combinations_met = len(pair.together)
        # Of things that belong to one kind each, half the combinations at most are met.
        filled = combinations_met >= FEWEST and 4 * combinations_met >= 3 * ones * others and ones > 1 < others
        if combinations_met > 2 * (ones + others) or (filled and (self.free[one] or self.free[other])):
            self._set_free(one, other)

    def _set_free(self, one: str, other: str) -> None:
        self.free[one].add(other)
        self.free[other].add(one)
        self.pairs.pop((one, other), None)

    def _switch(self, parameters: tuple[Parameter, ...]) -> None:
        """Take note of how switches stand. Where one turned out to have more values, the counting begins anew."""
        self.switchings.add(hash(tuple(each for each in parameters if len(self.values[each.name]) <= SWITCH)))
        if len(self.switchings) < SWITCHINGS:
            return
        switches = [name for name, values in self.values.items() if len(values) <= SWITCH]
        if len(self.switchings) > 2 * sum(len(self.values[name]) for name in switches):
            for one, other in combinations(switches, 2):
                self._set_free(one, other)
        self.switchings.clear()

    def shape(self, place: str, parameters: tuple[Parameter, ...], fewest: int) -> str:
        """Return what addresses of parameters that are put together freely have in common, "" for any other.

        ``fewest`` are the values that such an address has. A parameter that is free of few of the others is a command
        for which there are several lists. Where no more addresses can be made than are read anyway, there is no shape.
        """
        if not self.free:
            return ""
        linked = {name for name, _ in parameters if self.free.get(name)}
        free = {name for name in linked if 2 * len(self.free[name] & linked) >= len(linked) - 1}
        if sum(len(values) for name, values in parameters if name in free) < fewest:
            return ""
        if prod(map(self._choices, free.union(*(self.free[name] for name in free)))) < READ_ANYWAY:
            return ""
        others = sorted({_written(each, self.many) for each in parameters if each.name not in free})
        return f"{place}?{'&'.join((*others, '…'))}"

    def is_fresh(self, name: str) -> bool:
        """Return whether no value of a parameter was met twice, as none of a session or of an article is."""
        return ALWAYS_NEW <= len(self.values[name]) == self.met[name]

    def _choices(self, name: str) -> int:
        """Return what there is to choose for a parameter, nothing included."""
        values = len(self.values[name])
        return 2 ** min(values, 8) if name in self.free[name] else values + 1


class Parameters(Struct):
    """Take note of addresses as they are met; what is learned of a program holds for all its addresses."""

    _programs: dict[str, _Program] = field(default_factory=dict)

    def meet(self, url: str) -> None:
        """Take note of an address."""
        place, parameters = read(url)
        if not parameters:
            return
        program = self._programs.get(place)
        if program is None:
            program = self._programs[place] = _Program()
        program.learn(parameters)

    def free_shape(self, url: str, fewest: int) -> str:
        """Return what an address has in common with others that can be put together of the same values, or "".

        ``fewest`` are the values that are put together in it: one is a list by itself, two are a combination.
        """
        place, parameters = read(url)
        program = self._programs.get(place) if parameters else None
        return program.shape(place, parameters, fewest) if program is not None else ""

    def is_fresh(self, url: str) -> bool:
        """Return whether an address has a parameter of whose values none was met twice."""
        place, parameters = read(url)
        program = self._programs.get(place) if parameters else None
        return program is not None and any(program.is_fresh(name) for name, _ in parameters)

    def grows(self, url: str) -> bool:
        """Return whether an address is one of many that have ever more folders; those of filters have as many."""
        place, parameters = read(url)
        program = self._programs.get(place)
        if program is None or not parameters[0].name.startswith("/"):
            return False
        met = [program.met[f"/{number}"] for number in range(PARTS)]
        return len({count for count in met if count}) >= DEPTHS

    def selected(self, url: str) -> set[tuple[str, str]]:
        """Return the values by which an address selects: those of free parameters, pages and ids apart."""
        place, parameters = read(url)
        program = self._programs.get(place) if parameters else None
        if program is None:
            return set()
        return {(name, value) for name, value in choice(url) if program.free.get(name) and name not in program.many}

    def shape(self, url: str) -> str:
        """Return the shape of an address, its parameters read wherever they stand (``shape_of`` knows the query)."""
        place, parameters = read(url)
        program = self._programs.get(place) if parameters else None
        many: AbstractSet[str] = program.many if program is not None else frozenset()
        if not parameters or parameters[0].name.startswith(UNNAMED):
            shape = shape_of(url)
            return _without_folders(shape, many) if many else shape
        if program is not None and any(program.is_fresh(name) for name, _ in parameters):
            many = program.values.keys()  # beside what is always new, nothing tells one kind of page from another
        written = {_written(each, many) for each in parameters}
        return f"{shape_of(place)}?{'&'.join(sorted(written))}"


def _written(parameter: Parameter, data: AbstractSet[str]) -> str:
    """Return what is kept of a parameter in a shape: of several values, none is a command."""
    name, values = parameter
    return parameter_shape(name, values[0], data) if len(values) == 1 else name


def _without_folders(shape: str, data: AbstractSet[str]) -> str:
    """Return the shape of a path without the folders that hold data: of a session that is letters alone."""
    folders = shape.split("/")
    for at in range(4, len(folders) - 1):
        if f"/{at - 4}" in data:
            folders[at] = "N"
    return "/".join(folders)


def is_narrower(one: str, other: str) -> bool:
    """Return whether a shape of parameters that are put together has the same program as another, and a value more."""
    place, mark, written = other.partition("?")
    known, _, more = one.partition("?")
    return mark != "" and place == known and one != other and set(written.split("&")) <= set(more.split("&"))


def differs_in_one(one: str, other: str) -> bool:
    """Return whether an address chooses what another one does, but for one value, or only more, or only less.

    So do the next filter, the one before, the print version, the next page.
    """
    if read(one)[0] != read(other)[0] and not choice(one) >= choice(other):
        return False
    more, less = choice(one) - choice(other), choice(other) - choice(one)
    return not more or not less or ({name for name, _ in more} == {name for name, _ in less} and len(more) == 1)


def place_of(url: str) -> str:
    """Return an address without its parameters."""
    return read(url)[0]


def choice(url: str) -> set[tuple[str, str]]:
    """Return what the parameters of an address say, in pairs of a name and a value."""
    return {(name, value) for name, values in read(url)[1] for value in values}


@lru_cache(maxsize=MET)
def read(url: str) -> tuple[str, tuple[Parameter, ...]]:
    """Return an address without its parameters, and these: of its query, and ``name=value`` within its path."""
    if has_numbered_name(url):
        return url, ()
    place, _, query = url.partition("?")
    written = query.split("&") if query else []
    if "=" in place:
        origin_end = place.find("/", 8)
        parts = re.split(r"([/;])", place[origin_end:])
        written += [part for part in parts if "=" in part]
        place = place[:origin_end] + "".join(part for part in parts if "=" not in part).rstrip("/;")
    found: dict[str, list[str]] = {}
    for part in written:
        name, _, value = part.partition("=")
        name = INDEX.sub("[]", unquote(ESCAPED.sub("", name)).lower())
        if name:
            found.setdefault(name, []).extend(_values(value))
    if not found:
        place, found = _in_path(place)
    if len(found) > PARTS:
        return url, ()
    return place, tuple(sorted(Parameter(name, tuple(values[:PARTS])) for name, values in found.items()))


def _in_path(url: str) -> tuple[str, dict[str, list[str]]]:
    """Return the parameters that stand in a path without names, as the columns of a table do, named by their place.

    They are folders below a first one (``/list/jiaoyu/minzheng/``), or the parts of a name
    (``list-jiaoyu-minzheng-0.html``). Folders with the digits of a year or more, or around a file that is called by its
    number, are the places of articles.
    """
    origin_end = url.find("/", 8)
    path = ENDING.sub("", url[origin_end:]) if origin_end > 0 else ""
    folders = path.removesuffix("/index").strip("/").split("/")
    if not folders[0] or len(folders) > PARTS:
        return url, {}
    *above, last = folders
    first, *parts = IN_NAME.split(last)
    if 1 < len(parts) <= PARTS and not all(part.isdigit() for part in parts):
        place = f"{url[:origin_end]}/{'/'.join((*above, first))}{last[len(first)]}"
        return place, {f"-{number}": [part] for number, part in enumerate(parts)}
    after = 1 + next((at for at in reversed(range(len(folders))) if DATED.search(unquote(folders[at]))), 0)
    named = folders[after:]
    is_numbered_file = last.isdigit() and not url.endswith("/") and not path.endswith("/index")
    if len(named) < FEWEST_FOLDERS or is_numbered_file or sum(not each.isdigit() for each in named) < FEWEST_FOLDERS:
        return url, {}
    place = f"{url[:origin_end]}/{'/'.join(folders[:after])}/"
    return place, {f"/{number}": [part] for number, part in enumerate(named)}


def _values(value: str) -> Sequence[str]:
    """Return the values that a parameter holds: of a text, as of an empty value, there is one."""
    values = JOINED.split(value)
    return values if len(values) <= PARTS and all(values) else [value]
