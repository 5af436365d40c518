"""Tell hosts apart: the site's own, the network inside, and those that everybody links to.

Every answer is remembered: a crawl asks about the same few hundred hosts hundreds of thousands of times.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from checks.packaged import packaged_text
from checks.security.suffixes import registrable_domain

OFFICIAL = (".gov.cn", ".xn--zfr164b", ".xn--55qw42g", ".mil.cn", ".edu.cn", ".ac.cn", ".gov.hk", ".gov.mo")
"""Suffixes that only institutions get: 政务 and 公益 are ``xn--zfr164b`` and ``xn--55qw42g`` on the wire."""


def host_of(url: str) -> str:
    """Return the host of an absolute URL without user and port, lower case; "" where there is none."""
    parts = url.split("/", 3)
    return bare(parts[2]) if len(parts) > 2 and not parts[1] else ""


@lru_cache(maxsize=8192)
def bare(authority: str) -> str:
    """Return the host in ``user@host:port``; an IPv6 address loses its brackets."""
    host = authority.rpartition("@")[2].lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


@lru_cache(maxsize=8192)
def address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address a host is written as, or None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def registrable(host: str) -> str:
    """Return the name somebody registered: ``www.qx.gov.cn`` → ``qx.gov.cn``; an address stays as it is."""
    return registrable_domain(host) or host


def same_site(first: str, second: str) -> bool:
    """Whether two hosts belong to one registered name."""
    return first == second or registrable(first) == registrable(second)


@lru_cache(maxsize=8192)
def official(host: str) -> bool:
    """Whether only an institution can own the name."""
    return host in {"gov.cn", "www.gov.cn"} or host.endswith(OFFICIAL)


@lru_cache(maxsize=1)
def commonplace() -> frozenset[str]:
    """Return the names that official sites link to all the time: media, state bodies, statistics, maps, vendors."""
    text = packaged_text("checks.security", "data/commonplace.txt")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=8192)
def familiar(host: str) -> bool:
    """Whether a link to the host is nothing remarkable on an official site."""
    return official(host) or registrable(host) in commonplace() or host in commonplace()


PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))


@lru_cache(maxsize=8192)
def inside(host: str) -> bool:
    """Whether the host is an address of an internal network (RFC 1918)."""
    known = address(host)
    return known is not None and any(known in network for network in PRIVATE)
