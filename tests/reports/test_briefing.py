"""The three sentences for a director: true in every case, and silent on what the run cannot know."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checks.model import Confidence, Severity, Text
from checks.scoring.sheet import Score, Veto
from reports.briefing import briefing
from reports.model import Baseline, Status, TrendPoint
from reports.remediation.figures import SiteLedger
from reports.wording import LANGUAGES, words
from tests.factories import MONDAY, entry, finding, report, rule, run
from tests.reports.sample import sample

ZH = words("zh-CN")
EARLIER = run(id="1", started=MONDAY, finished=MONDAY)


def found(number: int, family: str = "links", baseline: Baseline = Baseline.NEW, **fields):
    of = rule(f"{family}-rule", family=family)
    return [entry(finding(of, key=f"{family}{at}", **fields), baseline) for at in range(number)]


def scored(points: float, *before: float | None, vetoes: int = 0):
    veto = tuple(Veto(str(at), Text("严重问题", "Severe"), Text("", "")) for at in range(vetoes))
    trend = tuple(TrendPoint(MONDAY, Status.COMPLETE, score=score) for score in (*before, points))
    return replace(report(*found(2)), score=Score("census-2015", points, veto=veto), trend=trend)


def test_the_sample():
    assert briefing(sample(), ZH) == [
        "在已检查的范围内，和上次（2026-08-10 02:47）相比，新发现 7 处，重新出现 1 处，修复 2 处，8 处还没有解决，"
        "1 处没有复查到。",
        "评分 81.5 分，比上次的 84 分低 2.5 分；触发单项否决 1 项。",
        "问题最多的是链接可用性，10 处，占全部 16 处的 62%。",
    ]


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (report(), "这是首页巡检的第一次检查，没有发现问题。"),
        (
            report(*found(3), *found(1, "typos", confidence=Confidence.SUSPECTED)),
            "这是首页巡检的第一次检查，发现 4 处问题，其中确认 3 处、疑似 1 处。",
        ),
        (
            report(run=run(status=Status.PARTIAL)),
            "在已检查的范围内，这是首页巡检的第一次检查，没有发现问题。",
        ),
        (report(previous=EARLIER), "和上次（2026-09-07 02:00）相比没有变化，上次和这次都没有问题。"),
        (
            report(*found(2, baseline=Baseline.UNCHANGED), previous=EARLIER),
            "和上次（2026-09-07 02:00）相比，2 处还没有解决。",
        ),
        (
            report(fixed=tuple(found(1, baseline=Baseline.FIXED)), previous=EARLIER),
            "和上次（2026-09-07 02:00）相比，修复 1 处。",
        ),
    ],
)
def test_what_changed(made, sentence):
    assert briefing(made, ZH)[0] == sentence


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (scored(64.6), "评分 64.6 分，还没有上次的评分可比。"),
        (scored(64.6, 61.0, vetoes=3), "评分 64.6 分，比上次的 61 分高 3.6 分；触发单项否决 3 项。"),
        (scored(60, 60.04), "评分 60 分，和上次一样。"),
        (scored(60, 70, None), "评分 60 分，比上次的 70 分低 10 分。"),
    ],
)
def test_the_score(made, sentence):
    assert briefing(made, ZH)[1] == sentence


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (found(2), "2 处问题都属于链接可用性。"),
        (found(3) + found(1, "typos"), "问题最多的是链接可用性，3 处，占全部 4 处的 75%。"),
        (found(2) + found(2, "typos") + found(1, "dates"), "问题最多的是链接可用性，文字表述，各 2 处，全部共 5 处。"),
        (found(1) + found(1, "typos") + found(1, "dates"), "整改台账上有 9 处待整改，其中逾期 2 处。"),
        ([], "整改台账上有 9 处待整改，其中逾期 2 处。"),
    ],
)
def test_where_most_of_it_is(entries, sentence):
    assert briefing(replace(report(*entries), ledger=SiteLedger(9, 2, 0)), ZH)[-1] == sentence


def test_a_site_that_is_down_says_nothing_of_what_was_not_seen():
    down = replace(report(run=run(status=Status.FAILED), previous=EARLIER), ledger=SiteLedger(0, 0, 0))
    assert briefing(down, ZH) == [
        "这次没有检查成，网站现在是什么情况不清楚；台账上的问题没有变动。",
        "整改台账上没有待整改的问题。",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_ends(language):
    ends = {"zh-CN": "。", "en": "."}
    severe = report(*found(1, severity=Severity.CRITICAL))
    for made in (sample(), report(), severe, scored(60, 50, vetoes=1)):
        assert all(sentence.endswith(ends[language]) for sentence in briefing(made, words(language)))
