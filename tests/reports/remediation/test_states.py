"""The table of states says which changes make sense, and every refusal names those that do."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model import Confidence
from reports.remediation.states import STATES, EndDate, State, entering_state, find_state, refusal


def test_the_table_is_complete_and_closed_by_looks_alone():
    assert list(STATES) == list(State)
    assert all(State.CLOSED not in rule.next for rule in STATES.values())
    assert STATES[State.CLOSED].next == ()


@pytest.mark.parametrize(
    ("confidence", "state"),
    [(Confidence.SUSPECTED, State.TO_CONFIRM), (Confidence.CONFIRMED, State.TO_FIX)],
)
def test_a_suspicion_is_for_a_person_first(confidence, state):
    assert entering_state(confidence) is state


@pytest.mark.parametrize("current", State)
@pytest.mark.parametrize("wanted", State)
def test_only_the_ways_of_the_table_are_open(current, wanted):
    rule = STATES[wanted]
    refused = refusal(current, wanted, reason="说明", has_end=rule.end is not EndDate.NONE)
    assert (refused is None) == (wanted is current or wanted in STATES[current].next)
    if refused is not None and wanted is not State.CLOSED:
        assert all(way in refused.en and STATES[way].title.zh in refused.zh for way in STATES[current].next)


@pytest.mark.parametrize(
    ("wanted", "reason", "has_end", "said"),
    [
        (State.FALSE_POSITIVE, " ", False, "false-positive needs a reason"),
        (State.FALSE_POSITIVE, "本地用语", False, None),
        (State.FALSE_POSITIVE, "本地用语", True, None),
        (State.ACCEPTED, "不影响使用", False, "accepted needs an end date"),
        (State.ACCEPTED, "不影响使用", True, None),
        (State.POSTPONED, "", True, "postponed needs a reason"),
        (State.POSTPONED, "等待改版", False, "postponed needs an end date"),
        (State.FIXING, "", True, "fixing has no end date"),
    ],
)
def test_judgements_need_a_reason_and_some_an_end(wanted, reason, has_end, said):
    refused = refusal(State.TO_FIX, wanted, reason=reason, has_end=has_end)
    assert (refused and refused.en) == said


@pytest.mark.parametrize(
    ("text", "state"),
    [("待整改", State.TO_FIX), (" to-fix ", State.TO_FIX), ("To fix", State.TO_FIX), ("已完成", None)],
)
def test_people_name_a_state_by_id_or_title(text, state):
    assert find_state(text) is state


def test_the_manual_has_the_table_as_it_is():
    manual = (Path(__file__).parents[3] / "docs" / "remediation.md").read_text("utf-8")
    lines = manual.partition("## States")[2].partition("\n## ")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:3] == "| `"]
    needs = {EndDate.NONE: "", EndDate.OPTIONAL: "a reason; an end date if wanted"}
    assert rows == [
        [
            f"`{state}`",
            rule.title.zh,
            ", ".join(f"`{way}`" for way in rule.next),
            needs.get(rule.end, "a reason and an end date"),
        ]
        for state, rule in STATES.items()
    ]
