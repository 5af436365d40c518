"""The worst comes first, whatever order findings arrive in."""

from __future__ import annotations

import random

from checks.model import Confidence, Severity
from reports import outline
from reports.model import Baseline
from tests.factories import at, entry, finding, link, report, rule
from tests.reports.sample import sample


def shared(pages, **fields):
    return link(referrers=((at("/"), ""),), referrer_count=pages, **fields)


CRITICAL, MAJOR, MINOR = (rule(f"a-{severity}", severity) for severity in Severity)
IN_ORDER = [
    entry(finding(CRITICAL, key="1")),
    entry(finding(CRITICAL, key="2"), Baseline.UNCHANGED),
    entry(finding(CRITICAL, key="3", confidence=Confidence.SUSPECTED)),
    entry(finding(MAJOR, key="4", target=shared(900)), Baseline.UNCHANGED),
    entry(finding(MAJOR, key="5", target=shared(2))),
    entry(finding(MAJOR, key="6"), Baseline.REOPENED),
    entry(finding(MAJOR, key="7"), Baseline.UNCHANGED),
    entry(finding(MINOR, key="8")),
]


def test_worst_first():
    for seed in range(10):
        mixed = random.Random(seed).sample(IN_ORDER, len(IN_ORDER))
        assert [found.finding.key for found in outline.worst_first(mixed)] == list("12345678")


def test_a_finding_may_weigh_more_than_its_rule():
    raised = entry(finding(MINOR, key="raised", severity=Severity.CRITICAL))
    assert outline.worst_first([*IN_ORDER, raised])[2].finding.key == "raised"


def test_groups_hold_each_rule_once_the_worst_first():
    groups = outline.groups(reversed(IN_ORDER))
    assert [group.rule.id for group in groups] == ["a-critical", "a-major", "a-minor"]
    assert [len(group.entries) for group in groups] == [3, 4, 1]
    assert groups[0].figures == outline.Figures(confirmed=2, suspected=1, recent=2)
    assert groups[1].entries[0].finding.key == "4"


def test_what_is_severe_by_nature_stands_before_what_is_so_here():
    raised = [entry(finding(rule("b", Severity.MAJOR), key=key, severity=Severity.CRITICAL)) for key in "12"]
    raised.append(entry(finding(rule("b", Severity.MAJOR), key="3")))
    groups = outline.groups([*raised, entry(finding(rule("c", Severity.CRITICAL)))])
    assert [group.rule.id for group in groups] == ["c", "b"]
    assert (groups[1].severity, groups[1].worst, len(groups[1].entries)) == (Severity.CRITICAL, 2, 3)


def test_shape_follows_what_the_findings_carry():
    shapes = {group.rule.id: group.shape for group in outline.groups(sample().findings)}
    assert shapes == {
        "broken-link": "link",
        "severe-typo": "text",
        "typo": "text",
        "stale-column": "page",
        "missing-csp": "page",
    }


def test_figures_by_severity_count_every_finding():
    counts = outline.by_severity(sample())
    assert list(counts) == list(Severity)
    assert sum(figures.total for figures in counts.values()) == len(sample().findings)


def test_standing_counts_fixed_and_unverified_too():
    counts = outline.standing(sample())
    assert counts[Baseline.FIXED] == 2
    assert counts[Baseline.UNVERIFIED] == 1
    assert sum(counts.values()) == len(sample().findings) + 3


def test_an_empty_report_has_no_groups():
    assert outline.groups(report().findings) == []
