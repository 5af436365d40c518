"""Judge whether a host speaks HTTP by its grammar; what browsers open all the same is no broken link, but out of order.

Looked at are the answers on the way to the homepage, over http and https. HTTP/2 leaves no room for these faults.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check, Finding, Host, HttpFaultKind, Rule, Severity, Text

MALFORMED_HTTP = Rule(
    id="malformed-http",
    family="availability",
    severity=Severity.MINOR,
    title=Text("服务器的应答不合 HTTP 规范", "Answers that are not good HTTP"),
    message={
        HttpFaultKind.NO_HEAD: Text("应答没有状态行和响应头", "the answer has neither status line nor headers"),
        HttpFaultKind.STATUS_LINE: Text("状态行不合规范：{line}", "the status line is malformed: {line}"),
        HttpFaultKind.HEADER_LINE: Text("响应头中有一行不合规范：{line}", "a line of the headers is none: {line}"),
        HttpFaultKind.FOLDED: Text("响应头折行，早已不允许：{line}", "a header is folded, which is obsolete: {line}"),
        HttpFaultKind.TRANSFER_ENCODING: Text(
            "Transfer-Encoding 重复或取值不合规范：{line}", "Transfer-Encoding is repeated or unknown: {line}"
        ),
        HttpFaultKind.CONTENT_LENGTH: Text(
            "Content-Length 重复或不是数字：{line}", "Content-Length is repeated or no number: {line}"
        ),
        HttpFaultKind.TWO_LENGTHS: Text(
            "同时给出 Content-Length 和 Transfer-Encoding：{line}",
            "both Content-Length and Transfer-Encoding are sent: {line}",
        ),
        HttpFaultKind.CONTENT_ENCODING: Text(
            "Content-Encoding 的值不是压缩方式：{line}", "Content-Encoding names no compression: {line}"
        ),
    },
    remedy=Text(
        "请服务器管理员或建站单位改正程序或前置设备（反向代理、负载均衡）输出的响应头。",
        "Have the program, or the proxy or load balancer in front of it, send the headers correctly.",
    ),
    basis=Text("RFC 9110、RFC 9112（HTTP 标准）", "RFC 9110 and RFC 9112 (HTTP)"),
    why=Text(
        "浏览器会容错，但代理、缓存、安全设备和搜索引擎可能拒收，部分读者会打不开。",
        "Browsers make sense of it. Proxies, caches, firewalls and search engines may not: some readers see nothing.",
    ),
)


class HttpSyntax(Check[Host], frozen=True):
    """Report each kind of fault once for a host."""

    id = "http-syntax"
    label = Text("HTTP 规范", "HTTP syntax")
    rules = (MALFORMED_HTTP,)

    def inspect(self, subject: Host) -> Iterator[Finding]:
        """Yield a finding for each kind of fault, with the first line that shows it."""
        answers = (answer for chain in (subject.https, subject.http) for answer in chain.answers)
        faults = [fault for answer in answers for fault in answer.response.http_faults]
        for kind in HttpFaultKind:
            line = next((fault.line for fault in faults if fault.kind is kind), None)
            if line is not None:
                yield Finding(MALFORMED_HTTP, subject.url, key=kind, variant=kind, params={"line": line}, evidence=line)
