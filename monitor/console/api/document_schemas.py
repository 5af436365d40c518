"""Declare what programs send and get about documents: workbooks, texts to proofread, reports of periods."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from checks.model import Confidence
from monitor.console.actions.proofreading_steps import REPLACEMENT
from monitor.console.api.cursors import NoNul
from monitor.console.api.schemas import Answered, ChangeRow, Day, Name, Sent
from monitor.proofreading.proofread_messages import CHARACTERS


class DepartmentOut(Answered):
    """A department, "" for the rows that none has: how many entries are open, and of these critical, late, mended."""

    name: str
    open: int
    critical: int
    overdue: int
    to_verify: int


class DepartmentList(Answered):
    """The departments whose rows the user may see."""

    items: list[DepartmentOut]


class WorkbookLine(Answered):
    """Something about a row of a workbook: its sheet and row, and the number of its entry, null without one."""

    kind: Literal["conflict", "refused", "skipped", "note"]
    place: str
    number: int | None
    text: str


class WorkbookOutcome(Answered):
    """What a workbook changed, or with ``dry_run`` would change; ``held_back`` counts the lines that were not taken."""

    dry_run: bool
    changed: list[int]
    changes: list[ChangeRow]
    lines: list[WorkbookLine]
    held_back: int


# ---- proofreading -----------------------------------------------------------------------------------

Mark = Annotated[int, Field(ge=0, lt=2**31, strict=True)]


class TextToProofread(Sent):
    """A text; with the id of a site, what was called right there is not marked."""

    text: Annotated[str, Field(min_length=1, max_length=CHARACTERS, pattern=r"\S")]
    site: Name = ""


class ProofMarkOut(Answered):
    """A marked place: characters ``start`` to ``end`` of a passage, counted from 0.

    ``right`` is what is suggested, null without a suggestion; ``replacement`` what was decided, null for the wording as
    it is, ``decided`` whether anything was.
    """

    number: int
    passage: int
    start: int
    end: int
    wrong: str
    right: str | None
    confidence: Confidence
    title: str
    reason: str
    decided: bool
    replacement: str | None


class ProofreadingOut(Answered):
    """A document that is being read, or was: marks are complete once it has ended; ``cut`` where it was too long.

    ``fault`` says why it ended early, "" where it did not.
    """

    id: str
    name: str
    site: str
    ended: bool
    fault: str
    cut: bool
    characters: int
    has_docx: bool
    passages: list[str]
    marks: list[ProofMarkOut]


class ProofreadingSummary(Answered):
    """A document that is held for the user."""

    id: str
    name: str
    ended: bool
    marks: int


class ProofreadingList(Answered):
    """The documents that are held for the user, the newest first."""

    items: list[ProofreadingSummary]


class MarkDecision(Sent):
    """What becomes of a mark: its wording is replaced, kept, or nothing is decided (any more)."""

    mark: Mark
    verdict: Literal["replace", "keep", "open"]
    replacement: Annotated[str, Field(max_length=REPLACEMENT), NoNul] | None = Field(
        None, description="Default: what is suggested."
    )


class DecisionsWanted(Sent):
    """Decisions about marks; with ``accept_confirmed`` also every confirmed one that has a suggestion."""

    decisions: list[MarkDecision] = Field([], max_length=1_000)
    accept_confirmed: bool = False


# ---- reports of periods -----------------------------------------------------------------------------


class ReportAbout(StrEnum):
    """What a report is about."""

    SITE = "site"
    GROUP = "group"
    ALL = "all"


class PeriodReportWanted(Sent):
    """The report of a quarter such as 2026Q3, or of the days ``from`` to ``to``, in some formats."""

    about: ReportAbout = ReportAbout.ALL
    name: Name = Field("", description="The id of the site, or the name of the group.")
    quarter: Annotated[str, Field(max_length=6), NoNul] = ""
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")
    formats: list[Annotated[str, Field(max_length=16)]] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _period(self) -> PeriodReportWanted:
        """Have a quarter, or both days, and not both."""
        if bool(self.quarter) == bool(self.start or self.end) or bool(self.start) != bool(self.end):
            raise ValueError("give a quarter, or both from and to")
        return self


class PeriodReportFile(Answered):
    """A report in a format: its bytes."""

    format: str
    size: int


class PeriodReportOut(Answered):
    """A report of a period; ``faults`` say of a format why it is missing."""

    id: str
    title: str
    formats: list[str]
    ended: bool
    files: list[PeriodReportFile]
    faults: dict[str, str]


class PeriodReportList(Answered):
    """The reports that are held for the user, the newest first."""

    items: list[PeriodReportOut]
