"""Texts that a compromised or careless site may hold, and a report that quotes one of them everywhere."""

from __future__ import annotations

from msgspec.structs import replace

from checks.model import ColumnStatus, ColumnType, Excerpt, Redirect, Text
from reports.model import Baseline, ColumnSummary, Report, Status
from tests.factories import MONDAY, entry, finding, link, report, rule, run

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "closing": "</style></script></title></textarea>--><svg onload=alert(1)>",
    "template": "{{ 7 * 7 }}{% include 'x' %}${7*7}<%= 7 %>",
    "format": "{status.__class__}{0}{}{",
    "formula": "=cmd|' /C calc'!A0",
    "formula-plus": '+1+HYPERLINK("http://evil.example","x")',
    "formula-wide": "＝1＋1",
    "formula-tab": "\t=1+1",
    "script-url": "javascript:alert(document.cookie)",
    "data-url": "data:text/html,<script>alert(1)</script>",
    "terminal": "\x1b[2J\x1b]0;owned\x07\x1b[31mred\r\nforged line\b\b\x9b31m",
    "reversed": "invoice\u202efdp.exe\u2066\u200b\u00ad",
    "nul": "a\x00b\x01c\x0bd\ufffe\uffff",
    "surrogate": "half \ud83d of a pair \udc00",
    "separators": "line\u2028paragraph\u2029next\x85end",
    "markdown": "[x](javascript:alert(1)) ![i](http://evil.example/i.png) | a | `c` **b** <b>h</b>\n# heading",
    "long": "长" * 100_000,
    "wide": "\u0300" * 500 + "👨‍👩‍👧",
    "empty": "",
}


def hostile_report(text: str) -> Report:
    """Return a report with the text in every field that comes from the site."""
    url = text or "http://"
    target = link(
        url, 404, referrers=((url, text), ("https://www.qinghe.gov.cn/", text)), redirects=(Redirect(url, 302, url),)
    )
    quoting = rule("quoting", message=Text("出现“{wrong}”", "found “{wrong}”"))
    params = {"wrong": text}
    findings = (
        finding(quoting, url, key="l", params=params, target=target, evidence=text, suggestion=text, column=text),
        finding(quoting, url, key="t", params=params, text=Excerpt(text, text, text, 0), suggestion=text),
        finding(quoting, url, key="p", params=params, evidence=text),
        finding(rule("other", family=text), url, params=params),
    )
    gone = tuple(entry(found, Baseline.FIXED, page_title=text) for found in findings)
    return report(
        *(entry(found, page_title=text) for found in findings),
        fixed=gone,
        unverified=tuple(replace(entry, baseline=Baseline.UNVERIFIED) for entry in gone),
        run=run(site=text, url=url, status=Status.PARTIAL, reason=Text(text, text)),
        notices=(Text(text, text),),
        columns=(
            ColumnSummary(text, url, ColumnType.OTHER, 0, None, 14, ColumnStatus.BLANK),
            ColumnSummary("要闻", url, ColumnType.NEWS, 1, MONDAY.date(), 14, ColumnStatus.FRESH),
        ),
    )
