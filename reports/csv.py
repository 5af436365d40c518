"""Write the findings as comma-separated values, as Excel and WPS open them: UTF-8 with a byte order mark, RFC 4180."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

from reports import finding_rows
from reports.gathering import gathered
from reports.outline import worst_first
from reports.safe import cell
from reports.wording import Words, words

if TYPE_CHECKING:
    from reports.model import Report

FORMULA = frozenset("=+-@＝＋－＠\t\r\n|%")
"""A cell that starts so may be run as a formula (OWASP, CSV injection); some programs fold the full-width signs."""


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write one line a finding, and one for all findings of a wording, worst first, under the ledger's column names."""
    say = words(language)
    out.write(codecs.BOM_UTF8)
    lines = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    table = csv.writer(lines)
    table.writerow([say("table.number"), *(say(f"table.{column.key}") for column in finding_rows.COLUMNS)])
    for number, same in enumerate(gathered(worst_first(report.findings)), 1):
        row = finding_rows.FindingRow(same, report.run, say, report.is_first)
        table.writerow([number, *(_plain(value, say) for value in row.values())])
    lines.detach()


def _plain(value: finding_rows.Value, say: Words) -> str | int:
    if isinstance(value, datetime):
        return say.moment(value)
    if isinstance(value, date):
        return say.day(value)
    return inert(value) if isinstance(value, str) else value


def inert(text: str) -> str:
    """Return a cell that a spreadsheet shows and never computes: what looks like a formula gets an apostrophe."""
    shown = cell(text)
    return f"'{shown}" if shown.lstrip(" \u3000")[:1] in FORMULA and shown else shown
