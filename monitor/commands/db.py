"""Back the store up while it is in use, and restore it."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.group(short_help="Back the store up, or restore it.")
def db() -> None:
    """Back the store up, or restore it."""


@db.command()
@click.option("--out", type=click.Path(path_type=Path), help="File or folder; default: backups/ beside the store.")
@config_options
def backup(out: Path | None, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Copy the store to a file; the daemon may run meanwhile. In a folder, only the newest copies are kept."""
    from monitor.commands.work.db import back_up_store

    back_up_store(settings_from(config, overrides), out)


@db.command()
@click.argument("backup_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_options
def restore(backup_file: Path, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Put BACKUP_FILE in the store's place; the store that was there is kept beside it. Stop the daemon first."""
    from monitor.commands.work.db import restore_store

    restore_store(settings_from(config, overrides), backup_file)
