"""Return whether a site is an official one, which must meet the rules for government websites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.model import Inventory, Page

_DOMAINS = (".gov.cn", ".政务", ".xn--zfr164b")
_MARKS = re.compile(r"conac\.cn|jiucuo\.html|网站标识码|SiteIDCode", re.IGNORECASE)


def is_official(page: Page) -> bool:
    """Return whether a page is official: by its domain, else by any mark that only official sites carry."""
    return is_official_url(page.url) or bool(_MARKS.search(page.html))


def host_of(url: str) -> str:
    """Return the host of an http URL without its port: asked of every page, so without ``urlsplit`` (10 µs)."""
    return url.partition("//")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()


def is_official_url(url: str) -> bool:
    """Return whether an address is official, by its domain alone."""
    return host_of(url).endswith(_DOMAINS)


def is_official_site(site: Inventory) -> bool:
    """Return whether a site is official: by its domain, or by the code that its pages carry."""
    return is_official_url(site.url) or any(page.site_code for page in site.pages)
