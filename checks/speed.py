"""Report pages that open slowly, as seen from where the monitor runs."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check, Confidence, Finding, Page, Rule, Severity, Text
from checks.reading.citations import GUIDELINES

SLOW = Rule(
    id="slow-page",
    family="availability",
    severity=Severity.MINOR,
    title=Text("页面打开慢", "Slow page"),
    message=Text(
        "页面用了 {seconds} 秒才打开，要求在 {limit} 秒以内", "the page took {seconds} s to open; {limit} s are allowed"
    ),
    remedy=Text(
        "检查服务器负载、数据库查询和页面体积。",
        "Look at the load of the server, its queries and the size of the page.",
    ),
    basis=GUIDELINES,
    why=Text(
        "打开过慢的页面，公众会放弃；首页超过 15 秒按打不开计。",
        "Readers leave slow pages; a homepage above 15 s counts as unreachable.",
    ),
    unverified=True,
)


class Speed(Check[Page], frozen=True):
    """Report pages that open slowly."""

    id = "speed"
    label = Text("打开速度", "Speed")
    rules = (SLOW,)

    seconds: float = 3.0
    """Seconds that are allowed from the request to the last byte of the document."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield the finding of a slow page; one slow answer is a suspicion."""
        elapsed = subject.response.elapsed
        if elapsed > self.seconds:
            params = {"seconds": f"{elapsed:.1f}", "limit": f"{self.seconds:g}"}
            yield Finding(SLOW, subject.url, params=params, confidence=Confidence.SUSPECTED)
