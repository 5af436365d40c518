"""Hold what a recheck says of one entry: gone, still there, or not to be told, and what it saw."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from checks.model import Text


class RecheckResult(StrEnum):
    """What a recheck says of an entry; the history keeps it as the row ``recheck``."""

    GONE = "gone"
    STILL_THERE = "still-there"
    UNKNOWN = "unknown"


RESULTS: Mapping[RecheckResult, Text] = {
    RecheckResult.GONE: Text("已消除", "gone"),
    RecheckResult.STILL_THERE: Text("仍存在", "still there"),
    RecheckResult.UNKNOWN: Text("无法判定", "cannot be told"),
}
"""Every result, in the order in which they are counted."""


class RecheckVerdict(NamedTuple):
    """What a recheck says of an entry. ``evidence`` is what answered, or why nothing can be told.

    ``sure`` says of a fault that is still there that it is certain, where it may have been a suspicion before.
    """

    result: RecheckResult
    evidence: Text
    sure: bool = False


def at_place(words: Text, place: str) -> Text:
    """Return words with the address that they are about."""
    return Text(f"{words.zh}：{place}", f"{words.en}: {place}")


def gone_since(evidence: Text) -> RecheckVerdict:
    """Return the verdict that a fault is gone."""
    return RecheckVerdict(RecheckResult.GONE, evidence)


def still_there(evidence: Text, *, sure: bool) -> RecheckVerdict:
    """Return the verdict that a fault is still there."""
    return RecheckVerdict(RecheckResult.STILL_THERE, evidence, sure)


def cannot_tell(reason: Text) -> RecheckVerdict:
    """Return the verdict that nothing can be told."""
    return RecheckVerdict(RecheckResult.UNKNOWN, reason)
