"""Gather findings that are alike: 567 places with 截止 for 截至 are one row, and one judgement settles them all.

What differs between them (the sentence around, the page) is shown once and on demand for the others. Findings that
quote no text stand alone: they have no wording in common. A page to be read gathers more (``alike``): what a rule says
of pages in the same words, and the links to a host that cannot be reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from msgspec import Struct

from checks.model import ErrorKind, Finding
from reports import facts
from reports.model import Baseline, Entry
from reports.remediation.states import State

SAID_OF_PAGES = frozenset({"missing-source"})
"""Rules that judge a page as such, and most often its template."""

OF_HOSTS = frozenset({ErrorKind.DNS, ErrorKind.CONNECT, ErrorKind.TLS, ErrorKind.RESOLVER})
"""What is wrong with a host, and so with every link to it."""

RECENT = frozenset({Baseline.NEW, Baseline.REOPENED})


class Alike(Struct, frozen=True):
    """The findings of one rule that call for the same change, as sure and as severe as each other; worst first."""

    entries: tuple[Entry, ...]

    @property
    def first(self) -> Entry:
        """The finding that stands for all of them."""
        return self.entries[0]

    @property
    def count(self) -> int:
        """How many findings there are."""
        return len(self.entries)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages behind them, each once; they may be cut."""
        return tuple(dict.fromkeys(page for entry in self.entries for page in facts.pages(entry.finding)))

    @property
    def page_count(self) -> int:
        """On how many pages they stand: at least so many where a template's slip has more pages than are kept."""
        return max(len(self.pages), *(facts.page_count(entry.finding) for entry in self.entries))

    @property
    def states(self) -> tuple[State, ...]:
        """Where the office stands with them, in the order of work."""
        present = {entry.state for entry in self.entries}
        return tuple(state for state in State if state in present)

    @property
    def departments(self) -> tuple[str, ...]:
        """Whose they are, each once; those of nobody say nothing."""
        return tuple(dict.fromkeys(entry.department for entry in self.entries if entry.department))

    @property
    def owners(self) -> tuple[str, ...]:
        """Who is to mend them, each once."""
        return tuple(dict.fromkeys(entry.owner for entry in self.entries if entry.owner))

    @property
    def deadline(self) -> date | None:
        """The first deadline of those that are still to be worked on."""
        return min((entry.deadline for entry in self.entries if entry.deadline and entry.is_open), default=None)

    @property
    def overdue(self) -> bool:
        """Whether any of them is late."""
        return any(entry.overdue for entry in self.entries)

    @property
    def baseline(self) -> Baseline:
        """How they stand: new where any of them is, so that a filter for what is new shows the row."""
        return next((entry.baseline for entry in self.entries if entry.baseline in RECENT), self.first.baseline)


def gathered(entries: Iterable[Entry]) -> list[Alike]:
    """Return the findings by wording, in the order of the first of each, but those on most pages first among equals."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        found.setdefault(_wording(entry), []).append(entry)
    return sorted((Alike(tuple(same)) for same in found.values()), key=_order)


def alike(entries: Iterable[Entry]) -> list[Alike]:
    """Return the findings as a reader wants them, fewer rows than ``gathered``, whose rows one judgement settles."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        found.setdefault(_message(entry) or _wording(entry), []).append(entry)
    return sorted((Alike(tuple(same)) for same in found.values()), key=_order)


def _message(entry: Entry) -> tuple[str, ...]:
    """Return what two findings have in common that say the same of a page, or of a host; () where nothing may be."""
    finding = entry.finding
    kind = (finding.rule.id, finding.weight, finding.confidence, finding.variant)
    if finding.target:
        host = urlsplit(finding.target.url).hostname if facts.error(finding) in OF_HOSTS else None
        return (*kind, host) if host else ()
    if finding.text or finding.referrers:
        return ()
    params = (f"{name}={value}" for name, value in sorted(finding.params.items()))
    return (*kind, finding.suggestion, *params)


def _is_said_of_pages(finding: Finding) -> bool:
    """Return whether a finding says the same of any page: a template that names no source fails all its articles."""
    return finding.rule.id in SAID_OF_PAGES and finding.text is None and finding.target is None


def _wording(entry: Entry) -> tuple[str, ...]:
    finding = entry.finding
    if _is_said_of_pages(finding):
        params = (f"{name}={value}" for name, value in sorted(finding.params.items()))
        return (finding.rule.id, finding.weight, finding.confidence, finding.variant, *params)
    if finding.text is None:
        return (finding.fingerprint,)
    return (finding.rule.id, finding.weight, finding.confidence, finding.text.wrong, finding.suggestion)


def _order(same: Alike) -> tuple[int, str, int, int]:
    """Sort by severity, confirmed before suspected, then by pages and places; links keep the order that they have."""
    finding = same.first.finding
    many = 0 if finding.target else -same.page_count
    return (finding.weight.rank, finding.confidence, many, -same.count)
