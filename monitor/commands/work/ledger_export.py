"""Send the remediation ledger to departments as spreadsheets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import click
from msgspec.structs import replace

from checks.model import Text
from monitor.commands.common import Fault, error_text, language_of, opened_to_read, worded
from monitor.commands.work.chosen_site import refuse_unknown_site
from monitor.inspection.workers import cores
from monitor.output.files import whole
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.remediation.spreadsheets import department_files, export_spreadsheet
from monitor.settings.site import Settings
from monitor.store.ledger.entry_filter import LedgerFilter

PROCESSES = 4
"""Processes that make one large workbook at most: one thread compresses what they make."""


class Division(StrEnum):
    """What an export makes of departments."""

    NONE = "none"
    SHEETS = "sheets"
    FILES = "files"


def export_entries(settings: Settings, wanted: LedgerFilter, out: Path, division: Division, *, overdue: bool) -> None:
    """Write entries to a file, or to one a department; departments without entries get none. Raises Fault."""
    if out.suffix.lower() != ".xlsx":
        raise Fault(worded(f"--out：{out} 不是 .xlsx 文件", f"--out: {out} is no .xlsx file"))
    with opened_to_read(settings) as store:
        refuse_unknown_site(settings, store, wanted.site)
        ledger = Ledger(store, policy_of(settings))
        if overdue:
            wanted = replace(wanted, overdue=ledger.today)
        files = department_files(ledger, wanted, out) if division is Division.FILES else [(out, wanted)]
        for path, chosen in files:
            _write(ledger, chosen, path, language_of(settings), division)


def _write(ledger: Ledger, wanted: LedgerFilter, path: Path, language: str, division: Division) -> None:
    """Write one file, whole or not at all."""
    sheets = division is Division.SHEETS
    try:
        with whole(path) as out:
            count = export_spreadsheet(
                ledger, wanted, language, out, sheet_per_department=sheets, processes=min(cores(), PROCESSES)
            )
    except (OSError, ValueError) as error:
        reason = error_text(error, language)
        raise Fault(worded(f"{path} 写不进去：{reason}", f"{path} cannot be written: {reason}")) from None
    click.echo(Text(f"{path}：{count} 个问题", f"{path}: {count} entries")(language))
