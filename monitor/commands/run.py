"""Run the daemon: inspect every configured site on schedule until told to stop."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import DEFAULT_CONFIG, config_options, settings_from
from monitor.logs import without_rich


@click.command(short_help="Run the daemon: inspect on schedule, serve metrics.")
@config_options
def run(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Inspect every configured site weekly and quarterly, write reports, serve /metrics, until SIGTERM or Ctrl-C.

    SIGHUP, or a change of the file, puts a new configuration in force. Exit codes: 0 stopped, 2 configuration,
    3 the port or the store cannot be had.
    """
    with without_rich():
        from monitor.commands.work.run import run_daemon

    if config is None and Path(DEFAULT_CONFIG).is_file():
        config = Path(DEFAULT_CONFIG)
    run_daemon(settings_from(config, overrides), config, overrides)
