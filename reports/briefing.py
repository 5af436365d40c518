"""Say in three plain sentences, for a director, what changed, how the score went, and where most of it is.

Each sentence is put together from figures of the report alone, and says so where there is nothing to compare with.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from checks.model import Confidence
from reports.model import Baseline, Status
from reports.outline import standing

if TYPE_CHECKING:
    from reports.model import Report
    from reports.wording import Words

TOLD = (Baseline.NEW, Baseline.REOPENED, Baseline.FIXED, Baseline.UNCHANGED, Baseline.UNVERIFIED)
"""What a sentence on changes names, in this order, each only where there is any."""

NAMED = 2
"""Kinds of problems that are named as the most frequent, where so many are equal; of more, none stands out."""


def briefing(report: Report, say: Words) -> list[str]:
    """Return the sentences: on changes, on the score where there is one, on most of the problems or on the ledger."""
    if report.run.status is Status.FAILED:
        return [say("briefing.failed"), *filter(None, [_ledger(report, say)])]
    return [sentence for sentence in (_changes(report, say), _score(report, say), _most(report, say)) if sentence]


def _changes(report: Report, say: Words) -> str:
    sentence = _compared(report, say) if report.previous else _first(report, say)
    return say("briefing.so_far", sentence=sentence) if report.run.status is Status.PARTIAL else sentence


def _first(report: Report, say: Words) -> str:
    scope = say.label("scope", report.run.scope)
    if not report.findings:
        return say("briefing.first_clean", scope=scope)
    confirmed = sum(entry.finding.confidence is Confidence.CONFIRMED for entry in report.findings)
    n = len(report.findings)
    return say.count("briefing.first", n, scope=scope, confirmed=f"{confirmed:,}", suspected=f"{n - confirmed:,}")


def _compared(report: Report, say: Words) -> str:
    counts = standing(report)
    when = say.moment(report.previous.when if report.previous else None)
    parts = [say.count(f"briefing.{each.value}", counts[each]) for each in TOLD if counts[each]]
    if not parts:
        return say("briefing.same", when=when)
    return say("briefing.changed", when=when, parts=say("frame.separator").join(parts))


def score_before(report: Report) -> float | None:
    """Return the last score before this run's, None where there is none."""
    earlier = [point.score for point in report.trend[:-1] if point.score is not None]
    return earlier[-1] if earlier else None


def grade_before(report: Report) -> str:
    """Return the last grade before this run's, "" where there is none."""
    earlier = [point.grade for point in report.trend[:-1] if point.grade]
    return earlier[-1] if earlier else ""


def _score(report: Report, say: Words) -> str:
    if report.score is None:
        return ""
    now, before = round(report.score.points, 1), score_before(report)
    values = {"now": f"{now:g}", "veto": ""}
    if report.score.veto:
        values["veto"] = say("briefing.veto", n=len(report.score.veto))
    if before is None:
        return say("briefing.score_first", **values)
    by = round(now - before, 1)
    return say(_direction(by), before=f"{before:g}", by=f"{abs(by):g}", **values)


def _direction(by: float) -> str:
    if by == 0:
        return "briefing.score_same"
    return "briefing.score_up" if by > 0 else "briefing.score_down"


def _most(report: Report, say: Words) -> str:
    counted = Counter(entry.finding.rule.family for entry in report.findings)
    if not counted:
        return _ledger(report, say)
    n = max(counted.values())
    first = [say.label("family", family) for family, count in counted.items() if count == n]
    total = len(report.findings)
    values = {"names": say("frame.separator").join(first), "n": f"{n:,}", "total": f"{total:,}"}
    if len(counted) == 1:
        return say("briefing.one_family", **values)
    if len(first) == 1:
        return say("briefing.most", share=round(100 * n / total), **values)
    return say("briefing.most_each", **values) if len(first) <= NAMED else _ledger(report, say)


def _ledger(report: Report, say: Words) -> str:
    if report.ledger is None:
        return ""
    key = "briefing.ledger" if report.ledger.open else "briefing.ledger_clear"
    return say(key, open=f"{report.ledger.open:,}", overdue=f"{report.ledger.overdue:,}")
