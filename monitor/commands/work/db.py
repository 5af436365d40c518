"""Back the store up, restore it, bring it up to date, and copy it to another database."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import UNINSPECTED, Fault, error_text, worded
from monitor.settings.secret import UnresolvedSecretError, resolved
from monitor.settings.site import Settings
from monitor.store import Store, StoreError
from monitor.store.copying import copy_store
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
        raise Fault(error_text(error), UNINSPECTED) from None
    size = path.stat().st_size // 1024
    click.echo(
        worded(
            f"{path}（{size} KiB；删去旧备份 {len(removed)} 个）",
            f"{path} ({size} KiB; {len(removed)} old one(s) removed)",
        )
    )


def restore_store(settings: Settings, backup_file: Path) -> None:
    """Put a copy in the store's place. Raises Fault."""
    try:
        kept = put_back(backup_file, file_of(settings.store.url.get_secret_value()))
    except (StoreError, OSError) as error:
        raise Fault(error_text(error), UNINSPECTED) from None
    moved = worded(f"；原有的现为 {kept}", f"; what was there is now {kept}") if kept else ""
    click.echo(worded(f"已从 {backup_file} 恢复{moved}", f"restored from {backup_file}{moved}"))


def migrate_store(settings: Settings) -> None:
    """Bring the tables of the store, and of a fleet's queue, up to date. Raises Fault."""
    try:
        with Store(settings.store.url.get_secret_value()) as store:
            if settings.engine.kind == "procrastinate":
                from monitor.service.fleet.fleet_schema import prepare
                from monitor.store.fleet_tables import FleetTables

                prepare(FleetTables(store.engine))
            click.echo(f"{store.address.partition('?')[0]}{worded('：已是最新', ': up to date')}")
    except StoreError as error:
        raise Fault(error_text(error), UNINSPECTED) from None


def copy_to(source: str, target: str) -> None:
    """Copy a store into an empty database and say what was copied. Raises Fault."""

    def say(table: str, rows: int) -> None:
        click.echo(f"{rows:>12,}  {table}")

    try:
        copy_store(resolved(source), resolved(target), say)
    except (StoreError, UnresolvedSecretError) as error:
        raise Fault(error_text(error), UNINSPECTED) from None
    click.echo(worded("已复制，两边内容相同", "copied; both hold the same"))
