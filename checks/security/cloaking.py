"""Compare a page as everybody gets it with the same page as a phone gets it that comes from a search engine.

Intruders show their wares to those visitors only, so that the keepers of a site never see them. What the second version
holds and the first does not is judged like any page. Where a browser can, it draws both, so that what scripts show and
where they lead is compared as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check, Finding, Rule, Severity, Text, Versions
from checks.security.hosts import familiar, host_of, same_site
from checks.security.injection.check import InjectedLinks
from checks.security.injection.rules import CLEAN_UP, VETO

CLOAKED_PAGE = Rule(
    id="cloaked-page",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("页面对搜索用户显示另一副内容", "Cloaked page"),
    message={
        "redirect": Text(
            "手机用户从搜索引擎进入时，会被带到陌生网站 {host}",
            "Readers who come from a search engine with a phone are taken to {host}",
        ),
        "content": Text(
            "手机用户从搜索引擎进入时，页面出现平时没有的违法内容：{what_zh}",
            "Readers who come from a search engine with a phone get what others do not: {what_en}",
        ),
    },
    remedy=CLEAN_UP,
    basis=VETO,
    why=Text(
        "直接打开时一切正常，管理员很难察觉，群众和搜索引擎看到的却是违法内容",
        "Opened directly everything looks right, so its keepers do not notice what the public sees",
    ),
)

VISITOR_REDIRECT = Rule(
    id="visitor-redirect",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("脚本把部分访问者带到别的网站", "A script takes some visitors elsewhere"),
    message={
        "search": Text(
            "从搜索引擎进入的访问者，会被网页中的脚本带到陌生网站 {host}；直接打开时没有这个跳转",
            "A script takes readers who come from a search engine to {host}, and nobody else",
        ),
        "phone": Text(
            "手机访问者会被网页中的脚本带到陌生网站 {host}；用电脑打开时没有这个跳转",
            "A script takes readers with a phone to {host}, and nobody else",
        ),
        "both": Text(
            "手机用户从搜索引擎进入时，会被网页中的脚本带到陌生网站 {host}；平时没有这个跳转",
            "A script takes readers who come from a search engine with a phone to {host}, and nobody else",
        ),
    },
    remedy=CLEAN_UP,
    basis=VETO,
    why=Text(
        "网页源代码和服务器应答都正常，只有浏览器运行脚本后才会跳转，管理员很难察觉",
        "Source and answer look right; only a browser that runs the script is taken away, so its keepers do not notice",
    ),
)


class Cloaking(Check[Versions], frozen=True):
    """Judge what only some visitors get. It needs a second request for the homepage, so it runs only when asked for."""

    id = "cloaking"
    label = Text("伪装页面", "Cloaking")
    rules = (CLOAKED_PAGE, VISITOR_REDIRECT)
    default = False

    def inspect(self, subject: Versions) -> Iterator[Finding]:
        """Yield what the second version leads to or holds that the first does not."""
        plain, dressed = subject.plain.response, subject.dressed.response
        own, first, end = host_of(subject.url), host_of(plain.url), host_of(dressed.url)
        strange = end != first and not same_site(own, end) and not familiar(end)
        if strange and dressed.status is not None:
            hop = next((hop.location for hop in dressed.redirects), dressed.url)
            yield _finding(subject, "redirect", end, hop, host=end)
            return
        yield from _moved(subject)
        known = {finding.fingerprint for finding in InjectedLinks().inspect(subject.plain)}
        for finding in InjectedLinks().inspect(subject.dressed):
            if finding.fingerprint not in known:
                words = {f"what_{tag[:2]}": finding.rule.say(finding, tag) for tag in ("zh-CN", "en")}
                yield _finding(subject, "content", finding.key, finding.evidence, **words)


def _moved(versions: Versions) -> Iterator[Finding]:
    """Yield the strange sites to which scripts take the second visitor alone."""
    own = host_of(versions.url)
    everybody = {host_of(url) for url in versions.plain_moves}
    for host, url in {host_of(url): url for url in reversed(versions.dressed_moves)}.items():
        if host and host not in everybody and not same_site(own, host) and not familiar(host):
            yield Finding(
                VISITOR_REDIRECT,
                versions.url,
                key=host,
                params={"host": host},
                variant=versions.decisive,
                evidence=url,
                drawn=True,
            )


def _finding(versions: Versions, variant: str, key: str, evidence: str, **params: object) -> Finding:
    return Finding(
        CLOAKED_PAGE, versions.url, key=f"{variant} {key}", params=params, variant=variant, evidence=evidence
    )
