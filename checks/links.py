"""Judge links: what a reader cannot open, and what a program cannot tell.

404, 410 and a host without an address are certain at once. Answers that may pass (5xx, timeouts, resets, refused
connections) are suspected until a second run agrees (criteria: 打不开 and 疑似打不开). A guard's challenge is never
broken. One finding per target, however many pages share it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from checks.model import (
    Check,
    Confidence,
    ErrorKind,
    Finding,
    Kind,
    Link,
    Repair,
    RepairReason,
    Response,
    Rule,
    Severity,
    Text,
)
from checks.reading.firewalls import CLOSED

BASIS = Text("《全国政府网站普查评分表》（2015）链接可用性", "Census score sheet 2015, availability of links")

UNAVAILABLE = {
    ErrorKind.DNS: Text("域名 {host} 没有解析地址", "the host {host} has no address"),
    ErrorKind.RESOLVER: Text("域名服务器没有给出 {host} 的地址", "no name server gives an address for {host}"),
    ErrorKind.NO_ROUTE: Text("本机网络不通，无法判断", "our own network has no way there"),
    ErrorKind.CONNECT: Text("服务器拒绝连接", "the server refuses the connection"),
    ErrorKind.TLS: Text("安全连接（HTTPS）失败：{detail}", "the secure connection fails: {detail}"),
    ErrorKind.TIMEOUT: Text("在限定时间内没有打开", "it does not open within the time allowed"),
    ErrorKind.RESET: Text("连接被服务器中断", "the server breaks the connection off"),
    ErrorKind.PROTOCOL: Text("服务器的应答不符合 HTTP 规范：{detail}", "the answer is not valid HTTP: {detail}"),
    ErrorKind.TOO_LARGE: Text("应答超出可以接收的大小", "the answer is larger than can be received"),
    ErrorKind.FORBIDDEN_ADDRESS: Text(
        "指向内网地址，公众无法访问", "it leads to an internal address that the public cannot reach"
    ),
    ErrorKind.REDIRECT_LOOP: Text("跳转没有尽头", "its redirects never end"),
    ErrorKind.REDIRECT_BROKEN: Text("跳转的去处无效", "its redirect leads nowhere"),
    "http-404": Text("页面不存在（404）", "there is no such page (404)"),
    "http-410": Text("页面已撤下（410）", "the page has been withdrawn (410)"),
    ErrorKind.HTTP_4XX: Text("服务器拒绝请求（{status}）", "the server refuses the request ({status})"),
    ErrorKind.HTTP_5XX: Text("服务器出错（{status}）", "the server fails ({status})"),
    ErrorKind.NOT_A_DOCUMENT: Text("打开的不是文件，而是一个网页", "it opens a web page, not the file"),
    ErrorKind.EMPTY: Text("文件是空的", "the file is empty"),
}
"""Why a target does not open, by the error kinds of report.json."""

BROKEN = Rule(
    id="broken-link",
    family="links",
    severity=Severity.MAJOR,
    title=Text("链接打不开", "Broken link"),
    message=UNAVAILABLE,
    remedy=Text(
        "改为正确的地址；目标已经不存在的，删除这个链接。模板中的链接只需改一处。",
        "Correct the address, or remove the link if its target is gone. A link in a template is mended in one place.",
    ),
    basis=BASIS,
    why=Text(
        "首页每有一个链接打不开扣 1 分，其他页面每个扣 0.1 分；图片、附件、外部链接都算。",
        "A dead link costs 1 point on the homepage and 0.1 on any other page; pictures, files and other sites count.",
    ),
)

FRAGMENT = Rule(
    id="broken-fragment",
    family="links",
    severity=Severity.MINOR,
    title=Text("页内定位失效", "Place in a page not found"),
    message=Text("页面能打开，但其中没有 “#{fragment}” 这个位置", "the page opens but has no place called #{fragment}"),
    remedy=Text(
        "在目标页面补上相应的 id，或者改正、去掉链接中 # 之后的部分。",
        "Give the place its id in the target page, or correct or drop the part after #.",
    ),
    basis=BASIS,
    why=Text(
        "读者点击后停在页首，找不到要看的内容。", "The reader lands at the top and does not find what was promised."
    ),
)

SOFT_404 = Rule(
    id="soft-404",
    family="links",
    severity=Severity.MAJOR,
    title=Text("实为“页面不存在”", "Missing page that answers 200"),
    message=Text(
        "打开的是“页面不存在”一类的提示，状态码却是 {status}", "it opens a “not found” notice with status {status}"
    ),
    remedy=Text(
        "改正或删除链接，并让服务器对不存在的地址返回 404。",
        "Correct or remove the link, and let the server answer 404 for addresses that do not exist.",
    ),
    basis=BASIS,
    why=Text(
        "读者看到的是打不开的页面，检查时按打不开计。", "What the reader sees is a dead page, and so it is counted."
    ),
)

BLOCKED = Rule(
    id="blocked-link",
    family="links",
    severity=Severity.MINOR,
    title=Text("被拦截，无法判断", "Kept out, cannot be judged"),
    message={
        "wall": Text("被防护系统（{wall}）拦截，程序无法判断是否能打开", "a guard ({wall}) keeps the program out"),
        "login": Text("需要登录（401）", "it asks for a login (401)"),
        "forbidden": Text("拒绝程序访问（403）", "it refuses the program (403)"),
        "busy": Text("访问过于频繁被限制（429）", "it limits how often it is asked (429)"),
        "refused": Text("拒绝程序访问（{status}）", "it refuses the program ({status})"),
    },
    remedy=Text(
        "请用浏览器打开确认一次；如属本单位网站，请把监测程序的地址加入防护系统白名单。",
        "Open it once in a browser; if the site is your own, let the monitor pass its guard.",
    ),
    basis=BASIS,
    why=Text("不算打不开，但也没有得到验证。", "It is not counted as broken, but nothing has been verified either."),
)

REDIRECTED = Rule(
    id="redirected-link",
    family="links",
    severity=Severity.MINOR,
    title=Text("地址已永久变更", "Moved for good"),
    message={
        "moved": Text("已永久跳转到 {final}", "it has moved to {final} for good"),
        "foreign": Text(
            "首页跳转到另一个域名 {final}，请核实是否仍是原单位", "the homepage now leads to another domain: {final}"
        ),
    },
    remedy=Text("把链接改为新地址。", "Link to the new address."),
    basis=BASIS,
    why=Text(
        "旧地址随时可能停用；跳到陌生域名的，可能已被他人注册。",
        "The old address may end any day; a strange domain may be somebody else's.",
    ),
)

MALFORMED = Rule(
    id="malformed-link",
    family="links",
    severity=Severity.MAJOR,
    title=Text("链接地址写错", "Malformed link"),
    message=Text("地址 {href} 不是有效的网址", "{href} is no valid address"),
    remedy=Text("按“https://域名/路径”的形式改正。", "Write it as https://host/path."),
    basis=BASIS,
    why=Text(
        "浏览器无法打开这样的地址，常见于把本机路径或多余字符粘贴进编辑器。",
        "No browser can open it; often a local path pasted into the editor.",
    ),
)

DEAD_LINK_RULES = {BROKEN.id: "", SOFT_404.id: "soft-404", MALFORMED.id: "malformed"}
"""Rules whose findings are links that do not open, with the reason; "" where the finding itself names one."""

CERTAIN = frozenset(
    {
        "http-404",
        "http-410",
        ErrorKind.DNS,
        ErrorKind.REDIRECT_LOOP,
        ErrorKind.REDIRECT_BROKEN,
        ErrorKind.FORBIDDEN_ADDRESS,
        ErrorKind.EMPTY,
    }
)
"""Reasons that confirm at once."""

UNSHOWN = frozenset({301, 302, 303, 304, 307, 308})
"""Statuses that send a browser on (Fetch standard), or back to a copy it may lack; with 300, 305 or 306 it shows what
came."""

HOST_WIDE = frozenset({ErrorKind.DNS, ErrorKind.RESOLVER, ErrorKind.CONNECT, ErrorKind.FORBIDDEN_ADDRESS})
"""Errors that every address of a host and port shares: no address, nobody who listens, an internal address."""

CERTIFICATE = ("certificate", "hostname", "self-signed", "self signed", "expired")
"""Words of a TLS failure that every browser warns about; other handshake failures may be ours alone."""

FILE_SUFFIXES = frozenset("pdf docx xlsx pptx doc xls ppt wps et dps ofd rtf zip rar 7z gz tar ceb".split())
FORMS = frozenset({"form[action]", "button[formaction]", "input[formaction]"})
"""Elements that may send by POST: there a GET that is not allowed (405) says nothing."""

LOOSE_SUFFIXES = frozenset({"doc", "xls"})
"""Names under which systems export HTML tables that Word and Excel open all the same."""


@dataclass(frozen=True, slots=True)
class Links(Check[Link]):
    """Find links that do not open."""

    id = "links"
    label = Text("链接", "Links")
    rules = (BROKEN, FRAGMENT, SOFT_404, BLOCKED, REDIRECTED, MALFORMED)

    permanent_redirects: bool = True
    """Also report links whose target has moved for good."""

    def inspect(self, subject: Link) -> Iterator[Finding]:
        """Yield at most one finding: the worst that is true of the target."""
        finding = self._judge(subject)
        if finding is not None:
            yield finding

    def _judge(self, link: Link) -> Finding | None:
        target = link.target
        if target.error == ErrorKind.MALFORMED:
            href = link.href or link.url
            return _finding(MALFORMED, link, params={"href": href}, confidence=_slip(href))
        if link.fragment is not None:
            sure = Confidence.SUSPECTED if link.scripted else Confidence.CONFIRMED
            params = {"fragment": unquote(link.fragment)}
            return _finding(FRAGMENT, link, key=f"{link.url}#{link.fragment}", params=params, confidence=sure)
        if link.challenge or target.status in CLOSED:
            return _blocked(link)
        if len(link.soft_404) > 1:
            return _finding(SOFT_404, link, params={"status": target.status}, evidence=link.title)
        reason = reason_of(link)
        if reason is not None:
            return _broken(link, reason)
        return self._redirected(link) if self.permanent_redirects else None

    def _redirected(self, link: Link) -> Finding | None:
        target = link.target
        if not target.redirects or link.kind is not Kind.PAGE:
            return None
        if not link.internal and _is_homepage(link.url) and _foreign(link.url, target.url):
            return _finding(REDIRECTED, link, variant="foreign", params={"final": target.url})
        permanent = all(hop.status in {301, 308} for hop in target.redirects)
        if permanent and _plain(link.url) != _plain(target.url):
            found = _finding(REDIRECTED, link, variant="moved", params={"final": target.url})
            return (
                replace(found, repairs=(Repair(target.url, RepairReason.REDIRECT),)) if target.status == 200 else found
            )
        return None


def reason_of(link: Link) -> str | None:
    """Return why a target does not open, as one of UNAVAILABLE's kinds; None where it does."""
    target = link.target
    if target.error is not None:
        return target.error if target.error in UNAVAILABLE else ErrorKind.PROTOCOL
    status = target.status or 0
    if status in {404, 410}:
        return f"http-{status}"
    if status == 405 and link.element in FORMS:
        return None
    if status >= 400:
        return ErrorKind.of_status(status)
    if status in UNSHOWN:
        return ErrorKind.REDIRECT_BROKEN
    return _false_file(link)


def _false_file(link: Link) -> str | None:
    if link.kind is Kind.IMAGE and link.sniffed == "html":
        return ErrorKind.NOT_A_DOCUMENT
    if link.kind is Kind.ATTACHMENT and _suffix(link.url) in FILE_SUFFIXES:
        if link.sniffed == "html":
            return ErrorKind.NOT_A_DOCUMENT
        if link.sniffed == "empty":
            return ErrorKind.EMPTY
    return None


def unreachable_host(response: Response, *, internal: bool) -> str:
    """Return the host (``host:port``) that an error says cannot be reached at all, "" for any other answer.

    The site itself opens elsewhere, so that a connection that it refuses is a fault of that one address.
    """
    if response.redirects or response.error not in HOST_WIDE or (internal and response.error == ErrorKind.CONNECT):
        return ""
    return urlsplit(response.url).netloc.rpartition("@")[2].lower()


def _broken(link: Link, reason: str) -> Finding:
    target = link.target
    host = unreachable_host(target, internal=link.internal)
    params = {
        "status": target.status,
        "detail": target.detail[:200],
        "host": urlsplit(target.url or link.url).hostname or "",
    }
    sure = Confidence.CONFIRMED if is_certain(link, reason) else Confidence.SUSPECTED
    # What is true of a host is one fault, whichever of its addresses is the first in a run.
    key = f"{reason} {host}" if host else ""
    evidence = "\n".join(link.others)
    return _finding(BROKEN, link, key=key, variant=reason, params=params, evidence=evidence, confidence=sure)


def is_certain(link: Link, reason: str) -> bool:
    """Return whether one run is enough to say that the target is broken."""
    if reason == ErrorKind.TLS:
        return any(word in link.target.detail.lower() for word in CERTIFICATE)
    if reason == ErrorKind.NOT_A_DOCUMENT:
        return _suffix(link.url) not in LOOSE_SUFFIXES or bool(link.soft_404)
    return reason in CERTAIN


def _blocked(link: Link) -> Finding:
    status = link.target.status
    variant = "wall" if link.challenge else {401: "login", 403: "forbidden", 429: "busy"}.get(status or 0, "refused")
    params = {"wall": link.challenge or "", "status": status}
    return _finding(BLOCKED, link, variant=variant, params=params, confidence=Confidence.SUSPECTED)


def _finding(  # noqa: PLR0913 - a finding's own fields
    rule: Rule,
    link: Link,
    *,
    params: Mapping[str, object],
    key: str = "",
    variant: str = "",
    evidence: str = "",
    confidence: Confidence = Confidence.CONFIRMED,
) -> Finding:
    worst = Severity.CRITICAL if link.homepage and rule.severity is Severity.MAJOR else None
    return Finding(
        rule=rule,
        url=link.referrers[0].url if link.referrers else link.url,
        key=key or link.url,
        params=params,
        variant=variant,
        evidence=evidence,
        confidence=confidence,
        severity=worst,
        target=link,
        placeless=True,
    )


WEB_SCHEMES = (Counter("http"), Counter("https"))
LIKE_HTTP = 0.7
"""Share of letters that a slip has in common with ``http`` or ``https``: ``hppt`` has 0.75, ``sftp`` 0.67."""

PROGRAMME = re.compile(r"\s*([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


def _slip(href: str) -> Confidence:
    """Return how sure it is that an address is a slip: ``htps://`` is one, ``someapp://`` may start a programme."""
    match = PROGRAMME.match(href)
    if match is None or match[1].lower() == "file":
        return Confidence.CONFIRMED
    letters = Counter(match[1].lower())
    shared = max(2 * (letters & meant).total() / (letters.total() + meant.total()) for meant in WEB_SCHEMES)
    return Confidence.CONFIRMED if shared >= LIKE_HTTP else Confidence.SUSPECTED


def _suffix(url: str) -> str:
    return urlsplit(url).path.rpartition(".")[2].lower()


def _is_homepage(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _plain(url: str) -> str:
    """Return a URL without what a redirect changes for form's sake: scheme, ``www.``, the last slash."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _foreign(url: str, final: str) -> bool:
    """Return whether two URLs lie under different registrable-looking domains (the last three labels under .gov.cn)."""
    return _domain(url) != _domain(final)


def _domain(url: str) -> str:
    labels = (urlsplit(url).hostname or "").split(".")
    wide = labels[-2:] in (["gov", "cn"], ["com", "cn"], ["org", "cn"], ["net", "cn"], ["edu", "cn"])
    return ".".join(labels[-3:] if wide else labels[-2:])
