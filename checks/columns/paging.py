"""Say what to ask for to see the rest of a list: addresses and forms, as data; the crawler does the asking.

Each CMS writes its paging in a call or an attribute that names the number of pages; where there is none, the link
下一页 is followed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from checks.late_pattern import late
from checks.model import Request
from checks.reading.link_text import link_text

if TYPE_CHECKING:
    from checks.model.html_tree import Tree

DEEPEST = 500
"""Pages of one list that are followed at most: 20 years of daily news, and a bound against a false total."""

_TRS = late(r"createPageHTML\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([\w./-]+)[\"']\s*,\s*[\"'](\w+)[\"']")
_UCAP = late(
    r"createPageHTML\(\s*[\"'][\w-]+[\"']\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([\w./-]+)[\"']\s*,\s*[\"'](\w+)[\"']"
)
_NEXT_GROUP = late(r"<nextgroup>\s*<!\[CDATA\[.{0,200}?href=[\"']([^\"']+)[\"']", re.DOTALL)
_TOTAL_RECORDS = late(r"<totalrecord>\s*(\d+)\s*</totalrecord>")
_PER_PAGE = late(r"perPage[\"']?\s*[:=]\s*[\"']?(\d+)")
_NEXT = late(r"^\W*(?:下\s*一?\s*页|next)\W*$", re.IGNORECASE)
_SID = late(r"""\bsid["']?\s*[:=]\s*["']?(\d+)""", re.IGNORECASE)
_CATEGORY = late(r"""(?:#|\bcid["']?\s*[:=]\s*["']?|CATEGORY_?ID["']?\s*[:=]\s*["']?|/gkmlpt/api/all/)(\d+)""")
_UNIT_PATH = "/front/page/build/unit"
_GKMLPT_PATH = "/gkmlpt/api/"
_STEM = late(
    r"(?<=[^/:])/(?:index|default|list|node|more|page)?\d*(?:[_-]\d+)*\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE
)
_NUMBERS = late(r"[_-]?\d+|/page(?=/)|/$")
_INDEX = late(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE)


def address_of(url: str) -> str:
    """Return the one address of a list that is reached as a folder and as its index file."""
    return _INDEX.sub("/", url)


def asks_interface(request: Request) -> bool:
    """Tell a request that a list's script makes from the address of a further list page, which anybody may open."""
    return bool(request.form) or _UNIT_PATH in request.url or _GKMLPT_PATH in request.url


def next_pages(tree: Tree, html: str, url: str, shown: int = 0) -> tuple[Request, ...]:
    """Return the further pages of the list on a page, in order; ``shown`` is how many items this page lists."""
    for reader in (_numbered, _datastore, _build_units, _gkmlpt):
        requests = reader(tree, html, url, shown)
        if requests:
            return requests
    return _linked(tree, url)


def _numbered(tree: Tree, html: str, url: str, shown: int) -> tuple[Request, ...]:
    """TRS counts from 0 and writes index_1 for the second page; 开普 counts from 1 and writes list_2."""
    del tree, shown
    if "createPageHTML" not in html:
        return ()
    for call, first in ((_TRS, 0), (_UCAP, 1)):
        found = call.search(html)
        if found:
            total, current, stem, suffix = int(found[1]), int(found[2]), found[3], found[4]
            last = min(total - 1 + first, DEEPEST)
            return tuple(Request(urljoin(url, f"{stem}_{number}.{suffix}")) for number in range(current + 1, last + 1))
    return ()


def _datastore(tree: Tree, html: str, url: str, shown: int) -> tuple[Request, ...]:
    """大汉: POST to dataproxy.jsp the fields that ``nextgroup`` names, with the records wanted."""
    del tree
    if "<nextgroup>" not in html:
        return ()
    found, total = _NEXT_GROUP.search(html), _TOTAL_RECORDS.search(html)
    if not found or not total or not shown:
        return ()
    target = urlsplit(urljoin(url, found[1].replace("&amp;", "&")))
    fields = [(name, value) for name, value in parse_qsl(target.query) if name != "page"]
    per_page = _PER_PAGE.search(html)
    step = max(int(per_page[1]) if per_page else shown, 1)
    address = target._replace(query="").geturl()
    return tuple(
        Request(
            address,
            (*fields, ("startrecord", str(start)), ("endrecord", str(start + step - 1)), ("perpage", str(step))),
        )
        for start in range(shown + 1, min(int(total[1]), shown + step * DEEPEST) + 1, step)
    )


def _build_units(tree: Tree, html: str, url: str, shown: int) -> tuple[Request, ...]:
    """大汉's newer version: the script that draws a list names the interface and its query."""
    del shown
    if _UNIT_PATH not in html:
        return ()
    requests = []
    for script in tree.select(f"script[url*='{_UNIT_PATH}']"):
        query = _loose_json(script.attr("querydata") or script.attr("queryData") or "")
        if query:
            requests.append(Request(f"{urljoin(url, script.attr('url') or '')}?{urlencode(query)}"))
    return tuple(requests)


def _loose_json(text: str) -> dict[str, str]:
    """Read the attribute's JSON, which is often written with single quotes."""
    try:
        data = json.loads(text.replace("'", '"'))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in data.items()} if isinstance(data, dict) else {}


def _gkmlpt(tree: Tree, html: str, url: str, shown: int) -> tuple[Request, ...]:
    """广东's platform: the interface takes the category of the page and the number of the site."""
    del tree, shown
    if "gkmlpt" not in url and "gkmlpt" not in html:
        return ()
    sid, category = _SID.search(html), _CATEGORY.search(url) or _CATEGORY.search(html)
    if not sid or not category:
        return ()
    return (Request(urljoin(url, f"/gkmlpt/api/all/{category[1]}?page=1&sid={sid[1]}")),)


def _linked(tree: Tree, url: str) -> tuple[Request, ...]:
    """Return where 下一页 leads, when that is a page of the same list; the next chapter of a manual is not."""
    for anchor in tree.select("a[href]"):
        if not _NEXT.match(link_text(anchor)):
            continue
        href = (anchor.attr("href") or "").strip()
        if href.startswith(("javascript:", "#")):
            continue
        try:
            target = urljoin(url, href)
        except ValueError:
            continue
        return (Request(target),) if target != url and _family(target) == _family(url) else ()
    return ()


def _family(url: str) -> str:
    """Return what the addresses of a list's pages share: ``/tzgg/``, ``/tzgg/index_2.html`` and ``/tzgg/?page=3``."""
    path = urlsplit(url)._replace(query="", fragment="").geturl()
    return _NUMBERS.sub("", _STEM.sub("/", path))
