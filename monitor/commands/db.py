"""Back the store up while it is in use, restore it, bring it up to date, and move it to another database."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from


@click.group(short_help="Back the store up, restore, migrate or copy it.")
def db() -> None:
    """Back the store up, restore it, bring it up to date, or copy it to another database."""


@db.command(short_help="Copy the store to a file.")
@click.option("--out", type=click.Path(path_type=Path), help="File or folder; default: backups/ beside the store.")
@config_options
def backup(out: Path | None, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Copy the store to a file; the daemon may run meanwhile. In a folder, only the newest copies are kept."""
    from monitor.commands.work.db import back_up_store

    back_up_store(settings_from(config, overrides), out)


@db.command(short_help="Put a backup in the store's place.")
@click.argument("backup_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_options
def restore(backup_file: Path, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Put BACKUP_FILE in the store's place; the store that was there is kept beside it. Stop the daemon first."""
    from monitor.commands.work.db import restore_store

    restore_store(settings_from(config, overrides), backup_file)


@db.command(short_help="Bring the store up to date with this version.")
@config_options
def migrate(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Bring the store up to date with this version, as the daemon does at its start; a file is copied beside first.

    For a user of PostgreSQL who may make tables, before a service starts that may not.
    """
    from monitor.commands.work.db import migrate_store

    migrate_store(settings_from(config, overrides))


@db.command(short_help="Copy a store into an empty database.")
@click.option("--from", "source", required=True, metavar="URL", help="The store to copy, as store.url names it.")
@click.option("--to", "target", required=True, metavar="URL", help="An empty database.")
def copy(source: str, target: str) -> None:
    """Copy a store into an empty database, from SQLite to PostgreSQL or back. Stop the daemon first.

    Rows are counted and compared at the end. ${NAME} in a URL is a variable of the environment.
    """
    from monitor.commands.work.db import copy_to

    copy_to(source, target)
