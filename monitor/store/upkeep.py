"""Keep the store small and safe: drop what is past its time, copy it while it is in use."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, String, cast, delete, func, make_url, select, text, update

from monitor.store.database import StoreError
from monitor.store.memory.picture_readings import forget_readings
from monitor.store.pictures import forget_pictures
from monitor.store.schema import finding_pictures, findings, page_snapshots, runs, verdicts
from monitor.store.snapshots import forget_snapshots
from monitor.store.statistics import SUCCESSES

DAY = 86_400.0

PIECE = 5_000
"""Pages that are copied before others get a turn."""


def prune(engine: Engine, *, findings_days: int, verdicts_days: int, snapshots_days: int, now: float) -> int:
    """Drop findings, snapshots and pictures of runs that ended so many days ago, and verdicts not used for so many.

    Returns how many findings were dropped. Pictures stay as long as snapshots do, what was read from pictures as long
    as verdicts.

    The last two runs that saw a site stay whole, however old: the next one is compared with them. Runs and the ledger
    of faults stay: they are the memory of what was served and since when a fault is known.
    """
    with engine.begin() as connection:
        newest = select(func.max(runs.c.id)).where(runs.c.status.in_(SUCCESSES)).group_by(runs.c.site, runs.c.scope)
        kept = set(connection.execute(newest).scalars())
        before = select(func.max(runs.c.id)).where(runs.c.status.in_(SUCCESSES), runs.c.id.not_in(kept))
        kept |= set(connection.execute(before.group_by(runs.c.site, runs.c.scope)).scalars())
        old = [
            number
            for number in connection.execute(
                select(runs.c.id).where(runs.c.finished < now - findings_days * DAY, cast(runs.c.facts, String) != "{}")
            ).scalars()
            if number not in kept
        ]
        dropped = 0
        for number in old:
            dropped += connection.execute(delete(findings).where(findings.c.run == number)).rowcount
            connection.execute(update(runs).where(runs.c.id == number).values(facts={}))
        ended_long_ago = select(runs.c.id).where(runs.c.finished < now - snapshots_days * DAY)
        for table, forget in ((page_snapshots, forget_snapshots), (finding_pictures, forget_pictures)):
            with_some = select(table.c.run).where(table.c.run.in_(ended_long_ago)).distinct()
            forget(connection, {*old, *connection.execute(with_some).scalars()})
        connection.execute(delete(verdicts).where(verdicts.c.used < now - verdicts_days * DAY))
        forget_readings(connection, now - verdicts_days * DAY)
    return dropped


def size(engine: Engine) -> int:
    """Return the bytes that the store takes on disk."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar() or 0)
    path = engine.url.database or ""
    files = [Path(path), Path(f"{path}-wal"), Path(f"{path}-shm")]
    return sum(file.stat().st_size for file in files if path and file.is_file())


def file_of(url: str) -> Path:
    """Return the file of a SQLite store. Raises StoreError for any other."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise StoreError(
            "只有 SQLite 数据库是文件；PostgreSQL 请用 pg_dump 备份、pg_restore 恢复",
            "only a SQLite store is a file; back PostgreSQL up with pg_dump, restore it with pg_restore",
        )
    return Path(address.database)


def back_up(url: str, target: Path) -> None:
    """Copy a SQLite store while it is in use, to a file that is whole. Raises StoreError.

    Uses SQLite's backup interface, so the copy is what one transaction saw, and checks it before it counts.
    """
    store = file_of(url)
    if not store.is_file():
        raise StoreError(f"{store} 处没有数据库", f"there is no store at {store}")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        with (
            contextlib.closing(sqlite3.connect(store, timeout=30)) as source,
            contextlib.closing(sqlite3.connect(partial)) as copy,
        ):
            source.backup(copy, pages=PIECE, sleep=0.01)
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise StoreError(
                f"备份已损坏，数据库也是：{verdict}", f"the copy is damaged, and so is the store: {verdict}"
            )
        partial.replace(target)
    except sqlite3.Error as error:
        raise StoreError(f"数据库复制不了：{error}", f"the store cannot be copied: {error}") from None
    finally:
        partial.unlink(missing_ok=True)


def name_of_backup(now: float | None = None) -> str:
    """Return a file name that sorts by time (UTC)."""
    moment = datetime.fromtimestamp(time.time() if now is None else now, UTC)
    return f"sitehealth-{moment:%Y%m%dT%H%M%SZ}.db"


def drop_old_backups(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups of a folder; return what was removed."""
    old = sorted(folder.glob("sitehealth-*Z.db"))[:-keep]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def put_back(backup: Path, store: Path) -> Path | None:
    """Put a backup in the place of a store that nobody uses; return where the old one is now. Raises StoreError."""
    with contextlib.closing(sqlite3.connect(backup)) as copy:
        try:
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
            known = copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
        except sqlite3.Error as error:
            raise StoreError(
                f"{backup} 不是数据库的备份：{error}", f"{backup} is no backup of a store: {error}"
            ) from None
    if verdict != "ok" or not known:
        raise StoreError(f"{backup} 不是数据库的备份", f"{backup} is no backup of a store")
    kept = None
    if store.exists():
        _refuse_if_used(store)
        kept = store.with_name(f"{store.name}.{int(time.time())}.replaced")
        store.replace(kept)
    for suffix in ("-wal", "-shm"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)
    store.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(backup, store)
    return kept


def _refuse_if_used(store: Path) -> None:
    """Fold the log into the file and see that nobody else has it open: SQLite gives an exclusive lock to one only."""
    try:
        with contextlib.closing(sqlite3.connect(store, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"数据库正在使用；请先停止守护进程（{error}）", f"the store is in use; stop the daemon first ({error})"
        ) from None
    except sqlite3.DatabaseError:
        return  # a damaged store is what a backup is for
