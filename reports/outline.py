"""Put findings into the order in which they are read: the worst first, grouped by rule, with the figures on top."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

from checks.model import Confidence, Rule, Severity
from reports import facts
from reports.gathering import RECENT, Alike, alike
from reports.model import Baseline, Entry, Report
from reports.remediation.figures import SiteLedger
from reports.remediation.states import State

if TYPE_CHECKING:
    from reports.wording import Words


class Figures(Struct, frozen=True):
    """How many findings there are of one severity, or of one rule."""

    confirmed: int
    suspected: int
    recent: int

    @property
    def total(self) -> int:
        """All of them, sure or not."""
        return self.confirmed + self.suspected


class RuleGroup(Struct, frozen=True, dict=True):
    """The findings of one rule, worst first. ``severity`` and ``sure`` are those of its worst finding.

    ``rows`` and ``figures`` are kept, because templates ask for them again and again.
    """

    rule: Rule
    entries: tuple[Entry, ...]

    @property
    def severity(self) -> Severity:
        """The severity of the worst finding."""
        return self.entries[0].finding.weight

    @property
    def worst(self) -> int:
        """How many findings are of that severity: a rule weighs more on the homepage than elsewhere."""
        return sum(entry.finding.weight is self.severity for entry in self.entries)

    @cached_property
    def figures(self) -> Figures:
        """The figures of this rule."""
        return figures(self.entries)

    @cached_property
    def rows(self) -> list[Alike]:
        """The findings as a list shows them: those that are alike are one row."""
        return alike(self.entries)

    @property
    def shape(self) -> str:
        """What the findings point at, and so which columns show them: ``link``, ``text`` or ``page``."""
        if any(entry.finding.target for entry in self.entries):
            return "link"
        return "text" if any(entry.finding.text for entry in self.entries) else "page"


def figures(entries: Iterable[Entry]) -> Figures:
    """Count the confirmed, the suspected, and the new or reopened ones."""
    confirmed = suspected = recent = 0
    for entry in entries:
        sure = entry.finding.confidence is Confidence.CONFIRMED
        confirmed += sure
        suspected += not sure
        recent += entry.baseline in RECENT
    return Figures(confirmed, suspected, recent)


def by_severity(report: Report) -> dict[Severity, Figures]:
    """Return the figures of each severity, the worst first, the empty ones too."""
    return {
        severity: figures(entry for entry in report.findings if entry.finding.weight is severity)
        for severity in Severity
    }


class DepartmentShare(Struct, frozen=True):
    """What of a report is one department's; "" is nobody's."""

    department: str
    ledger: SiteLedger


def by_department(report: Report) -> list[DepartmentShare]:
    """Return what each department still has to do, most of what is late first; nothing where all is nobody's."""
    owed: dict[str, list[Entry]] = {}
    for entry in report.findings:
        if entry.is_open:
            owed.setdefault(entry.department, []).append(entry)
    shares = [DepartmentShare(name, _ledger_of(entries)) for name, entries in owed.items()]
    return sorted(shares, key=lambda share: (-share.ledger.overdue, -share.ledger.open, share.department))


def _ledger_of(entries: list[Entry]) -> SiteLedger:
    overdue = sum(entry.overdue for entry in entries)
    return SiteLedger(len(entries), overdue, sum(entry.state is State.TO_VERIFY for entry in entries))


def standing(report: Report) -> dict[Baseline, int]:
    """Count the findings by how they stand against the previous run."""
    counts = dict.fromkeys(Baseline, 0)
    for entry in (*report.findings, *report.fixed, *report.unverified):
        counts[entry.baseline] += 1
    return counts


def worst_first(entries: Iterable[Entry]) -> list[Entry]:
    """Sort as a reader would ask: severe, sure, severe by nature, on many pages, new; then so that order is stable."""
    return sorted(entries, key=_weight)


def _weight(entry: Entry) -> tuple[int, bool, int, int, bool, str, str, str]:
    finding = entry.finding
    pages = max(facts.referrer_count(finding), facts.page_count(finding))
    return (
        finding.weight.rank,
        finding.confidence is not Confidence.CONFIRMED,
        finding.rule.severity.rank,
        -pages,
        entry.baseline not in RECENT,
        finding.rule.id,
        finding.url,
        finding.fingerprint,
    )


def groups(entries: Iterable[Entry]) -> list[RuleGroup]:
    """Return one group a rule, the rule with the worst finding first.

    Of equals, the rule that is severe by nature stands before one that is so here, then the one with more findings.
    """
    by_rule = groupby(sorted(worst_first(entries), key=_rule_id), key=_rule_id)
    grouped = [tuple(found) for _, found in by_rule]
    return sorted((RuleGroup(found[0].finding.rule, found) for found in grouped), key=_standing_order)


def _rule_id(entry: Entry) -> str:
    return entry.finding.rule.id


def _standing_order(group: RuleGroup) -> tuple[int, bool, int, int, str]:
    worst = group.entries[0].finding
    unsure = worst.confidence is not Confidence.CONFIRMED
    return (worst.weight.rank, unsure, group.rule.severity.rank, -len(group.entries), group.rule.id)


def extent(row: Alike, say: Words) -> str:
    """Return in how many places and on how many pages a row's fault stands, as a remark; nothing where that is one."""
    places = say.count("finding.places", row.count) if row.count > 1 else ""
    pages = say.count("finding.pages", row.page_count) if row.page_count > 1 else ""
    extents = say("frame.separator").join(filter(None, (places, pages)))
    return say("frame.remark", text=extents) if extents else ""
