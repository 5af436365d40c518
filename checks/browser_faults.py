"""Judge what only a browser sees of a page that a script makes: exceptions, requests that fail, content in the clear.

One cause is one finding, however many pages show it. What we kept from a page is no fault of the site: where a request
was refused or a dialog answered with no, its exceptions are not judged, and where a request failed, they follow
from that. What the page names itself is judged of the page (``checks/links.py``, ``checks/security/content.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.late_pattern import late
from checks.model import (
    PASSING,
    Check,
    Confidence,
    Finding,
    Rule,
    ScriptFault,
    Severity,
    Subrequest,
    Text,
    Viewing,
)
from checks.probes import SILENT
from checks.security.hosts import host_of, same_site

LONGEST = 200
"""Characters of an exception's message that tell it from others."""

CHANGING = late(r"https?://\S+|\b(?=[a-z]*\d)[0-9a-f]{6,}\b|\d+", re.IGNORECASE)
"""What changes in a message or an address without being another cause: addresses, digests of builds, numbers."""

NATIVE = frozenset({"SyntaxError", "ReferenceError", "TypeError", "RangeError", "URIError", "EvalError", "Error"})
"""Exceptions of programs; others tell of the surroundings: a clip that may not play, a window that may not open."""

SURE = frozenset({"SyntaxError", "ReferenceError"})
"""Those that do not depend on when an answer came."""

OF_THE_NETWORK = ("Failed to fetch", "NetworkError", "Network Error", "Load failed", "Request failed")
"""How messages begin that repeat what a request came to."""

CONTENT = frozenset({"script", "xhr", "fetch", "stylesheet"})
"""Kinds of requests that what is seen depends on."""

GONE = frozenset({404, 410})
"""Answers that do not depend on who asks, or when."""

CALLED = {
    "script": Text("脚本", "a script"),
    "xhr": Text("数据", "data"),
    "fetch": Text("数据", "data"),
    "stylesheet": Text("样式表", "a style sheet"),
    "websocket": Text("实时数据", "live data"),
}
"""What a request of a script is for, by its kind."""

STANDARD = Text("ECMAScript；HTML 标准", "ECMAScript; HTML")

SCRIPT_ERROR = Rule(
    id="script-error",
    family="availability",
    severity=Severity.MINOR,
    title=Text("网页脚本运行出错", "A script fails"),
    message={
        "file": Text("脚本 {script} 运行出错：{error}", "The script {script} fails: {error}"),
        "page": Text("写在网页里的脚本运行出错：{error}", "A script in the page fails: {error}"),
    },
    remedy=Text(
        "在浏览器中打开网页，按 F12 在控制台查看出错的行；常见原因是引用的脚本缺失或先后顺序不对、改版后残留旧脚本、"
        "没有判断元素是否存在。",
        "Open the page, press F12, and look at the line in the console; mostly a script is missing or loaded too late,"
        " was left from an earlier design, or takes an element for granted.",
    ),
    basis=STANDARD,
    why=Text(
        "脚本出错后，后面的功能不再运行，列表、轮播、查询等可能显示不出来",
        "What comes after the error does not run: lists, slides and queries may not appear",
    ),
)

FAILED_REQUEST = Rule(
    id="failed-request",
    family="availability",
    severity=Severity.MAJOR,
    title=Text("网页脚本请求的内容打不开", "A script asks for what is not there"),
    message={
        "status": Text(
            "网页脚本请求的{what_zh}返回 {status}：{target}",
            "A script asks for {what_en} that answers {status}: {target}",
        ),
        "error": Text(
            "网页脚本请求的{what_zh}打不开（{fault_zh}）：{target}",
            "A script asks for {what_en} that does not open ({fault_en}): {target}",
        ),
    },
    remedy=Text(
        "恢复这个地址，或改正脚本中的地址；接口已经停用的，把用到它的栏目一并撤下或换成新接口。",
        "Bring the address back, or mend it in the script; where the interface was retired, take away what uses it.",
    ),
    basis=Text("网站可用性", "Availability of the site"),
    why=Text(
        "网页本身打得开，由脚本填入的内容却是空的；只看源代码发现不了",
        "The page opens, but what its script fills in stays empty; its source does not show that",
    ),
)

SCRIPTED_MIXED_CONTENT = Rule(
    id="scripted-mixed-content",
    family="security",
    severity=Severity.MAJOR,
    title=Text("https 页面的脚本加载不加密的内容", "A script of an https page loads content without encryption"),
    message=Text(
        "https 页面的脚本用不加密的方式从 {host} 加载{what_zh}，浏览器会拦截，由它提供的内容显示不出来",
        "A script of an https page loads {what_en} without encryption from {host}; browsers block it",
    ),
    remedy=Text(
        "把脚本中的地址改为 https（实时数据用 wss）；对方不支持 https 的，由本站服务器转发。",
        "Have the script ask by https (wss for live data); where the other host has no https, relay it.",
    ),
    basis=Text("W3C Mixed Content", "W3C Mixed Content"),
    why=Text(
        "浏览器禁止 https 页面加载不加密的内容，这部分功能对所有访问者都失效",
        "Browsers forbid an https page to load content in the clear, so this part works for nobody",
    ),
)


class BrowserFaults(Check[Viewing], frozen=True):
    """Judge what a browser saw as it drew a page; nothing where no page was drawn."""

    id = "browser"
    label = Text("浏览器中才出现的故障", "Faults that only a browser shows")
    rules = (SCRIPT_ERROR, FAILED_REQUEST, SCRIPTED_MIXED_CONTENT)

    def inspect(self, subject: Viewing) -> Iterator[Finding]:
        """Yield each cause once."""
        found = [*_blocked(subject), *_failed(subject), *_script_errors(subject)]
        yield from {finding.fingerprint: finding for finding in found}.values()


def _blocked(viewing: Viewing) -> Iterator[Finding]:
    for request in viewing.requests:
        if request.blocked and request.kind in CALLED and request.url not in viewing.references:
            host = host_of(request.url)
            yield Finding(
                SCRIPTED_MIXED_CONTENT,
                viewing.url,
                key=f"{host_of(viewing.url)} {CALLED[request.kind].en} {host}",
                params={"host": host, "target": request.url, **_what(request)},
                evidence=request.url,
                placeless=True,
            )


def _failed(viewing: Viewing) -> Iterator[Finding]:
    for request in viewing.requests:
        if request.kind not in CONTENT or request.url in viewing.references:
            continue
        if request.status in GONE or (request.status or 0) >= 500:
            # What we kept back may have been part of the address, or a condition of the answer.
            sure = request.status in GONE and not viewing.hindered
            yield _failure(viewing, request, "status", sure=sure, status=request.status)
        elif request.error in PASSING and same_site(host_of(request.url), host_of(viewing.url)):
            # Of a strange host we would not know whether our own network is the reason.
            fault = SILENT[request.error]
            yield _failure(viewing, request, "error", sure=False, fault_zh=fault.zh, fault_en=fault.en)


def _failure(viewing: Viewing, request: Subrequest, variant: str, *, sure: bool, **params: object) -> Finding:
    is_own = same_site(host_of(request.url), host_of(viewing.url))
    return Finding(
        FAILED_REQUEST,
        viewing.url,
        key=_shape(_plain(request.url)),
        params={"target": request.url, **_what(request), **params},
        variant=variant,
        evidence=request.url,
        confidence=Confidence.CONFIRMED if sure else Confidence.SUSPECTED,
        severity=None if is_own else Severity.MINOR,
        placeless=True,
    )


def _script_errors(viewing: Viewing) -> Iterator[Finding]:
    if viewing.hindered or any(_has_failed(request) for request in viewing.requests):
        return
    for fault in viewing.faults:
        script = _own_script(viewing, fault)
        if script is None or fault.name not in NATIVE or fault.message.startswith(OF_THE_NETWORK):
            continue
        in_page = script.partition("#")[0] == viewing.url
        plain = "" if in_page else _plain(script)
        message = fault.message[:LONGEST]
        yield Finding(
            SCRIPT_ERROR,
            viewing.url,
            key=f"{_shape(plain)} {fault.name} {_shape(message)}",
            params={"script": script if plain else "", "error": f"{fault.name}: {message}"},
            variant="page" if in_page else "file",
            evidence=message,
            confidence=Confidence.CONFIRMED if fault.name in SURE else Confidence.SUSPECTED,
            placeless=True,
        )


def _has_failed(request: Subrequest) -> bool:
    """Return whether something that scripts may count on is not there, for whatever reason."""
    fails = request.error is not None or (request.status or 0) >= 400
    return request.blocked or (fails and request.kind in CONTENT)


def _own_script(viewing: Viewing, fault: ScriptFault) -> str | None:
    """Return the script of the site that failed, or that called what failed; None where it is somebody else's."""
    own = host_of(viewing.url)
    return next((script for script in fault.scripts if same_site(own, host_of(script))), None)


def _plain(url: str) -> str:
    """Return host and path of an address."""
    return url.partition("://")[2].partition("?")[0]


def _shape(text: str) -> str:
    return CHANGING.sub("0", text)


def _what(request: Subrequest) -> dict[str, str]:
    return {f"what_{tag}": words for tag, words in zip(("zh", "en"), CALLED[request.kind], strict=True)}
