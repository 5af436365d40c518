"""Count what a site published in a year, for the office's annual openness report."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.command(short_help="Count what a site published in a year.")
@click.option("--site", required=True, help="Its id; default ids are hosts.")
@click.option("--year", required=True, type=click.IntRange(1990, 2100), help="A calendar year.")
@click.option("--format", "form", type=click.Choice(["xlsx", "json"]), default="xlsx", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@config_options
def publications(
    site: str, year: int, form: str, out: Path | None, config: Path | None, overrides: tuple[str, ...]
) -> None:
    """Write the items of every column by month, quarter and year, from the last inspection of the whole site."""
    from monitor.commands.work.publications import write_publications

    write_publications(settings_from(config, overrides), site, year, form, out)
