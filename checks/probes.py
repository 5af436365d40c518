"""Judge whether the functions of a site work: what a request must answer, and which probes every site can be given.

The operator writes steps (a request and what it must answer); the monitor asks, this module judges. Built in are the
site's own search, which must find a title that is known to be there, and its feeds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from msgspec import Struct, field

from checks.late_pattern import late
from checks.model import Check, Confidence, ErrorKind, Finding, Probe, Request, Response, Rule, Severity, Text, Unmet
from checks.model.html_tree import body_of, parse_html
from checks.reading.citations import CENSUS

if TYPE_CHECKING:
    from checks.model import Page
    from checks.model.turbohtml_core import Element

SILENT = {
    ErrorKind.DNS: Text("域名没有解析地址", "the host has no address"),
    ErrorKind.RESOLVER: Text("域名服务器没有应答", "no name server answers"),
    ErrorKind.NO_ROUTE: Text("本机网络不通", "our own network has no way there"),
    ErrorKind.CONNECT: Text("服务器拒绝连接", "the server refuses the connection"),
    ErrorKind.TLS: Text("安全连接（HTTPS）失败", "the secure connection fails"),
    ErrorKind.TIMEOUT: Text("在限定时间内没有应答完", "no whole answer within the time allowed"),
    ErrorKind.RESET: Text("连接被服务器中断", "the server breaks the connection off"),
    ErrorKind.PROTOCOL: Text("服务器的应答不符合 HTTP 规范", "the answer is not valid HTTP"),
    ErrorKind.FORBIDDEN_ADDRESS: Text("地址指向内部网络", "the address leads to an internal network"),
    ErrorKind.REDIRECT_LOOP: Text("跳转没有尽头", "its redirects never end"),
    ErrorKind.REDIRECT_BROKEN: Text("跳转的去处无效", "its redirect leads nowhere"),
    ErrorKind.MALFORMED: Text("配置的地址无效", "the configured address is not one"),
}
"""Why a step was not answered, by the error kinds of a response; the rest are shown as they are."""

FAILED = Rule(
    id="failed-probe",
    family="services",
    severity=Severity.MAJOR,
    title=Text("功能不可用", "Function fails"),
    message={
        "answer": Text("“{name}”第 {step} 步没有应答：{got}", "“{name}”, step {step}: no answer ({got})"),
        **{
            f"answer-{error}": Text(f"“{{name}}”第 {{step}} 步：{reason.zh}", f"“{{name}}”, step {{step}}: {reason.en}")
            for error, reason in SILENT.items()
        },
        "status": Text(
            "“{name}”第 {step} 步返回 {got}，应为 {wanted}", "“{name}”, step {step}: it answers {got}, not {wanted}"
        ),
        "seconds": Text(
            "“{name}”第 {step} 步用了 {got} 秒，要求 {wanted} 秒以内",
            "“{name}”, step {step}: {got} s, {wanted} s are allowed",
        ),
        "text": Text(
            "“{name}”第 {step} 步的结果中没有“{wanted}”", "“{name}”, step {step}: “{wanted}” is not in the answer"
        ),
        "link": Text(
            "“{name}”第 {step} 步没有找到“{wanted}”", "“{name}”, step {step}: “{wanted}” is not among the results"
        ),
        "absent": Text(
            "“{name}”第 {step} 步的结果中出现“{wanted}”", "“{name}”, step {step}: the answer says “{wanted}”"
        ),
        "selector": Text(
            "“{name}”第 {step} 步的页面中没有 {wanted}（找到 {got} 处）",
            "“{name}”, step {step}: the page lacks {wanted} (found {got})",
        ),
        "json": Text(
            "“{name}”第 {step} 步的数据 {wanted} 不符，实际为 {got}", "“{name}”, step {step}: {wanted} is {got}"
        ),
        "feed": Text("“{name}”不是有效的订阅源", "“{name}” is no valid feed"),
    },
    remedy=Text(
        "按步骤在浏览器中重试，请系统维护单位修复；功能已下线的，同时撤下入口。",
        "Try the steps in a browser and have the system mended; where it was closed, remove the way to it.",
    ),
    basis=CENSUS,
    why=Text("在线系统不能使用，每个扣 3 分。", "Each online system that does not work costs 3 points."),
)


CUT = 8
"""Characters of a title that are enough to know it by where a list cuts it."""


class Expectation(Struct, frozen=True):
    """What the answer to one step must be. Everything that is given must hold.

    ``status`` is the HTTP status; ``seconds`` the time allowed; ``text`` stands in the visible text or the body,
    ``absent`` does not; ``link`` is the title of an article that is linked to (a search page repeats what was asked
    for, so that its text proves nothing); ``selector`` (CSS) matches ``at_least`` so many elements; ``json`` maps
    dotted paths (``data.total``, ``rows.0.title``) to their values; ``feed`` asks for RSS or Atom with an entry.
    """

    status: int | None = 200
    seconds: float | None = 15.0
    text: str = ""
    absent: str = ""
    link: str = ""
    selector: str = ""
    at_least: int = 1
    json: Mapping[str, object] = field(default_factory=dict)
    feed: bool = False


class Step(Struct, frozen=True):
    """One request of a probe and what it must answer."""

    request: Request
    expect: Expectation = Expectation()


def unmet(expect: Expectation, response: Response, body: str) -> tuple[Unmet, ...]:
    """Return what an answer fails to do; ``body`` is its text."""
    if response.status is None or response.error is not None:
        return (Unmet("answer", "", response.error or ""),)
    return (*_unmet_answer(expect, response), *_unmet_body(expect, body))


def _unmet_answer(expect: Expectation, response: Response) -> Iterator[Unmet]:
    if expect.status is not None and response.status != expect.status:
        yield Unmet("status", str(expect.status), str(response.status))
    if expect.seconds is not None and response.elapsed > expect.seconds:
        yield Unmet("seconds", f"{expect.seconds:g}", f"{response.elapsed:.1f}")


def _unmet_body(expect: Expectation, body: str) -> Iterator[Unmet]:
    if expect.text and not says(body, expect.text):
        yield Unmet("text", expect.text)
    if expect.absent and says(body, expect.absent):
        yield Unmet("absent", expect.absent)
    if expect.link and not links_to(body, expect.link):
        yield Unmet("link", expect.link)
    if expect.selector:
        count = len(parse_html(body).select(expect.selector))
        if count < expect.at_least:
            yield Unmet("selector", expect.selector, str(count))
    if expect.feed and not is_feed(body):
        yield Unmet("feed", "")
    if expect.json:
        yield from _unmet_json(expect.json, body)


def says(body: str, text: str) -> bool:
    """Return whether a text stands in a body, however it is spaced or marked up (search engines mark hits)."""
    wanted = _bare(text)
    if wanted in _bare(body):
        return True
    shown = body_of(parse_html(body))
    return wanted in _bare(shown.text if shown is not None else "")


def links_to(body: str, title: str) -> bool:
    """Return whether a body links to an article of that title, or of its beginning where titles are cut."""
    wanted = _bare(title)
    for anchor in parse_html(body).select("a[href]"):
        shown = _bare(anchor.text)
        cut = shown.rstrip(".…")
        whole = wanted in shown or wanted in _bare(anchor.attr("title") or "")
        if whole or (len(cut) >= CUT and cut != shown and wanted.startswith(cut)):
            return True
    return False


def is_feed(body: str) -> bool:
    """Return whether a body is RSS or Atom with at least one entry."""
    head = body[:2000]
    return ("<rss" in head or "<feed" in head or "<rdf:RDF" in head) and bool(re.search(r"<(?:item|entry)[\s>]", body))


def _bare(text: str) -> str:
    return "".join(text.split())


def _unmet_json(wanted: Mapping[str, object], body: str) -> Iterator[Unmet]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        yield Unmet("json", "JSON", body[:40])
        return
    for path, value in wanted.items():
        got = _walk(data, path)
        if got != value:
            yield Unmet("json", f"{path} = {value}", str(got)[:80])


def _walk(data: object, path: str) -> object:
    """Follow a dotted path through objects and lists; None where it leads nowhere."""
    for part in path.split("."):
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


_QUERY_NAMES = late(
    r"^(?:q|qt|s|wd|keyword|keywords|key|kw|searchword|search|query|title|word|content|ss)s?$", re.IGNORECASE
)
_SEARCH = re.compile(r"search|query|sousuo|jsearch|搜索|检索|全站", re.IGNORECASE)


def search_step(page: Page, title: str) -> Step | None:
    """Return the search of a site for a title, from the form on its homepage; None where there is none to be read.

    A form that a script submits has no address and is left to the operator.
    """
    for form in page.tree.select("form"):
        query = next((each for each in form.select("input") if _is_query(each)), None)
        action = form.attr("action") or ""
        if query is None or not _SEARCH.search(form.html) or action.startswith(("javascript:", "#")) or not action:
            continue
        fields = (*_hidden(form), (query.attr("name") or "", title))
        return Step(_request(page, form, action, fields), Expectation(link=title))
    return None


def _request(page: Page, form: Element, action: str, fields: tuple[tuple[str, str], ...]) -> Request:
    address = urljoin(page.response.url, action)
    if (form.attr("method") or "get").lower() == "post":
        return Request(address, fields)
    joint = "&" if "?" in address else "?"
    return Request(f"{address}{joint}{urlencode(fields, encoding=page.charset)}")


def _is_query(node: Element) -> bool:
    kind = (node.attr("type") or "text").lower()
    return kind in {"text", "search"} and bool(_QUERY_NAMES.match(node.attr("name") or ""))


def _hidden(form: Element) -> tuple[tuple[str, str], ...]:
    fields = [(node.attr("name") or "", node.attr("value") or "") for node in form.select("input[type=hidden]")]
    return tuple((name, value) for name, value in fields if name)


def feed_steps(page: Page) -> tuple[Step, ...]:
    """Return a step for each feed that a page announces."""
    links = page.tree.select("link[rel=alternate][type*=rss],link[rel=alternate][type*=atom]")
    addresses = (urljoin(page.response.url, link.attr("href") or "") for link in links)
    return tuple(Step(Request(address), Expectation(feed=True)) for address in dict.fromkeys(addresses))


class Probes(Check[Probe], frozen=True):
    """Report the probes that failed, by the first expectation that was not met."""

    id = "probes"
    label = Text("功能探测", "Functional probes")
    rules = (FAILED,)

    def inspect(self, subject: Probe) -> Iterator[Finding]:
        """Yield the finding of a probe that failed; no answer at all is a suspicion until it is seen again."""
        if not subject.unmet:
            return
        first = subject.unmet[0]
        yield Finding(
            FAILED,
            subject.url,
            key=subject.name,
            params={"name": subject.name, "step": subject.step, "wanted": first.wanted, "got": first.got},
            variant=_variant(first),
            confidence=Confidence.SUSPECTED if first.kind in {"answer", "seconds"} else Confidence.CONFIRMED,
            evidence=subject.response.url,
        )


def _variant(unmet: Unmet) -> str:
    return f"answer-{unmet.got}" if unmet.kind == "answer" and unmet.got in SILENT else unmet.kind
