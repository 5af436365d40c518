"""Put the columns of a site together from the facts of its pages, and let the configuration correct them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from checks.columns.evidence import SHORT_NAME, Evidence
from checks.columns.kinds import column_type, is_exempt
from checks.columns.paging import address_of
from checks.late_pattern import late
from checks.meta import COLUMN
from checks.model import Column, ColumnType, Facts, Inventory, Item
from checks.reading.dates import url_date

UNNAMED = late(
    r"(?:所属|当前|本|上一?级)?(?:栏目|列表|频道|正文|内容|详情)页?|返回.*|(?:详细|文章|信息)(?:内容|页面?|列表|详情)"
)
"""What templates call a step of a breadcrumb without naming its column."""

PARTS = late(r"[_|｜—–－-]+")
"""What stands between the parts of a title: 通知公告_某县人民政府."""


class Correction(Struct, frozen=True):
    """What the operator says about one column; None leaves what was found. ``ignore`` takes it out of the inventory."""

    url: str
    name: str | None = None
    type: ColumnType | None = None
    limit_days: int | None = None
    exempt: bool | None = None
    ignore: bool = False


class Memory(Struct, frozen=True):
    """What earlier inspections knew.

    ``absent_at`` gives, for an article's URL, the latest complete inspection that read its column without finding it;
    ``changed`` is when the homepage last differed.
    """

    absent_at: Mapping[str, datetime] = field(default_factory=dict)
    changed: datetime | None = None


NOTHING = Memory()


def assemble(
    facts: Iterable[Facts],
    url: str,
    seen: datetime,
    corrections: Iterable[Correction] = (),
    memory: Memory = NOTHING,
) -> Inventory:
    """Return the inventory of a site. ``url`` is its homepage, ``seen`` the moment of the inspection (aware)."""
    corrected = {address_of(each.url): each for each in corrections}
    read = tuple(facts)
    evidence = Evidence(read, url, corrected)
    pages = tuple(_settled(page, evidence.homes) for page in read)
    names = _names(pages)
    home = next((page.title for page in pages if page.homepage), "")
    dates = {each.url: each.published for each in pages if each.published}
    columns: list[Column] = []
    for address, parts in _lists(pages, corrected).items():
        correction = corrected.get(address)
        if (correction and correction.ignore) or not evidence.is_column(address, parts):
            continue
        column = replace(_column(address, parts, names, home, seen), certain=evidence.is_certain(address, parts))
        columns.append(_correct(replace(column, items=_complete(column.items, dates, memory)), correction))
    return Inventory(
        url=url,
        seen=seen,
        columns=tuple(sorted(columns, key=lambda column: column.url)),
        homepage=_homepage(pages, columns, dates, memory),
        articles=tuple(each for each in pages if each.article and each.listing is None),
        pages=_judged(pages, columns),
        names=tuple(dict.fromkeys((*names.values(), *(column.name for column in columns)))),
        changed=memory.changed,
    )


def _settled(page: Facts, homes: frozenset[str]) -> Facts:
    """Mark every address of the homepage as such: ``/index.html`` and what a stub leads to are of no other kind."""
    return replace(page, homepage=True) if not page.homepage and address_of(page.url) in homes else page


def _homepage(
    pages: tuple[Facts, ...], columns: list[Column], dates: Mapping[str, datetime], memory: Memory
) -> Facts | None:
    """Return the homepage, with the dates of what it lists; of several addresses the one that lists the most.

    A link without a date takes that of the article it leads to only where a column lists the article too, or it shows
    a title: what a navigation leads to is no news.
    """
    found = [page for page in pages if page.homepage]
    page = max(
        found, key=lambda each: (len(each.listing.items) if each.listing else -1, not each.refresh), default=None
    )
    if page is None or page.listing is None:
        return page
    news = {item.url for column in columns for item in column.items}
    own = tuple(
        item for item in page.listing.items if item.published or item.url in news or len(item.title) > SHORT_NAME
    )
    return replace(page, listing=replace(page.listing, items=_complete(own, dates, memory)))


def _judged(pages: tuple[Facts, ...], columns: list[Column]) -> tuple[Facts, ...]:
    """Return the pages that the rules about pages judge: no stub that only leads on, and tags as their kind needs them.

    A page is asked for the tags of a column only where the site agrees that it is one, or it carries any of them.
    """
    certain = {column.url for column in columns if column.certain}
    return tuple(_with_own_tags(page, certain) for page in pages if not _is_stub(page))


def _is_stub(page: Facts) -> bool:
    """Return whether a page is there only to send its readers on; one that reloads itself is none."""
    lists = page.listing is not None and bool(page.listing.items)
    return bool(page.refresh) and page.refresh != page.url and not lists


def _with_own_tags(page: Facts, columns: set[str]) -> Facts:
    if page.listing is None or (page.url in columns and not page.homepage):
        return page
    missing = {name for name, fault, _ in page.meta_faults if name in COLUMN and fault == "missing"}
    if len(missing) < len(COLUMN) and not page.homepage:
        return page
    faults = tuple(fault for fault in page.meta_faults if fault[0] not in missing)
    return replace(page, meta_faults=faults)


def _lists(pages: tuple[Facts, ...], corrected: Mapping[str, Correction]) -> dict[str, list[Facts]]:
    """Gather the pages of each list under the address of its first page; a page that only links to lists is none."""
    owners = {
        address_of(request.address): address_of(page.url)
        for page in pages
        if page.listing is not None
        for request in page.listing.following
    }
    lists: dict[str, list[Facts]] = defaultdict(list)
    for page in pages:
        if page.listing is None or page.homepage:
            continue
        address = _first(address_of(page.continues or page.url), owners)
        if page.listing.form != "portal" or address in corrected:
            lists[address].append(page)
    return lists


def _first(address: str, owners: Mapping[str, str]) -> str:
    """Follow a page of a list back to its first one; in a ring (the last points on to the first) the shortest is."""
    trail = [address]
    while trail[-1] in owners:
        owner = owners[trail[-1]]
        if owner in trail:
            return min(trail, key=lambda each: (len(each), each))
        trail.append(owner)
    return trail[-1]


def _names(pages: tuple[Facts, ...]) -> dict[str, str]:
    """Return what each address is called by the links to it: breadcrumbs before the homepage's navigation."""
    names: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: not page.homepage):
        for name, url in page.sections:
            names.setdefault(address_of(url), name)
    for page in pages:
        for name, url in page.crumbs:
            if not UNNAMED.fullmatch(name):
                names[address_of(url)] = name
    return names


def _titled(title: str, home: str) -> str:
    """Return the part of a page's title that names the page: the first that does not stand in the homepage's too."""
    parts = [part.strip() for part in PARTS.split(title)]
    return next((part for part in parts if part and part not in home), parts[0])


def _column(address: str, parts: list[Facts], names: Mapping[str, str], home: str, seen: datetime) -> Column:
    """Put a column together from its pages; ``home`` is the title of the homepage, "" where it was not read."""
    parts.sort(key=lambda page: (address_of(page.url) != address, len(page.url), page.url))
    head = parts[0]
    trail = [name for name, _ in head.crumbs if not UNNAMED.fullmatch(name)]
    name = head.column or names.get(address) or (trail[-1] if trail else "") or _titled(head.title, home)
    parents = tuple(each for each in trail if each != name)
    listings = [page.listing for page in parts if page.listing]
    items = tuple({(item.url, item.title): item for listing in listings for item in listing.items}.values())
    read = {page.url for page in parts}
    return Column(
        url=head.url,
        name=name,
        type=column_type(name, head.column_type, parents),
        items=items,
        seen=seen,
        complete=all(request.address in read for listing in listings for request in listing.following),
        exempt=is_exempt(name, parents),
        needs_rendering=""
        if items or any(page.continues for page in parts)
        else next(filter(None, (each.needs_rendering for each in listings)), ""),
    )


def _complete(items: tuple[Item, ...], dates: Mapping[str, datetime], memory: Memory) -> tuple[Item, ...]:
    """Give an item the better date of its own article, else the one in its URL, and the last time it was not there."""
    return tuple(
        item._replace(
            published=dates.get(item.url) or item.published or _in_url(item.url),
            absent_at=memory.absent_at.get(item.url),
        )
        for item in items
    )


def _in_url(url: str) -> datetime | None:
    stamp = url_date(url)
    return stamp.at if stamp else None


def _correct(column: Column, correction: Correction | None) -> Column:
    if correction is None:
        return column
    return replace(
        column,
        name=correction.name or column.name,
        type=correction.type or column.type,
        limit_days=correction.limit_days or column.limit_days,
        exempt=column.exempt if correction.exempt is None else correction.exempt,
    )
