"""Work with the remediation ledger (整改台账): send it to departments, and take back what they filled in."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.group(short_help="Work with the remediation ledger (整改台账).")
def ledger() -> None:
    """Work with the remediation ledger (整改台账)."""


@ledger.command("export", short_help="Write entries as a spreadsheet that departments fill in.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The xlsx file.")
@click.option("--by-department", is_flag=True, help="One file a department: FILE-DEPARTMENT.xlsx.")
@click.option("--site", default="", help="Entries of this site.")
@click.option("--state", "states", default="", metavar="S,S", help="Entries in these states.")
@click.option("--rule", "rules", default="", metavar="R,R", help="Entries of these rules.")
@click.option("--severity", "severities", default="", metavar="S,S", help="critical, major, minor.")
@click.option("--department", help="Entries of this department.")
@click.option("--owner", help="Entries of this person.")
@click.option("--overdue", is_flag=True, help="Entries whose deadline is over.")
@config_options
def export_entries(
    out: Path,
    by_department: bool,  # noqa: FBT001 - a flag of the command line
    site: str,
    states: str,
    rules: str,
    severities: str,
    department: str | None,
    owner: str | None,
    overdue: bool,  # noqa: FBT001 - a flag of the command line
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Write entries of the ledger as a workbook; `sitehealth ledger import` takes it back."""
    from monitor.commands.work.ledger_spreadsheets import export_entries as export
    from monitor.commands.work.ledger_spreadsheets import filter_of

    wanted = filter_of(site, states, rules, severities, department, owner)
    export(settings_from(config, overrides), wanted, out, by_department=by_department, overdue=overdue)


@ledger.command("import", short_help="Take back what departments filled in.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Who takes it in; kept with the history.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@config_options
def import_entries(
    file: Path,
    by: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Take FILE back into the ledger: state, owner, department, deadline, reason and note.

    Exit code 1 where something was not taken: a conflict, a row or a cell that is not understood, a refused change.
    """
    from monitor.commands.work.ledger_spreadsheets import import_entries as take_back

    take_back(settings_from(config, overrides), file, by, dry_run=dry_run)
