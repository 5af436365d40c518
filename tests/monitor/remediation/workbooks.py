"""A ledger with a few entries, its workbook, and what people and programs do to it before it comes back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl

from monitor.remediation.ledger import Ledger
from monitor.remediation.returned_spreadsheets import import_spreadsheet
from monitor.remediation.spreadsheets import export_spreadsheet
from monitor.store import Store
from monitor.store.codec import finding_body
from monitor.store.findings import FindingRecord
from monitor.store.ledger.entry_changes import NewEntry, open_entries
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.model import Baseline
from reports.remediation.changes import WantedChange
from reports.remediation.spreadsheet_columns import COLUMNS
from tests.factories import at, finding, link

NOW = 1_795_000_000.0
"""18 November 2026."""

AT = {column.key: number for number, column in enumerate(COLUMNS, 1)}


def filled(store: Store, count: int) -> Ledger:
    """A ledger of so many broken links; 1 and 2 have departments."""
    made = Ledger(store, clock=lambda: NOW)
    found = [finding(url=at(f"/{n}.html"), key=f"k{n}", target=link(at(f"/gone{n}.pdf"))) for n in range(count)]
    with store.engine.begin() as connection:
        checked = [FindingRecord(each.fingerprint, "links", each, Baseline.NEW) for each in found]
        open_entries(
            connection, "qinghe", 1, [NewEntry(each, finding_body(each.finding), ()) for each in checked], NOW - 86_400
        )
    made.change(range(1, count + 1), WantedChange(deadline=date(2026, 12, 1)), by="王")
    made.change([1], WantedChange(department="办公室"), by="王")
    made.change([2], WantedChange(department="教育局/一科", owner="=cmd|' /C calc'!A0"), by="王")
    return made


def exported(ledger: Ledger, language: str = "zh-CN") -> io.BytesIO:
    out = io.BytesIO()
    export_spreadsheet(ledger, LedgerFilter(), language, out)
    out.seek(0)
    return out


def edited(workbook: io.BytesIO, edit) -> io.BytesIO:
    """The workbook as openpyxl saves it after somebody worked on its first sheet."""
    book = openpyxl.load_workbook(workbook)
    edit(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def typing(row: int, **values):
    """Fill cells of a row in; 2 is the first below the headings."""

    def edit(sheet):
        for key, value in values.items():
            sheet.cell(row, AT[key]).value = value

    return edit


def taken(ledger: Ledger, workbook: io.BytesIO, **options):
    return import_spreadsheet(ledger, workbook, "李", **options)


def now(ledger: Ledger):
    return list(ledger.select())


def words(outcome) -> str:
    return "\n".join(line.message.zh for line in outcome.lines)


def rewritten(workbook: io.BytesIO, change: Callable[[str, bytes], tuple[str, bytes]]) -> io.BytesIO:
    """The workbook with parts changed: a name and its content become others."""
    out = io.BytesIO()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(*change(name, source.read(name)))
    out.seek(0)
    return out
