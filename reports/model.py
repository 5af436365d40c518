"""Hold everything that a report says about one run, so that every format writes the same facts.

``monitor`` builds a ``Report`` from its store; the formats only read it. Values only: frozen, free of I/O and of
clocks, so the same report gives the same bytes. Field names are those of report.json (docs/report.schema.json)
wherever the two meet. Every datetime is aware and is shown in its own zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field

from checks.model import NOTHING, ColumnStatus, ColumnType, Excerpt, Finding, Severity, Text
from checks.scoring.sheet import Score
from reports.letterhead import NO_LETTERHEAD, Letterhead
from reports.picture import Picture
from reports.remediation.figures import SiteLedger
from reports.remediation.states import WORKING, State


class Scope(StrEnum):
    """How much of the site a run looks at: the homepage and what it links to, or all of it."""

    HOMEPAGE = "homepage"
    SITE = "site"


class Status(StrEnum):
    """How a run ended. A partial run found what it found; what it did not reach is not called fixed."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class Baseline(StrEnum):
    """How a finding stands against the previous run of the same scope, in SARIF's sense of the word."""

    NEW = "new"
    UNCHANGED = "unchanged"
    REOPENED = "reopened"
    FIXED = "fixed"
    UNVERIFIED = "unverified"


class Run(Struct, frozen=True):
    """The facts of one inspection.

    ``site`` is the name the office calls it by, ``url`` its homepage. ``scheduled_for`` is the fire time that the run
    serves, None for one started by hand. ``finished`` is None only while it runs. ``requests`` counts everything
    sent, ``links`` the distinct targets judged, ``bytes`` what was received, decoded. ``reason`` says why a run is
    partial or failed; the empty text where it is complete.
    """

    id: str
    site: str
    url: str
    scope: Scope
    started: datetime
    finished: datetime | None
    status: Status
    scheduled_for: datetime | None = None
    pages: int = 0
    requests: int = 0
    links: int = 0
    bytes: int = 0
    reason: Text = NOTHING

    @property
    def when(self) -> datetime:
        """The moment the report speaks of: the end of the run, or its start where it has none."""
        return self.finished or self.started


class Entry(Struct, frozen=True):
    """A finding and its history.

    ``baseline`` compares with what the ledger knew before the run. ``entry`` is its number there, 0 where it has none;
    ``state`` to ``overdue`` are the ledger's when the report was written. ``first_seen`` and ``last_seen`` are the
    times of the first and the latest run that saw it (for a fixed one: the last run in which it still was there).
    ``page_title`` is the title of the page at ``finding.url`` or, of a file, of the page that links to it, empty where
    unknown. ``runs`` counts the runs in a
    row that saw it. ``reason`` is why somebody decided that nothing is to be done, or not now.
    ``source`` is the element of the page's source that it is about and what is around it, where the page was kept.
    """

    finding: Finding
    baseline: Baseline
    first_seen: datetime
    last_seen: datetime
    state: State = State.TO_FIX
    page_title: str = ""
    runs: int = 1
    entry: int = 0
    department: str = ""
    owner: str = ""
    deadline: date | None = None
    overdue: bool = False
    reason: str = ""
    source: Excerpt | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in WORKING

    @property
    def number(self) -> str:
        """The number people quote: that of its entry in the ledger, else the start of its fingerprint."""
        return str(self.entry) if self.entry else self.finding.fingerprint[:10]


class Tally(Struct, frozen=True):
    """What one check did in the run: subjects looked at, findings made, subjects on which it failed itself.

    ``failed`` are the addresses of the first of those, which may be fewer than ``errors``.
    """

    id: str
    subjects: int
    findings: int
    errors: int = 0
    failed: tuple[str, ...] = ()


class ColumnSummary(Struct, frozen=True):
    """One 栏目 of the inventory, with the verdict on it.

    ``items`` are counted, ``newest`` dates the latest of them. ``complete`` is False where not all its pages were read;
    ``needs_rendering`` quotes the script that draws a list which is not in the page, "" where there is none.
    """

    name: str
    url: str
    type: ColumnType
    items: int
    newest: date | None
    limit_days: int
    status: ColumnStatus
    complete: bool = True
    needs_rendering: str = ""


class SecurityTest(Struct, frozen=True):
    """One graded test: ``result`` is the Observatory's word for the outcome, ``modifier`` what it adds to 100."""

    result: str
    passed: bool
    modifier: int
    title: Text = NOTHING


class Security(Struct, frozen=True):
    """The grade everybody knows, A+ to F, over 0 to 135 points, and the tests behind it by name."""

    score: int
    grade: str
    tests: Mapping[str, SecurityTest] = field(default_factory=dict)


class TrendPoint(Struct, frozen=True):
    """One run of the site and scope, as a trend shows it.

    ``confirmed`` counts its confirmed findings by severity, ``closed`` what it verified to be gone. A failed run saw
    nothing: it has no counts, and neither score nor grade. ``vetoes`` counts the grounds for rejection (单项否决).
    """

    when: datetime
    status: Status
    confirmed: Mapping[Severity, int] = field(default_factory=dict)
    closed: int = 0
    score: float | None = None
    vetoes: int = 0
    grade: str = ""


class ProbedDay(Struct, frozen=True):
    """How often the homepage was asked for on a day, and how often it did not open."""

    day: date
    probes: int
    failures: int


class Report(Struct, frozen=True):
    """One run, ready to be written down.

    ``findings`` are those of this run in any order (formats sort them worst first). ``fixed`` are faults that this run
    verified to be gone; ``unverified`` are findings of earlier runs of the scope that this run did not look at
    again. ``suppressed`` were found, and are false positives in the ledger. ``previous`` is the run compared with,
    None for a first one. ``notices`` say what was not checked and why ("crawl stopped at max_pages", "no language
    model installed"); the reader sees them beside the figures. ``ledger`` is what all entries of the site came to when
    the report was written, None where nobody counted. ``titles`` are those of pages that link to targets, by address,
    as far as they are known; ``snapshots`` are places in files beside the report, relative to it, that show findings on
    their pages as they were fetched, by fingerprint; ``pictures`` show findings, by fingerprint as well, the later of
    them without their bytes where all together would be too large. ``columns`` are empty and ``score`` and ``security``
    None where no check made them. ``trend`` are the latest runs of the site and scope up to this one, the oldest first;
    ``availability`` the days before it on which the homepage was probed.
    """

    run: Run
    findings: tuple[Entry, ...] = ()
    fixed: tuple[Entry, ...] = ()
    unverified: tuple[Entry, ...] = ()
    suppressed: tuple[Entry, ...] = ()
    previous: Run | None = None
    notices: tuple[Text, ...] = ()
    checks: tuple[Tally, ...] = ()
    ledger: SiteLedger | None = None
    columns: tuple[ColumnSummary, ...] = ()
    score: Score | None = None
    security: Security | None = None
    letterhead: Letterhead = NO_LETTERHEAD
    trend: tuple[TrendPoint, ...] = ()
    availability: tuple[ProbedDay, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    snapshots: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, tuple[Picture, ...]] = field(default_factory=dict)

    @property
    def is_first(self) -> bool:
        """Whether there is no run to compare with, so that nothing is called new."""
        return self.previous is None
