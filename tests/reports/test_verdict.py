"""The sentences on top: only what is confirmed raises the alarm."""

from __future__ import annotations

import pytest

from checks.model import Confidence, Severity, Text
from reports import verdict
from reports.model import Baseline, Status, Tally
from reports.wording import words
from tests.factories import entry, finding, report, rule, run
from tests.reports.sample import sample

ZH, EN = words("zh-CN"), words("en")


def found(severity, confidence=Confidence.CONFIRMED, key=""):
    return entry(finding(rule(f"a-{severity}", severity), key=key, confidence=confidence))


PARTIAL = run(status=Status.PARTIAL)
FAILED = run(status=Status.FAILED, reason=Text("首页打不开", "the homepage does not open"))


@pytest.mark.parametrize(
    ("made", "level", "chinese", "english"),
    [
        (report(), "clean", "本次检查没有发现问题", "This inspection found nothing wrong"),
        (
            report(found(Severity.CRITICAL), found(Severity.MAJOR)),
            "critical",
            "有 1 个严重问题，请马上处理",
            "1 critical problem: act now",
        ),
        (
            report(
                found(Severity.MAJOR, key="1"),
                found(Severity.MAJOR, key="2"),
                found(Severity.CRITICAL, Confidence.SUSPECTED),
            ),
            "major",
            "没有严重问题，有 2 个一般问题待整改",
            "Nothing critical; 2 major problems to fix",
        ),
        (
            report(found(Severity.CRITICAL, Confidence.SUSPECTED), found(Severity.MINOR)),
            "suspected",
            "没有确认的严重或一般问题，有 1 个疑似问题待核对",
            "Nothing serious confirmed; 1 suspicion to look at",
        ),
        (
            report(found(Severity.MINOR), found(Severity.MINOR, Confidence.SUSPECTED)),
            "minor",
            "没有严重或一般问题，有 2 条提示可以改进",
            "Nothing serious; 2 hints for improvement",
        ),
        (
            report(run=PARTIAL),
            "clean",
            "在已检查的范围内没有发现问题",
            "Nothing wrong was found in the part that was inspected",
        ),
        (
            report(found(Severity.MAJOR), run=PARTIAL),
            "major",
            "在已检查的范围内，没有严重问题，有 1 个一般问题待整改",
            "Nothing critical; 1 major problem to fix (in the part that was inspected)",
        ),
        (report(run=FAILED), "failed", "本次检查未能完成", "This inspection could not be completed"),
    ],
)
def test_headline(made, level, chinese, english):
    assert verdict.level(made) == level
    assert verdict.headline(made, ZH) == chinese
    assert verdict.headline(made, EN) == english


def test_why_a_run_fell_short():
    assert verdict.shortfall(report(), ZH) == ""
    assert verdict.shortfall(report(run=FAILED), EN) == "Reason: the homepage does not open"
    assert verdict.shortfall(sample(), ZH) == "本次检查只完成了一部分：达到网页数上限 5,000"


def test_changes_since_the_last_run():
    assert (
        verdict.compared(report(), EN)
        == "This is the first inspection of this scope: there is nothing to compare with."
    )
    assert verdict.changes(report(), EN) == ""
    assert verdict.compared(sample(), ZH) == "上次检查：2026-08-10 02:47，共 11 个问题"
    assert verdict.changes(sample(), ZH) == "与上次相比：新增 7，重新出现 1，仍未解决 8，已修复 2"


def test_what_comes_first_is_confirmed_and_serious():
    urgent = verdict.urgent(sample())
    assert [[group.rule.id for group in task.groups] for task in urgent] == [
        ["severe-typo"],
        ["broken-link"],
        ["typo"],
        ["stale-column"],
    ]
    assert all(entry.finding.confidence == "confirmed" for task in urgent for entry in task.entries)
    assert all(entry.finding.weight != Severity.MINOR for task in urgent for entry in task.entries)


def test_rules_with_one_remedy_are_one_task_in_the_order_of_the_page():
    again = Text("立即删除这段代码", "Delete the code")
    rules = [rule(name, weight, remedy=again) for name, weight in (("a", Severity.MAJOR), ("c", Severity.CRITICAL))]
    made = report(*(entry(finding(of)) for of in (rules[0], rule("b", Severity.MAJOR), rules[1])))
    tasks = verdict.urgent(made)
    assert [[group.rule.id for group in task.groups] for task in tasks] == [["c", "a"], ["b"]]
    assert (tasks[0].severity, tasks[0].worst, len(tasks[0].entries)) == (Severity.CRITICAL, 1, 2)


def test_what_comes_first_is_cut():
    many = report(
        *(entry(finding(rule(f"rule-{number}", remedy=Text(f"{number}", f"{number}")))) for number in range(9))
    )
    assert len(verdict.urgent(many)) == verdict.URGENT


def test_blind_spots_name_failing_checks_and_what_was_not_seen_again():
    made = report(
        notices=(Text("没有安装语言模型", "no language model"),),
        checks=(
            Tally("links", 10, 1),
            Tally("typos", 10, 1, errors=2),
            Tally("meta", 10, 0, errors=3, failed=("http://a.cn/1", "http://a.cn/2")),
        ),
        unverified=(entry(baseline=Baseline.UNVERIFIED),),
    )
    assert verdict.blind_spots(made, EN) == [
        "no language model",
        "The check “Typos” failed on 2 subjects; there is no verdict on them.",
        "The check “Page metadata” failed on 3 subjects; there is no verdict on them."
        " For example: http://a.cn/1, http://a.cn/2",
        "1 finding of last time was not seen again; it is not counted as fixed and stands at the end.",
    ]
    assert verdict.blind_spots(report(checks=(Tally("links", 10, 1),)), ZH) == []
