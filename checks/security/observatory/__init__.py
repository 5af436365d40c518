"""Grade a host as the MDN HTTP Observatory does (npm 1.4.8, algorithm 4), its faults included.

This is the number that engineers know and compare. It is not our verdict: where the Observatory departs from the
standards, our own findings follow the standards (``checks.security.headers``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from checks.model import Host
from checks.security.observatory import cookies, csp, https, isolation, plain, scripts
from checks.security.observatory.charts import EXTRA_CREDIT, GRADES, RESULTS, UNSCORED, Worth

TESTS = {
    "content-security-policy": lambda host: csp.judge(host).result,
    "cookies": cookies.cookies,
    "cross-origin-resource-sharing": plain.resource_sharing,
    "redirection": https.redirection,
    "referrer-policy": plain.referrer_policy,
    "strict-transport-security": https.hsts,
    "subresource-integrity": scripts.integrity,
    "x-content-type-options": plain.content_type_options,
    "x-frame-options": plain.frame_options,
    "cross-origin-resource-policy": plain.resource_policy,
}
"""Test → the function that returns its result, in the Observatory's order."""

UNSCORED_TESTS = {
    "cross-origin-opener-policy": isolation.opener_policy,
    "cross-origin-embedder-policy": isolation.embedder_policy,
}
"""Tests of later versions: told, and not counted."""

_OK, _FIRST_ERROR = 200, 400
_STILL_A_PAGE = frozenset({401, 403})


class Verdict(NamedTuple):
    """What one test came to: a row of the Observatory's table."""

    result: str
    passed: bool
    modifier: int


class Grade(Struct, frozen=True):
    """What the Observatory would say of a host.

    ``score`` starts at 100 and may exceed it; ``grade`` is a letter from ``A+`` to ``F``. Both are None, and ``error``
    says why, where the Observatory gives no verdict. ``extra`` holds tests that do not count.
    """

    score: int | None = None
    grade: str | None = None
    tests: Mapping[str, Verdict] = field(default_factory=dict)
    extra: Mapping[str, Verdict] = field(default_factory=dict)
    error: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what a report keeps of it, in plain values."""
        return {"score": self.score, "grade": self.grade, "tests": verdicts_as_json(self.tests)}


def verdicts_as_json(verdicts: Mapping[str, Verdict]) -> dict[str, object]:
    """Return verdicts by test, in plain values."""
    return {
        name: {"result": verdict.result, "pass": verdict.passed, "modifier": verdict.modifier}
        for name, verdict in verdicts.items()
    }


def grade(host: Host) -> Grade:
    """Return the score, the grade and the results of a host."""
    answer = https.page(host)
    if answer is None:
        return Grade(error="The site seems to be down.")
    status = answer.response.status or 0
    if status < _OK or (status >= _FIRST_ERROR and status not in _STILL_A_PAGE):
        return Grade(error=f"Site did respond with an unexpected HTTP status code {status}.")
    try:
        tests = {name: _verdict(RESULTS, test(host)) for name, test in TESTS.items()}
    except scripts.BrokenAddressError as error:
        return Grade(error=str(error))
    score = score_of(verdict.modifier for verdict in tests.values())
    extra = {name: _verdict(UNSCORED, test(host)) for name, test in UNSCORED_TESTS.items()}
    return Grade(score, GRADES[min(100, score - score % 5)], tests, extra)


def _verdict(chart: Mapping[str, Worth], result: str) -> Verdict:
    worth = chart[result]
    return Verdict(result, worth.passed, worth.modifier)


def score_of(modifiers: Iterable[int]) -> int:
    """Return the score: bonuses count only for a host that would have an A without them."""
    values = list(modifiers)
    plain_score = 100 + sum(value for value in values if value < 0)
    return max(0, 100 + sum(values) if plain_score >= EXTRA_CREDIT else plain_score)
