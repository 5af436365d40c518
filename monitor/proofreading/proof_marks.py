"""Say what is marked in a document: each place with its wording, the suggestion and the reason, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.model import Confidence, Finding, Text
from checks.punctuation_habit import HALF_WIDTH, HalfWidth
from checks.reading.half_width import FULL_WIDTH, habitual

HALF_WIDTH_MARK = Text(
    "中文里的半角标点“{wrong}”，应为全角“{right}”", "half-width “{wrong}” in Chinese, where “{right}” belongs"
)


@dataclass(frozen=True, slots=True)
class ProofMark:
    """One place: characters ``start`` to ``end`` of the passage with this index, from 0.

    ``right`` is what is suggested in its place: "" where it is to go, or where ``has_suggestion`` is false, nothing.
    """

    passage: int
    start: int
    wrong: str
    right: str
    has_suggestion: bool
    confidence: Confidence
    title: Text
    reason: Text

    @property
    def end(self) -> int:
        """The character after its last one."""
        return self.start + len(self.wrong)


def marks_of(passage: int, findings: Iterable[Finding]) -> Iterator[ProofMark]:
    """Yield the marks of a passage's findings, from left to right; of two that overlap the first."""
    end = 0
    placed = [(finding, finding.text) for finding in findings if finding.text is not None and finding.text.wrong]
    for finding, excerpt in sorted(placed, key=lambda each: each[1].start):
        if excerpt.start < end:
            continue
        end = excerpt.start + len(excerpt.wrong)
        yield ProofMark(
            passage=passage,
            start=excerpt.start,
            wrong=excerpt.wrong,
            right=finding.suggestion,
            has_suggestion=bool(finding.suggestion) or finding.variant == "deleted",
            confidence=finding.confidence,
            title=finding.rule.title,
            reason=Text(finding.rule.say(finding, "zh-CN"), finding.rule.say(finding, "en")),
        )


def habit_marks(texts: Sequence[str]) -> list[ProofMark]:
    """Return a mark for each half-width mark of a document that has them by habit; none where they are few."""
    found = [(passage, mark) for passage, text in enumerate(texts) for mark in habitual(text)]
    if len(found) < HalfWidth().least:
        return []
    return [_habit_mark(passage, mark.start(), mark[0]) for passage, mark in found]


def _habit_mark(passage: int, start: int, wrong: str) -> ProofMark:
    right = FULL_WIDTH[wrong]
    return ProofMark(
        passage=passage,
        start=start,
        wrong=wrong,
        right=right,
        has_suggestion=True,
        confidence=Confidence.SUSPECTED,
        title=HALF_WIDTH.title,
        reason=Text(*(HALF_WIDTH_MARK(language).format(wrong=wrong, right=right) for language in ("zh-CN", "en"))),
    )


def in_order(marks: Iterable[ProofMark], more: Iterable[ProofMark]) -> list[ProofMark]:
    """Return marks in the order of the text; one of ``more`` that overlaps one of ``marks`` is left out."""
    kept = list(marks)
    taken = {(mark.passage, at) for mark in kept for at in range(mark.start, mark.end)}
    kept += [mark for mark in more if (mark.passage, mark.start) not in taken]
    return sorted(kept, key=lambda mark: (mark.passage, mark.start))
