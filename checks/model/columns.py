"""Columns (栏目): the lists of a site, their items, and the whole of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from msgspec import Struct


class ColumnType(StrEnum):
    """What a 栏目 is for; how often it must be updated follows from it (考核口径)."""

    NEWS = "news"
    NOTICE = "notice"
    POLICY = "policy"
    PERSONNEL = "personnel"
    PLANNING = "planning"
    FINANCE = "finance"
    STATISTICS = "statistics"
    LEADERS = "leaders"
    ORGANISATION = "organisation"
    INTERACTION = "interaction"
    SERVICE = "service"
    OTHER = "other"


class ColumnStatus(StrEnum):
    """How a 栏目 stands against its limit.

    One that a script draws is never blank, nor stale whose dates are of a form that is not read: nobody knows.
    """

    FRESH = "fresh"
    WARNING = "warning"
    STALE = "stale"
    BLANK = "blank"
    NEEDS_RENDERING = "needs-rendering"
    EXEMPT = "exempt"


class Item(NamedTuple):
    """One entry of a list page.

    ``published`` is aware (+08:00), None when neither the list nor the article nor its URL has a date. ``absent_at``
    is the latest inspection that read the column and did not find the item in it, None when there was none. Letters
    (来信) carry ``answered``: None when the list does not say, and ``replied`` when it gives the date. ``unread`` says
    that the list dates the item in a form that is not read (3个月前, 03/04/2026): it is not without a date.
    """

    url: str
    title: str
    published: datetime | None = None
    absent_at: datetime | None = None
    answered: bool | None = None
    replied: datetime | None = None
    unread: bool = False


class Request(NamedTuple):
    """One more page of a list, for the crawler to ask for: a GET, or a POST of form fields."""

    url: str
    form: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """What tells this request from every other: its URL, with the fields of its form as a query."""
        return f"{self.url}?{urlencode(self.form)}" if self.form else self.url


class Listing(Struct, frozen=True):
    """What one list page, or one answer of a list's interface, holds.

    ``form`` names the CMS form it was read as; ``following`` are further pages of the same list; ``needs_rendering``
    quotes the script that draws a list which is not in the page ("" when there is none).
    """

    items: tuple[Item, ...]
    form: str
    following: tuple[Request, ...] = ()
    needs_rendering: str = ""


class Facts(Struct, frozen=True):
    """What the columns of a site need to know of one page; small, so it outlives the page.

    ``crumbs`` and ``sections`` are (name, url) of the breadcrumb and, on lists, of every link named like a column.
    ``site_code`` is the meta SiteIDCode; ``meta_faults`` are what 网页标签规范 finds wrong: (name, fault, value).
    ``column`` and ``column_type`` are the metas ColumnName and ColumnType. ``made`` is 成文日期. ``related`` are the
    articles that the body links to. ``continues`` is the list page whose interface answered, "" for a page of its own.
    ``refresh`` is where a page that shows nothing itself leads: by meta refresh, by script, by its only frame; else "".
    """

    url: str
    continues: str = ""
    title: str = ""
    homepage: bool = False
    article: bool = False
    crumbs: tuple[tuple[str, str], ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    column: str = ""
    column_type: str = ""
    published: datetime | None = None
    made: datetime | None = None
    related: tuple[str, ...] = ()
    site_code: str = ""
    refresh: str = ""
    meta_faults: tuple[tuple[str, str, str], ...] = ()
    listing: Listing | None = None


class Column(Struct, frozen=True, dict=True):
    """A 栏目: a list page and the items under it, as far as its paging was followed.

    ``seen`` is when it was read (aware): the clock of every verdict on it. ``complete`` tells whether the last page was
    reached. ``limit_days`` overrides the limit of the type; ``exempt`` columns (历史专题) are not judged. ``certain``
    tells whether the rest of the site agrees that this is a column: where it does not, nothing about it is certain.
    """

    url: str
    name: str
    type: ColumnType
    items: tuple[Item, ...]
    seen: datetime
    complete: bool = True
    limit_days: int | None = None
    exempt: bool = False
    needs_rendering: str = ""
    certain: bool = True

    @cached_property
    def newest(self) -> datetime | None:
        """The latest publication that is not in the future; a date to come does not keep a column alive."""
        return max(
            (item.published for item in self.items if item.published and item.published <= self.seen), default=None
        )

    @property
    def has_unread_dates(self) -> bool:
        """Whether no item has a date that was read, and some show one that was not."""
        return self.newest is None and any(item.unread and item.published is None for item in self.items)


class Inventory(Struct, frozen=True):
    """A whole site as the rules about columns see it: every column, the homepage, the articles, and every page.

    ``names`` are what the site's navigation and breadcrumbs call their targets. ``changed`` is when the homepage last
    differed from an earlier inspection, None when there was none. ``whole`` is False where only the homepage was read:
    nothing can be said to be missing then.
    """

    url: str
    seen: datetime
    columns: tuple[Column, ...]
    homepage: Facts | None = None
    articles: tuple[Facts, ...] = ()
    pages: tuple[Facts, ...] = ()
    names: tuple[str, ...] = ()
    changed: datetime | None = None
    whole: bool = True
