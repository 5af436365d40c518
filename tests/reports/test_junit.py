"""The report of test cases follows the schema of build servers, and is red for what is certain alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from checks import CHECKS
from checks.model import Confidence, Text
from reports import FORMATS
from reports.model import Status, Tally
from reports.remediation.states import State
from tests.factories import entry, finding, report, run
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import sample

SCHEMA = Path(__file__).parents[1] / "data" / "junit-10.xsd"
"""The schema of Jenkins' xUnit plug-in, under the licence in its head."""


@cache
def schema():
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


def suite(made, language="zh-CN"):
    """Return the one suite, after holding the document against the schema."""
    document = etree.fromstring(FORMATS["junit"].render(made, language))
    schema().assertValid(document)
    (only,) = document
    return only


def outcome(made, group):
    """Return the element that the cases of a group have in them, "" for a pass."""
    (case,) = (case for case in suite(made) if case.get("classname") == group)
    return case[0].tag if len(case) else ""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_sample_follows_the_schema_and_its_totals_add_up(language):
    made = suite(sample(), language)
    assert int(made.get("tests")) == len(made)
    for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(made.get(attribute)) == len(made.findall(f"testcase/{element}"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(text):
    assert len(suite(hostile_report(text))) >= 2


@pytest.mark.parametrize(
    ("confidence", "state", "expected"),
    [
        (Confidence.CONFIRMED, State.TO_FIX, "failure"),
        (Confidence.CONFIRMED, State.POSTPONED, "failure"),
        (Confidence.CONFIRMED, State.ACCEPTED, "skipped"),
        (Confidence.SUSPECTED, State.TO_CONFIRM, "skipped"),
    ],
)
def test_only_what_is_certain_and_not_accepted_fails(confidence, state, expected):
    assert outcome(report(entry(finding(confidence=confidence), state=state)), "links") == expected


def test_a_failure_says_how_bad_it_is_and_where():
    (case,) = (case for case in suite(sample()) if case.get("name").startswith("severe-typo "))
    assert case[0].get("type") == "critical"
    assert "https://www.qinghe.gov.cn/art/2026/8/21/art_12_4471.html" in case[0].text


@pytest.mark.parametrize("subjects", [0, 7])
def test_a_rule_passes_where_there_was_something_to_look_at(subjects):
    check = next(check for check in CHECKS if check.id == "speed")
    (rule,) = check.rules
    made = suite(report(checks=(Tally("speed", subjects, 0),)))
    (case,) = (case for case in made if case.get("classname") == rule.family)
    assert [each.tag for each in case] == ([] if subjects else ["skipped"])


@pytest.mark.parametrize(
    ("status", "expected"), [(Status.COMPLETE, ""), (Status.PARTIAL, "skipped"), (Status.FAILED, "error")]
)
def test_how_the_inspection_went_is_a_case_of_its_own(status, expected):
    made = report(run=run(status=status, reason=Text("达到上限", "limit reached")))
    assert outcome(made, "inspection") == expected


def test_a_check_that_failed_itself_is_an_error():
    made = replace(report(), checks=(Tally("typos", 100, 0, 2, ("https://www.qinghe.gov.cn/bad.html",)),))
    assert outcome(made, "check") == "error"
