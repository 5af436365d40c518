"""Report the parts of a site that have no end: calendars, sort orders, addresses that repeat themselves.

A crawl that follows them never ends; a search engine that does finds the same pages a thousand times.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check, Finding, Rule, Severity, Space, Text

CUTS = {
    "same-pages": Text(
        "形如 {shape} 的页面会不断生成内容相同的新页面，读取 {pages} 页后停止",
        "pages like {shape} lead to ever more pages that say the same; left after {pages} pages",
    ),
    "repeated-path": Text("地址中的目录不断重复：{shape}", "its folders repeat themselves: {shape}"),
}
"""What was cut, by why."""

ENDLESS = Rule(
    id="endless-space",
    family="crawl",
    severity=Severity.MINOR,
    title=Text("没有尽头的链接", "Links without an end"),
    message=CUTS,
    remedy=Text(
        "给日历、翻页等动态链接设定起止范围，范围之外的地址返回 404；筛选、排序条件的组合用 robots.txt 排除；"
        "相对路径写错造成的重复目录，请改正链接。",
        "Give calendars and pagers a first and a last page, with 404 beyond; keep combinations of filters and sort "
        "orders out by robots.txt; mend relative links that nest folders.",
    ),
    basis=Text("网站可用性", "Availability of the site"),
    why=Text(
        "程序和搜索引擎会在这里无休止地循环，真正的内容反而收录不到。",
        "Crawlers and search engines go round in circles here and miss the real content.",
    ),
)


class Spaces(Check[Space], frozen=True):
    """Say where the crawl was cut and why."""

    id = "spaces"
    label = Text("无限页面", "Endless spaces")
    rules = (ENDLESS,)

    def inspect(self, subject: Space) -> Iterator[Finding]:
        """Yield the finding of one endless part."""
        params = {"shape": subject.shape, "pages": subject.pages}
        yield Finding(
            ENDLESS,
            subject.referrer or subject.example,
            key=subject.shape,
            params=params,
            variant=subject.reason,
            evidence=subject.example,
            placeless=True,
        )
