"""Tell what stands behind a line of the score sheet: the findings and columns that it counts, as people know them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import facts

if TYPE_CHECKING:
    from reports.model import ColumnSummary, Entry, Report
    from reports.wording import Words


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that counts: its name, what is wrong with it, where it is, and the number of its finding.

    ``number`` is empty for a column, which is in the list of columns. ``name`` may be empty where only the address
    tells one from the other.
    """

    name: str
    fault: str
    url: str
    number: str = ""


class Causes:
    """What the lines of a report's score count, by what the score knows it by: a fingerprint or a URL."""

    def __init__(self, report: Report, say: Words) -> None:
        self._say = say
        self._entries = {entry.finding.fingerprint: entry for entry in report.findings}
        self._columns = {column.url: column for column in report.columns}

    def of(self, behind: Iterable[str]) -> list[Cause]:
        """Return the causes in their order; what a sentence says as well (the homepage) is none."""
        return list(self._known(behind))

    def _known(self, behind: Iterable[str]) -> Iterator[Cause]:
        for key in behind:
            if key in self._entries:
                yield self._finding(self._entries[key])
            elif key in self._columns:
                yield self._column(self._columns[key])

    def _finding(self, entry: Entry) -> Cause:
        finding = entry.finding
        name = facts.link_text(finding) or ("" if finding.target else finding.column or entry.page_title)
        url = facts.target_url(finding) or finding.url
        return Cause(name, facts.message(finding, self._say.language), url, entry.number)

    def _column(self, column: ColumnSummary) -> Cause:
        status = self._say.label("column_status", column.status)
        newest = self._say("score.newest", day=self._say.day(column.newest)) if column.newest else ""
        return Cause(column.name, self._say("frame.separator").join(filter(None, (status, newest))), column.url)
