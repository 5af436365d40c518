"""The grade of every recorded case is the Observatory's own, and our findings are what the standards say."""

import json

import pytest

from checks.security.headers import Headers
from checks.security.observatory import UNSCORED_TESTS, grade, verdicts_as_json
from monitor.probes.recorded import Case
from tests.hosts import CASES

RECORDED = json.loads(CASES.read_text("utf-8"))["cases"]
STANDARDS = [(case, test) for case in RECORDED for test in case.get("standards", ())]


def test_the_recording_is_whole():
    assert (len(RECORDED), len(STANDARDS)) == (173, 14)


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["name"])
def test_the_grade_is_the_observatorys(case):
    graded = grade(Case.model_validate(case).host())
    assert graded.as_json() == {"score": case["score"], "grade": case["grade"], "tests": case["expected"]}
    assert graded.error == case.get("error", "")


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["name"])
def test_what_does_not_count_is_what_later_versions_say(case):
    extra = verdicts_as_json(grade(Case.model_validate(case).host()).extra)
    later = case["head"].get("expected", {})
    assert extra == {name: later[name] for name in UNSCORED_TESTS if name in later}


@pytest.mark.parametrize(("case", "test"), STANDARDS, ids=lambda part: part if isinstance(part, str) else part["name"])
def test_findings_follow_the_standard_where_the_observatory_does_not(case, test):
    found = {finding.rule.id for finding in Headers().inspect(Case.model_validate(case).host())}
    assert (test not in found) is case["standards"][test]["pass"], case["standards"][test]["why"]
