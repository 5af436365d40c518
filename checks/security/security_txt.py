"""Read security.txt (RFC 9116): whether someone who finds a hole can tell the keepers, and whether it still holds.

Information, not a fault: hardly any official site has one yet, so the check runs only when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from checks.late_pattern import late
from checks.model import Check, Finding, Host, Rule, Severity, Text

SECURITY_TXT = Rule(
    id="security-txt",
    family="security",
    severity=Severity.MINOR,
    title=Text("没有公布漏洞联系方式", "No way to report a hole"),
    message={
        "missing": Text(
            "网站没有 /.well-known/security.txt，发现漏洞的人不知道向谁报告",
            "There is no /.well-known/security.txt, so who finds a hole does not know where to report it",
        ),
        "contact": Text("security.txt 中没有 Contact 联系方式", "security.txt has no Contact"),
        "expires": Text("security.txt 没有写明有效期（Expires）", "security.txt does not say when it Expires"),
        "expired": Text("security.txt 已于 {date} 失效", "security.txt expired on {date}"),
    },
    remedy=Text(
        "在网站放置 /.well-known/security.txt，写明 Contact（联系邮箱或网址）和 Expires（不超过一年）",
        "Put up /.well-known/security.txt with a Contact (address or page) and Expires (within a year)",
    ),
    basis=Text("RFC 9116", "RFC 9116"),
    why=Text("善意的报告到得早，漏洞才能在被利用之前修补", "A hole that is reported early is closed before it is used"),
)

FIELD = late(r"^([A-Za-z-]+):[ \t]*(\S.*?)\s*$", re.MULTILINE)


class SecurityTxt(Check[Host], frozen=True):
    """Judge a host's security.txt: there, with a contact, and not past its date."""

    id = "security-txt"
    label = Text("漏洞报告渠道", "Where to report flaws")
    rules = (SECURITY_TXT,)
    default = False

    def inspect(self, subject: Host) -> Iterator[Finding]:
        """Yield at most one finding."""
        answer = subject.security_txt
        if answer is None or answer.response.error is not None:
            return
        variant, date = "missing", ""
        if answer.response.status == 200 and not answer.body.lstrip().startswith("<"):
            variant, date = _fault(answer.body, subject.fetched)
        if variant:
            yield Finding(SECURITY_TXT, subject.url, variant=variant, params={"date": date}, evidence=answer.body[:200])


def _fault(text: str, now: datetime) -> tuple[str, str]:
    """Return the variant of the rule that a file deserves ("" for none) and the date that it names."""
    fields = {name.lower(): value for name, value in FIELD.findall(text[:20_000])}
    if "contact" not in fields:
        return "contact", ""
    try:
        expires = datetime.fromisoformat(fields["expires"].upper())
    except (KeyError, ValueError):
        return "expires", ""
    aware = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
    return ("expired", f"{expires:%Y-%m-%d}") if aware < now else ("", "")
