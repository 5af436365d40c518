"""Say who is to mend a fault and until when: the first assignment that fits, and working days by severity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from msgspec import Struct, field

from checks.model import Finding, Severity
from checks.reading.workdays import Deadline, WorkCalendar
from reports import facts
from reports.remediation.suppressions import Suppression

TERMS: Mapping[Severity, int] = MappingProxyType({Severity.CRITICAL: 1, Severity.MAJOR: 5, Severity.MINOR: 20})
"""Working days to mend a fault, unless the configuration says otherwise."""


class Assignment(Struct, frozen=True):
    """Who mends the faults that fit: every field that is given has to. ``url`` is searched for in the page's URL."""

    department: str = ""
    owner: str = ""
    site: str = ""
    rules: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    column: str = ""
    url: str = ""

    def fits(self, site: str, finding: Finding) -> bool:
        """Return whether a fault of a site is this department's."""
        return (
            (not self.site or self.site == site)
            and (not self.rules or finding.rule.id in self.rules)
            and (not self.families or finding.rule.family in self.families)
            and (not self.column or self.column == finding.column)
            and (not self.url or re.search(self.url, facts.place(finding)) is not None)
        )


NOBODY = Assignment()


class LedgerPolicy(Struct, frozen=True):
    """What the configuration says about new entries. ``terms`` are working days by severity.

    ``suppressions`` are the remembered judgements that stand in config.yaml.
    """

    assignments: tuple[Assignment, ...] = ()
    terms: Mapping[Severity, int] = field(default_factory=lambda: TERMS)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    suppressions: tuple[Suppression, ...] = ()
    _deadlines: dict[tuple[Severity, date], Deadline] = field(default_factory=dict)

    def assign(self, site: str, finding: Finding) -> Assignment:
        """Return the first assignment that fits, or one that names nobody."""
        return next((each for each in self.assignments if each.fits(site, finding)), NOBODY)

    def deadline(self, severity: Severity, start: date) -> Deadline:
        """Return the day until which a fault that was confirmed on ``start`` is to be mended."""
        # A run opens thousands of entries on one day; counting each anew took a third of its closing.
        known = self._deadlines.get((severity, start))
        if known is None:
            known = self._deadlines[severity, start] = self.calendar.after(start, self.terms[severity])
        return known
