"""Judge whether the page's policy keeps foreign scripts out, as CSP Level 3 has it.

What Observatory calls a repeated directive or a comma is no fault here: browsers take the first of two directives, and
a comma starts another policy that is enforced as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.model import Finding, Host, Rule, Severity, Text
from checks.security.headers import policies
from checks.security.headers.policies import Policy
from checks.security.server_settings import header_settings

SUGGESTED = "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"

RULE = Rule(
    id="content-security-policy",
    family="security",
    severity=Severity.MINOR,
    title=Text("没有有效的内容安全策略（CSP）", "No effective Content-Security-Policy"),
    message={
        "missing": Text(
            "响应头中没有 Content-Security-Policy，页面一旦被植入脚本，浏览器不会阻拦",
            "There is no Content-Security-Policy: a script planted in a page will run",
        ),
        "report-only": Text(
            "只有 Content-Security-Policy-Report-Only，浏览器只上报、不阻拦",
            "There is only Content-Security-Policy-Report-Only: browsers report and do not block",
        ),
        "scripts": Text(
            "已有的策略（{directives}）没有限制脚本来源，挡不住被植入的脚本",
            "The policy ({directives}) does not limit scripts: one that is planted will run",
        ),
        "inline": Text(
            "策略允许页面内的脚本（'unsafe-inline'），挡不住被植入的脚本",
            "The policy allows inline scripts ('unsafe-inline'): one that is planted will run",
        ),
        "anywhere": Text(
            "策略允许从任何网站加载脚本（{sources}），等于没有限制",
            "The policy allows scripts from anywhere ({sources}), which limits nothing",
        ),
        "plugins": Text(
            "策略没有限制插件内容（object-src）",
            "The policy does not limit plug-in content (object-src)",
        ),
        "unencrypted": Text(
            "策略允许从不加密的地址加载脚本（{sources}）",
            "The policy allows scripts from unencrypted addresses ({sources})",
        ),
        "eval": Text(
            "策略允许把文字当作程序运行（'unsafe-eval'）",
            "The policy allows text to be run as code ('unsafe-eval')",
        ),
    },
    remedy=Text(
        "先以 Content-Security-Policy-Report-Only 试运行，把页面确实用到的来源逐个加入，再正式启用。",
        "Try it as Content-Security-Policy-Report-Only first, add the sources that pages need, then enforce it.",
    ),
    settings=header_settings("Content-Security-Policy", SUGGESTED),
    basis=Text("W3C CSP Level 3", "W3C CSP Level 3"),
    why=Text(
        "内容安全策略是页面被植入脚本或暗链后的最后一道防线。",
        "The policy is the last line of defence once something has been planted in a page.",
    ),
)


def judge(host: Host) -> Iterator[Finding]:
    """Yield the worst thing to say about the policies of the judged page."""
    answer = host.judged.final
    if answer is None:
        return
    enforced = policies.policies(answer)
    if not enforced:
        reporting = policies.policies(answer, "content-security-policy-report-only")
        yield Finding(RULE, host.url, variant="report-only" if reporting else "missing")
        return
    variant = _weakness(enforced, secure=host.secure)
    if variant:
        params = {"directives": _names(enforced), "sources": _broad(enforced)}
        evidence = ", ".join(answer.response.header_list("content-security-policy"))[:500]
        yield Finding(RULE, host.url, variant=variant, params=params, evidence=evidence)


def _weakness(enforced: Sequence[Policy], *, secure: bool) -> str | None:
    """Return what every one of the policies lets through, the worst first; one that forbids it is enough."""
    checks = {
        "scripts": lambda policy: policies.script_sources(policy) is None,
        "inline": policies.allows_inline,
        "anywhere": policies.allows_any_host,
        "plugins": policies.allows_any_plugin,
        "unencrypted": lambda policy: secure and policies.allows_unencrypted(policy),
        "eval": policies.allows_eval,
    }
    return next((variant for variant, is_weak in checks.items() if all(map(is_weak, enforced))), None)


def _names(enforced: Sequence[Policy]) -> str:
    return "; ".join(dict.fromkeys(name for policy in enforced for name in policy))[:200]


def _broad(enforced: Sequence[Policy]) -> str:
    """Return the sources of scripts that are too wide, for the message."""
    sources = (source for policy in enforced for source in policies.script_sources(policy) or ())
    wide = (s for s in sources if s in policies.ANYONE or s.startswith(("http:", "data:", "ftp:")))
    return " ".join(dict.fromkeys(wide))[:200]
