"""Judge whether other sites may frame the page, as the HTML standard has it.

A frame-ancestors in a header policy replaces X-Frame-Options; one in a meta element counts for nothing. Several values
of X-Frame-Options are one set: conflicting ones block framing, ALLOW-FROM and unknown ones do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Answer, Finding, Host, Response, Rule, Severity, Text
from checks.security.fields import split_values
from checks.security.headers.policies import limits_framing, policies
from checks.security.server_settings import NO_HSTS, header_settings

KNOWN = frozenset({"deny", "sameorigin", "allowall"})

RULE = Rule(
    id="x-frame-options",
    family="security",
    severity=Severity.MINOR,
    title=Text("页面可以被别的网站嵌入", "Other sites may frame the page"),
    message={
        "missing": Text(
            "没有 X-Frame-Options，也没有 frame-ancestors，任何网站都能把本站页面嵌进去",
            "There is neither X-Frame-Options nor frame-ancestors: any site may frame the page",
        ),
        "invalid": Text(
            "X-Frame-Options 的值（{value}）浏览器不认识，任何网站都能把本站页面嵌进去",
            "Browsers do not know the value of X-Frame-Options ({value}): any site may frame the page",
        ),
        "anyone": Text(
            "frame-ancestors 允许任何网站嵌入本站页面",
            "frame-ancestors lets any site frame the page",
        ),
    },
    remedy=Text(
        "只允许本站嵌入；需要让指定网站嵌入的，改用 Content-Security-Policy 的 frame-ancestors 列出它们。",
        "Let only the site itself frame it; name other sites in the frame-ancestors of a Content-Security-Policy.",
    ),
    settings=header_settings("X-Frame-Options", "SAMEORIGIN", NO_HSTS | {"antiClickJackingOption": "SAMEORIGIN"}),
    basis=Text("HTML 标准；RFC 7034", "HTML; RFC 7034"),
    why=Text(
        "冒充的网站可以把本站页面透明地盖在自己的按钮上，骗群众点击。",
        "A fake site can lay the page unseen over its own buttons and so steal clicks.",
    ),
)


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding where nothing keeps other sites from framing the judged page."""
    answer = host.judged.final
    if answer is None or is_protected(answer):
        return
    value = ", ".join(answer.response.header_list("x-frame-options"))[:100]
    if any("frame-ancestors" in policy for policy in policies(answer)):
        yield Finding(RULE, host.url, variant="anyone")
    elif value:
        yield Finding(RULE, host.url, variant="invalid", params={"value": value}, evidence=value)
    else:
        yield Finding(RULE, host.url, variant="missing")


def is_protected(answer: Answer) -> bool:
    """Whether browsers would keep other sites from framing an answer."""
    enforced = policies(answer)
    if any("frame-ancestors" in policy for policy in enforced):
        return limits_framing(enforced)
    return _blocks(answer.response)


def _blocks(response: Response) -> bool:
    values = {value.lower() for value in split_values(response, "x-frame-options")}
    if len(values) > 1:
        return not KNOWN.isdisjoint(values)
    return bool(values & {"deny", "sameorigin"})
