"""Answer what the reader asks first: how bad is it, what comes first, what changed, what was not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from checks.model import Confidence, Severity
from reports.model import Baseline, Report, Status
from reports.outline import Figures, RuleGroup, by_severity, figures, groups, standing

if TYPE_CHECKING:
    from checks.model import Text
    from reports.model import Entry, Tally
    from reports.wording import Words

URGENT = 5
"""Tasks that "what to do first" names: more than that is not first."""


class Task(Struct, frozen=True):
    """Something to do at once: rules with one remedy, cut to their confirmed critical and major findings."""

    groups: tuple[RuleGroup, ...]

    @property
    def entries(self) -> list[Entry]:
        """All findings that call for it, those of the worst rule first."""
        return [entry for group in self.groups for entry in group.entries]

    @property
    def severity(self) -> Severity:
        """The severity of the worst finding."""
        return min((group.severity for group in self.groups), key=lambda severity: severity.rank)

    @property
    def worst(self) -> int:
        """How many findings are of that severity."""
        return sum(entry.finding.weight is self.severity for entry in self.entries)

    @property
    def figures(self) -> Figures:
        """The figures of all of them."""
        return figures(self.entries)


def level(report: Report) -> str:
    """Return the worst thing the run can say: failed, critical, major, suspected, minor or clean.

    Only what is confirmed raises the alarm; a suspicion of something serious is called a suspicion.
    """
    if report.run.status is Status.FAILED:
        return "failed"
    counts = by_severity(report)
    serious = (Severity.CRITICAL, Severity.MAJOR)
    for severity in serious:
        if counts[severity].confirmed:
            return severity
    if any(counts[severity].suspected for severity in serious):
        return "suspected"
    return "minor" if counts[Severity.MINOR].total else "clean"


def headline(report: Report, say: Words) -> str:
    """Return the one sentence that the whole report comes down to."""
    counts = by_severity(report)
    numbers = {
        "critical": counts[Severity.CRITICAL].confirmed,
        "major": counts[Severity.MAJOR].confirmed,
        "suspected": counts[Severity.CRITICAL].suspected + counts[Severity.MAJOR].suspected,
        "minor": counts[Severity.MINOR].total,
    }
    chosen = level(report)
    sentence = say.count(f"headline.{chosen}", numbers.get(chosen, 0))
    if report.run.status is not Status.PARTIAL:
        return sentence
    return say("headline.clean_so_far") if chosen == "clean" else say("headline.so_far", sentence=sentence)


def points(report: Report, say: Words) -> str:
    """Return the score, nothing where there is none."""
    return say("score.many", n=f"{report.score.points:g}") if report.score else ""


def vetoes(report: Report, say: Words) -> str:
    """Return how many grounds there are for rejection whatever the points, and which; nothing where there are none."""
    if report.score is None or not report.score.veto:
        return ""
    titles = say("frame.separator").join(veto.title(say.language) for veto in report.score.veto)
    return say("score.vetoes", n=len(report.score.veto), titles=titles)


def shortfall(report: Report, say: Words) -> str:
    """Return why the run is partial or failed, as a sentence; nothing for a complete one."""
    keys = {Status.PARTIAL: "headline.partial", Status.FAILED: "headline.failed_reason"}
    key = keys.get(report.run.status)
    return say(key, reason=report.run.reason(say.language) or say("frame.unknown")) if key else ""


def before(report: Report) -> int:
    """Return how many findings were open before this run."""
    counts = standing(report)
    return sum(counts[baseline] for baseline in (Baseline.UNCHANGED, Baseline.FIXED, Baseline.UNVERIFIED))


def compared(report: Report, say: Words) -> str:
    """Return which run this one is compared with, as a sentence."""
    if report.previous is None:
        return say("summary.first_run")
    return say.count("summary.compared", before(report), when=say.moment(report.previous.when))


def changes(report: Report, say: Words) -> str:
    """Return what changed since the run compared with, as a line of figures; nothing for a first run."""
    if report.previous is None:
        return ""
    return say("terminal.changes", **{baseline.value: count for baseline, count in standing(report).items()})


def urgent(report: Report) -> list[Task]:
    """Return what to begin with, in the order in which the page lists the rules.

    Rules that call for the same (an intrusion shows itself in five) are one task.
    """
    tasks: dict[Text, list[RuleGroup]] = {}
    for group in groups(report.findings):
        pressing = tuple(entry for entry in group.entries if _is_pressing(entry))
        if pressing:
            tasks.setdefault(group.rule.remedy, []).append(RuleGroup(group.rule, pressing))
    return [Task(tuple(same)) for same in tasks.values()][:URGENT]


def _is_pressing(entry: Entry) -> bool:
    return entry.finding.confidence is Confidence.CONFIRMED and entry.finding.weight is not Severity.MINOR


def _failures(tally: Tally, say: Words) -> str:
    """Return how often a check failed, and where as far as that is known."""
    sentence = say.count("notices.check_errors", tally.errors, check=say.check(tally.id))
    if not tally.failed:
        return sentence
    return sentence + say("notices.check_failed_at", places=say("frame.separator").join(tally.failed))


def blind_spots(report: Report, say: Words) -> list[str]:
    """Return what the verdict does not cover and why, a sentence each."""
    sentences = [notice(say.language) for notice in report.notices]
    sentences += [_failures(tally, say) for tally in report.checks if tally.errors]
    if report.unverified:
        sentences.append(say.count("notices.unverified", len(report.unverified)))
    return sentences
