"""Show a fleet: who leads, who works, and what waits."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.group(short_help="Show a fleet: scheduler, workers, queue.")
def fleet() -> None:
    """Look at a fleet: many machines that inspect sites together (docs/scaling.md)."""


@fleet.command(short_help="Show who leads, who works, what waits.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--group", default="", metavar="NAME", help="What waits by the groups right below this one.")
@config_options
def status(form: str, group: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Show who leads, which workers are there and what they do, and what waits in the queue, by group of sites.

    Exit codes: 0 all is well, 1 somebody has to look (nobody leads, a worker fell silent, jobs broke down),
    2 configuration, 3 the store cannot be had.
    """
    from monitor.commands.work.fleet import show_fleet

    show_fleet(settings_from(config, overrides), form, group)
