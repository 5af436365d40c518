"""Tell which addresses the monitor may touch on behalf of a page it has read.

A link or a redirect is an order from a stranger: followed blindly, it makes the monitor knock on doors inside its own
network (server-side request forgery, CWE-918). The tables are IANA's registries of special-purpose addresses
(RFC 6890 and its updates) and the metadata services of the clouds, which hand out credentials to anybody who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

METADATA = tuple(
    ip_network(address)
    for address in (
        "169.254.169.254",  # AWS, Azure, Google, Huawei, Tencent
        "169.254.170.2",  # AWS, credentials of containers
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure, in a range that is otherwise public
        "fd00:ec2::254",  # AWS over IPv6
    )
)
"""Refused even where private addresses are allowed: no website lives there. Only a listed network opens them."""

SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "private translation"),
        ("100::/64", "discard"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
"""Networks that are not the public internet, with the word for each. Teredo (2001::/32) lies inside 2001::/23."""

EMBEDDING: tuple[tuple[IPv6Network, int], ...] = tuple(
    (IPv6Network(network), shift)
    for network, shift in (
        ("::ffff:0:0/96", 0),  # IPv4-mapped
        ("::/96", 0),  # IPv4-compatible, deprecated
        ("::ffff:0:0:0/96", 0),  # IPv4-translated
        ("64:ff9b::/96", 0),  # NAT64
        ("2002::/16", 80),  # 6to4
    )
)
"""IPv6 networks whose addresses carry an IPv4 one, and how many bits stand to the right of it."""


class AddressGuard:
    """Decide on addresses; ``allowed_networks`` are CIDR blocks or single addresses of an intranet that is ours.

    Raises ValueError that names the network it cannot read.
    """

    def __init__(self, *, allow_private: bool = False, allowed_networks: Sequence[str] = ()) -> None:
        self._allow_private = allow_private
        self._allowed = tuple(ip_network(each, strict=False) for each in allowed_networks)

    def refusal(self, address: str) -> str | None:
        """Return why an address must not be touched, in a few words, or None where it may.

        ``address`` is in the form that ``getaddrinfo`` gives; an IPv6 zone (``%eth0``) does not matter.
        """
        given = ip_address(address.partition("%")[0])
        faces = (given, *embedded(given))
        if any(face in network for face in faces for network in self._allowed):
            return None
        if any(face in network for face in faces for network in METADATA):
            return f"{address} is a metadata service"
        if self._allow_private:
            return None
        return next((f"{address} is {name}" for face in faces for network, name in SPECIAL if face in network), None)


def embedded(address: Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that an IPv6 address carries: its packets end up there."""
    if isinstance(address, IPv4Address):
        return ()
    number = int(address)
    return tuple(IPv4Address(number >> shift & 0xFFFFFFFF) for network, shift in EMBEDDING if address in network)
