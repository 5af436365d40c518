"""Show a document with its marks in place, a part of it at a time, and what it reads like once corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from checks.model import Confidence
from monitor.console.actions.proofreading_jobs import ProofreadJob
from monitor.proofreading.proof_marks import ProofMark

PART = 12_000
"""Characters that are shown together; a paragraph is never parted."""


class MarkedPiece(NamedTuple):
    """A run of text; with a mark, the wording that is marked, and its number among the marks of the document."""

    text: str
    number: int = -1
    mark: ProofMark | None = None


@dataclass(frozen=True)
class ProofPart:
    """A part of a document: its paragraphs as pieces; ``number`` from 1 of ``parts``."""

    number: int
    parts: int
    paragraphs: tuple[tuple[MarkedPiece, ...], ...]


def part_numbers(job: ProofreadJob) -> list[int]:
    """Return of each paragraph the number of the part that it is shown in, from 1."""
    numbers, number, size = [], 1, 0
    for text in job.texts:
        if size and size + len(text) > PART:
            number, size = number + 1, 0
        size += len(text)
        numbers.append(number)
    return numbers


def part_of(job: ProofreadJob, number: int) -> ProofPart:
    """Return a part of the document; the last where there are fewer."""
    numbers = part_numbers(job)
    parts = numbers[-1] if numbers else 1
    shown = min(max(1, number), parts)
    marks = {
        passage: list(those)
        for passage, those in groupby(enumerate(job.marks), key=lambda numbered: numbered[1].passage)
    }
    paragraphs = tuple(
        tuple(_pieces(text, marks.get(passage, [])))
        for passage, text in enumerate(job.texts)
        if numbers[passage] == shown
    )
    return ProofPart(shown, parts, paragraphs)


def _pieces(text: str, marks: list[tuple[int, ProofMark]]) -> Iterator[MarkedPiece]:
    at = 0
    for number, mark in marks:
        if mark.start > at:
            yield MarkedPiece(text[at : mark.start])
        yield MarkedPiece(mark.wrong, number, mark)
        at = mark.end
    if at < len(text):
        yield MarkedPiece(text[at:])


def corrected_text(job: ProofreadJob) -> str:
    """Return the plain text with what was accepted; paragraphs on lines of their own."""
    changes: dict[int, list[tuple[ProofMark, str]]] = {}
    for number, decision in job.decisions.items():
        if decision.right is not None:
            mark = job.marks[number]
            changes.setdefault(mark.passage, []).append((mark, decision.right))
    lines = []
    for passage, text in enumerate(job.texts):
        line = text
        for mark, right in sorted(changes.get(passage, ()), key=lambda each: -each[0].start):
            line = line[: mark.start] + right + line[mark.end :]
        lines.append(line)
    return "\n".join(lines) + "\n"


def tally(job: ProofreadJob) -> Counter[str]:
    """Return how many marks are confirmed and suspected, and accepted, rejected and open."""
    counts: Counter[str] = Counter(mark.confidence.value for mark in job.marks)
    counts["accepted"] = sum(decision.right is not None for decision in job.decisions.values())
    counts["rejected"] = len(job.decisions) - counts["accepted"]
    counts["open"] = len(job.marks) - len(job.decisions)
    counts["sure"] = sum(
        mark.confidence is Confidence.CONFIRMED and mark.has_suggestion and number not in job.decisions
        for number, mark in enumerate(job.marks)
    )
    return counts


def alike(job: ProofreadJob, number: int) -> list[int]:
    """Return the marks of the same wording and suggestion as one, that one included."""
    mark = job.marks[number]
    return [at for at, each in enumerate(job.marks) if (each.wrong, each.right) == (mark.wrong, mark.right)]


def following(job: ProofreadJob, number: int) -> int | None:
    """Return the next mark behind one that nobody decided about, else the first such, None where there is none."""
    undecided = [at for at in range(len(job.marks)) if at not in job.decisions]
    return next((at for at in undecided if at > number), undecided[0] if undecided else None)
