"""Tell a fault of our own network from the faults of others.

Where nearly every foreign host fails, it is not they who have failed: a resolver is down, a route is gone, a proxy
stands in between, or our clock is wrong. The share alone does not decide, since a page may well have one link, and that
dead: it says when to ask a **canary**, an address that is always up, and the canary decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from checks.model import ErrorKind, Response, Text
from checks.security.hosts import address, host_of, same_site


class NetworkFault(StrEnum):
    """What is wrong between us and everybody else."""

    NAMES = "names"
    CONNECTIONS = "connections"
    CERTIFICATES = "certificates"
    ANSWERS = "answers"


WORDS = {
    NetworkFault.NAMES: Text("域名解析不通", "names do not resolve"),
    NetworkFault.CONNECTIONS: Text("连接不通", "connections fail"),
    NetworkFault.CERTIFICATES: Text(
        "所有证书都无法通过验证，可能是本机时钟不准或有代理",
        "no certificate verifies: the clock is wrong, or a proxy is in between",
    ),
    NetworkFault.ANSWERS: Text("所有网站的应答相同，可能有代理", "everybody answers alike: a proxy is in between"),
}

SIGNS = {
    ErrorKind.DNS: NetworkFault.NAMES,
    ErrorKind.RESOLVER: NetworkFault.NAMES,
    ErrorKind.FORBIDDEN_ADDRESS: NetworkFault.NAMES,  # a portal's name server gives everybody its own address
    ErrorKind.NO_ROUTE: NetworkFault.CONNECTIONS,
    ErrorKind.CONNECT: NetworkFault.CONNECTIONS,
    ErrorKind.TIMEOUT: NetworkFault.CONNECTIONS,
    ErrorKind.RESET: NetworkFault.CONNECTIONS,
    ErrorKind.PROTOCOL: NetworkFault.CONNECTIONS,
    ErrorKind.TLS: NetworkFault.CERTIFICATES,
    ErrorKind.NOT_TLS: NetworkFault.CERTIFICATES,
}

PROXY_STATUSES = frozenset({403, 407, 502, 503, 504, 511})
"""What a proxy answers in the name of a host that it does not reach, or does not let us reach."""

MOST = 0.5
"""Share of failing hosts from which it is worth asking a canary, where at least two fail."""
REFUSED = 400
"""The first status of those that give nothing."""
LED_NOWHERE = frozenset({ErrorKind.REDIRECT_LOOP, ErrorKind.REDIRECT_BROKEN})
"""What comes of redirects that give nothing: a portal that waits for a cookie sends everybody round in circles."""
PORTAL = 2
"""Foreign hosts that all lead to one other host from which on that may be a portal."""


class HostOutcome(Struct, frozen=True):
    """What became of one foreign host in a run: what the answers of all its targets are a sign of, None for no fault.

    ``end`` is the other host to which it redirected, "" for none. ``refused`` says that it answered, and
    gave nothing: every host may, but not all of them at once.
    """

    origin: str
    sign: NetworkFault | None
    end: str = ""
    refused: bool = False


def sign(response: Response) -> NetworkFault | None:
    """Return what an answer would be a sign of, if everybody's were like it; None for one that only its host gives."""
    if response.error is not None:
        return SIGNS.get(response.error)
    return NetworkFault.ANSWERS if response.status in PROXY_STATUSES else None


def suspicion(outcomes: Iterable[HostOutcome]) -> NetworkFault | None:
    """Return what our network may suffer from, None where too many answer for that: then no canary needs to be asked.

    Hosts asked over https are looked at by themselves, too: a wrong clock leaves http alone.
    """
    known = {outcome.origin: outcome for outcome in outcomes}
    ends = Counter(outcome.end for outcome in known.values() if outcome.end)
    portal = next((end for end, count in ends.items() if count >= max(PORTAL, MOST * len(known))), None)
    refused = sum(outcome.refused for outcome in known.values())
    if portal is not None or (refused >= PORTAL and all(outcome.sign or outcome.refused for outcome in known.values())):
        return NetworkFault.ANSWERS
    signs = {origin: outcome.sign for origin, outcome in known.items()}
    secure = {origin: sign for origin, sign in signs.items() if origin.startswith("https:")}
    return _commonest(signs) or _commonest(secure)


def _commonest(signs: Mapping[str, NetworkFault | None]) -> NetworkFault | None:
    failing = Counter(sign for sign in signs.values() if sign is not None)
    count = failing.total()
    if not count or (count < len(signs) and (count < 2 or count < MOST * len(signs))):
        return None
    return failing.most_common(1)[0][0]


def led_away(url: str, response: Response) -> str:
    """Return the host of somebody else's to which an address leads, "" for none."""
    end = host_of(response.url)
    away = bool(response.redirects) and response.error is None and not same_site(end, host_of(url))
    return end if away else ""


def opens(url: str, response: Response) -> bool:
    """Return whether an answer gives what was asked for, and nothing of it is a network's that fails."""
    return is_usual(url, response) and not is_refused(response)


def is_refused(response: Response) -> bool:
    """Return whether a host answered, and gave nothing."""
    return response.error in LED_NOWHERE or (response.error is None and (response.status or 0) >= REFUSED)


def outcome_of(origin: str, url: str, response: Response) -> HostOutcome:
    """Return what became of a host by the answer of one of its addresses."""
    return HostOutcome(origin, sign(response), led_away(url, response), is_refused(response))


def is_usual(url: str, response: Response) -> bool:
    """Return whether an answer shows nothing of what a network that fails would make of it."""
    return sign(response) is None and not led_away(url, response)


def counts(url: str) -> bool:
    """Return whether a host says anything of our network: not ourselves, nor a name that is nowhere (RFC 6761)."""
    host = host_of(url)
    number = address(host)
    ourselves = host == "localhost" or host.endswith(".localhost") or (number is not None and number.is_loopback)
    return bool(host) and not ourselves and not host.endswith(".invalid")
