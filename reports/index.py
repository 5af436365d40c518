"""List the reports of every site on one page, the worst site first: where somebody who looks after many begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from checks.model import Severity, Text
from reports.remediation.figures import SiteLedger
from reports.safe import visible

WORDS = {
    "title": Text("网站检查报告", "Site inspection reports"),
    "site": Text("网站", "Site"),
    "last": Text("最近一次检查", "Last inspection"),
    "critical": Text("严重", "critical"),
    "major": Text("一般", "major"),
    "minor": Text("提示", "minor"),
    "open": Text("待整改", "open"),
    "overdue": Text("逾期", "overdue"),
    "to_verify": Text("待复核", "to verify"),
    "reports": Text("报告（新的在前）", "Reports, newest first"),
    "never": Text("尚未检查", "not inspected yet"),
    "complete": Text("完成", "complete"),
    "partial": Text("未全部完成", "partial"),
    "failed": Text("未能检查", "failed"),
    "running": Text("正在检查", "running"),
    "homepage": Text("首页", "homepage"),
    "whole": Text("全站", "whole site"),
    "none": Text("还没有报告", "no reports yet"),
}

SHOWN = 12
"""Reports listed for a site; the folder has the others."""


PIECE = 1000
"""Parts of the template that are joined before they are handed out."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One site of the list: its folder, the names of its reports, and how its last inspection ended.

    ``counts`` are its confirmed findings by severity, over the last inspections of its scopes; ``ledger`` is what its
    entries in the ledger come to.
    """

    name: str
    folder: str
    files: tuple[str, ...] = ()
    status: str = "never"
    when: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    ledger: SiteLedger = field(default_factory=SiteLedger)

    @property
    def rank(self) -> tuple[int, ...]:
        """Sorts the worst first: sites that could not be inspected, then by findings; the rest by name."""
        return (0 if self.status == "failed" else 1, *(-self.counts.get(severity, 0) for severity in Severity))


def index(sites: Iterable[Listed], language: str) -> Iterator[str]:
    """Yield the page piece by piece, as HTML that asks the network for nothing: with 13,000 sites it has 20 MB."""
    ordered = sorted(sites, key=lambda site: (site.rank, site.name))
    say = {name: text(language) for name, text in WORDS.items()}
    page = (
        _environment()
        .get_template("index.html.jinja")
        .stream(
            sites=ordered,
            say=say,
            language=language,
            severities=[severity.value for severity in Severity],
            ledger=list(SiteLedger._fields),
            shown=SHOWN,
        )
    )
    page.enable_buffering(PIECE)
    yield from page


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if isinstance(value, str) else value,
    )
