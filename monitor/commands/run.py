"""Run the daemon: inspect every configured site on schedule until told to stop."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import DEFAULT_CONFIG, UNINSPECTED, Fault, config_options, settings_from


@click.command(short_help="Run the daemon: inspect on schedule, serve metrics.")
@config_options
def run(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Inspect every configured site weekly and quarterly, write reports, serve /metrics, until SIGTERM or Ctrl-C.

    SIGHUP, or a change of the file, puts a new configuration in force. Exit codes: 0 stopped, 2 configuration,
    3 the port or the store cannot be had.
    """
    from monitor import logs, loop
    from monitor.service.daemon import Daemon
    from monitor.store import StoreError

    if config is None and Path(DEFAULT_CONFIG).is_file():
        config = Path(DEFAULT_CONFIG)
    settings = settings_from(config, overrides)
    logs.configure(settings.daemon.log)

    async def live() -> None:
        await Daemon(settings, config, overrides).run()

    try:
        loop.run(live())
    except StoreError as error:
        raise Fault(str(error), UNINSPECTED) from None
    except OSError as error:
        raise Fault(f"cannot listen on {settings.daemon.listen}: {error}", UNINSPECTED) from None
