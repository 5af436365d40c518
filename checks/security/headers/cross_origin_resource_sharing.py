"""Judge who may read the host's answers with a reader's own cookies (Fetch standard, CORS protocol).

A star without credentials makes public what is public anyway. What endangers readers is credentials together with an
origin that anybody can have: whichever asked, or ``null``, which every sandboxed frame has.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Answer, Finding, Host, Rule, Severity, Text
from checks.security.server_settings import ALLOWED_ORIGINS

RULE = Rule(
    id="cross-origin-resource-sharing",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("任何网站都能以访问者身份读取数据", "Any site may read data as the reader"),
    message={
        "reflected": Text(
            "服务器允许任何来源携带 Cookie 跨域读取（对陌生来源 {origin} 也照样允许）",
            "The server lets any origin read with cookies: it allowed the unknown origin {origin}",
        ),
        "null": Text(
            "服务器允许来源 null 携带 Cookie 跨域读取，任何网站都能以这个来源发出请求",
            "The server lets the origin null read with cookies, and any site can ask as null",
        ),
        "misspelt": Text(
            "服务器对任何来源都允许跨域，并试图允许携带 Cookie（{value}，只因写法不是 true 才没有生效）",
            "The server allows any origin and tries to allow cookies ({value} is ignored only because it is not true)",
        ),
    },
    remedy=Text(
        "不要把请求中的 Origin 原样返回。只对白名单内的来源返回 Access-Control-Allow-Origin；"
        "公开数据用 * 并去掉 Access-Control-Allow-Credentials；不需要跨域的两个响应头都去掉。",
        "Do not send the request's Origin back. Name the origins that may read; for public data send * and no "
        "Access-Control-Allow-Credentials; where nothing is shared send neither.",
    ),
    settings=ALLOWED_ORIGINS,
    basis=Text("WHATWG Fetch 标准（CORS）", "WHATWG Fetch, CORS protocol"),
    why=Text(
        "群众登录后只要打开一个恶意网页，对方就能读走他的个人信息和办件内容。",
        "A reader who is logged in and opens a hostile page has personal data read out.",
    ),
)

SEVERITIES = {"misspelt": Severity.MINOR}


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding where an origin that anybody can have may read with credentials."""
    for answer in (host.preflight, *host.judged.answers[-1:]):
        if answer is None or (variant := _fault(answer, host.origin)) is None:
            continue
        names = ("access-control-allow-origin", "access-control-allow-credentials")
        sent = {name: ", ".join(answer.response.header_list(name))[:200] for name in names}
        params = {"origin": host.origin, "value": sent[names[1]]}
        evidence = "\n".join(f"{name}: {value}" for name, value in sent.items())
        yield Finding(
            RULE, host.url, variant=variant, params=params, evidence=evidence, severity=SEVERITIES.get(variant)
        )
        return


def _fault(answer: Answer, origin: str) -> str | None:
    """Return what is wrong with an answer; browsers compare both headers to the letter."""
    allowed = ", ".join(answer.response.header_list("access-control-allow-origin"))
    credentials = ", ".join(answer.response.header_list("access-control-allow-credentials"))
    if allowed not in {origin, "null"} or not allowed or credentials.lower() != "true":
        return None
    if credentials != "true":
        return "misspelt"
    return "null" if allowed == "null" else "reflected"
