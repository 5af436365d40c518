"""Judge the way to https as the Observatory does: HSTS and the redirects of the http address."""

from __future__ import annotations

from http import HTTPStatus

from ada_url import URL

from checks.model import Answer, Chain, Host, Response
from checks.security.observatory.node import header, parse_int, trim
from checks.security.preload import is_preloaded

SIX_MONTHS = 15_552_000
"""Seconds; what many sites send for six months, and what the Observatory accepts."""

FOLLOWED = frozenset({301, 302, 303, 307, 308})
"""Statuses that the Observatory follows."""

MOST_REDIRECTS = 10


def hsts(host: Host) -> str:
    """Return the result of the strict-transport-security test."""
    answer = page(host) if host.secure else None
    if answer is None:
        return "hsts-not-implemented-no-https"
    if is_preloaded(host.name, host.preload):
        return "hsts-preloaded"
    if not host.https.trusted:
        return "hsts-invalid-cert"
    sent = header(answer.response, "strict-transport-security")
    return "hsts-not-implemented" if sent is None else _hsts_header(sent[:1024])


def _hsts_header(sent: str) -> str:
    """Judge the header; a max-age that is no number passes, because JavaScript's NaN is not less than anything."""
    directives = [trim(part).lower() for part in sent.split(";")]
    ages = [directive[8:128] for directive in directives if directive.startswith("max-age=")]
    if "," in sent or not ages:
        return "hsts-header-invalid"
    age = parse_int(ages[-1])
    if age is not None and age < SIX_MONTHS:
        return "hsts-implemented-max-age-less-than-six-months"
    return "hsts-implemented-max-age-at-least-six-months"


def redirection(host: Host) -> str:
    """Return the result of the redirection test."""
    if host.http.final is None:
        return "redirection-not-needed-no-http"
    if not host.http.trusted:
        return "redirection-invalid-cert"
    route = route_of(host.http)
    if all(is_preloaded(url.hostname, host.preload) for url in route):
        return "redirection-all-redirects-preloaded"
    return _route_result(route)


def _route_result(route: list[URL]) -> str:
    if len(route) == 1:
        return "redirection-missing"
    first, second, last = route[0], route[1], route[-1]
    if last.protocol != "https:":
        return "redirection-not-to-https"
    if second.protocol == "http:":
        return "redirection-not-to-https-on-initial-redirection"
    return "redirection-to-https" if first.hostname == second.hostname else "redirection-off-host-from-http"


def route_of(chain: Chain) -> list[URL]:
    """Return the addresses of a chain as the Observatory walks it."""
    route = [URL(answer.response.url) for answer in chain.answers]
    if _goes_on(chain):
        route.append(URL("undefined", base=chain.answers[-1].response.url))
    return route


def page(host: Host) -> Answer | None:
    """Return the answer that the Observatory judges: the final one, or what an address that does not exist gets."""
    chain = host.judged
    if chain.final is None or not _goes_on(chain):
        return chain.final
    return host.missing or Answer(Response(route_of(chain)[-1].href, HTTPStatus.NOT_FOUND))


def _goes_on(chain: Chain) -> bool:
    """Whether the Observatory takes a final answer for one more redirect, to a page called "undefined".

    That is how JavaScript spells the Location header that is not there.
    """
    last = chain.answers[-1].response
    return last.status in FOLLOWED and last.header("location") is None and len(chain.answers) <= MOST_REDIRECTS
