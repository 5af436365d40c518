"""Judge every cookie that a host sets, on whichever of its answers: pages, redirects, robots.txt, error pages.

A cookie that browsers would not keep is no fault: one that a header deletes, one for somebody else's domain, one whose
name promises what it does not hold (rfc6265bis). What matters is what an attacker could do with those that stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ada_url import URL

from checks.model import Finding, Host, Response, Rule, Severity, Text
from checks.security.server_settings import SAFE_COOKIES
from checks.security.set_cookie import SetCookie, read_set_cookie
from checks.security.suffixes import registrable_domain

SESSION = re.compile(r"sess|login|auth|passport|token|^sid$|[._-]sid$", re.IGNORECASE)
"""Names of cookies that stand for a person who has logged in."""

NO_SESSION = re.compile(r"csrf|xsrf|affinity", re.IGNORECASE)
"""Names that sound like it and are not: tokens against forged requests, marks of load balancers."""

ANTI_FORGERY = re.compile(r"csrf|xsrf", re.IGNORECASE)
SAME_SITE = frozenset({"strict", "lax", "none"})

RULE = Rule(
    id="cookies",
    family="security",
    severity=Severity.MINOR,
    title=Text("Cookie 缺少保护标记", "Cookies without protection"),
    message={
        "session-insecure": Text(
            "登录会话的 Cookie（{names}）没有 Secure 标记，会通过不加密的连接发送",
            "Session cookies ({names}) lack Secure and travel over unencrypted connections",
        ),
        "session-readable": Text(
            "登录会话的 Cookie（{names}）没有 HttpOnly 标记，页面中的脚本可以读走",
            "Session cookies ({names}) lack HttpOnly: any script in a page can read them",
        ),
        "insecure": Text(
            "Cookie（{names}）没有 Secure 标记，会通过不加密的连接发送",
            "Cookies ({names}) lack Secure and travel over unencrypted connections",
        ),
        "rejected": Text(
            "Cookie（{names}）设为 SameSite=None 却没有 Secure 标记，浏览器不接受",
            "Cookies ({names}) say SameSite=None without Secure, so browsers refuse them",
        ),
        "same-site": Text(
            "Cookie（{names}）的 SameSite 值浏览器不认识",
            "Browsers do not know the SameSite value of cookies ({names})",
        ),
        "anti-forgery": Text(
            "防伪造请求的 Cookie（{names}）没有 SameSite 标记",
            "Anti-forgery cookies ({names}) lack SameSite",
        ),
    },
    remedy=Text(
        "设置 Cookie 时加上 Secure; HttpOnly; SameSite=Lax。", "Set cookies with Secure; HttpOnly; SameSite=Lax."
    ),
    settings=SAFE_COOKIES,
    basis=Text("RFC 6265", "RFC 6265"),
    why=Text(
        "拿到会话 Cookie 的人可以冒充已登录的群众或工作人员。",
        "Anybody who holds a session cookie can act as the person who logged in.",
    ),
)

SEVERITIES = {"session-insecure": Severity.MAJOR, "session-readable": Severity.MAJOR}


class Seen(NamedTuple):
    """A cookie and the address that set it."""

    cookie: SetCookie
    url: str


def judge(host: Host) -> Iterator[Finding]:
    """Yield one finding for each kind of fault, naming the cookies that have it."""
    faults: dict[str, dict[str, str]] = {}
    for seen in kept(host):
        for variant in _faults(seen.cookie, secure=host.secure):
            faults.setdefault(variant, {}).setdefault(seen.cookie.name[:100], seen.url)
    for variant in RULE.message:
        if names := faults.get(variant):
            params = {"names": ", ".join(list(names)[:10])}
            evidence = "\n".join(f"{name}  {url}" for name, url in list(names.items())[:10])
            yield Finding(RULE, host.url, variant, params, variant, evidence=evidence, severity=SEVERITIES.get(variant))


def kept(host: Host) -> Iterator[Seen]:
    """Yield the cookies of the host's own site that browsers would keep, or would if they did not lack Secure."""
    own = registrable_domain(host.name) or host.name
    for response in _responses(host):
        name = URL(response.url).hostname
        if (registrable_domain(name) or name) != own:
            continue
        for header in response.header_list("set-cookie"):
            cookie = read_set_cookie(header)
            if cookie.prefix_holds and _is_for(cookie, name) and not cookie.is_expired(host.fetched):
                yield Seen(cookie, response.url)


def _responses(host: Host) -> Iterator[Response]:
    sides = (answer for answer in (host.robots, host.missing, host.preflight) if answer is not None)
    for answer in (*host.https.answers, *host.http.answers, *sides):
        if answer.response.error is None:
            yield answer.response


def _is_for(cookie: SetCookie, host: str) -> bool:
    """Whether a cookie has a name or value at all, and a domain that the host may set it for."""
    if not cookie.name and not cookie.value:
        return False
    domain = cookie.domain
    return domain is None or domain == host or (host.endswith(f".{domain}") and registrable_domain(domain) is not None)


def _faults(cookie: SetCookie, *, secure: bool) -> Iterator[str]:
    """Yield the faults of one cookie; over plain http nothing can be secure, so Secure is not asked for there."""
    is_anti_forgery = ANTI_FORGERY.search(cookie.name) is not None
    is_session = not NO_SESSION.search(cookie.name) and SESSION.search(cookie.name) is not None
    if not cookie.secure and cookie.same_site == "none":
        yield "rejected"
    elif not cookie.secure and secure:
        yield "session-insecure" if is_session else "insecure"
    if is_session and not cookie.http_only:
        yield "session-readable"
    if cookie.same_site is not None and cookie.same_site not in SAME_SITE:
        yield "same-site"
    elif is_anti_forgery and cookie.same_site is None:
        yield "anti-forgery"
