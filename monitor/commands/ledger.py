"""Work with the remediation ledger (整改台账): list, show, change, recheck, count; spreadsheets out and back in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from, worded
from monitor.commands.ledger_options import DATE, FilterOptions, filter_options, named_person, period


@click.group(short_help="Work with the remediation ledger (整改台账).")
def ledger() -> None:
    """Work with the remediation ledger (整改台账)."""


@ledger.command("list", short_help="List entries.")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), help="So many at most, in the order of numbers.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@config_options
def list_entries(
    chosen: FilterOptions,
    limit: int | None,
    form: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """List entries in the order of their numbers. JSON is one object a line."""
    from monitor.commands.work.ledger import list_entries as show_list
    from monitor.commands.work.ledger_filter import filter_of

    settings = settings_from(config, overrides)
    show_list(settings, filter_of(settings, chosen), form, overdue=chosen.overdue, limit=limit)


@ledger.command("show", short_help="Show an entry with its history.")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def show_entry(number: int, form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Show entry NUMBER with everything that ever changed of it, and why."""
    from monitor.commands.work.ledger import show_entry as show

    show(settings_from(config, overrides), number, form)


@ledger.command("set", short_help="Change entries: all of them, or none.")
@click.argument("numbers", type=click.IntRange(min=1), nargs=-1, required=True)
@click.option("--state", metavar="S", help="The state, by id or in Chinese.")
@click.option("--owner", help="Who mends it; an empty text: nobody.")
@click.option("--department", help="The department; an empty text: none.")
@click.option("--deadline", type=DATE, metavar="DATE", help="The last day to mend it.")
@click.option("--until", type=DATE, metavar="DATE", help="The last day of a judgement.")
@click.option("--note", help="What was done.")
@click.option("--mended", type=DATE, metavar="DATE", help="The day on which it was mended.")
@click.option("--remark", help="Any other remark.")
@click.option("--why", default="", help="The reason; judgements need one.")
@click.option("--by", required=True, callback=named_person, help="Who says so; kept with the history.")
@config_options
def set_entries(
    numbers: tuple[int, ...],
    state: str | None,
    owner: str | None,
    department: str | None,
    deadline: date | None,
    until: date | None,
    note: str | None,
    mended: date | None,
    remark: str | None,
    why: str,
    by: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Change the entries NUMBERS. Where one of them cannot be changed so, none is, and each reason is said."""
    from monitor.commands.work.ledger import set_entries as change
    from monitor.commands.work.ledger_filter import state_of
    from reports.remediation.changes import WantedChange

    wanted = WantedChange(
        state=state_of(state) if state else None,
        owner=owner,
        department=department,
        deadline=deadline,
        until=until,
        note=note,
        mended=mended,
        remark=remark,
        reason=why,
    )
    change(settings_from(config, overrides), numbers, wanted, by)


@ledger.command("recheck", short_help="Look now whether faults are gone.")
@click.argument("numbers", type=click.IntRange(min=1), nargs=-1)
@click.option("--to-verify", is_flag=True, help="All entries that somebody called mended (to-verify).")
@click.option("--site", default="", help="With --to-verify: of this site.")
@click.option(
    "--by", default="recheck", show_default=True, callback=named_person, help="Who asks; kept with the history."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def recheck_entries(
    numbers: tuple[int, ...],
    to_verify: bool,  # noqa: FBT001 - a flag of the command line
    site: str,
    by: str,
    form: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Look now at the places of the entries NUMBERS, and say of each: gone, still there, or cannot be told.

    Exit codes: 0 all are gone, 1 some are still there, 2 usage or configuration, 3 none is still there and some cannot
    be told, 130 interrupted (what was seen is kept).
    """
    from monitor.commands.work.ledger_recheck import recheck_entries as recheck

    recheck(settings_from(config, overrides), numbers, site, by, form, to_verify=to_verify)


@ledger.command("stats", short_help="Count what was found, closed, and is open.")
@click.option("--site", default="", help="Entries of this site.")
@click.option("--group", default="", metavar="NAME", help="Entries of a group's sites, in the place of --site.")
@click.option("--from", "start", type=DATE, metavar="DATE", help="First day of the period.")
@click.option("--to", "end", type=DATE, metavar="DATE", help="Last day of the period.")
@click.option(
    "--by",
    "part",
    type=click.Choice(["site", "group"]),
    help="A line for each site, or for each group right below --group; the fastest growing first.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def count_entries(
    site: str,
    group: str,
    start: date | None,
    end: date | None,
    part: str | None,
    form: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Count found, closed, open and overdue entries, days to close and returns: the figures of a 通报."""
    from monitor.commands.work.ledger import WantedFigures
    from monitor.commands.work.ledger import count_entries as show_counts

    wanted = WantedFigures(site, group, part or "")
    show_counts(settings_from(config, overrides), wanted, period(start, end), form)


@ledger.command("export", short_help="Write entries as a spreadsheet that departments fill in.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The xlsx file.")
@click.option("--by-department", is_flag=True, help="One file a department: FILE-DEPARTMENT.xlsx.")
@click.option("--department-sheets", is_flag=True, help="One file with a sheet for each department.")
@filter_options
@config_options
def export_entries(
    out: Path,
    by_department: bool,  # noqa: FBT001 - a flag of the command line
    department_sheets: bool,  # noqa: FBT001 - likewise
    chosen: FilterOptions,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Write entries of the ledger as a workbook; `sitehealth ledger import` takes it back."""
    from monitor.commands.work.ledger_export import Division
    from monitor.commands.work.ledger_export import export_entries as export
    from monitor.commands.work.ledger_filter import filter_of

    if by_department and department_sheets:
        raise click.UsageError(
            worded(
                "--by-department 写多个文件，--department-sheets 写一个文件：只能用一个",
                "--by-department writes files, --department-sheets one file: choose one of them",
            )
        )
    division = Division.SHEETS if department_sheets else Division.NONE
    if by_department:
        division = Division.FILES
    settings = settings_from(config, overrides)
    export(settings, filter_of(settings, chosen), out, division, overdue=chosen.overdue)


@ledger.command("import", short_help="Take back what departments filled in.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, callback=named_person, help="Who takes it in; kept with the history.")
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
    from monitor.commands.work.ledger_import import import_entries as take_back

    take_back(settings_from(config, overrides), file, by, dry_run=dry_run)
