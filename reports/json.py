"""Write report.json, version 1 (docs/report.schema.json): the report for programs.

It is data, so text of the site stands in it as it was found. Items are encoded one by one: 20,000 findings with
their referrers never exist as one tree of dictionaries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from checks.reading.likely_repairs import REASONS
from reports import facts
from reports.gathering import Alike, gathered
from reports.outline import worst_first

if TYPE_CHECKING:
    from checks.model import Finding, PicturePlace, Referrer
    from checks.scoring.sheet import Score
    from reports.model import ColumnSummary, Entry, Report, Run, Security, Tally
    from reports.picture import Picture

SCHEMA_VERSION = 1
"""Changes only when a field goes or changes its meaning; new fields may come at any time."""

PAGES = 100
"""Pages named behind one wording; each finding names its own."""

Item = dict[str, object]


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the report as one JSON object, a line for each item, findings worst first."""
    out.write(b"{\n")
    fields = _fields(report, language)
    for at, (name, value) in enumerate(fields):
        out.write(b",\n" if at else b"")
        out.write(_encoded(name) + b": ")
        if isinstance(value, Iterator):
            _write_list(value, out)
        else:
            out.write(_encoded(value))
    out.write(b"\n}\n")


def _fields(report: Report, language: str) -> Iterator[tuple[str, object]]:
    yield "schema_version", SCHEMA_VERSION
    yield "language", language
    yield "run", _run(report.run, language)
    yield "previous", _run(report.previous, language) if report.previous else None
    yield "notices", [notice(language) for notice in report.notices]
    yield "findings", (_found(entry, language, report) for entry in worst_first(report.findings))
    yield (
        "wordings",
        (_alike(same, language) for same in gathered(worst_first(report.findings)) if same.first.finding.text),
    )
    yield "fixed", (_entry(entry, language, report.titles) for entry in worst_first(report.fixed))
    yield "unverified", (_entry(entry, language, report.titles) for entry in worst_first(report.unverified))
    yield "suppressed", (_entry(entry, language, report.titles) for entry in worst_first(report.suppressed))
    yield "ledger", report.ledger._asdict() if report.ledger else None
    yield "checks", map(_tally, report.checks)
    yield "columns", map(_column, report.columns)
    yield "score", _score(report.score, language) if report.score else None
    yield "security", _security(report.security, language) if report.security else None


def _write_list(items: Iterable[object], out: BinaryIO) -> None:
    out.write(b"[")
    for at, item in enumerate(items):
        out.write(b",\n" if at else b"\n")
        out.write(_encoded(item))
    out.write(b"]")


def _encoded(value: object) -> bytes:
    # A lone surrogate cannot be UTF-8; what backslashreplace makes of it is its JSON escape.
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace")


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def _run(run: Run, language: str) -> Item:
    return {
        "id": run.id,
        "site": run.site,
        "url": run.url,
        "scope": run.scope,
        "scheduled_for": _moment(run.scheduled_for),
        "started": _moment(run.started),
        "finished": _moment(run.finished),
        "status": run.status,
        "pages": run.pages,
        "requests": run.requests,
        "links": run.links,
        "bytes": run.bytes,
        "reason": run.reason(language),
    }


def _in_picture(place: PicturePlace | None) -> Item | None:
    return {**place.box._asdict(), "certainty": place.certainty} if place else None


def _found(entry: Entry, language: str, report: Report) -> Item:
    """Return a finding of the run itself, with the names of its pictures."""
    shown = report.pictures.get(entry.finding.fingerprint, ())
    return _entry(entry, language, report.titles) | {"pictures": [picture_item(each) for each in shown]}


def picture_item(picture: Picture) -> Item:
    """Return a picture without its bytes."""
    return {"kind": picture.kind, "digest": picture.digest, "width": picture.width, "height": picture.height}


def _entry(entry: Entry, language: str, titles: Mapping[str, str]) -> Item:
    finding = entry.finding
    return {
        "id": finding.fingerprint,
        "rule": finding.rule.id,
        "family": finding.rule.family,
        "title": finding.rule.title(language),
        "severity": finding.weight,
        "confidence": finding.confidence,
        "url": finding.url,
        "page_title": entry.page_title,
        "region": facts.region(finding) or None,
        "drawn": finding.drawn,
        "picture": _in_picture(finding.picture),
        "message": facts.message(finding, language),
        "evidence": finding.evidence,
        "suggestion": facts.remedy(finding, language),
        "repairs": [{"url": repair.url, "reason": REASONS[repair.reason](language)} for repair in finding.repairs],
        "basis": finding.rule.basis(language),
        "text": finding.text._asdict() if finding.text else None,
        "target": _target(finding),
        "referrers": [_referrer(referrer, titles) for referrer in facts.referrers(finding)],
        "referrer_count": facts.referrer_count(finding),
        "pages": list(facts.pages(finding)),
        "page_count": facts.page_count(finding),
        "column": finding.column,
        "number": entry.entry or None,
        "state": entry.state,
        "department": entry.department,
        "owner": entry.owner,
        "deadline": entry.deadline.isoformat() if entry.deadline else None,
        "overdue": entry.overdue,
        "baseline": entry.baseline,
        "first_seen": _moment(entry.first_seen),
        "last_seen": _moment(entry.last_seen),
        "runs": entry.runs,
    }


def _referrer(referrer: Referrer, titles: Mapping[str, str]) -> Item:
    title, region = titles.get(referrer.url, ""), referrer.region or None
    return {"url": referrer.url, "title": title, "text": referrer.text, "region": region}


def _alike(same: Alike, language: str) -> Item:
    """Return the findings of one wording, for one judgement on all of them."""
    finding = same.first.finding
    return {
        "rule": finding.rule.id,
        "severity": finding.weight,
        "confidence": finding.confidence,
        "wrong": finding.text.wrong if finding.text else "",
        "right": finding.suggestion,
        "message": facts.message(finding, language),
        "count": same.count,
        "page_count": same.page_count,
        "pages": list(same.pages[:PAGES]),
        "findings": [entry.finding.fingerprint for entry in same.entries],
    }


def _target(finding: Finding) -> Item | None:
    if finding.target is None:
        return None
    answer = finding.target.target
    return {
        "url": facts.target_url(finding),
        "status": answer.status,
        "error": facts.error(finding),
        "kind": finding.target.kind,
        "redirects": [redirect._asdict() for redirect in answer.redirects],
    }


def _tally(tally: Tally) -> Item:
    counts = {"subjects": tally.subjects, "findings": tally.findings, "errors": tally.errors}
    return {"id": tally.id, **counts, "failed": tally.failed}


def _column(column: ColumnSummary) -> Item:
    return {
        "name": column.name,
        "url": column.url,
        "type": column.type,
        "items": column.items,
        "newest": column.newest.isoformat() if column.newest else None,
        "limit_days": column.limit_days,
        "status": column.status,
    }


def _score(score: Score, language: str) -> Item:
    return {
        "profile": score.profile,
        "points": score.points,
        "veto": [veto.id for veto in score.veto],
        "veto_evidence": {veto.id: veto.evidence(language) for veto in score.veto},
        "veto_behind": {veto.id: veto.behind for veto in score.veto},
        "items": [
            {
                "id": item.id,
                "title": item.title(language),
                "points": item.points,
                "count": item.count,
                "evidence": item.evidence(language),
                "behind": item.behind,
                "basis": item.basis(language),
                "unverified": item.unverified,
            }
            for item in score.items
        ],
        "unjudged": [text(language) for text in score.unjudged],
    }


def _security(security: Security, language: str) -> Item:
    return {
        "score": security.score,
        "grade": security.grade,
        "tests": {
            name: {"result": test.result, "pass": test.passed, "modifier": test.modifier, "title": test.title(language)}
            for name, test in security.tests.items()
        },
    }
