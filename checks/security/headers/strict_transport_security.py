"""Judge Strict-Transport-Security as RFC 6797 has it.

Quoted numbers and blanks around ``=`` are legal, the first of several headers counts, and the host itself must send it:
what the page says that its redirects lead to elsewhere protects that other host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ada_url import URL

from checks.late_pattern import late
from checks.model import Finding, Host, Rule, Severity, Text
from checks.security.preload import is_preloaded
from checks.security.server_settings import header_settings

SIX_MONTHS = 15_552_000
"""Seconds (180 days); shorter leaves a returning visitor unprotected too soon."""

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_DIRECTIVE = late(rf'[ \t]*({_WORD})(?:[ \t]*=[ \t]*({_WORD}|"[^"]*"))?[ \t]*')
_DIGITS = re.compile(r"[0-9]{1,18}")

RULE = Rule(
    id="strict-transport-security",
    family="security",
    severity=Severity.MINOR,
    title=Text("没有要求浏览器始终使用 https（HSTS）", "Browsers are not told to insist on https (HSTS)"),
    message={
        "missing": Text(
            "{host} 没有发送 Strict-Transport-Security，浏览器下次仍可能先走不加密的 http",
            "{host} sends no Strict-Transport-Security: a browser may use http again next time",
        ),
        "short": Text(
            "Strict-Transport-Security 的有效期只有 {seconds} 秒，不到 180 天（15552000 秒）",
            "Strict-Transport-Security lasts only {seconds} seconds, less than 180 days (15552000)",
        ),
        "off": Text(
            "Strict-Transport-Security 的 max-age 是 0，等于要求浏览器取消这项保护",
            "Strict-Transport-Security has a max-age of 0, which tells browsers to drop the protection",
        ),
        "invalid": Text(
            "Strict-Transport-Security 写法有误，浏览器不会理会",
            "Strict-Transport-Security is malformed, so browsers ignore it",
        ),
    },
    remedy=Text(
        "确认全站都能用 https 打开后加上这个响应头，可先用较短的时间试行。",
        "Add the header once the whole site opens over https; start with a short time if in doubt.",
    ),
    settings=header_settings("Strict-Transport-Security", "max-age=31536000", {"hstsMaxAgeSeconds": "31536000"}),
    basis=Text("RFC 6797", "RFC 6797"),
    why=Text(
        "群众输入网址时浏览器先用 http，这一步可以被劫持到假网站；有了这个响应头，浏览器会直接用 https。",
        "A typed address starts over http, a step that can be hijacked; with this header browsers start with https.",
    ),
)


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding where the host has a sound https address and browsers would still come by http."""
    if not host.secure or not host.https.trusted or is_preloaded(host.name, host.preload):
        return
    own = [answer.response for answer in host.https.answers if URL(answer.response.url).hostname == host.name]
    headers = [response.header_list("strict-transport-security") for response in own]
    sent = [
        values[0] for values in headers if values
    ]  # of several in one answer browsers read the first (RFC 6797, 8.1)
    ages = [max_age(value) for value in sent]
    # A browser keeps what the last answer told it, and which one that is depends on what is read: the best one counts.
    age = max((age for age in ages if age is not None), default=None)
    if age is None:
        yield Finding(
            RULE, host.url, variant="invalid" if sent else "missing", params={"host": host.name}, evidence=_quote(sent)
        )
    elif age < SIX_MONTHS:
        variant = "short" if age else "off"
        yield Finding(RULE, host.url, variant=variant, params={"seconds": age}, evidence=_quote(sent))


def max_age(value: str) -> int | None:
    """Return for how many seconds a header binds the browser, or None for one that it must ignore (RFC 6797 6.1)."""
    found: dict[str, str | None] = {}
    for part in value.split(";"):
        if not part.strip(" \t"):
            continue
        directive = _DIRECTIVE.fullmatch(part)
        if directive is None or directive[1].lower() in found:
            return None
        found[directive[1].lower()] = directive[2]
    age = (found.get("max-age") or "").strip('"')
    return int(age) if _DIGITS.fullmatch(age) else None


def _quote(sent: list[str]) -> str:
    return ", ".join(sent)[:200]
