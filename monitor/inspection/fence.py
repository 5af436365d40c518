"""Let a check fail alone: what it raises costs one subject, and is counted, logged and reported, never swallowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from checks.model import Check, Finding
from monitor.failure import Failure, failure_of

S = TypeVar("S")

Verdict = list[Finding] | Failure
"""What a check said of one subject, or that it failed to say anything."""


def judge_one(check: Check[S], subject: S) -> Verdict:
    """Return what a check says of a subject, whatever it raises."""
    try:
        return list(check.inspect(subject))
    except Exception as error:  # noqa: BLE001 - this is the fence
        return failure_of(error)


def judge_all(checks: Sequence[Check[S]], subject: S) -> list[Verdict]:
    """Return what each check says of a subject."""
    return [judge_one(check, subject) for check in checks]


def judge_each(check: Check[S], subjects: Sequence[S]) -> list[Verdict]:
    """Return what a check says of each subject: of all at once, or one by one where it fails at that."""
    try:
        return list(check.inspect_all(subjects))
    except Exception:  # noqa: BLE001 - this is the fence
        return [judge_one(check, subject) for subject in subjects]
