"""Judge the meta tags of 网页标签规范: those every page carries, and those of column pages and of articles.

A template repeats its fault on every page, so the subject is the site: one finding for each tag, fault and kind of
page, with the number of pages and a few of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from checks.identity import CODE
from checks.late_pattern import late
from checks.model import Check, Facts, Finding, Inventory, Page, Rule, Severity, Text
from checks.reading.citations import META_TAGS
from checks.reading.official import host_of, is_official_site

KINDS = {
    "homepage": Text("首页", "homepage"),
    "column": Text("栏目页", "column pages"),
    "article": Text("文章页", "articles"),
    "page": Text("其他页面", "other pages"),
}
"""The kinds of page of the standard, as reports name them."""

FAULTS = {
    "missing": Text("{kind}缺少 {{name}} 标签（{{count}} 个页面）", "{{name}} is missing ({kind}, {{count}} in all)"),
    "empty": Text(
        "{kind}的 {{name}} 标签没有内容：“{{value}}”（{{count}} 个页面）",
        "{{name}} says nothing: “{{value}}” ({kind}, {{count}} in all)",
    ),
    "format": Text(
        "{kind}的 {{name}} 标签格式不对：“{{value}}”（{{count}} 个页面）",
        "{{name}} is not written as it should be: “{{value}}” ({kind}, {{count}} in all)",
    ),
    "foreign": Text(
        "{kind}的 {{name}} 标签是别的网站的：“{{value}}”（{{count}} 个页面）",
        "{{name}} is that of another site: “{{value}}” ({kind}, {{count}} in all)",
    ),
}
"""What can be wrong with a tag."""

META = Rule(
    id="missing-meta",
    family="pages",
    severity=Severity.MINOR,
    title=Text("网页标签缺失或错误", "Missing or wrong metadata"),
    message={
        f"{kind}-{fault}": Text(says.zh.format(kind=label.zh), says.en.format(kind=label.en))
        for kind, label in KINDS.items()
        for fault, says in FAULTS.items()
    },
    remedy=Text(
        "在模板中补齐或更正标签；日期写作 2026-09-04 09:30。",
        "Complete or correct the tags in the template; dates are written 2026-09-04 09:30.",
    ),
    basis=META_TAGS,
    why=Text(
        "标签供全国政府网站信息汇聚和检索使用，缺失会影响收录。",
        "The national index of government websites reads them; without them pages are not found.",
    ),
    unverified=True,
)

EVERY_PAGE = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLE = ("ArticleTitle", "PubDate", "ContentSource")
EXAMPLES = 3
_VOID = late(r"(?:null|undefined|none|nan|\{\{.*\}\}|\$\{.*\}|<.*>|[-_\s])*", re.IGNORECASE)
_PUBDATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?::\d{2})?)?")
_CODE = re.compile(CODE)


def meta_faults(page: Page, *, column: bool, article: bool) -> tuple[tuple[str, str, str], ...]:
    """Return (name, fault, value) for each tag that is missing or wrong on a page of that kind."""
    values: dict[str, str] = {}
    for name, value in page.meta:
        values.setdefault(name.lower(), value.strip())
    wanted: tuple[str, ...] = EVERY_PAGE
    if article:
        wanted = (*wanted, *ARTICLE)
    elif column:
        wanted = (*wanted, *COLUMN)
    host = host_of(page.response.url)
    found = ((name, _fault(name, values.get(name.lower()), host)) for name in wanted)
    return tuple((name, fault, (values.get(name.lower()) or "")[:60]) for name, fault in found if fault)


@lru_cache(maxsize=1024)
def _fault(name: str, value: str | None, host: str) -> str:
    """Return what is wrong with a value, "" for nothing; a site says most of it again on every page."""
    if value is None:
        return "missing"
    if _VOID.fullmatch(value):
        return "empty"
    if (name == "PubDate" and not _PUBDATE.fullmatch(value)) or (name == "SiteIDCode" and not _CODE.fullmatch(value)):
        return "format"
    if name == "SiteDomain" and not _same_domain(value, host):
        return "foreign"
    return ""


def _same_domain(value: str, host: str) -> bool:
    """Compare a SiteDomain, with or without scheme and www, with the host of the page."""
    claimed = host_of(value if "//" in value else f"//{value}").removeprefix("www.")
    host = host.removeprefix("www.")
    return host == claimed or host.endswith(f".{claimed}")


class Meta(Check[Inventory], frozen=True):
    """Report the faults of the site's tags."""

    id = "meta"
    label = Text("网页标签", "Page metadata")
    rules = (META,)

    official: bool | None = None
    """Whether the standard applies: true, false, or null to tell by the domain and by the site's code."""

    def inspect(self, subject: Inventory) -> Iterator[Finding]:
        """Yield one finding for each tag, fault and kind of page."""
        if not (is_official_site(subject) if self.official is None else self.official):
            return
        code = subject.homepage.site_code if subject.homepage else ""
        groups: dict[tuple[str, str, str], list[tuple[Facts, str]]] = defaultdict(list)
        for page in subject.pages:
            for name, fault, value in (*page.meta_faults, *_foreign_code(page, code)):
                groups[_kind(page), name, fault].append((page, value))
        for (kind, name, fault), pages in groups.items():
            yield _finding(kind, name, fault, sorted(pages, key=lambda each: (len(each[0].url), each[0].url)))


def _foreign_code(page: Facts, code: str) -> Iterator[tuple[str, str, str]]:
    if code and page.site_code and page.site_code != code:
        yield "SiteIDCode", "foreign", page.site_code


def _kind(page: Facts) -> str:
    if page.homepage:
        return "homepage"
    if page.article:
        return "article"
    return "column" if page.listing else "page"


def _finding(kind: str, name: str, fault: str, pages: list[tuple[Facts, str]]) -> Finding:
    first, value = pages[0]
    return Finding(
        META,
        first.url,
        key=f"{kind} {name} {fault}",
        variant=f"{kind}-{fault}",
        params={"name": name, "value": value, "count": len(pages)},
        evidence="；".join(page.url for page, _ in pages[:EXAMPLES]),
        placeless=True,
    )
