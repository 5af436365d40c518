"""Take back what departments filled into the spreadsheets of the remediation ledger."""

from __future__ import annotations

from pathlib import Path

import click

from checks.model import Text
from monitor.accounts.auditing import AuditLog, actor_at_keyboard
from monitor.commands.common import Fault, error_text, language_of, opened
from monitor.commands.work.entry_words import change_in_words
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.remediation.returned_spreadsheets import ImportOutcome, import_spreadsheet
from monitor.settings.site import Settings
from reports.remediation.spreadsheet_reading import SpreadsheetError
from reports.safe import one_line


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
