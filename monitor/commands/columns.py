"""Show the columns that an inspection found, so that the configuration can correct them."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.command(short_help="Show the columns (栏目) of a site.")
@click.argument("url", required=False)
@click.option("--run", "number", type=int, help="Those of this run, the number that `sitehealth runs` shows.")
@click.option("--format", "form", type=click.Choice(["text", "json", "yaml"]), default="text", show_default=True)
@config_options
def columns(url: str | None, number: int | None, form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Show the columns of URL as its last inspection found them: status, type, newest item, items, name, address.

    The yaml format is what `sites[].columns` takes: change what is wrong, and leave the rest out.
    """
    from monitor.commands.work.columns import show_columns

    show_columns(settings_from(config, overrides), url, number, form)
