"""Judge what other sites learn of the page a reader comes from (W3C Referrer Policy, HTML).

Without a policy browsers send the bare origin to other sites, and nothing over http: that is fine, so only a policy
that gives away more is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from checks.model import Answer, Finding, Host, Rule, Severity, Text
from checks.model.html_tree import parse_html
from checks.security.fields import is_html, split_values
from checks.security.server_settings import header_settings

FULL_ADDRESS = frozenset({"unsafe-url", "no-referrer-when-downgrade"})
ORIGIN_OVER_HTTP = frozenset({"origin", "origin-when-cross-origin"})
PRIVATE = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
POLICIES = FULL_ADDRESS | ORIGIN_OVER_HTTP | PRIVATE
LEGACY = {
    "never": "no-referrer",
    "default": "strict-origin-when-cross-origin",
    "always": "unsafe-url",
    "origin-when-crossorigin": "origin-when-cross-origin",
}
"""Old spellings that a meta element may still use (HTML standard)."""

RULE = Rule(
    id="referrer-policy",
    family="security",
    severity=Severity.MINOR,
    title=Text("向外部网站透露来路地址", "Other sites learn where a reader comes from"),
    message={
        "full": Text(
            "Referrer-Policy 是 {policy}，点击外部链接时会把完整网址告诉对方",
            "Referrer-Policy is {policy}: following a link tells the other site the full address",
        ),
        "origin": Text(
            "Referrer-Policy 是 {policy}，通过不加密的连接也会透露本站地址",
            "Referrer-Policy is {policy}: the site's address is told over unencrypted connections too",
        ),
        "unknown": Text(
            "Referrer-Policy 的值（{policy}）浏览器不认识，按默认处理",
            "Browsers do not know the value of Referrer-Policy ({policy}) and use their default",
        ),
    },
    remedy=Text(
        "改为 strict-origin-when-cross-origin，或者去掉这个设置。",
        "Set strict-origin-when-cross-origin, or drop it.",
    ),
    settings=header_settings("Referrer-Policy", "strict-origin-when-cross-origin"),
    basis=Text("W3C Referrer Policy", "W3C Referrer Policy"),
    why=Text(
        "网址中可能带有办件编号、查询内容等个人信息。",
        "An address may hold case numbers, search terms and other personal details.",
    ),
)


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding where the policy in force gives away more than browsers would by themselves."""
    answer = host.judged.final
    if answer is None:
        return
    policy = in_force(answer)
    sent = ", ".join(answer.response.header_list("referrer-policy"))[:200]
    if policy in FULL_ADDRESS or policy in ORIGIN_OVER_HTTP:
        variant = "full" if policy in FULL_ADDRESS else "origin"
        yield Finding(RULE, host.url, variant=variant, params={"policy": policy}, evidence=sent)
    elif policy is None and sent:
        yield Finding(RULE, host.url, variant="unknown", params={"policy": sent}, evidence=sent)


def in_force(answer: Answer) -> str | None:
    """Return the policy that browsers apply: the last known one of the headers, unless a meta element sets another."""
    sent = [value.lower() for value in split_values(answer.response, "referrer-policy")]
    known = [value for value in sent if value in POLICIES]
    policy = known[-1] if known else None
    if "referrer" in answer.body.lower() and is_html(answer):
        return _meta_policy(answer.body) or policy
    return policy


@lru_cache(maxsize=4)
def _meta_policy(body: str) -> str | None:
    """Return what the last valid ``meta name=referrer`` sets; a list is not valid there."""
    policy = None
    for node in parse_html(body, scripting=True).select("meta[name][content]"):
        if (node.attr("name") or "").lower() == "referrer":
            value = (node.attr("content") or "").lower()
            value = LEGACY.get(value, value)
            policy = value if value in POLICIES else policy
    return policy
