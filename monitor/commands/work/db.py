"""Back the store up, and restore it."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import UNINSPECTED, Fault
from monitor.settings.site import Settings
from monitor.store import StoreError
from monitor.store.upkeep import back_up, drop_old_backups, file_of, name_of_backup, put_back


def back_up_store(settings: Settings, out: Path | None) -> None:
    """Copy the store to a file or into a folder, and drop the oldest copies there. Raises Fault."""
    try:
        url = settings.store.url.get_secret_value()
        target = out or file_of(url).parent / "backups"
        into_folder = out is None or out.is_dir() or not out.suffix
        path = target / name_of_backup() if into_folder else target
        back_up(url, path)
        removed = drop_old_backups(target, settings.retention.backups) if into_folder else []
    except (StoreError, OSError) as error:
        raise Fault(str(error), UNINSPECTED) from None
    click.echo(f"{path} ({path.stat().st_size // 1024} KiB; {len(removed)} old one(s) removed)")


def restore_store(settings: Settings, backup_file: Path) -> None:
    """Put a copy in the store's place. Raises Fault."""
    try:
        kept = put_back(backup_file, file_of(settings.store.url.get_secret_value()))
    except (StoreError, OSError) as error:
        raise Fault(str(error), UNINSPECTED) from None
    click.echo(f"restored from {backup_file}" + (f"; what was there is now {kept}" if kept else ""))
