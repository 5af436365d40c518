"""Say how what one worker asks of another travels, and what comes back: as JSON, and the bytes of a file beside it.

A question names its reader with all that its answers depend on; who reads by another leaves it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checks.model import Check
from checks.reading.attachments import Extract, Format
from monitor import __version__
from monitor.failure import Failure
from monitor.inspection.fence import Verdict
from monitor.inspection.helpers import VerdictsOfHelper
from monitor.inspection.picture_process import PictureReading
from monitor.ocr.line_reader import engine_version
from monitor.service.fleet.judge import name_of
from monitor.store.batch_store import BatchQuestion
from monitor.store.codec import finding_from_json, finding_to_json
from monitor.store.memory.picture_readings import line_from_json, line_to_json

Words = Any
"""Any JSON."""


# ---- texts of pages ------------------------------------------------------------------------------


def question_of_texts(check: Check[Any], texts: Sequence[str]) -> BatchQuestion:
    """Return how texts are asked about."""
    return BatchQuestion(name_of(check), list(texts))


def words_of_verdicts(verdicts: VerdictsOfHelper) -> Words:
    """Return what is said of texts."""
    return [list(map(_verdict_to_json, verdicts.verdicts)), verdicts.seconds, verdicts.hangs]


def verdicts_in(words: Words) -> VerdictsOfHelper:
    """Return what was said of texts."""
    verdicts, seconds, hangs = words
    return VerdictsOfHelper(list(map(_verdict_from_json, verdicts)), seconds, hangs)


def _verdict_to_json(verdict: Verdict) -> Words:
    return {"failure": list(verdict)} if isinstance(verdict, Failure) else list(map(finding_to_json, verdict))


def _verdict_from_json(body: Words) -> Verdict:
    return Failure(*body["failure"]) if isinstance(body, dict) else list(map(finding_from_json, body))


# ---- attachments ---------------------------------------------------------------------------------


def reader_of_files() -> str:
    """Name what reads attachments here."""
    return f"{__version__} attachments"


def question_of_file(body: bytes) -> BatchQuestion:
    """Return how the text of an attachment is asked for."""
    return BatchQuestion(reader_of_files(), None, body)


def words_of_extract(extract: Extract) -> Words:
    """Return what is said of an attachment."""
    return list(extract)


def extract_in(words: Words) -> Extract:
    """Return what was said of an attachment."""
    text, form, reason = words
    return Extract(text, Format(form) if form else None, reason)


# ---- pictures ------------------------------------------------------------------------------------


def reader_of_pictures() -> str:
    """Name what reads pictures here."""
    return f"{__version__} pictures {engine_version()}"


def question_of_picture(body: bytes, seconds: float, page: int, smallest: tuple[int, int]) -> BatchQuestion:
    """Return how the text of a picture is asked for that may take so many CPU seconds, as PictureProcess has it."""
    return BatchQuestion(reader_of_pictures(), [seconds, page, *smallest], body)


def words_of_reading(reading: PictureReading) -> Words:
    """Return what is said of a picture."""
    return [list(map(line_to_json, reading.lines)), reading.trouble, reading.seconds]


def reading_in(words: Words) -> PictureReading:
    """Return what was said of a picture."""
    lines, trouble, seconds = words
    return PictureReading(tuple(map(line_from_json, lines)), trouble, seconds)
