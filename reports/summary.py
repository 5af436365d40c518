"""Say on the terminal what a run found: the figures and the worst ten, in plain lines.

Text of the site is spelled out where it would steer the terminal (ANSI escapes, carriage returns, reversed text).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.model import Confidence
from reports import facts, verdict
from reports.gathering import Alike, gathered
from reports.outline import by_severity, extent, worst_first
from reports.safe import clip, one_line
from reports.wording import Words, words

if TYPE_CHECKING:
    from reports.model import Report

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
    if report.score:
        vetoes = verdict.vetoes(report, say)
        yield _plain(" · ".join(filter(None, (f"{say('score.short')} {verdict.points(report, say)}", vetoes))))
    yield _work(report, say)
    yield " · ".join(_severities(report, say))
    yield verdict.changes(report, say) or verdict.compared(report, say)
    if report.ledger:
        yield say("ledger.figures", **report.ledger._asdict())
    yield from map(_plain, verdict.blind_spots(report, say))
    yield from _worst(report, say)


def _work(report: Report, say: Words) -> str:
    run = report.run
    done = {"pages": run.pages, "links": run.links, "requests": run.requests}
    return say("terminal.work", **{name: say.count(f"terminal.{name}", count) for name, count in done.items()})


def _severities(report: Report, say: Words) -> Iterator[str]:
    for severity, counts in by_severity(report).items():
        suspected = say("terminal.besides", n=counts.suspected) if counts.suspected else ""
        yield f"{say.label('severity', severity)} {counts.confirmed}{suspected}"


def _worst(report: Report, say: Words) -> Iterator[str]:
    rows = gathered(worst_first(report.findings))
    if not rows:
        return
    shown = rows[:WORST]
    yield ""
    yield say.count("terminal.worst", len(shown))
    yield from (_line(row, say) for row in shown)
    if len(rows) > WORST:
        yield say.count("terminal.more", sum(row.count for row in rows[WORST:]))


def _line(row: Alike, say: Words) -> str:
    finding = row.first.finding
    marks = [say.label("severity", finding.weight)]
    if finding.confidence is Confidence.SUSPECTED:
        marks.append(say.label("confidence", finding.confidence))
    referrers = facts.referrer_count(finding)
    pages = say.count("terminal.on_pages", referrers) if referrers > 1 else extent(row, say)
    what = one_line(facts.message(finding, say.language))
    where = facts.shown_target(finding) or one_line(facts.place(finding))
    return clip(f"  [{' '.join(marks)}] {what}{pages}  {where}", LINE_CHARACTERS)


def _plain(text: str) -> str:
    return clip(one_line(text), LINE_CHARACTERS)
