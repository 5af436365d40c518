"""The log for code scanning follows OASIS's own schema, keeps what is suppressed, and says what may be put right."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from jsonschema import Draft4Validator
from msgspec.structs import replace

from checks.model import Confidence, Excerpt, Repair, RepairReason, Severity
from reports import FORMATS
from reports.model import Baseline, Status
from reports.remediation.states import State
from tests.factories import at, entry, finding, link, report, run
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import BROKEN_LINK, TYPO, sample

SCHEMA = Path(__file__).parents[1] / "data" / "sarif-2.1.0.schema.json"
"""As OASIS publishes it: docs.oasis-open.org/sarif/sarif/v2.1.0/errata01."""


@cache
def validator():
    return Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))


def logged(made, language="zh-CN"):
    """Return the one run of the log, after holding it against the schema."""
    document = json.loads(FORMATS["sarif"].render(made, language))
    validator().validate(document)
    (log,) = document["runs"]
    return log


def result_of(found, *, previous=True, **fields):
    """Return the result that a finding becomes."""
    compared = run(id="before") if previous else None
    (result,) = logged(report(entry(found, **fields), previous=compared))["results"]
    return result


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_sample_follows_the_schema_and_loses_nothing(language):
    log = logged(sample(), language)
    made = sample()
    assert len(log["results"]) == len(made.findings) + len(made.fixed) + len(made.unverified)
    assert log["language"] == language
    assert log["baselineGuid"] != log["automationDetails"]["guid"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(text):
    log = logged(hostile_report(text))
    for result in log["results"]:
        assert "](" not in result["message"]["text"]
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert uri.isascii()
            assert uri.startswith(("http://", "https://")) or ":" not in uri


def test_braces_of_a_site_are_no_arguments():
    assert result_of(finding(TYPO, params={"wrong": "{{7*7}}", "right": "{0}"}))["message"]["text"] == (
        "疑有错别字“{{{{7*7}}}}”，建议改为“{{0}}”"
    )


@pytest.mark.parametrize(
    ("baseline", "state", "kind"),
    [
        (Baseline.NEW, "new", "fail"),
        (Baseline.REOPENED, "new", "fail"),
        (Baseline.UNCHANGED, "unchanged", "fail"),
        (Baseline.UNVERIFIED, "unchanged", "open"),
        (Baseline.FIXED, "absent", "fail"),
    ],
)
def test_how_a_finding_stands_against_the_run_before(baseline, state, kind):
    result = result_of(finding(), baseline=baseline)
    assert (result["baselineState"], result["kind"]) == (state, kind)


def test_nothing_is_new_in_a_first_run():
    assert "baselineState" not in result_of(finding(), previous=False)


@pytest.mark.parametrize(
    ("severity", "confidence", "kind", "level"),
    [
        (Severity.CRITICAL, Confidence.CONFIRMED, "fail", "error"),
        (Severity.MAJOR, Confidence.CONFIRMED, "fail", "warning"),
        (Severity.MINOR, Confidence.CONFIRMED, "fail", "note"),
        (Severity.CRITICAL, Confidence.SUSPECTED, "review", "none"),
    ],
)
def test_a_suspicion_is_for_a_person(severity, confidence, kind, level):
    result = result_of(finding(severity=severity, confidence=confidence))
    assert (result["kind"], result["level"]) == (kind, level)
    assert (result["properties"]["severity"], result["properties"]["confidence"]) == (severity, confidence)


@pytest.mark.parametrize(
    ("state", "reason", "justification"),
    [
        (State.FALSE_POSITIVE, "系统名称", "系统名称"),
        (State.ACCEPTED, "", "不予整改"),
        (State.TO_FIX, "", None),
    ],
)
def test_what_somebody_judged_stays_in_the_log_as_suppressed(state, reason, justification):
    judged = entry(finding(), state=state, reason=reason)
    hidden = state is State.FALSE_POSITIVE
    made = report(suppressed=(judged,)) if hidden else report(judged)
    (result,) = logged(made)["results"]
    assert [each["justification"] for each in result["suppressions"]] == ([justification] if justification else [])


def test_a_wording_has_its_passage_and_its_fix():
    passage = Excerpt("前-", "做为", "后", 9)
    found = finding(TYPO, params={"wrong": "做为", "right": "作为"}, text=passage, suggestion="作为")
    result = result_of(found)
    assert result["locations"][0]["message"]["text"] == "前-【做为】后"
    (change,) = result["fixes"][0]["artifactChanges"]
    before, wrong, after = (quote(part) for part in ("前", "做为", "后"))
    assert change["artifactLocation"]["uri"] == f"{found.url}#:~:text={before}%2D-,{wrong},-{after}"
    (replacement,) = change["replacements"]
    assert replacement["deletedRegion"] == {"charOffset": 0, "charLength": 2, "snippet": {"text": "做为"}}
    assert replacement["insertedContent"] == {"text": "作为"}


def test_a_broken_link_is_located_where_it_is_put_right_and_offers_its_repairs():
    pages = ((at("/a.html"), "旧"), (at("/b.html"), "旧"))
    found = finding(
        BROKEN_LINK,
        at("/"),
        variant="http-4xx",
        params={"status": 404},
        target=link(at("/Gone.html"), referrers=pages, href="/Gone.html"),
        repairs=(Repair(at("/gone.html"), RepairReason.CASE),),
    )
    result = result_of(found)
    uris = [each["physicalLocation"]["artifactLocation"]["uri"] for each in result["locations"]]
    assert uris == [at("/a.html"), at("/b.html")]
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == at("/Gone.html")
    (change,) = result["fixes"][0]["artifactChanges"]
    assert unquote(change["artifactLocation"]["uri"]) == at("/a.html#xpointer(//@*[.='/Gone.html'])")
    (replacement,) = change["replacements"]
    assert replacement["deletedRegion"]["snippet"]["text"] == "/Gone.html"
    assert replacement["insertedContent"]["text"] == at("/gone.html")


def test_columns_are_logical_locations_of_the_site():
    log = logged(sample())
    result = next(each for each in log["results"] if each["ruleId"] == "stale-column")
    (logical,) = result["locations"][0]["logicalLocations"]
    known = log["logicalLocations"][logical["index"]]
    assert (known["name"], known["kind"], known["parentIndex"]) == ("人事信息", "column", 0)
    assert logical["fullyQualifiedName"] == known["fullyQualifiedName"] == "清河县人民政府/人事信息"
    assert log["logicalLocations"][0]["kind"] == "site"


def test_the_rules_have_help_in_both_languages():
    log = logged(sample())
    (translation,) = log["translations"]
    driver = log["tool"]["driver"]
    assert (driver["language"], translation["language"]) == ("zh-CN", "en")
    assert [rule["id"] for rule in driver["rules"]] == [rule["id"] for rule in translation["rules"]]
    at_rule = next(at for at, rule in enumerate(driver["rules"]) if rule["id"] == "broken-link")
    assert BROKEN_LINK.remedy.zh in driver["rules"][at_rule]["help"]["text"]
    assert BROKEN_LINK.remedy.en in translation["rules"][at_rule]["help"]["markdown"]
    for result in log["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_fingerprint_is_the_same_in_every_run():
    first = result_of(finding(), baseline=Baseline.NEW)
    again = result_of(finding(), baseline=Baseline.UNCHANGED)
    assert (
        first["partialFingerprints"] == again["partialFingerprints"] == {"sitehealthFinding/v1": finding().fingerprint}
    )


def test_what_was_not_looked_at_is_reported_by_the_tool():
    (invocation,) = logged(sample())["invocations"]
    texts = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert "没有安装语言模型，错别字只按词典检查。" in texts
    assert invocation["executionSuccessful"]
    failed = replace(sample(), run=replace(sample().run, status=Status.FAILED))
    assert not logged(failed)["invocations"][0]["executionSuccessful"]
