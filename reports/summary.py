"""Say on the terminal what a run found: the figures and the worst ten, in plain lines.

Text of the site is spelled out where it would steer the terminal (ANSI escapes, carriage returns, reversed text).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reports import facts, verdict
from reports.outline import by_severity, worst_first
from reports.safe import clip, one_line
from reports.wording import Words, words

if TYPE_CHECKING:
    from reports.model import Entry, Report

WORST = 10
LINE_CHARACTERS = 160


def summary(report: Report, language: str) -> str:
    """Return the lines to print after a run, without colours and without a final line feed."""
    return "\n".join(_lines(report, words(language)))


def _lines(report: Report, say: Words) -> Iterator[str]:
    run = report.run
    yield _plain(
        say(
            "terminal.title",
            site=run.site,
            scope=say.label("scope", run.scope),
            status=say.label("status", run.status),
        )
    )
    yield verdict.headline(report, say)
    if why := verdict.shortfall(report, say):
        yield _plain(why)
    yield say("terminal.work", pages=f"{run.pages:,}", links=f"{run.links:,}", requests=f"{run.requests:,}")
    yield " · ".join(_severities(report, say))
    yield verdict.changes(report, say) or verdict.compared(report, say)
    yield from map(_plain, verdict.blind_spots(report, say))
    yield from _worst(report, say)


def _severities(report: Report, say: Words) -> Iterator[str]:
    for severity, counts in by_severity(report).items():
        suspected = f" ({say('summary.suspected_count', n=counts.suspected)})" if counts.suspected else ""
        yield f"{say.label('severity', severity)} {counts.confirmed}{suspected}"


def _worst(report: Report, say: Words) -> Iterator[str]:
    entries = worst_first(report.findings)
    if not entries:
        return
    shown = entries[:WORST]
    yield ""
    yield say.count("terminal.worst", len(shown))
    yield from (_line(entry, say) for entry in shown)
    if len(entries) > WORST:
        yield say.count("terminal.more", len(entries) - WORST)


def _line(entry: Entry, say: Words) -> str:
    finding = entry.finding
    marks = [say.label("severity", finding.weight)]
    if finding.confidence != "confirmed":
        marks.append(say.label("confidence", finding.confidence))
    pages = f" {say.count('terminal.pages', count)}" if (count := facts.referrer_count(finding)) > 1 else ""
    where = facts.shown_target(finding) or facts.place(finding)
    return _plain(f"  [{' '.join(marks)}] {facts.message(finding, say.language)}{pages}  {where}")


def _plain(text: str) -> str:
    return clip(text[:2] + one_line(text[2:]) if text.startswith("  ") else one_line(text), LINE_CHARACTERS)
