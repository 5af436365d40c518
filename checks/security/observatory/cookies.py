"""Judge cookies as the Observatory does: those that its cookie jar holds after all redirects, the worst one first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from ada_url import URL
from msgspec.structs import replace

from checks.model import Host, Response
from checks.security.observatory import https
from checks.security.observatory.charts import RESULTS
from checks.security.observatory.node import SPACE, trim
from checks.security.set_cookie import SetCookie, read_set_cookie
from checks.security.suffixes import registrable_domain

IGNORED = frozenset({"heroku-session-affinity"})
SPECIAL_USE = frozenset({"local", "example", "invalid", "localhost", "test"})
"""Top-level names under which the jar lets any second-level name set cookies (RFC 6761)."""

BADNESS = (
    "cookies-without-secure-flag-but-protected-by-hsts",
    "cookies-without-secure-flag",
    "cookies-session-without-secure-flag-but-protected-by-hsts",
    "cookies-samesite-flag-invalid",
    "cookies-anticsrf-without-samesite-flag",
    "cookies-session-without-httponly-flag",
    "cookies-session-without-secure-flag",
)
"""From the least to the worst."""

_CONTROL = re.compile(r"[\x00-\x1f]")
_TERMINATOR = re.compile(r"[\n\r\0]")

Jar = dict[tuple[str, str, str], SetCookie]
"""Domain, path and name → the cookie that was set last."""


def cookies(host: Host) -> str:
    """Return the result of the cookies test."""
    kept = [cookie for cookie in _jar(host).values() if cookie.name not in IGNORED]
    if not kept:
        return "cookies-not-found"
    protected = RESULTS[https.hsts(host)].passed
    results = [result for cookie in kept for result in _results(cookie, protected=protected)]
    answer = https.page(host)
    if answer and any(map(_is_same_site_broken, answer.response.header_list("set-cookie"))):
        results.append("cookies-samesite-flag-invalid")
    if results:
        return max(results, key=BADNESS.index)
    if all(cookie.same_site in {"lax", "strict", "none"} for cookie in kept):
        return "cookies-secure-with-httponly-sessions-and-samesite"
    return "cookies-secure-with-httponly-sessions"


def _results(cookie: SetCookie, *, protected: bool) -> Iterator[str]:
    name = cookie.name.lower()
    is_session = "login" in name or "sess" in name
    suffix = "-but-protected-by-hsts" if protected else ""
    if not cookie.secure:
        yield f"cookies-without-secure-flag{suffix}"
        if is_session:
            yield f"cookies-session-without-secure-flag{suffix}"
        if cookie.same_site == "none":
            yield "cookies-samesite-flag-invalid"
    if "csrf" in name and cookie.same_site not in {"lax", "strict", "none"}:
        yield "cookies-anticsrf-without-samesite-flag"
    if is_session and not cookie.http_only:
        yield "cookies-session-without-httponly-flag"


def _is_same_site_broken(header: str) -> bool:
    """Whether any part of the header, the cookie itself included, is a SameSite without a known value."""
    for part in trim(header).split(";"):
        name, *rest = trim(part).split("=")
        if trim(name).lower() == "samesite" and (not rest or trim(rest[0]).lower() not in {"lax", "strict", "none"}):
            return True
    return False


def _jar(host: Host) -> Jar:
    """Return what the scanner's jar holds in the end; after a certificate error it also serves the side requests."""
    jar: Jar = {}
    for response in _responses(host):
        _send(jar, response.url, host.fetched)
        _store(jar, response)
    return jar


def _responses(host: Host) -> Iterator[Response]:
    chain = host.judged
    if chain.final is None:
        return
    yield from (answer.response for answer in chain.answers)
    if https.page(host) is not chain.final:
        yield Response(https.route_of(chain)[-1].href)
    if not chain.trusted:
        robots = Response(f"{host.url}robots.txt") if host.robots is None else host.robots.response
        yield robots
        yield Response(robots.url) if host.preflight is None else host.preflight.response


def _send(jar: Jar, address: str, now: datetime) -> None:
    """Drop what has expired of the cookies that would go with a request: the jar notices only then."""
    url = URL(address)
    for key, cookie in list(jar.items()):
        domain, path, _ = key
        matches = url.hostname == domain if cookie.domain is None else _domain_matches(url.hostname, domain)
        reaches = _path_matches(url.pathname or "/", path) and (not cookie.secure or url.protocol == "https:")
        if matches and reaches and cookie.is_expired(now):
            del jar[key]


def _store(jar: Jar, response: Response) -> None:
    url = URL(response.url)
    for cookie in _read(response.header_list("set-cookie")):
        path = cookie.path or _default_path(url.pathname)
        allowed = cookie.domain is None or _may_set(cookie.domain.removeprefix("."), url.hostname)
        if allowed and replace(cookie, path=path).prefix_holds:
            jar[cookie.domain or url.hostname, path, cookie.name] = cookie


def _read(headers: Iterable[str]) -> Iterator[SetCookie]:
    for header in headers:
        pair, semicolon, rest = trim(header).partition(";")
        cookie = read_set_cookie(_TERMINATOR.split(pair)[0] + semicolon + rest, SPACE)
        if cookie.name and not _CONTROL.search(cookie.name + cookie.value):
            yield cookie


def _may_set(domain: str, host: str) -> bool:
    """Whether a host may set a cookie for a domain: not for a public suffix, and not for somebody else."""
    labels = domain.split(".")
    if labels[-1] in SPECIAL_USE:
        is_suffix = len(labels) == 1 and domain not in {"localhost", "invalid"}
    else:
        is_suffix = registrable_domain(domain, private=True) is None
    return not is_suffix and _domain_matches(host, domain)


def _domain_matches(host: str, domain: str) -> bool:
    return host == domain or (host.endswith(f".{domain}") and not host.replace(".", "").isdigit())


def _path_matches(path: str, cookie_path: str) -> bool:
    if path == cookie_path:
        return True
    return path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")


def _default_path(path: str) -> str:
    return path[: path.rfind("/")] or "/"
