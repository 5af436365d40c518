"""What a run learned comes out of the store as it went in; what another version wrote is no reason to fail."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks.model import ColumnStatus, ColumnType, Text
from checks.scoring.sheet import Deduction, Score, Veto
from monitor.store.run_facts import Front, RunFacts, TextRead, facts_from_json, facts_to_json
from reports.model import ColumnSummary, Security, SecurityTest, Tally
from tests.factories import at

COLUMN = ColumnSummary("通知公告", at("/tzgg/"), ColumnType.NOTICE, 9, date(2026, 11, 20), 14, ColumnStatus.FRESH)
FACTS = RunFacts(
    notices=(Text("没有检查附件", "attachments were not checked"),),
    checks=(Tally("links", 20, 3, 1),),
    links={"page": 90, "image": 10},
    text={"typos": TextRead(10_000, 0.5)},
    columns=(COLUMN, ColumnSummary("办事统计", at("/tj/"), ColumnType.STATISTICS, 0, None, 92, ColumnStatus.BLANK)),
    front=Front("0f", 1.5),
    score=Score(
        "census-2015",
        81.5,
        veto=(Veto("V4", Text("严重问题", "Severe problems"), Text("1 处", "1 place"), ("f1",)),),
        items=(Deduction("links", Text("链接", "Links"), -3.0, 3, Text("可用性", "Availability"), behind=("f2",)),),
        unjudged=(Text("答复质量", "Answers"),),
    ),
    security=Security(75, "B", {"cookies": SecurityTest("cookies-not-found", passed=True, modifier=0)}),
    certificate_not_after=1.8e9,
    unjudged=2,
)


@pytest.mark.parametrize("facts", [FACTS, RunFacts()], ids=["all", "none"])
def test_facts_read_as_they_were_written(facts):
    assert facts_from_json(json.loads(json.dumps(facts_to_json(facts)))) == facts


def test_a_run_that_learned_nothing_keeps_nothing():
    assert facts_to_json(RunFacts()) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("columns", [{"name": "x", "newest": "soon"}]),
        ("columns", [{**facts_to_json(FACTS)["columns"][0], "type": "of-another-version"}]),
        ("security", [1]),
        ("links", "many"),
        ("score", {}),
        ("notices", [1]),
        ("checks", [{"id": "links"}]),
        ("front", ["0f"]),
        ("text", {"typos": 1}),
        ("certificate_not_after", "soon"),
        ("unjudged", "some"),
    ],
)
def test_a_part_of_another_version_is_left_out_and_the_others_stay(name, value):
    read = facts_from_json(facts_to_json(FACTS) | {name: value})
    nothing = RunFacts()
    assert {each: getattr(read, each) for each in RunFacts.__slots__} == {
        each: getattr(nothing if each == name else FACTS, each) for each in RunFacts.__slots__
    }


@pytest.mark.parametrize("body", [None, [], "x", 1, {"traps": {"shapes": {}}}])
def test_what_is_no_set_of_facts_reads_as_none(body):
    assert facts_from_json(body) == RunFacts()
