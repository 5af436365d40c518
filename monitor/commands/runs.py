"""List the runs that the store holds."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.command(short_help="List the runs in the store.")
@click.option("--site", help="Runs of this site only (its id).")
@click.option("--group", default="", metavar="NAME", help="Runs of a group's sites, in the place of --site.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def runs(site: str | None, group: str, limit: int, form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List the newest runs first: number, site, scope, when, how it ended, pages, and why."""
    from monitor.commands.work.runs import list_runs

    list_runs(settings_from(config, overrides), site, group, limit, form)
