"""Serve the console over a store without a daemon."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from
from monitor.logs import without_rich


@click.command(short_help="Show the ledger in a browser, without the daemon.")
@config_options
@click.option("--listen", metavar="ADDRESS:PORT", help="Where to listen; default: console.listen, else 127.0.0.1:8460.")
def console(config: Path | None, overrides: tuple[str, ...], listen: str | None) -> None:
    """Serve the console until Ctrl-C: what `sitehealth run` shows with `console.listen`, but for running inspections.

    Exit codes: 0 stopped, 2 configuration, 3 the port or the store cannot be had.
    """
    with without_rich():
        from monitor.commands.work.console import serve_console

    chosen = (*overrides, f"console.listen={listen}") if listen else overrides
    serve_console(settings_from(config, chosen))
