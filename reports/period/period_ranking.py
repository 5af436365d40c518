"""Rank the sites of a period, the worst first: the table, and what it comes to in sentences, for a director."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import outline
from reports.gathering import gathered

if TYPE_CHECKING:
    from reports.gathering import Alike
    from reports.period.period_report import PeriodReport, SiteInPeriod
    from reports.wording import Words

Value = str | float | None
"""What a cell of the ranking holds; None where there is nothing to say."""

NAMED = 5
"""Sites that a sentence names."""


@dataclass(frozen=True, slots=True)
class RankingColumn:
    """One column of the ranking: ``key`` names its heading; ``total`` is None where none makes sense.

    What is alarming is red, where it is there at all.
    """

    key: str
    width: int
    value: Callable[[SiteInPeriod, Words], Value]
    total: Callable[[PeriodReport], Value] = lambda _: None
    is_number: bool = True
    is_alarming: bool = False


def _counted(name: str, *, is_alarming: bool = False) -> RankingColumn:
    return RankingColumn(
        f"period.{name}",
        9,
        lambda site, _: getattr(site.counts, name),
        lambda report: getattr(report.figures.total, name),
        is_alarming=is_alarming,
    )


def remark(site: SiteInPeriod, say: Words) -> str:
    """Return what the reader has to know of a site's place."""
    if not site.runs:
        return say("period.not_inspected")
    if site.failed:
        return say("period.last_failed")
    return say("score.veto_count", n=site.vetoes) if site.vetoes else ""


COLUMNS = (
    RankingColumn("period.site", 28, lambda site, _: site.name, is_number=False),
    RankingColumn("score.short", 8, lambda site, _: site.scored.score if site.scored else None),
    RankingColumn("period.remark", 20, remark, lambda _: "", is_number=False, is_alarming=True),
    _counted("found"),
    _counted("closed"),
    _counted("reopened"),
    _counted("open"),
    RankingColumn(
        "period.critical",
        9,
        lambda site, _: site.critical,
        lambda report: sum(each.critical for each in report.sites),
        is_alarming=True,
    ),
    _counted("overdue", is_alarming=True),
    RankingColumn("period.inspections", 9, lambda site, _: len(site.runs), lambda report: len(report.all_runs)),
)
"""The columns behind that of the place."""


def headings(say: Words) -> list[str]:
    """Return the names of the columns, that of the place before them."""
    return [say("period.place"), *(say(column.key) for column in COLUMNS)]


def rows(report: PeriodReport, say: Words) -> list[list[Value]]:
    """Return a row for each site, the worst first, and that of the totals."""
    sites: list[list[Value]] = [
        [at, *(column.value(site, say) for column in COLUMNS)] for at, site in enumerate(report.sites, 1)
    ]
    return [*sites, ["", say("publications.total"), *(column.total(report) for column in COLUMNS[1:])]]


def written(value: Value) -> str:
    """Return a cell as text; what is unknown is a dash."""
    if value is None:
        return "—"
    if isinstance(value, int):
        return f"{value:,}"
    return value if isinstance(value, str) else f"{value:g}"


def sentences(report: PeriodReport, say: Words) -> Iterator[str]:
    """Yield what the ranking comes to: who could not be inspected, who has vetoes, who has the lowest scores."""
    failed = [site for site in report.sites if site.failed]
    vetoed = [site for site in report.sites if site.vetoes]
    for key, sites in (("period.sites_failed", failed), ("period.sites_vetoed", vetoed)):
        if sites:
            yield say.count(key, len(sites), names=_named([site.name for site in sites], say))
    scored = sorted((site.scored.score or 0.0, site.name) for site in report.sites if site.scored)
    if len(scored) > 1:
        lowest = [say("period.with_score", site=name, score=f"{score:g}") for score, name in scored[:NAMED]]
        yield say("period.lowest", names=say("frame.separator").join(lowest))


def _named(names: Sequence[str], say: Words) -> str:
    named = say("frame.separator").join(names[:NAMED])
    return named if len(names) <= NAMED else say("period.and_others", names=named)


def open_rows(report: PeriodReport) -> list[tuple[str, Alike]]:
    """Return what is open, the worst first, with the name of its site; what is alike on one site is one row."""
    names = {site.id: site.name for site in report.sites} or {"": report.site}
    found = {
        row.first.entry: (name, row)
        for site, name in names.items()
        for row in gathered(outline.worst_first(report.findings(site)))
    }
    return [found[entry.entry] for entry in outline.worst_first(row.first for _, row in found.values())]
