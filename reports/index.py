"""List the reports of every site on one page, the worst site first: where somebody who looks after many begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checks.model import Severity
from reports.html_page import asset, policy, shown
from reports.remediation.figures import SiteLedger
from reports.wording import words

SHOWN, OLDER = 3, 30
"""Reports of a site that are seen at once, and that unfold; the folder has the others."""

READ_FIRST = (".html", ".docx", ".pdf", ".xlsx")
"""Endings in the order in which people want them; the others are for programs."""


PIECE = 1000
"""Parts of the template that are joined before they are handed out."""


@dataclass(frozen=True, slots=True)
class ListedReport:
    """One report in all formats that it was written in: its day (ISO 8601), its scope, and its files."""

    day: str
    scope: str
    files: tuple[str, ...]

    @property
    def in_order(self) -> list[tuple[str, str]]:
        """The files with what their endings are called, those for people before those for programs."""
        endings = [(f".{name.rpartition('.')[2]}", name) for name in self.files]
        known = sorted(endings, key=lambda each: (_rank(each[0]), each[0]))
        return [(ending.removeprefix("."), name) for ending, name in known]


def _rank(ending: str) -> int:
    return READ_FIRST.index(ending) if ending in READ_FIRST else len(READ_FIRST)


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """How a site stood after its last inspections.

    ``counts`` are its confirmed findings by severity; empty where its last inspection saw nothing. ``score`` is the
    last there is, ``score_before`` that of the inspection before; None where there is none.
    """

    status: str = "never"
    when: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    score: float | None = None
    score_before: float | None = None
    vetoes: int = 0
    grade: str = ""

    @property
    def gain(self) -> float | None:
        """By how many points the score rose; None where nothing can be compared."""
        if self.score is None or self.score_before is None:
            return None
        return round(self.score - self.score_before, 1)


@dataclass(frozen=True, slots=True)
class Listed:
    """One site of the list: its folder, how it stands, and what its entries in the ledger come to."""

    name: str
    folder: str
    standing: SiteStanding = field(default_factory=SiteStanding)
    ledger: SiteLedger = field(default_factory=SiteLedger)

    @property
    def rank(self) -> tuple[int, ...]:
        """Sorts the worst first: sites that could not be inspected, then by findings; the rest by name."""
        counts = self.standing.counts
        return (0 if self.standing.status == "failed" else 1, *(-counts.get(severity, 0) for severity in Severity))


ReportsOf = Callable[[str], Sequence[ListedReport]]
"""Returns the reports of a folder, the newest first. It is asked when the page comes to a site, not for all at once."""


def index(sites: Iterable[Listed], reports_of: ReportsOf, language: str, written: datetime) -> Iterator[str]:
    """Yield the page piece by piece, as HTML that asks the network for nothing: with 13,000 sites it has 20 MB."""
    ordered = sorted(sites, key=lambda site: (site.rank, site.name))
    page = (
        _environment(words(language).language)
        .get_template("index.html.jinja")
        .stream(
            sites=ordered,
            reports_of=reports_of,
            written=written,
            failed=sum(site.standing.status == "failed" for site in ordered),
            totals=SiteLedger(*(sum(site.ledger[at] for site in ordered) for at in range(len(SiteLedger._fields)))),
        )
    )
    page.enable_buffering(PIECE)
    yield from page


@cache
def _environment(language: str) -> Environment:
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    style = asset("report.css") + asset("index.css")
    made.globals |= {
        "say": words(language),
        "severities": list(Severity),
        "LEDGER": SiteLedger._fields,
        "SHOWN": SHOWN,
        "OLDER": OLDER,
        "style": Markup(style),  # noqa: S704 - our own files
        "policy": policy(style),
    }
    return made
