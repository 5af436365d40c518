"""Judge whether a reader who types the bare address ends up on https (RFC 6797 section 7.2)."""

from __future__ import annotations

from collections.abc import Iterator

from ada_url import URL

from checks.model import ErrorKind, Finding, Host, Rule, Severity, Text
from checks.security.preload import is_preloaded
from checks.security.server_settings import REDIRECT_TO_HTTPS

RULE = Rule(
    id="redirection",
    family="security",
    severity=Severity.MAJOR,
    title=Text("http 没有自动转到 https", "http does not lead to https"),
    message={
        "no-https": Text(
            "网站不支持 https（{address} 只能不加密打开）",
            "The site has no https: {address} can be opened only unencrypted",
        ),
        "missing": Text(
            "网站支持 https，但用 http 打开 {address} 时不会转过去",
            "The site has https, but {address} does not lead there",
        ),
        "unencrypted": Text(
            "网站支持 https，但 {address} 最后转到的仍是不加密的 {final}",
            "The site has https, but {address} ends at the unencrypted {final}",
        ),
        "detour": Text(
            "{address} 先转到另一个不加密的地址 {second}，之后才转到 https",
            "{address} leads to another unencrypted address, {second}, before it comes to https",
        ),
        "other-host": Text(
            "{address} 直接转到另一个域名 {second}，本域名的 HSTS 因此无法生效",
            "{address} leads straight to another host, {second}, so HSTS cannot take hold on its own",
        ),
    },
    remedy=Text(
        "没有 https 的先申请证书、开通 https，再让 http 的每个地址先转到同一域名的 https。",
        "Where there is no https, get a certificate and open it first. Then lead every http address to https on the "
        "same host.",
    ),
    settings=REDIRECT_TO_HTTPS,
    basis=Text("RFC 6797 第 7.2 节", "RFC 6797, section 7.2"),
    why=Text(
        "群众直接输入网址时走的是 http，内容可以在途中被看到、替换或插入广告。",
        "A typed address starts over http, where what is shown can be read, replaced or stuffed with advertisements.",
    ),
)

SEVERITIES = {"detour": Severity.MINOR, "other-host": Severity.MINOR}


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding where http answers and does not lead to https; a certificate that is no good is another's job."""
    if host.http.final is None or not host.https.trusted:
        return
    route = [URL(answer.response.url) for answer in host.http.answers]
    variant = _fault(route) if host.secure else _absence(host)
    if variant is not None and not all(is_preloaded(url.hostname, host.preload) for url in route):
        params = {"address": route[0].href, "second": route[1 % len(route)].href, "final": route[-1].href}
        evidence = " → ".join(url.href for url in route[:5])[:500]
        yield Finding(
            RULE, host.url, variant=variant, params=params, evidence=evidence, severity=SEVERITIES.get(variant)
        )


def _absence(host: Host) -> str | None:
    """Return the variant for a host where nothing listens for https; one where TLS fails has it, after a fashion."""
    refused = any(answer.response.error in {ErrorKind.CONNECT, ErrorKind.TIMEOUT} for answer in host.https.answers[:1])
    return "no-https" if refused else None


def _fault(route: list[URL]) -> str | None:
    if len(route) == 1:
        return "missing"
    if route[-1].protocol != "https:":
        return "unencrypted"
    if route[1].protocol != "https:":
        return "detour"
    return None if route[1].hostname == route[0].hostname else "other-host"
