"""Judge whether browsers must take the declared type of a file for what it says (Fetch standard)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Answer, Finding, Host, Rule, Severity, Text
from checks.security.fields import split_values
from checks.security.server_settings import NO_HSTS, header_settings

RULE = Rule(
    id="x-content-type-options",
    family="security",
    severity=Severity.MINOR,
    title=Text("浏览器可能猜测文件类型", "Browsers may guess the type of a file"),
    message={
        "missing": Text(
            "响应头中没有 X-Content-Type-Options，浏览器会自行猜测文件类型",
            "There is no X-Content-Type-Options: browsers guess what a file is",
        ),
        "invalid": Text(
            "X-Content-Type-Options 的值（{value}）不是 nosniff，浏览器不会理会",
            "The value of X-Content-Type-Options ({value}) is not nosniff, so browsers ignore it",
        ),
    },
    remedy=Text("加上这个响应头。", "Add the header."),
    settings=header_settings(
        "X-Content-Type-Options", "nosniff", NO_HSTS | {"blockContentTypeSniffingEnabled": "true"}
    ),
    basis=Text("WHATWG Fetch 标准", "WHATWG Fetch"),
    why=Text(
        "上传到网站的图片或附件里如果藏有脚本，浏览器猜错类型就会运行它。",
        "A script hidden in an uploaded picture or attachment runs when a browser guesses its type wrongly.",
    ),
)


def judge(host: Host) -> Iterator[Finding]:
    """Yield a finding where the judged page does not forbid guessing."""
    answer = host.judged.final
    if answer is None or forbids_guessing(answer):
        return
    value = ", ".join(answer.response.header_list("x-content-type-options"))[:100]
    variant = "invalid" if value else "missing"
    yield Finding(RULE, host.url, variant=variant, params={"value": value}, evidence=value)


def forbids_guessing(answer: Answer) -> bool:
    """Whether the first value is nosniff; others after it do no harm."""
    return [value.lower() for value in split_values(answer.response, "x-content-type-options")][:1] == ["nosniff"]
