"""Name the addresses that a broken link was probably meant to have. Pure: whether one answers, the caller asks.

Three sources: spellings of the same address that servers tell apart and people do not, pages that the run knows and
that have the same file name or title, and where a permanent redirect leads (which the caller sees in the answers).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from msgspec import Struct, field

from checks.late_pattern import late
from checks.links import unreachable_host
from checks.model import ErrorKind, Link, RepairReason, Text

REASONS = {
    RepairReason.HTTPS: Text("同一地址用 https 可以打开", "the same address opens with https"),
    RepairReason.WWW: Text("同一地址加上或去掉 www 可以打开", "the same address opens with or without www"),
    RepairReason.STRAY_END: Text("去掉末尾多余的字符可以打开", "it opens without the stray characters at its end"),
    RepairReason.CASE: Text("字母大小写不同的地址可以打开", "it opens in another case"),
    RepairReason.SLASH: Text("加上或去掉末尾的斜杠可以打开", "it opens with or without the last slash"),
    RepairReason.INDEX: Text("加上或去掉首页文件名可以打开", "it opens with or without the name of an index page"),
    RepairReason.SUFFIX: Text("换一个网页后缀可以打开", "it opens with another suffix of web pages"),
    RepairReason.FILE_NAME: Text("本网站另一处有同名文件", "the site has a file of the same name elsewhere"),
    RepairReason.TITLE: Text("本网站有标题相同的页面", "the site has a page of the same title"),
    RepairReason.REDIRECT: Text("永久跳转到这里", "a permanent redirect leads here"),
}

INDEX_NAMES = ("index.html", "index.htm", "index.shtml")
INDEX = late(r"/(?:index|default)\.(?:s?html?|jsp|php|aspx?)$", re.IGNORECASE)
PAGE_SUFFIX = late(r"\.(?:s?html|htm)$", re.IGNORECASE)
STRAY = late(r"(?:%20|%0[9ad]|%C2%A0|%E3%80%80|%E3%80%82|%EF%BC%8C|%EF%BC%9B|[;,)'\"。，；）])+$", re.IGNORECASE)
"""What is pasted along with an address: blanks of every width, full stops, commas, semicolons, brackets."""

TELLING_NAME = late(r"(?=.*\d{4})[^/]{8,}|[^/]*[^\x00-\x7f][^/]{4,}")
"""A file name that two pages hardly share by chance: with a date or number, or in Chinese. ``list.html`` is none."""

TITLE_CHARACTERS = 8
"""A title this long is one page's own; shorter ones (``通知公告``, ``More``) name kinds of pages."""

TITLE_END = late(r"\s*(?:[_|｜–—-]\s*[^_|｜–—-]{2,30})+$")
"""What a site adds to the title of an article: its column and its own name."""

CUT = ("…", "...")
"""How lists end a title that they cut."""

MANY = 3
"""Pages of one name or title beyond which the name tells nothing."""


class Candidate(NamedTuple):
    """An address that may be meant, and why."""

    url: str
    reason: RepairReason


class KnownPages(Struct):
    """Those of the pages of a site that broken links may mean: by path in lower case, file name and title.

    Made for links (``wanted_by``) and then fed with all pages, so that memory holds what is wanted, not the site.
    """

    paths: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def wanted_by(cls, links: Iterable[Link]) -> KnownPages:
        """Return an index that takes in what any of the links may mean."""
        known = cls()
        for link in links:
            known.paths[_path_key(link.url)] = []
            known.names.update({name: [] for name in _telling_names(link.url)})
            known.titles.update({title: [] for title in _titles_of(link)})
        return known

    def add(self, url: str, title: str = "") -> None:
        """Take in an address that a link may mean; ``title`` is the page's, "" where it was not read."""
        _take_in(url, self.paths.get(_path_key(url)))
        _take_in(url, self.names.get(_file_name(url)))
        if title:
            _take_in(url, self.titles.get(plain_title(title)))


def _take_in(url: str, alike: list[str] | None) -> None:
    """Add an address to those that are alike; None where no link means one of them."""
    if alike is not None and len(alike) <= MANY and url not in alike:
        alike.append(url)


def candidates(link: Link, known: KnownPages) -> list[Candidate]:
    """Return what a broken link may mean, the likeliest first, each address once.

    On a host that cannot be reached at all only other spellings of the host are named.
    """
    found = dict[str, RepairReason]()
    for url, reason in _all_candidates(link, known):
        if url != link.url:
            found.setdefault(url, reason)
    return [Candidate(url, reason) for url, reason in found.items()]


def _all_candidates(link: Link, known: KnownPages) -> Iterator[Candidate]:
    parts = urlsplit(link.url)
    if link.target.error == ErrorKind.MALFORMED or not parts.hostname:
        return
    if not unreachable_host(link.target, internal=link.internal):
        yield from _other_paths(link.url, parts, known)
    yield from _other_hosts(parts)
    yield from _same(known.names, _telling_names(link.url), RepairReason.FILE_NAME)
    yield from _same(known.titles, _titles_of(link), RepairReason.TITLE)


def _other_hosts(parts: SplitResult) -> Iterator[Candidate]:
    if parts.scheme == "http" and parts.port in {None, 80}:
        yield Candidate(parts._replace(scheme="https", netloc=parts.hostname or "").geturl(), RepairReason.HTTPS)
    host = parts.netloc
    if host.startswith("www."):
        yield Candidate(parts._replace(netloc=host.removeprefix("www.")).geturl(), RepairReason.WWW)
    elif host.count(".") and not host.replace(".", "").replace(":", "").isdigit():
        yield Candidate(parts._replace(netloc=f"www.{host}").geturl(), RepairReason.WWW)


def _other_paths(url: str, parts: SplitResult, known: KnownPages) -> Iterator[Candidate]:
    bare = STRAY.sub("", url)
    if bare != url and urlsplit(bare).path:
        yield Candidate(bare, RepairReason.STRAY_END)
    for same in known.paths.get(_path_key(url), ()):
        if same != url:
            yield Candidate(same, RepairReason.CASE)
    if parts.path != parts.path.lower() and "%" not in parts.path:
        yield Candidate(parts._replace(path=parts.path.lower()).geturl(), RepairReason.CASE)
    if not parts.query:
        yield from _other_ends(parts)


def _other_ends(parts: SplitResult) -> Iterator[Candidate]:
    path = parts.path
    if path.endswith("/") and len(path) > 1:
        yield Candidate(parts._replace(path=path.rstrip("/")).geturl(), RepairReason.SLASH)
        for name in INDEX_NAMES:
            yield Candidate(parts._replace(path=path + name).geturl(), RepairReason.INDEX)
    elif INDEX.search(path):
        # The folder of an index page: never the homepage, which always answers and is nobody's meaning.
        folder = path[: path.rindex("/") + 1]
        if len(folder) > 1:
            yield Candidate(parts._replace(path=folder).geturl(), RepairReason.INDEX)
    elif PAGE_SUFFIX.search(path):
        for suffix in (".html", ".htm", ".shtml"):
            yield Candidate(parts._replace(path=PAGE_SUFFIX.sub(suffix, path)).geturl(), RepairReason.SUFFIX)
    elif path and "." not in path.rpartition("/")[2]:
        yield Candidate(parts._replace(path=f"{path}/").geturl(), RepairReason.SLASH)


def _same(index: dict[str, list[str]], keys: Iterable[str], reason: RepairReason) -> Iterator[Candidate]:
    for key in keys:
        urls = index.get(key, ())
        if len(urls) <= MANY:
            yield from (Candidate(url, reason) for url in urls)


def _path_key(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").lower()


def _file_name(url: str) -> str:
    """Return what stands behind the last slash of the path, read by partition: a site has thousands of addresses."""
    after_host = url.partition("://")[2].partition("/")[2]
    path = after_host.partition("#")[0].partition("?")[0]
    return unquote(path.rpartition("/")[2]).lower()


def _telling_names(url: str) -> Iterator[str]:
    name = _file_name(url)
    if TELLING_NAME.fullmatch(name) and not INDEX.search(f"/{name}"):
        yield name


def _titles_of(link: Link) -> Iterator[str]:
    """Yield the titles by which pages call the target of a link: the words of their links, if they are not cut."""
    for text in dict.fromkeys(referrer.text.strip() for referrer in link.referrers):
        title = plain_title(text)
        if len(title) >= TITLE_CHARACTERS and not text.endswith(CUT):
            yield title


def plain_title(title: str) -> str:
    """Return a title without white space, the dates of lists, and what the site adds to every title."""
    text = re.sub(r"[\[(（]?\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?[\])）]?$", "", " ".join(title.split()))
    return re.sub(r"\s+", "", TITLE_END.sub("", text))
