"""Tell whether a site is an official one, which must meet the rules for government websites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from checks.model import Page

_DOMAINS = (".gov.cn", ".政务", ".xn--zfr164b")
_MARKS = re.compile(r"conac\.cn|jiucuo\.html|网站标识码|SiteIDCode", re.IGNORECASE)


def is_official(page: Page) -> bool:
    """Tell by the domain of a page, else by any mark that only official sites carry."""
    return is_official_url(page.url) or bool(_MARKS.search(page.html))


def is_official_url(url: str) -> bool:
    """Tell by the domain alone."""
    return (urlsplit(url).hostname or "").endswith(_DOMAINS)
