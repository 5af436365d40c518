"""Tell what each check looked at and found, so that the figures add up to those of the report.

How many subjects a check was handed is an engineer's figure (report.json has it): a page that did not change since the
last run is answered for from memory, a text that two pages share is read once. A reader wants to know what was covered,
so checks of pages and of links speak of the pages and links of the run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks import CLASSES, check_of, check_with

if TYPE_CHECKING:
    from reports.model import Report, Run, Tally
    from reports.wording import Words

LOOKED_AT = {
    "Page": "checks.pages",
    "Block": "checks.texts",
    "Link": "checks.links",
    "Host": "checks.hosts",
    "Exposure": "checks.addresses",
    "Document": "checks.attachments",
    "PictureText": "checks.pictures",
    "Inventory": "checks.inventory",
    "Column": "checks.columns",
    "Probe": "checks.functions",
    "DualStack": "checks.names",
    "Space": "checks.spaces",
    "Versions": "checks.versions",
    "MediaAccount": "checks.accounts",
    "Post": "checks.posts",
    "Viewing": "checks.viewings",
}
"""How a reader calls the subjects of a check, by their type."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One check: its name, what it looked at in words, findings of the report, and places at which it failed itself."""

    check: str
    looked_at: str
    findings: int
    failed: int


def coverage(report: Report, say: Words) -> list[Coverage]:
    """Return a line a check; findings of checks that left no line (a retired rule) are one more, so that all add up."""
    found = Counter(_check_behind(entry.finding.rule.id) for entry in report.findings)
    lines = [
        Coverage(say.check(tally.id), _looked_at(tally, report.run, say), found.pop(tally.id, 0), tally.errors)
        for tally in report.checks
    ]
    if left := sum(found.values()):
        lines.append(Coverage(say("checks.others"), "—", left, 0))
    return lines


def _check_behind(rule: str) -> str:
    """Return the id of the check that has a rule, "" for a rule that is no more."""
    check = check_with(rule)
    return check.id if check else ""


def _looked_at(tally: Tally, run: Run, say: Words) -> str:
    subject = check_of(tally.id).subject.__name__ if tally.id in CLASSES else ""
    count = {"Page": run.pages, "Block": run.pages, "Link": run.links}.get(subject, tally.subjects)
    if not count:
        return say("checks.nothing")
    return say.count(LOOKED_AT[subject], count) if subject else f"{count:,}"
