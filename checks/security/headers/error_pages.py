"""Judge whether error pages carry the headers that other pages have.

Servers add headers to successful answers only unless told otherwise (nginx ``add_header`` without ``always``, Apache
``Header set`` without it), and error pages often repeat what an attacker wrote into the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.model import Answer, Finding, Host, Rule, Severity, Text
from checks.security.headers.policies import policies
from checks.security.headers.strict_transport_security import max_age
from checks.security.headers.x_content_type_options import forbids_guessing
from checks.security.headers.x_frame_options import is_protected
from checks.security.server_settings import ON_ERROR_PAGES

RULE = Rule(
    id="headers-on-error-pages",
    family="security",
    severity=Severity.MINOR,
    title=Text("错误页面没有安全响应头", "Error pages without security headers"),
    message=Text(
        "正常页面有的安全响应头，错误页面（{status}）上没有：{names}",
        "Pages carry headers that error pages ({status}) lack: {names}",
    ),
    remedy=Text(
        "让服务器对出错的应答也加上响应头。",
        "Let the server add the headers to failing answers too.",
    ),
    settings=ON_ERROR_PAGES,
    basis=Text("OWASP 安全响应头项目", "OWASP Secure Headers Project"),
    why=Text(
        "错误页面常常原样显示网址中的内容，最容易被利用。",
        "Error pages often show what stands in the address, which makes them the first to be abused.",
    ),
)


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding that names the headers which the judged page has and an error page lacks."""
    page, error = host.judged.final, host.missing
    if page is None or error is None or error.response.status is None or error.response.status < 400:
        return
    names = [name for name, has in _CHECKS.items() if has(page) and not has(error)]
    if names:
        params = {"status": error.response.status, "names": ", ".join(names)}
        yield Finding(RULE, host.url, params=params, evidence=error.response.url)


def _insists_on_https(answer: Answer) -> bool:
    return any(max_age(value) for value in answer.response.header_list("strict-transport-security")[:1])


_CHECKS: dict[str, Callable[[Answer], bool]] = {
    "Content-Security-Policy": lambda answer: bool(policies(answer)),
    "Strict-Transport-Security": _insists_on_https,
    "X-Content-Type-Options": forbids_guessing,
    "X-Frame-Options": is_protected,
}
