"""Back the store up while it is in use, and restore it."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import UNINSPECTED, Fault, config_options, settings_from


@click.group(short_help="Back the store up, or restore it.")
def db() -> None:
    """Back the store up, or restore it."""


@db.command()
@click.option("--out", type=click.Path(path_type=Path), help="File or folder; default: backups/ beside the store.")
@config_options
def backup(out: Path | None, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Copy the store to a file; the daemon may run meanwhile. In a folder, only the newest copies are kept."""
    from monitor.store import StoreError
    from monitor.store.upkeep import back_up, drop_old_backups, file_of, name_of_backup

    settings = settings_from(config, overrides)
    try:
        target = out or file_of(settings.store.url).parent / "backups"
        into_folder = out is None or out.is_dir() or not out.suffix
        path = target / name_of_backup() if into_folder else target
        back_up(settings.store.url, path)
        removed = drop_old_backups(target, settings.retention.backups) if into_folder else []
    except (StoreError, OSError) as error:
        raise Fault(str(error), UNINSPECTED) from None
    click.echo(f"{path} ({path.stat().st_size // 1024} KiB; {len(removed)} old one(s) removed)")


@db.command()
@click.argument("backup_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_options
def restore(backup_file: Path, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Put BACKUP_FILE in the store's place; the store that was there is kept beside it. Stop the daemon first."""
    from monitor.store import StoreError
    from monitor.store.upkeep import file_of, put_back

    settings = settings_from(config, overrides)
    try:
        kept = put_back(backup_file, file_of(settings.store.url))
    except (StoreError, OSError) as error:
        raise Fault(str(error), UNINSPECTED) from None
    click.echo(f"restored from {backup_file}" + (f"; what was there is now {kept}" if kept else ""))
