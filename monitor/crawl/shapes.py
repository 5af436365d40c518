"""Name what addresses have in common that a program makes up: numbers, the values of a query, folders in folders."""

from __future__ import annotations

import re
import sys
from collections.abc import Set as AbstractSet
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from checks.late_pattern import late

MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
MADE_UP = (
    r"[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?=[A-Za-z]*\d+[A-Za-z]+\d)[0-9A-Za-z]{8,}(?![0-9A-Za-z])"
)
"""A name that a program made up: a digest, a UUID, or eight letters and digits and more that take turns."""
NUMBERS = re.compile(rf"(?<=[=/(])(?:{MADE_UP})|\d+|(?<=[/_-])(?i:{MONTH})(?=[/_.-])")
WORD = late(r"(?!(?i:" + MONTH + r")$)[A-Za-z_]{1,24}")
"""A value that says what a program is to do (``c=article``), and is no month."""

MET = 2048
"""Addresses of which is remembered how they are made up, from when they are met to when they are read: as many as may
wait from a sitemap, and as many that pages name in the meantime."""

SHAPES_KEPT = 16_384
"""As before, of their shapes, at 80 bytes each: of a site whose pages list articles, thousands wait."""

NUMBERED_NAME = re.compile(r"(?=.*\d{4})[^/?=%+,;|_-]*+(?:[_-][^/?=%+,;|_-]*+)?")
"""A file's name of two parts at most, with the digits of a year or of an article's number: ``t20260904_4711.html``."""

SORTING = frozenset("sort sortby sort_by sorttype sortfield sortorder order orderby order_by ordertype".split())
"""Query parameters that change the order of a list and nothing else."""


@lru_cache(maxsize=SHAPES_KEPT)
def shape_of(url: str) -> str:
    """Return a URL with its numbers and the values of its query taken out, and folders within themselves folded.

    A URL that is its own shape was made by a person, as far as one can see.
    """
    path, mark, query = url.partition("?")
    end = path.rfind("/", 8)
    # No number stretches over a slash, and to know one takes no more than the slash before it.
    shape = _shape_of_folder(path[: end + 1]) + NUMBERS.sub("N", path[end:])[1:] if end > 0 else path
    if mark:
        parameters = {parameter_shape(*part.partition("=")[::2]) for part in query.split("&")}
        shape = f"{shape}?{'&'.join(sorted(parameters))}"
    return sys.intern(shape)  # thousands of addresses have one shape


def parameter_shape(name: str, value: str, data: AbstractSet[str] = frozenset()) -> str:
    """Return what is kept of a parameter: a word that may say what to do, if none of ``data`` has the name."""
    is_command = WORD.fullmatch(value) and name not in data and name.lower() not in SORTING
    return f"{name}={value}" if is_command else name


@lru_cache(maxsize=MET)
def _shape_of_folder(url: str) -> str:
    """Return the shape of an address that ends in a slash.

    Where a folder stands within itself it is the set of the folders: their order is accidental.
    """
    start = url.find("/", 8)
    path = NUMBERS.sub("N", url[start:])
    words = [folder for folder in path[1:-1].split("/") if folder != "N"]
    if len(set(words)) < len(words):
        path = f"/{'/'.join(sorted(set(words)))}/…/"
    return url[:start] + path


def has_numbered_name(url: str) -> bool:
    """Return whether an address ends in a name of NUMBERED_NAME, as those of articles do: eight in ten of a site.

    It holds no filters and no parameters (``Filters.meet``, ``parameters.read``), which take longer to look for.
    """
    named = NUMBERED_NAME.fullmatch(url, url.rfind("/") + 1)
    return named is not None and "?" not in url and "=" not in url


def path_of(url: str) -> str:
    """Return the path of an address that is written as the crawl writes it: no fragment, a slash behind the host."""
    start = url.find("/", 8)
    return url[start:].partition("?")[0] if start > 0 else ""


def repeated_folders(path: str) -> str:
    """Return a path up to the second of one to four names that stand three times in a row, "" where none do.

    Names of digits alone (dates) may repeat.
    """
    names = path.split("/")[1:]
    if len(names) - len(set(names)) < 2:  # none stands three times
        return ""
    for length in range(1, 5):
        in_a_row = 0
        for at in range(length, len(names)):
            same = names[at] == names[at - length] and names[at] != "" and not names[at].isdigit()
            in_a_row = in_a_row + 1 if same else 0
            if in_a_row == 2 * length:
                return f"/{'/'.join(names[: at + 1 - length])}/…"
    return ""


def nesting_of(url: str) -> str | None:
    """Return the address up to the first folder that stands within itself, None where none does."""
    origin_end = url.find("/", 8)
    folders = urlsplit(url).path.split("/")[1:-1]
    for at, folder in enumerate(folders):
        if folder and not folder.isdigit() and folder in folders[at + 1 :]:
            return "/".join([url[:origin_end], *folders[:at]])
    return None


def nest_together(one: str, other: str) -> bool:
    """Return whether folders stand within themselves in two addresses of the same part of a site, in whatever order.

    Of one of them it is enough that it lies where those of the other do, and has some of them: numbers may repeat as
    well, and do not tell.
    """
    nestings = [nesting for nesting in map(nesting_of, (one, other)) if nesting is not None]
    outer = min(nestings, key=len, default=None)
    if outer is None or not all(f"{url}/".startswith(f"{outer}/") for url in (*nestings, one, other)):
        return False
    folders = [set(url[len(outer) :].split("/")[1:-1]) for url in (one, other)]
    return any(not folder.isdigit() for folder in folders[0] & folders[1])


def are_alike(one: str, other: str) -> bool:
    """Return whether two shapes differ in so little that a program may make both.

    In parameters of one program, of which some are the same; or in one folder that has a number in both (``A07``,
    ``C12``).
    """
    place, mark, written = one.partition("?")
    known, also_mark, also_written = other.partition("?")
    if mark or also_mark:
        return place == known and not set(written.split("&")).isdisjoint(also_written.split("&"))
    folders, others = one.split("/"), other.split("/")
    differing = [pair for pair in zip(folders, others, strict=False) if pair[0] != pair[1]]
    return len(folders) == len(others) and len(differing) == 1 and all("N" in name for name in differing[0])


def _only_sorts(name: str, value: str) -> bool:
    """Return whether a parameter changes the order and nothing else; ``order=4711`` is somebody's order."""
    return name.lower() in SORTING and not (value.isdecimal() and len(value) > 1)


def unsorted(url: str) -> str:
    """Return a URL without the parameters that only sort: one list is one page, whatever its order."""
    if "?" not in url or not any(name.lower() in SORTING for name, _ in parse_qsl(urlsplit(url).query)):
        return url
    base, _, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if not _only_sorts(*part.partition("=")[::2]))
    return f"{base}?{kept}" if kept else base
