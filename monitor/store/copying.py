"""Copy a whole store into an empty one: from SQLite to PostgreSQL when an office outgrows one machine, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Engine, Select, Table, cast, func, insert, inspect, select, text
from sqlalchemy import Text as LongText
from sqlalchemy.exc import DataError, DBAPIError

from monitor.masking import masked
from monitor.store.database import HEAD, KEYS_AT_ONCE, StoreError, connect, open_engine
from monitor.store.file import file_missing_at
from monitor.store.schema import metadata

MODULUS = 1 << 128
"""Sums of digests are kept below it."""


class Content(NamedTuple):
    """What a table holds: how many rows, and the sum of their digests, whatever their order."""

    rows: int
    digest: int


def copy_store(source: str, target: str, say: Callable[[str, int], None]) -> None:
    """Copy every table from one URL to another, and read both again to see that they hold the same.

    ``say`` is told each table that is copied, with its rows. The target has no rows before. What others write to the
    source meanwhile is not copied. Raises StoreError, and leaves the target without rows then.
    """
    missing = file_missing_at(source)
    if missing is not None:
        raise StoreError(f"{missing} 处没有数据库", f"there is no store at {missing}")
    reading = connect(source)
    try:
        _refuse_other_revisions(reading)
        writing, _ = open_engine(target)
        try:
            _copy(reading, writing, say)
        finally:
            writing.dispose()
    except DataError as error:
        raise StoreError(
            masked(f"目标数据库存不下源中的一个值：{error.orig}"),
            masked(f"the target cannot hold a value of the source: {error.orig}"),
        ) from None
    except DBAPIError as error:
        raise StoreError(
            masked(f"数据库复制不了：{error.orig}"), masked(f"the store cannot be copied: {error.orig}")
        ) from None
    finally:
        reading.dispose()


def _refuse_other_revisions(engine: Engine) -> None:
    if "alembic_version" not in inspect(engine).get_table_names():
        raise StoreError("源不是本程序的数据库", "the source is no store")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != HEAD:
        raise StoreError(
            f"源的版本是 {found}，不是 {HEAD}；请先运行 sitehealth db migrate",
            f"the source is at revision {found}, not {HEAD}; bring it up to date: sitehealth db migrate",
        )


def _copy(reading: Engine, writing: Engine, say: Callable[[str, int], None]) -> None:
    # One transaction on either side: what is read is of one moment, and what is written is all of it or nothing.
    with _snapshot(reading) as source, writing.begin() as target:
        for table in metadata.sorted_tables:
            if target.execute(select(func.count()).select_from(table)).scalar():
                raise StoreError(
                    f"目标不是空的：{table.name} 有数据", f"the target is not empty: {table.name} has rows"
                )
        for table in metadata.sorted_tables:
            read = Content(0, 0)
            for rows in source.execute(_as_it_stands(table)).mappings().partitions(KEYS_AT_ONCE):
                target.execute(_insertion(table, target), [dict(row) for row in rows])
                read = _added(read, map(tuple, (row.values() for row in rows)))
            _go_on_counting(table, target)
            written = _added(Content(0, 0), map(tuple, target.execute(_as_it_stands(table))))
            if read != written:
                raise StoreError(
                    f"{table.name}：读出 {read.rows} 行，写入 {written.rows} 行，或者内容不同",
                    f"{table.name}: {read.rows} rows were read and {written.rows} written, or others",
                )
            say(table.name, read.rows)


def _snapshot(engine: Engine) -> Any:  # noqa: ANN401 - a context manager of Connection
    options: dict[str, Any] = {"stream_results": True, "yield_per": KEYS_AT_ONCE}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    return engine.execution_options(**options).begin()


def _as_it_stands(table: Table) -> Select[Any]:
    """Return what reads a table, documents as their text: an absent one and ``null`` are not the same."""
    return select(*(cast(each, LongText).label(each.name) if _is_document(each) else each for each in table.columns))


def _insertion(table: Table, connection: Connection) -> Any:  # noqa: ANN401 - an INSERT, or its text
    documents = [each.name for each in table.columns if _is_document(each)]
    if not documents:
        return insert(table)
    quote = connection.dialect.identifier_preparer.quote
    is_cast = connection.dialect.name == "postgresql"
    values = [
        f"CAST(:{each.name} AS JSON)" if is_cast and each.name in documents else f":{each.name}"
        for each in table.columns
    ]
    names = ", ".join(quote(each.name) for each in table.columns)
    return text(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({', '.join(values)})")  # noqa: S608 - our names


def _is_document(column: Any) -> bool:  # noqa: ANN401 - a column
    return isinstance(column.type, JSON)


def _go_on_counting(table: Table, connection: Connection) -> None:
    """Have PostgreSQL number what comes next after what was copied; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = select(func.pg_get_serial_sequence(table.name, column.name)).scalar_subquery()
    newest = select(func.max(column)).scalar_subquery()
    connection.execute(select(func.setval(sequence, newest)).where(newest.is_not(None), sequence.is_not(None)))


def _added(content: Content, rows: Iterator[tuple[Any, ...]]) -> Content:
    count, total = content
    for row in rows:
        plain = [bytes(value) if isinstance(value, memoryview) else value for value in row]
        total += int.from_bytes(hashlib.blake2b(repr(plain).encode(), digest_size=16).digest(), "big")
        count += 1
    return Content(count, total % MODULUS)
