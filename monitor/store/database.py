"""Open the database, bring its tables up to date, and hand out connections."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from monitor.masking import masked
from monitor.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

HEAD = "0002"
"""The newest revision under ``migrations/versions``."""

MIGRATIONS = Path(__file__).parent / "migrations"

Row = Mapping[str, Any]

KEYS_AT_ONCE = 500
"""Keys in one IN clause; SQLite allows 999 parameters in old builds."""


class StoreError(RuntimeError):
    """The database cannot be opened or brought up to date; the message says which and why."""


def open_engine(url: str) -> Engine:
    """Return an engine over up-to-date tables. Raises StoreError."""
    try:
        address = make_url(url)
        engine = _create(address)
        _bring_up_to_date(engine, address)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(masked(f"store.url {url!r} cannot be used: {error}")) from None
    except (DBAPIError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise StoreError(masked(f"the store {address.render_as_string()} cannot be opened: {reason}")) from None
    _refuse_new_files(engine)
    return engine


def _refuse_new_files(engine: Engine) -> None:
    """From here on fail where the file is gone, instead of going on in a new and empty one."""
    path = engine.url.database
    if engine.url.get_backend_name() != "sqlite" or not path or path == ":memory:":
        return

    @event.listens_for(engine, "do_connect")
    def _look_first(*_: object) -> None:
        if not Path(path).exists():
            raise sqlite3.OperationalError(f"{path} is gone")


def _create(address: URL) -> Engine:
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)

    @event.listens_for(engine, "connect")
    def _tune(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _bring_up_to_date(engine: Engine, address: URL) -> None:
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            metadata.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
            return
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != HEAD:
        _back_up(address, str(found))
        _upgrade(engine, str(found))


def _back_up(address: URL, revision: str) -> None:
    if address.get_backend_name() == "sqlite" and address.database:
        path = Path(address.database)
        shutil.copy2(path, path.with_name(f"{path.name}.{revision}.{int(time.time())}.bak"))


def _upgrade(engine: Engine, found: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(f"the store is at revision {found}, which this version does not know: {error}") from None


def _insert(dialect: str) -> type[sqlite.Insert | postgresql.Insert]:
    """Return the dialect's INSERT, which knows ON CONFLICT; each dialect costs 15 ms to import."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.Insert
    from sqlalchemy.dialects import sqlite

    return sqlite.Insert


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or overwrite those whose key is there already. Every row has the same keys."""
    if not rows:
        return
    statement = _insert(connection.dialect.name)(table)
    keys = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest), list(rows))


def chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield keys in lists that fit into one IN clause."""
    waiting = list(keys)
    for start in range(0, len(waiting), KEYS_AT_ONCE):
        yield waiting[start : start + KEYS_AT_ONCE]


def select_where_in(
    engine: Engine, statement: Select[Any], column: ColumnElement[Any], keys: Iterable[Any]
) -> Iterator[Any]:
    """Yield the rows of a statement whose ``column`` is one of ``keys``, however many keys there are."""
    with engine.connect() as connection:
        for chunk in chunks(keys):
            yield from connection.execute(statement.where(column.in_(chunk)))
