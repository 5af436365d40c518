"""Judge the scripts that the page takes from others, resolved as a browser resolves them (SRI, Mixed Content, HTML).

A script of another organisation can do everything that the page can. A hash makes sure that it stays the script that
was once looked at. Scripts that the state itself requires on official sites cannot have one and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ada_url import URL

from checks.late_pattern import late
from checks.model import Answer, Finding, Host, Rule, Severity, Text
from checks.model.html_tree import parse_html
from checks.security.fields import is_html
from checks.security.suffixes import registrable_domain

REQUIRED = frozenset({"conac.cn", "www.gov.cn"})
"""Registrable domains whose scripts official sites must carry: the institution's mark and “report an error”."""

SCRIPT_TYPES = frozenset({"", "module", "text/javascript", "application/javascript", "text/ecmascript", "jsv8"})
_JAVASCRIPT = late(r"(?:text|application)/(?:x-)?(?:java|ecma|j|live)script(?:1\.[0-5])?")
_HASH = late(r"(?:^|\s)sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}")

RULE = Rule(
    id="subresource-integrity",
    family="security",
    severity=Severity.MINOR,
    title=Text("外部脚本没有校验", "Foreign scripts without a check"),
    message={
        "unencrypted": Text(
            "页面通过不加密的 http 加载脚本（{hosts}），途中可以被替换",
            "The page loads scripts over unencrypted http ({hosts}): they can be replaced on the way",
        ),
        "unchecked": Text(
            "页面加载其他单位的脚本（{hosts}），没有 integrity 校验，对方被攻破时本站一同受害",
            "The page loads scripts from others ({hosts}) without an integrity hash: a break-in there hits this one",
        ),
    },
    remedy=Text(
        "最好把脚本下载到本站使用；必须引用外部脚本的，用 https 地址并加上校验："
        '<script src="https://…" integrity="sha384-…" crossorigin="anonymous"></script>（校验值由 '
        "openssl dgst -sha384 -binary 文件 | openssl base64 -A 得到）。内容会变的统计类脚本无法校验，请确认仍有必要。",
        "Best keep the script on this site; otherwise load it over https with a hash: "
        '<script src="https://…" integrity="sha384-…" crossorigin="anonymous"></script> (the hash comes from '
        "openssl dgst -sha384 -binary FILE | openssl base64 -A). Counters change and cannot be checked: ask whether "
        "they are needed.",
    ),
    basis=Text("W3C Subresource Integrity；W3C Mixed Content", "W3C Subresource Integrity; W3C Mixed Content"),
    why=Text(
        "外部脚本能改写页面上的一切，包括挂上暗链、截取群众填写的内容。",
        "A foreign script can rewrite everything on the page: plant links, take what people type.",
    ),
)


class ExternalScript(NamedTuple):
    """A script with an address: where a browser would load it from, and whether it has a hash that browsers check."""

    url: URL
    checked: bool


def judge(host: Host) -> Iterator[Finding]:
    """Yield at most two findings: scripts over http, and foreign scripts that nobody checks."""
    answer = host.judged.final
    if answer is None or "<script" not in answer.body.lower() or not is_html(answer):
        return
    page = URL(answer.response.url)
    scripts = [script for script in _scripts(answer) if script.url.protocol in {"http:", "https:"}]
    unencrypted = [
        s for s in scripts if s.url.protocol == "http:" and (_is_foreign(s, page) or page.protocol == "https:")
    ]
    unchecked = [s for s in scripts if s not in unencrypted and not s.checked and _is_foreign(s, page)]
    for variant, found in (("unencrypted", unencrypted), ("unchecked", unchecked)):
        if found:
            hosts = list(dict.fromkeys(script.url.hostname for script in found))
            evidence = "\n".join(script.url.href[:200] for script in found[:10])
            yield Finding(RULE, host.url, variant, {"hosts": ", ".join(hosts[:10])}, variant, evidence=evidence)


def _is_foreign(script: ExternalScript, page: URL) -> bool:
    own = registrable_domain(page.hostname) or page.hostname
    domain = registrable_domain(script.url.hostname) or script.url.hostname
    return domain != own and domain not in REQUIRED


def _scripts(answer: Answer) -> Iterator[ExternalScript]:
    for source, integrity in _elements(answer.body):
        try:
            yield ExternalScript(URL(source, base=_base(answer)), _HASH.search(integrity) is not None)
        except ValueError:
            continue


def _base(answer: Answer) -> str:
    """Return the address that relative ones start from: the page's own, unless a base element moves it."""
    first = _base_element(answer.body)
    try:
        return URL(first, base=answer.response.url).href if first else answer.response.url
    except ValueError:
        return answer.response.url


@lru_cache(maxsize=4)
def _base_element(body: str) -> str | None:
    if "<base" not in body.lower():
        return None
    node = parse_html(body, scripting=True).select_one("base[href]")
    return node.attr("href") if node is not None else None


@lru_cache(maxsize=4)
def _elements(body: str) -> tuple[tuple[str, str], ...]:
    """Return source and integrity of every script element that a browser would run."""
    nodes = parse_html(body, scripting=True).select("script[src]")
    sources = ((node.attr("src") or "", node) for node in nodes if _runs(node.attr("type") or ""))
    return tuple((source, node.attr("integrity") or "") for source, node in sources if source)


def _runs(kind: str) -> bool:
    kind = kind.strip().lower()
    return kind in SCRIPT_TYPES or _JAVASCRIPT.fullmatch(kind) is not None
