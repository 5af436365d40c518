"""Write down what a host's headers came to: the Observatory's grade, and what to change by our own standards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from checks.model import Finding, Text
from checks.security.observatory import Grade, Verdict, verdicts_as_json
from checks.security.observatory.labels import TITLES
from reports.facts import message, remedy
from reports.safe import clip, one_line
from reports.wording import words

HEADING = Text(
    "得分 {score}，等级 {grade}（与 MDN HTTP Observatory 同一算法）",
    "Score {score}, grade {grade} (MDN HTTP Observatory)",
)
NO_GRADE = Text("无法评分：{error}", "No grade: {error}")
PASSED, FAILED = Text("通过", "pass"), Text("不通过", "fail")
NOTHING = Text("没有需要修改的地方。", "Nothing to change.")
CHANGES = Text("需要修改的地方（{n}）：", "What to change ({n}):")
REMEDY = Text("怎么改：", "How: ")
EVIDENCE = Text("原文：", "Seen: ")

LONGEST = 2000
"""Characters of evidence that are shown on the terminal."""


def case_json(name: str, grade: Grade, findings: Iterable[Finding], language: str) -> dict[str, object]:
    """Return what one recorded case came to, in plain values; ``error`` only where there is no grade."""
    rows = [
        {"rule": finding.rule.id, "severity": str(finding.weight), "message": message(finding, language)}
        for finding in findings
    ]
    error = {"error": grade.error} if grade.error else {}
    return {"name": name, **grade.as_json(), "findings": rows, "extra": verdicts_as_json(grade.extra), **error}


def host_json(url: str, grade: Grade, findings: Sequence[Finding], language: str) -> dict[str, object]:
    """Return what one host came to, with what was seen and what to do."""
    rows = [
        {
            "rule": finding.rule.id,
            "severity": str(finding.weight),
            "message": message(finding, language),
            "evidence": finding.evidence,
            "remedy": remedy(finding, language),
        }
        for finding in findings
    ]
    extra = verdicts_as_json(grade.extra)
    return {"url": url, **grade.as_json(), "extra": extra, "error": grade.error or None, "findings": rows}


def text(url: str, grade: Grade, findings: Sequence[Finding], language: str) -> str:
    """Return the lines for a terminal, with what a site sent spelled out where it would steer it."""
    return "\n".join(_lines(url, grade, findings, language))


def _lines(url: str, grade: Grade, findings: Sequence[Finding], language: str) -> Iterator[str]:
    yield one_line(url)
    if grade.error:
        yield NO_GRADE(language).format(error=one_line(grade.error))
    else:
        yield HEADING(language).format(score=grade.score, grade=grade.grade)
    yield from (_verdict(name, verdict, f"{verdict.modifier:+4d}", language) for name, verdict in grade.tests.items())
    yield from (_verdict(name, verdict, "   ·", language) for name, verdict in grade.extra.items())
    yield ""
    if not findings:
        yield NOTHING(language)
        return
    yield CHANGES(language).format(n=len(findings))
    for finding in findings:
        yield from _finding(finding, language)


def _verdict(name: str, verdict: Verdict, counts: str, language: str) -> str:
    """Write one test; a dot stands for one that does not count."""
    outcome = (PASSED if verdict.passed else FAILED)(language)
    return f"  {counts}  {outcome}  {TITLES[name](language)}  {verdict.result}"


def _finding(finding: Finding, language: str) -> Iterator[str]:
    severity = words(language).label("severity", finding.weight)
    yield f"[{severity}] {one_line(message(finding, language))}"
    if finding.evidence:
        yield f"    {EVIDENCE(language)}{one_line(clip(finding.evidence, LONGEST))}"
    yield f"    {REMEDY(language)}{remedy(finding, language)}"
