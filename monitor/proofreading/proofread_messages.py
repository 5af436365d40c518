"""Name what is said between who has a document proofread and the process that reads it.

Nothing here reads documents: a server that offers proofreading holds nothing of what reads them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from checks.model import WordedError
from monitor.proofreading.proof_marks import ProofMark
from reports.remediation.suppressions import Suppression

CHARACTERS = 300_000
"""Characters of a document that are read: three hundred pages. Of a longer one the rest is left."""


class ReadPassage(NamedTuple):
    """A passage that was read: its text and what is marked in it."""

    text: str
    marks: tuple[ProofMark, ...]


class SiteVocabulary(NamedTuple):
    """What a site adds to a judgement: its id, what was called right there, and how it writes, None for unknown."""

    site: str
    accepted: tuple[Suppression, ...] = ()
    language: bytes | None = None


class Submission(NamedTuple):
    """A document to proofread: its name, whose ending tells its kind, its bytes, and what a site adds."""

    name: str
    body: bytes
    vocabulary: SiteVocabulary
    today: date


class TextCorrection(NamedTuple):
    """What is to become of characters ``start`` to ``end`` of a passage, by its index in the order of reading.

    With ``right`` they are replaced, "" takes them out; None changes nothing and leaves ``remark`` as a comment.
    """

    passage: int
    start: int
    end: int
    right: str | None
    remark: str = ""


class CorrectionTask(NamedTuple):
    """A Word file to write corrections into, in whose name and when."""

    body: bytes
    corrections: tuple[TextCorrection, ...]
    author: str
    at: datetime


class ProofreadingFailedError(WordedError):
    """A document could not be read, or not in time; the reason says why."""


class UnreadRest(NamedTuple):
    """The document goes on, and the rest of it is not read."""
