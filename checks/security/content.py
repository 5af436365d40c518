"""Find what an https page loads or sends without encryption, and passwords that travel in the clear.

Mixed content is judged as browsers do (W3C Mixed Content): what could rewrite the page is blocked, pictures and films
are upgraded or shown with a warning. A page whose policy says ``upgrade-insecure-requests`` has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from checks.model import Check, Finding, Kind, Page, Reference, Rule, Severity, Text
from checks.security.hosts import address, host_of

if TYPE_CHECKING:
    from checks.model.turbohtml_core import Element

SECURITY = "security"

MIXED_CONTENT = Rule(
    id="mixed-content",
    family=SECURITY,
    severity=Severity.MAJOR,
    title=Text("https 页面加载了不加密的内容", "An https page loads content without encryption"),
    message={
        "script": Text(
            "https 页面用 http 加载脚本（{host}），浏览器会拦截，页面功能可能失效",
            "An https page loads a script over http from {host}; browsers block it, so parts of the page may not work",
        ),
        "style": Text(
            "https 页面用 http 加载样式表（{host}），浏览器会拦截，页面排版可能错乱",
            "An https page loads a style sheet over http from {host}; browsers block it, so the layout may break",
        ),
        "frame": Text(
            "https 页面用 http 嵌入页面或插件（{host}），浏览器会拦截，显示为空白",
            "An https page embeds a frame over http from {host}; browsers block it and show a blank area",
        ),
        "image": Text(
            "https 页面用 http 加载图片（{host}），浏览器可能提示“不安全”或不显示",
            "An https page loads images over http from {host}; browsers warn about them or do not show them",
        ),
        "media": Text(
            "https 页面用 http 加载音视频（{host}），浏览器可能提示“不安全”或不播放",
            "An https page loads audio or video over http from {host}; browsers warn about it or do not play it",
        ),
    },
    remedy=Text(
        "把引用地址改为 https；对方不支持 https 的，把文件放到本站",
        "Refer to it by https; where the other host has no https, keep a copy on this site",
    ),
    basis=Text("W3C Mixed Content", "W3C Mixed Content"),
    why=Text(
        "不加密的内容在传输途中可以被替换，https 页面因此失去保护",
        "Content sent in the clear can be replaced on its way, which undoes the protection of the page",
    ),
)

INSECURE_FORM = Rule(
    id="insecure-form",
    family=SECURITY,
    severity=Severity.MAJOR,
    title=Text("表单用 http 提交", "A form is sent over http"),
    message=Text(
        "https 页面上的表单提交到不加密的地址 {action}",
        "A form on an https page is sent to the unencrypted address {action}",
    ),
    remedy=Text("把表单的提交地址改为 https", "Send the form to an https address"),
    basis=Text("W3C Mixed Content；HTML 标准", "W3C Mixed Content; HTML"),
    why=Text(
        "群众填写的内容在传输途中可以被看到和修改",
        "What people type in can be read and changed on its way",
    ),
)

INSECURE_PASSWORD = Rule(
    id="insecure-password",
    family=SECURITY,
    severity=Severity.CRITICAL,
    title=Text("密码不加密传输", "A password travels without encryption"),
    message={
        "page": Text(
            "登录页面没有使用 https，密码提交到 {action}",
            "A page with a password field is served over http; the form goes to {action}",
        ),
        "action": Text(
            "登录表单把密码提交到不加密的地址 {action}",
            "A form with a password field is sent to the unencrypted address {action}",
        ),
    },
    remedy=Text(
        "登录页面及其提交地址全部改用 https，并把 http 访问跳转到 https",
        "Serve the login page and its target over https only, and redirect http to https",
    ),
    basis=Text("GB/T 22239-2019 通信传输；W3C Secure Contexts", "GB/T 22239-2019, transmission; W3C Secure Contexts"),
    why=Text(
        "同一网络里的人可以直接截获用户名和密码",
        "Anybody on the same network can read user names and passwords",
    ),
    unverified=True,
)

FORMS = frozenset({"form[action]", "form[method=post]"})
NAVIGATION = FORMS | {"a[href]", "area[href]", "datastore a[href]", "script location"}
"""Elements that lead elsewhere instead of loading something into the page."""

PLUGINS = frozenset({"object[data]", "embed[src]"})

VARIANTS = {
    Kind.SCRIPT: ("script", None),
    Kind.STYLE: ("style", None),
    Kind.FRAME: ("frame", None),
    Kind.IMAGE: ("image", Severity.MINOR),
    Kind.MEDIA: ("media", Severity.MINOR),
}
"""What is loaded → the variant of the rule and, where it is milder than the rule's, its severity."""


class MixedContent(Check[Page], frozen=True):
    """Judge what a page loads and sends without encryption.

    One finding per kind and host that is loaded from, however many pages do: the template or the picture server is
    what gets repaired. A form is one finding per address it is sent to.
    """

    id = "mixed-content"
    label = Text("混合内容", "Mixed content")
    rules = (MIXED_CONTENT, INSECURE_FORM, INSECURE_PASSWORD)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield mixed content once per kind and host, then forms."""
        if subject.response.url.startswith("https:") and not _upgraded(subject):
            yield from _mixed(subject)
        if _maybe_password(subject.html) or _sends_in_the_clear(subject):
            yield from {finding.fingerprint: finding for finding in _forms(subject)}.values()


def _upgraded(page: Page) -> bool:
    policies = page.response.header_list("content-security-policy")
    if any("upgrade-insecure-requests" in policy.lower() for policy in policies):
        return True
    return "upgrade-insecure-requests" in page.html and any(
        "upgrade-insecure-requests" in (node.attr("content") or "").lower()
        for node in page.tree.select("meta[http-equiv]")
        if (node.attr("http-equiv") or "").lower() == "content-security-policy"
    )


def _mixed(page: Page) -> Iterator[Finding]:
    seen = set()
    for reference in page.references:
        if reference.url.startswith("http:") and reference.element not in NAVIGATION:
            place = _loaded(reference)
            if place is not None and place not in seen:
                seen.add(place)
                yield _mixed_finding(page, reference, *place)


def _loaded(reference: Reference) -> tuple[Kind, str] | None:
    host = host_of(reference.url)
    known = address(host)
    if host == "localhost" or (known is not None and known.is_loopback):
        return None
    kind = Kind.FRAME if reference.element in PLUGINS else reference.kind
    return (kind, host) if kind in VARIANTS and not reference.element.startswith("meta") else None


def _mixed_finding(page: Page, reference: Reference, kind: Kind, host: str) -> Finding:
    variant, severity = VARIANTS[kind]
    return Finding(
        MIXED_CONTENT,
        page.url,
        key=f"{host_of(page.response.url)} {variant} {host}",
        params={"host": host, "target": reference.url},
        variant=variant,
        evidence=reference.href,
        severity=severity,
        placeless=True,
    )


def _sends_in_the_clear(page: Page) -> bool:
    return any(reference.element in FORMS and reference.url.startswith("http:") for reference in page.references)


def _maybe_password(html: str) -> bool:
    return "assword" in html or "PASSWORD" in html


def _forms(page: Page) -> Iterator[Finding]:
    secrets = _password_fields(page) if _maybe_password(page.html) else []
    guarded = {form for form in (field.closest("form") for field in secrets) if form is not None}
    for field in secrets:
        yield from _password(page, _action(page, field.closest("form")))
    if not page.response.url.startswith("https:"):
        return
    for form in page.tree.select("form[action]"):
        action = _action(page, form)
        if action.startswith("http:") and form not in guarded:
            yield Finding(
                INSECURE_FORM,
                page.url,
                key=_plain(action),
                params={"action": action},
                evidence=action,
                placeless=True,
            )


def _plain(action: str) -> str:
    """Leave the query out: it may carry a session and would make one form many."""
    return action.partition("?")[0]


def _password_fields(page: Page) -> list[Element]:
    return [node for node in page.tree.select("input") if (node.attr("type") or "").strip().lower() == "password"]


def _action(page: Page, form: Element | None) -> str:
    written = (form.attr("action") or "").strip() if form is not None else ""
    try:
        joined = urljoin(page.response.url, written)
    except ValueError:
        return page.response.url
    return joined if joined.lower().startswith(("http:", "https:")) else page.response.url


def _password(page: Page, action: str) -> Iterator[Finding]:
    if not page.response.url.startswith("https:"):
        variant = "page"
    elif action.lower().startswith("http:"):
        variant = "action"
    else:
        return
    yield Finding(
        INSECURE_PASSWORD,
        page.url,
        key=f"{variant} {_plain(action)}",
        params={"action": action},
        variant=variant,
        evidence=action,
        placeless=True,
    )
