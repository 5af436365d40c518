"""Write the report as one HTML file that needs nothing else: for the person who has three minutes on Monday.

The script only filters; without it everything can be read. Whatever the site wrote is escaped by Jinja and passes
``html_page.shown`` on its way out, in one place.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checks.model import Severity
from checks.reading.likely_repairs import REASONS
from reports import facts, outline, verdict
from reports.briefing import briefing, grade_before, score_before
from reports.causes import Causes
from reports.charts.selection import spreads, trends
from reports.coverage import coverage
from reports.gathering import RECENT, Alike
from reports.html_page import asset, policy, shown
from reports.model import Baseline
from reports.remediation.states import STATES
from reports.safe import clip, readable, web_address
from reports.wording import Words, words

if TYPE_CHECKING:
    from reports.model import Report

SHOWN = 200
"""Rows of a rule in full. A browser lays out some thousand rows at once; the rest are a line each."""

LISTED = 5_000
"""Rows of a page that are a line each, folded, so that the filter finds them; the spreadsheet has all of them."""

PLACES = 3
"""Places that a task of "what to do first" names."""

CONTEXTS = 20
"""Further places of one wording, and pages of one finding, that unfold; the spreadsheet has all of them."""

CAUSES, MORE_CAUSES = 3, 50
"""Things behind a line of the score that are seen at once, and that unfold; the spreadsheet has all of them."""

PIECES = 256
"""Template pieces written at once."""

UNSAFE_TARGETS = frozenset({"injected-link", "hijacked-link"})
"""Rules whose targets nobody should open by a careless click: the address is shown and leads nowhere."""


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the report as one self-contained page."""
    say = words(language)
    stream = page_environment(say.language).get_template("report.html.jinja").stream(_view(report, say))
    stream.enable_buffering(PIECES)
    out.writelines(piece.encode() for piece in stream)


def _numbers_shown(groups: list[outline.RuleGroup]) -> set[str]:
    """Return the numbers of the entries that the page shows without being asked for more."""
    rows = [row for group in groups for row in group.rows[:SHOWN]]
    return {entry.number for row in rows for entry in row.entries[: 1 + CONTEXTS]}


def _first_with_each_picture(report: Report, groups: list[outline.RuleGroup]) -> dict[str, str]:
    """Return the number of the first entry in full that has a picture, by its digest: the others point there."""
    first: dict[str, str] = {}
    for entry in (row.first for group in groups for row in group.rows[:SHOWN]):
        for picture in report.pictures.get(entry.finding.fingerprint, ()):
            first.setdefault(picture.digest, entry.number)
    return first


def _lines_allotted(groups: list[outline.RuleGroup]) -> dict[str, int]:
    """Return how many rows of each rule are a line each, the worst rules first served."""
    left, allotted = LISTED, {}
    for group in groups:
        allotted[group.rule.id] = min(left, max(0, len(group.rows) - SHOWN))
        left -= allotted[group.rule.id]
    return allotted


def _view(report: Report, say: Words) -> dict[str, object]:
    """Name what the template shows; it computes nothing itself."""
    standing, groups = outline.standing(report), outline.groups(report.findings)
    return {
        "report": report,
        "run": report.run,
        "level": verdict.level(report),
        "headline": verdict.headline(report, say),
        "shortfall": verdict.shortfall(report, say),
        "vetoes": verdict.vetoes(report, say),
        "briefing": briefing(report, say),
        "score_before": score_before(report),
        "grade_before": grade_before(report),
        "trends": trends(report, say),
        "spreads": spreads(report, say),
        "coverage": coverage(report, say),
        "compared": verdict.compared(report, say),
        "blind_spots": verdict.blind_spots(report, say),
        "duration": duration(report, say),
        "severities": outline.by_severity(report),
        "standing": {baseline.value: count for baseline, count in standing.items()},
        "bar": proportions([standing[baseline] for baseline in BAR]),
        "urgent": verdict.urgent(report),
        "groups": groups,
        "causes": Causes(report, say),
        "rows": _numbers_shown(groups),
        "pictured": _first_with_each_picture(report, groups),
        "listed": _lines_allotted(groups),
        "shares": outline.by_department(report),
        "fixed": outline.worst_first(report.fixed),
        "unverified": outline.worst_first(report.unverified),
    }


BAR = (Baseline.FIXED, Baseline.UNCHANGED, Baseline.REOPENED, Baseline.NEW)
"""The parts of the bar of changes, from left to right."""


def proportions(parts: list[int]) -> list[tuple[float, float]]:
    """Return offset and width of each part in per cent of all of them."""
    whole = sum(parts) or 1
    offsets = [sum(parts[:at]) / whole * 100 for at in range(len(parts))]
    return [(round(offset, 2), round(part / whole * 100, 2)) for offset, part in zip(offsets, parts, strict=True)]


def duration(report: Report, say: Words) -> str:
    """Return how long the run took, in the unit that fits; nothing where it has no end."""
    if report.run.finished is None:
        return ""
    seconds = round((report.run.finished - report.run.started).total_seconds())
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return say.count(f"summary.{unit}", round(seconds / length))
    return say.count("summary.seconds", seconds)


@cache
def page_environment(language: str) -> Environment:
    """Return what pages in the design of the report are rendered by: its style, its policy, its filters."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = asset("report.css"), asset("report.js")
    made.globals |= {
        "STATES": STATES,
        "RECENT": RECENT,
        "say": words(language),
        "facts": facts,
        "alone": lambda entry: Alike((entry,)),
        "department_mark": department_mark,
        "departments_of": departments_of,
        "REASONS": REASONS,
        "SHOWN": SHOWN,
        "PLACES": PLACES,
        "extent": outline.extent,
        "CONTEXTS": CONTEXTS,
        "CAUSES": CAUSES,
        "MORE_CAUSES": MORE_CAUSES,
        "UNSAFE_TARGETS": UNSAFE_TARGETS,
        "Severity": Severity,
        "style": Markup(style),  # noqa: S704 - our own files
        "script": Markup(script),  # noqa: S704
        "policy": policy(style, script),
    }
    made.filters |= {"clip": clip, "readable": readable, "href": web_address, "quantity": quantity}
    return made


def department_mark(department: str) -> str:
    """Return what stands for a department in ``data-departments``: its name between bars, which no mark has inside."""
    return f"|{department.replace('|', '/')}|"


def departments_of(row: Alike) -> str:
    """Return the marks of all departments that have a finding of a row, one after the other."""
    return "".join(department_mark(name) for name in dict.fromkeys(entry.department for entry in row.entries))


def quantity(number: float) -> str:
    """Write a number of bytes in the largest unit that fits, decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
