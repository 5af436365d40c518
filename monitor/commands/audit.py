"""Show who changed what in the console, by the API and by commands, and from where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from
from monitor.commands.ledger_options import DATE


@click.group(short_help="Show who changed what, and from where.")
def audit() -> None:
    """Show who changed what, and from where (docs/console.md)."""


@audit.command("list", short_help="List changes, the newest first.")
@click.option("--user", "who", help="Changes of this user.")
@click.option("--since", type=DATE, metavar="DATE", help="From this day on.")
@click.option("--action", help="Changes of this kind, such as user.rights; `user.` for all that begin so.")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="So many, the newest first.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@config_options
def list_changes(
    who: str | None,
    since: date | None,
    action: str | None,
    limit: int,
    form: str,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """List changes: when, who, from where, what, to what, and how it was before and after."""
    from monitor.commands.work.audit import list_changes as show

    show(settings_from(config, overrides), who, since, action, limit, form)
