"""Show what ran, what runs, and what is due."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.command(short_help="Show what ran, what runs, and what is due.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def status(form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Show for every configured site and scope the last inspection, the one under way, and the next round.

    Below stands how the site's functions (``probes``) were when they were last tried.

    Reads the store, so it works beside a running daemon and without one.
    """
    from monitor.commands.work.status import show_status

    gc.disable()  # the process ends soon, and with 13,000 sites looking for cycles took 0.6 of 3.4 CPU s
    show_status(settings_from(config, overrides), form)
