"""Judge the three headers that fence a page off from other origins; absent ones are no fault, broken ones are.

Browsers compare their values to the letter, capitals included, and two header lines are one list, which is no value at
all (Fetch for Cross-Origin-Resource-Policy, HTML for the other two, which are structured fields of RFC 8941).
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Finding, Host, Response, Rule, Severity, Text
from checks.security.fields import token
from checks.security.server_settings import header_settings

VALUES = {
    "cross-origin-resource-policy": frozenset({"same-origin", "same-site", "cross-origin"}),
    "cross-origin-opener-policy": frozenset(
        {"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"}
    ),
    "cross-origin-embedder-policy": frozenset({"require-corp", "credentialless", "unsafe-none"}),
}
"""Header → the values that browsers know."""


def _rule(name: str, suggested: str, basis: Text, why: Text) -> Rule:
    return Rule(
        id=name.lower(),
        family="security",
        severity=Severity.MINOR,
        title=Text(f"{name} 写法有误", f"Malformed {name}"),
        message=Text(
            name + " 的值（{value}）浏览器不认识，这项保护没有生效",
            "Browsers do not know the value of " + name + " ({value}): the protection is not in force",
        ),
        remedy=Text(
            "改为浏览器认识的值，全部小写，只发送一次。",
            "Use a value that browsers know, in lower case, sent once.",
        ),
        settings=header_settings(name, suggested),
        basis=basis,
        why=why,
    )


RESOURCE = _rule(
    "Cross-Origin-Resource-Policy",
    "same-site",
    Text("WHATWG Fetch 标准", "WHATWG Fetch"),
    Text("别的网站可以把本站的图片、文件嵌入使用，并借此推测访问者的情况。", "Other sites may embed the site's files."),
)
OPENER = _rule(
    "Cross-Origin-Opener-Policy",
    "same-origin",
    Text("WHATWG HTML 标准", "WHATWG HTML"),
    Text("打开本站的其他网站窗口仍能操纵本站窗口。", "A site that opened the page may still steer its window."),
)
EMBEDDER = _rule(
    "Cross-Origin-Embedder-Policy",
    "require-corp",
    Text("WHATWG HTML 标准", "WHATWG HTML"),
    Text("页面没有与其他来源隔离开。", "The page is not fenced off from other origins."),
)
RULES = (RESOURCE, OPENER, EMBEDDER)


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding for each of the three that is sent and means nothing."""
    answer = host.judged.final
    if answer is None:
        return
    for rule in RULES:
        sent = ", ".join(answer.response.header_list(rule.id))
        if sent and _value(answer.response, rule.id) not in VALUES[rule.id]:
            yield Finding(rule, host.url, params={"value": sent[:100]}, evidence=sent[:200])


def _value(response: Response, name: str) -> str | None:
    if name == RESOURCE.id:
        return ", ".join(response.header_list(name))
    return token(response, name)
