"""Send the remediation ledger to departments as spreadsheets, and take back what they filled in."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import click

from checks.model import Text
from monitor.accounts.auditing import AuditLog, actor_at_keyboard
from monitor.commands.common import Fault, error_text, language_of, opened, opened_to_read, worded
from monitor.commands.work.chosen_site import refuse_unknown_site
from monitor.commands.work.entry_words import change_in_words
from monitor.inspection.workers import cores
from monitor.output.files import whole
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.remediation.spreadsheets import ImportOutcome, department_files, export_spreadsheet, import_spreadsheet
from monitor.settings.site import Settings
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.spreadsheet_reading import SpreadsheetError
from reports.safe import one_line

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


def import_entries(settings: Settings, file: Path, by: str, *, dry_run: bool) -> None:
    """Take a file back and say what became of it; exit with 1 where something was not taken. Raises Fault."""
    language = language_of(settings)
    with opened(settings) as store, file.open("rb") as stream:
        try:
            outcome = import_spreadsheet(Ledger(store, policy_of(settings)), stream, by, dry_run=dry_run)
        except SpreadsheetError as error:
            raise Fault(f"{file}: {error_text(error, language)}") from None
        if not dry_run:
            AuditLog(store).add_ledger_change(actor_at_keyboard(by), outcome.changes)
    _show(outcome, language, dry_run=dry_run)
    if outcome.held_back:
        raise SystemExit(1)


def _show(outcome: ImportOutcome, language: str, *, dry_run: bool) -> None:
    for change in outcome.changes:
        click.echo(f"#{change.number} {change_in_words(change, language)}")
    for line in outcome.lines:
        number = f" #{line.number}" if line.number is not None else ""
        click.echo(one_line(f"{line.place}{number} {line.message(language)}".strip()))
    entries, held_back = len({change.number for change in outcome.changes}), outcome.held_back
    done = Text("将修改", "would change") if dry_run else Text("已修改", "changed")
    chinese = f"{done.zh} {entries} 个问题，{held_back} 处没有采纳"
    click.echo(Text(chinese, f"{done.en} {entries} entries; {held_back} lines not taken")(language))
