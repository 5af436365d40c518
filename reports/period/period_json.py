"""Write the report of a period for programs, version 1 (docs/period.schema.json)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import asdict

from reports import facts
from reports.outline import worst_first
from reports.period import period_words
from reports.wording import words

if TYPE_CHECKING:
    from reports.model import Entry
    from reports.period.period_report import GroupInPeriod, PeriodReport, PeriodRun, SiteInPeriod

SCHEMA_VERSION = 1
"""Changes only when a field goes or changes its meaning; new fields may come at any time."""


def write(report: PeriodReport, language: str, out: BinaryIO) -> None:
    """Write the report as one JSON object."""
    figures = report.figures
    site_of = {each.number: each.site for each in report.entries}
    document = {
        "schema_version": SCHEMA_VERSION,
        "language": language,
        "site": "" if report.sites else report.site,
        "group": report.site if report.sites else None,
        "url": report.url,
        "from": report.period.start.isoformat(),
        "to": report.period.end.isoformat(),
        "as_of": report.today.isoformat(),
        "over": report.is_over,
        "notes": period_words.notes(report, words(language)),
        "total": asdict(figures.total),
        "severities": {name: asdict(counts) for name, counts in figures.severities.items()},
        "families": {name: asdict(counts) for name, counts in figures.families.items()},
        "departments": {name: asdict(counts) for name, counts in figures.departments.items()},
        "months": [{"month": f"{month.start:%Y-%m}", **asdict(counts)} for month, counts in report.months],
        "groups": [_group(place, group) for place, group in enumerate(report.groups, 1)],
        "sites": [_site(place, site) for place, site in enumerate(report.sites, 1)],
        "runs": [_run(run) for run in report.runs],
        "open": [_entry(entry, site_of[entry.entry], language) for entry in worst_first(report.findings())],
        "unlisted": report.unlisted,
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    # A lone surrogate cannot be UTF-8; what backslashreplace makes of it is its JSON escape.
    out.write(text.encode("utf-8", "backslashreplace") + b"\n")


def _run(run: PeriodRun) -> dict[str, object]:
    point = run.point
    return {
        "id": run.number,
        "scope": run.scope,
        "when": point.when.isoformat(timespec="seconds"),
        "status": point.status,
        "confirmed": {severity.value: count for severity, count in point.confirmed.items()},
        "closed": point.closed,
        "score": point.score,
        "vetoes": point.vetoes,
    }


def _group(place: int, group: GroupInPeriod) -> dict[str, object]:
    return {
        "place": place,
        "name": group.name,
        "sites": [site.id for site in group.sites],
        "score": group.score,
        "failed": group.failed,
        "vetoed": group.vetoed,
        "unseen": group.unseen,
        **{figure: group.total(figure) for figure in ("found", "closed", "reopened", "open", "overdue")},
        "critical": group.critical,
    }


def _site(place: int, site: SiteInPeriod) -> dict[str, object]:
    return {
        "place": place,
        "id": site.id,
        "name": site.name,
        "url": site.url,
        **asdict(site.counts),
        "critical": site.critical,
        "score": site.scored.score if site.scored else None,
        "vetoes": site.vetoes,
        "runs": len(site.runs),
        "failed": site.failed,
    }


def _entry(entry: Entry, site: str, language: str) -> dict[str, object]:
    finding = entry.finding
    return {
        "site": site,
        "number": entry.entry,
        "rule": finding.rule.id,
        "family": finding.rule.family,
        "severity": finding.weight,
        "confidence": finding.confidence,
        "state": entry.state,
        "page": facts.place(finding),
        "target": facts.target_url(finding),
        "message": facts.message(finding, language),
        "suggestion": facts.remedy(finding, language),
        "department": entry.department,
        "owner": entry.owner,
        "deadline": entry.deadline.isoformat() if entry.deadline else None,
        "overdue": entry.overdue,
        "first_seen": entry.first_seen.isoformat(timespec="seconds"),
        "last_seen": entry.last_seen.isoformat(timespec="seconds"),
    }
