"""Weigh what on a site says that a page is a 栏目: no single sign makes one that findings are certain about.

The signs are independent of each other: its own metas, breadcrumbs, the homepage's navigation, the structure of its
list, and what the operator configured.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from checks.columns.paging import address_of
from checks.late_pattern import late
from checks.model import Facts
from checks.reading.official import host_of

ENOUGH = 3
"""Dated items of one list that are a structure of their own; related links come in twos and threes below a text."""

SIGNS = 2
"""Signs that must agree before a finding about a column is certain, and before an undated list is a column at all."""

FEW_LISTS = 2
"""Lists besides the page in question, below which nobody can tell what is in the template."""

TEMPLATE = 0.6
"""Share of the other lists that link to what is in the template: some folders have templates of their own."""

SHORT_NAME = 10
"""Characters of a column's name in the navigation; titles of articles on the homepage are longer."""

INTERFACES = frozenset({"datastore", "json", "build-unit"})
"""Forms that only the machinery of a CMS writes."""

_MAP = late(r"(?:网站|站点|本站)(?:地图|导航)|sitemap|site map|无障碍|网站声明|联系我们|关于我们|帮助", re.IGNORECASE)
_LIST_FOLDER = late(r"/col/col\d+/|[^/]/(?:index[_\d]*\.\w+)?$|/(?:list|node|more)[_\d]*\.\w+$", re.IGNORECASE)


_CHAPTER = late(
    r"第\s*[\d〇零一二三四五六七八九十百]+\s*[章节编篇部卷课讲]|附录\s*[A-Z\d一二三四五六七八九十]|\d+(?:\.\d+)+\.?\s|(?:Chapter|Part|Appendix)\s",
    re.IGNORECASE,
)


_BY_WHOM = re.compile(r"/(?:author|tag)/[^/]+/(?:page/\d+/?)?$")
"""What a blog lists by its author or by a word: the same articles again, of which nobody is in charge."""


class Sign(StrEnum):
    """One thing that says that a page is a column."""

    META = "meta"
    BREADCRUMB = "breadcrumb"
    NAVIGATION = "navigation"
    STRUCTURE = "structure"
    CONFIGURATION = "configuration"


class Evidence:
    """What the pages of a site say of each other."""

    def __init__(self, pages: Iterable[Facts], home: str, configured: Iterable[str]) -> None:
        self.home, self.configured = address_of(home), frozenset(configured)
        self.pages = {address_of(page.url): page for page in pages}
        self.homes = frozenset(_homes(self.pages, self.home))
        fronts = [self.pages[address] for address in self.homes if address in self.pages]
        linked = [link for page in fronts for link in _links(page)]
        self.linked = frozenset(linked)
        self.navigation = frozenset(address for name, address in linked if len(name) <= SHORT_NAME)
        self.trails = {address: [address_of(url) for _, url in page.crumbs] for address, page in self.pages.items()}
        self.parents = frozenset(
            url for address, trail in self.trails.items() for url in trail if url not in {address, self.home}
        )
        self.folders = frozenset(_folders(self.pages))
        lists = [page for address, page in self.pages.items() if page.listing and address not in self.homes]
        self.lists = len(lists)
        self.links = Counter(link for page in lists for link in _links(page))

    def signs(self, address: str, parts: Iterable[Facts]) -> frozenset[Sign]:
        """Return the signs that the pages at an address are a column."""
        pages = list(parts)
        listings = [page.listing for page in pages if page.listing]
        dated = sum(item.published is not None for listing in listings for item in listing.items)
        found = {
            Sign.META: any(page.column or page.column_type for page in pages),
            Sign.BREADCRUMB: address in self.parents or address in self.trails.get(address, ()),
            Sign.NAVIGATION: address in self.navigation,
            Sign.STRUCTURE: dated >= ENOUGH
            or len(pages) > 1
            or any(listing.form in INTERFACES for listing in listings),
            Sign.CONFIGURATION: address in self.configured,
        }
        return frozenset(sign for sign, shown in found.items() if shown)

    def is_column(self, address: str, parts: Iterable[Facts]) -> bool:
        """Return whether pages that read like a list are a column: an undated or empty list needs the site's word."""
        pages = list(parts)
        forms = {
            page.listing.form for page in pages if page.listing and (page.listing.items or page.listing.needs_rendering)
        }
        signs = self.signs(address, pages)
        if Sign.CONFIGURATION in signs:
            return True
        if _BY_WHOM.search(address):
            return False
        if forms - {"titles"}:
            return True
        if forms and (self._leads_to_columns(pages) or _is_contents(pages)):
            return False
        if forms:
            return Sign.META in signs or len(signs) + bool(_LIST_FOLDER.search(address)) >= SIGNS
        return bool(signs) and not any(self._leads_on(page) for page in pages)

    def is_certain(self, address: str, parts: Iterable[Facts]) -> bool:
        """Return whether what is found out about a column is certain.

        That a page is empty is so only where it says itself, or the operator, that it is a column.
        """
        pages = list(parts)
        signs = self.signs(address, pages)
        if signs & {Sign.CONFIGURATION, Sign.META}:
            return Sign.CONFIGURATION in signs or len(signs) >= SIGNS
        return len(signs) >= SIGNS and any(page.listing.items for page in pages if page.listing)

    def _leads_on(self, page: Facts) -> bool:
        """Return whether a page without a list is there to lead to others: a landing page, a site map.

        Others name it as their parent or lie in its folder; else it has links that are not in the template, to pages
        that are no siblings: these have a breadcrumb of their own, or links to each other beside them.
        """
        address = address_of(page.url)
        if _MAP.search(f"{page.column} {page.title}") or address in self.parents or address in self.folders:
            return True
        above = {self.home, address, *self.trails[address]}
        host = host_of(page.url)
        links = {(name, url) for name, url in _links(page) if host_of(url) == host and url not in above}
        own = {url for name, url in links if not self._is_in_template(name, url)}
        trails = [self.trails[url] for url in own if set(self.trails.get(url, ())) - {url}]
        if trails:
            return any(address in trail for trail in trails)
        return bool(own) and not any(self._names(url, {address, *own} - {url}) for url in own)

    def _leads_to_columns(self, pages: Iterable[Facts]) -> bool:
        """Return whether most of what undated lists name are columns themselves: a page that leads to them is none."""
        urls = [address_of(item.url) for page in pages if page.listing for item in page.listing.items]
        known = [self.pages[url] for url in urls if url in self.pages]
        columns = [page for page in known if page.listing or ((page.column or page.column_type) and not page.article)]
        return 2 * len(columns) > len(urls)

    def _names(self, address: str, others: Collection[str]) -> bool:
        """Return whether the page at an address has a link of its own, not of the template, to any of others."""
        page = self.pages.get(address)
        links = _links(page) if page is not None else ()
        return any(url in others and not self._is_in_template(name, url) for name, url in links)

    def _is_in_template(self, name: str, url: str) -> bool:
        """Return whether most other lists have a link of that name, as menus do; where few are, whether the homepage.

        What a landing page is there for may stand on the homepage as well.
        """
        others = self.lists - 1
        if others < FEW_LISTS:
            return (name, url) in self.linked
        return self.links[name, url] - 1 > TEMPLATE * others


def _is_contents(parts: Iterable[Facts]) -> bool:
    """Return whether most of what undated lists name are chapters: the contents of a book are no column."""
    titles = [item.title for page in parts if page.listing for item in page.listing.items]
    return 2 * sum(bool(_CHAPTER.match(title)) for title in titles) > len(titles)


def _links(page: Facts) -> set[tuple[str, str]]:
    """Return the links of a page that are named like a column, each with the address in the form that tells pages."""
    return {(name, address_of(url)) for name, url in page.sections}


def _homes(pages: Mapping[str, Facts], home: str) -> Iterator[str]:
    """Yield the addresses that are the homepage: what was asked for, what its stub leads to, what the crawl says."""
    seen: set[str] = set()
    while home not in seen:
        seen.add(home)
        yield home
        page = pages.get(home)
        home = address_of(page.refresh) if page and page.refresh else home
    yield from (address for address, page in pages.items() if page.homepage)


def _folders(pages: Mapping[str, Facts]) -> Iterator[str]:
    """Yield the folders that hold pages other than their own index."""
    for address in pages:
        folder = address.rstrip("/").rpartition("/")[0] + "/"
        if urlsplit(folder).path not in {"", "/"}:
            yield folder
