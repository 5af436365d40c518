"""Write the report as JUnit XML, which build servers draw: a test case for the inspection and for each rule.

A rule fails where a finding of it is confirmed and nobody accepted it. What is only suspected is skipped, with its
places: a build must not turn red for what a person has yet to look at. A check that failed itself is an error.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from checks import CLASSES, check_of
from checks.model import Confidence, Rule
from reports import facts, verdict
from reports.model import Status
from reports.outline import RuleGroup, groups
from reports.remediation.states import State
from reports.safe import clip, one_line
from reports.wording import Words, words

if TYPE_CHECKING:
    from reports.model import Entry, Report, Tally

LISTED = 50
"""Findings named in a test case."""

MESSAGE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One test case. ``outcome`` is the element that says so: failure, error or skipped; "" for a pass.

    ``kind`` is the type of the outcome: a severity, or what could not be done.
    """

    group: str
    name: str
    outcome: str = ""
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write one suite with all test cases."""
    cases = list(_cases(report, words(language)))
    lines = io.TextIOWrapper(out, "utf-8", newline="\n", write_through=True)
    xml = XMLGenerator(lines, "utf-8")
    suites, suite = _attributes(report, cases)
    xml.startDocument()
    _start(xml, "testsuites", suites)
    _start(xml, "testsuite", suite)
    for case in cases:
        _write_case(xml, case)
    xml.endElement("testsuite")
    xml.endElement("testsuites")
    xml.endDocument()
    lines.detach()


def _attributes(report: Report, cases: list[CaseResult]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the attributes of the outer element, and of the one suite in it."""
    run, counts = report.run, Counter(case.outcome for case in cases)
    totals = {
        "tests": str(len(cases)),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "time": f"{max((run.when - run.started).total_seconds(), 0):.3f}",
    }
    suite = {
        "name": run.site,
        "id": run.id,
        "url": run.url,
        "timestamp": f"{run.started:%Y-%m-%dT%H:%M:%S}",
        "skipped": str(counts["skipped"]),
    }
    return {"name": "Sitehealth"} | totals, suite | totals


def _write_case(xml: XMLGenerator, case: CaseResult) -> None:
    _start(xml, "testcase", {"classname": case.group, "name": case.name})
    if case.outcome:
        _start(xml, case.outcome, {"type": case.kind, "message": case.message})
        xml.characters("\n".join(case.lines))
        xml.endElement(case.outcome)
    xml.endElement("testcase")


def _start(xml: XMLGenerator, element: str, attributes: dict[str, str]) -> None:
    """Open an element. Every attribute passes ``_line`` here."""
    xml.startElement(element, AttributesImpl({name: _line(value) for name, value in attributes.items()}))


def _cases(report: Report, say: Words) -> Iterator[CaseResult]:
    yield _inspection(report, say)
    tallies = {tally.id: tally for tally in report.checks}
    yield from (_failed_check(tally, say) for tally in report.checks if tally.errors)
    found = {group.rule.id: group for group in groups(report.findings)}
    for name in (each for each in CLASSES if each in tallies):
        for rule in check_of(name).rules:
            group = found.pop(rule.id, None)
            yield _found(group, say) if group else _passed(rule, tallies[name], say)
    yield from (_found(group, say) for group in found.values())


def _inspection(report: Report, say: Words) -> CaseResult:
    """Return whether the site could be inspected; what was not looked at makes this one skipped."""
    name, headline = say.label("scope", report.run.scope), verdict.headline(report, say)
    reasons = (verdict.shortfall(report, say), *verdict.blind_spots(report, say))
    lines = tuple(_line(reason) for reason in reasons if reason)
    if report.run.status is Status.FAILED:
        return CaseResult("inspection", name, "error", report.run.status, headline, lines)
    if lines:
        return CaseResult("inspection", name, "skipped", report.run.status, headline, lines)
    return CaseResult("inspection", name)


def _failed_check(tally: Tally, say: Words) -> CaseResult:
    message = say.count("notices.check_errors", tally.errors, check=say.check(tally.id))
    return CaseResult("check", say.check(tally.id), "error", "check", message, tuple(map(_line, tally.failed)))


def _passed(rule: Rule, tally: Tally, say: Words) -> CaseResult:
    """Return the case of a rule without findings: passed, if there was anything to look at."""
    name = _name(rule, say)
    if tally.subjects:
        return CaseResult(rule.family, name)
    return CaseResult(rule.family, name, "skipped", "nothing-to-check", say("checks.nothing"))


def _found(group: RuleGroup, say: Words) -> CaseResult:
    sure = [entry for entry in group.entries if _counts(entry)]
    outcome, entries = ("failure", sure) if sure else ("skipped", list(group.entries))
    kind = entries[0].finding.weight if sure else entries[0].finding.confidence
    message = f"{say.count('group.count', len(entries))}{say('frame.colon')}{group.rule.remedy(say.language)}"
    return CaseResult(group.rule.family, _name(group.rule, say), outcome, kind, message, tuple(_lines(entries, say)))


def _counts(entry: Entry) -> bool:
    """Return whether a finding fails its rule: a suspicion does not, nor does what somebody accepted."""
    return entry.finding.confidence is Confidence.CONFIRMED and entry.state is not State.ACCEPTED


def _lines(entries: Iterable[Entry], say: Words) -> Iterator[str]:
    remaining = list(entries)
    for entry in islice(remaining, LISTED):
        finding = entry.finding
        parts = (facts.message(finding, say.language), facts.shown_target(finding), facts.place(finding))
        yield _line("  ".join(filter(None, parts)))
    if len(remaining) > LISTED:
        yield say.count("group.more", len(remaining) - LISTED)


def _name(rule: Rule, say: Words) -> str:
    return f"{rule.id} {rule.title(say.language)}"


def _line(text: str) -> str:
    """Return a text fit for an attribute: on one line, of bounded length, without what XML cannot hold."""
    return clip(one_line(text), MESSAGE_CHARACTERS)
