"""Tell whose domain a host belongs to, from the public suffix list: gov.cn is a suffix, so each agency stands alone."""

from __future__ import annotations

import ipaddress
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=4096)
def registrable_domain(name: str, *, private: bool = False) -> str | None:
    """Return the part of a host name that somebody registered, or None for a suffix, a bare label or an IP address.

    ``private`` also takes in the suffixes that companies run for their customers, such as ``github.io``.
    """
    name = name.lower().rstrip(".").strip("[]")
    if _is_address(name) or "." not in name or ".." in name:
        return None
    domain: str | None = _suffixes(private=private).privatesuffix(name)
    return domain


@cache
def _suffixes(*, private: bool) -> PublicSuffixList:
    return PublicSuffixList(only_icann=not private)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
