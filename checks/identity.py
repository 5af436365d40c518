"""Judge whether the homepage carries the marks that an official site must carry in its footer.

The marks are found in the markup, since the badges of 党政机关 and 找错 are often put in by script. The site's code
must be the same in the meta SiteIDCode, in the footer and in the link of 我为政府网站找错.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.late_pattern import late
from checks.model import Check, Finding, Need, Page, Rule, Severity, Text
from checks.reading.citations import GUIDELINES
from checks.reading.official import is_official

IDENTITY = Rule(
    id="missing-identity",
    family="identity",
    severity=Severity.MAJOR,
    title=Text("缺少网站标识", "Missing mark of an official site"),
    message={
        "badge": Text("首页没有党政机关网站标识", "the homepage lacks the badge of a party or government body"),
        "report": Text("首页没有“我为政府网站找错”入口", "the homepage lacks the link for reporting errors"),
        "old-report": Text(
            "“我为政府网站找错”用的是停用的旧地址", "the link for reporting errors uses the address that was retired"
        ),
        "code": Text("首页没有网站标识码", "the homepage lacks the site's identification code"),
        "mismatch": Text("网站标识码不一致：{codes}", "the site's identification codes differ: {codes}"),
        "organiser": Text("首页没有主办单位", "the homepage does not name its organiser"),
        "contact": Text("首页没有联系方式", "the homepage gives no way to get in touch"),
        "icp": Text("首页没有 ICP 备案号", "the homepage lacks its ICP registration"),
        "police": Text("首页没有公安备案号", "the homepage lacks its registration with the police"),
        "map": Text("首页没有站点地图", "the homepage lacks a site map"),
    },
    remedy=Text(
        "在首页底部补齐标识；标识码以全国政府网站信息报送系统登记的为准。",
        "Complete the footer; the code is the one under which the site is registered.",
    ),
    basis=GUIDELINES,
    why=Text(
        "这些标识供公众核实网站身份、反映问题。", "The marks let the public verify the site and report its errors."
    ),
    unverified=True,
)

CODE = r"(?:\d{10}|bm\d{8}|N\d{9})"
_CODE = late(rf"(?:标\s*识\s*码|编\s*码)\s*[:：]?\s*(?:</?\w+[^>]{{0,80}}>\s*)*({CODE})(?!\d)")
_REPORT = late(r"zfwzgl\.www\.gov\.cn/exposure/jiucuo\.html\?(?:[^\"'\s>]*?)site_code=([\w]*)")
_OLD_REPORT = late(r"121\.43\.68\.40/exposure/jiucuo")
_BADGE = late(r"bszs\.conac\.cn/sitename|dcs\.conac\.cn/js/|_ideConac")
_TEXT_MARKS = {
    "organiser": late(r"主\s*办"),
    "contact": late(r"联系(?:我们|方式|电话|地址)|电\s*话\s*[:：]|邮\s*箱\s*[:：]"),
    "icp": late(r"ICP备\s*\d{8}号"),
    "police": late(r"公网安备\s*\d{14}号"),
    "map": late(r"(?:站点|网站)地图|site\s*map", re.IGNORECASE),
}
_SEVERE = frozenset({"badge", "report", "old-report", "code", "mismatch"})


class Identity(Check[Page], frozen=True):
    """Look for the marks on the homepage."""

    id = "identity"
    label = Text("网站标识", "Site identity")
    needs = frozenset({Need.TEXT})
    rules = (IDENTITY,)

    official: bool | None = None
    """Whether the site must carry the marks: true, false, or null to tell by its domain and by any mark it has."""
    required: tuple[str, ...] = ("badge", "report", "code", "organiser", "contact", "icp", "police", "map")
    """The marks that are asked for; take out those that do not apply."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield each mark that is missing or wrong."""
        if not subject.homepage or not (is_official(subject) if self.official is None else self.official):
            return
        if subject.truncated:  # most marks stand in the footer, which is not here
            return
        faults = [fault for fault in _faults(subject) if fault.removeprefix("old-") in {*self.required, "mismatch"}]
        for fault in faults:
            yield Finding(
                IDENTITY,
                subject.url,
                key=fault,
                variant=fault,
                params={"codes": "；".join(f"{place} {code}" for place, code in site_codes(subject).items())},
                severity=None if fault in _SEVERE else Severity.MINOR,
            )


def site_codes(page: Page) -> dict[str, str]:
    """Return the site's code as each place gives it: meta, footer (网站标识码), link of 找错."""
    meta = next((value.strip() for name, value in page.meta if name.lower() == "siteidcode" and value.strip()), "")
    footer, report = _CODE.search(page.html), _REPORT.search(page.html)
    places = {"SiteIDCode": meta, "网站标识码": footer[1] if footer else "", "找错": report[1] if report else ""}
    return {place: code for place, code in places.items() if code}


def _faults(page: Page) -> Iterator[str]:
    html, text = page.html, page.text
    codes = site_codes(page)
    if not _BADGE.search(html):
        yield "badge"
    if _OLD_REPORT.search(html):
        yield "old-report"
    elif not _REPORT.search(html):
        yield "report"
    if "网站标识码" not in codes:
        yield "code"
    if len(set(codes.values())) > 1:
        yield "mismatch"
    yield from (name for name, mark in _TEXT_MARKS.items() if not mark.search(text))
