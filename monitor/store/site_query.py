"""Ask a foreign database which sites there are: one query, which cannot write, with an end to every wait."""

from __future__ import annotations

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from monitor.masking import masked
from monitor.settings.listed_sites import Answer, AskedInVainError
from monitor.store.database import patient
from monitor.store.file import file_missing_at

LONGEST = 20_000
"""Milliseconds that the query may take."""

MOST = 200_000
"""Rows of an answer; more is no list of sites."""


def ask_sites(url: str, query: str) -> Answer:
    """Return what a database answers to a query: names of columns, and rows. Raises AskedInVainError."""
    missing = file_missing_at(url)
    if missing is not None:
        raise AskedInVainError(f"{missing} 处没有数据库", f"there is no database at {missing}")
    try:
        engine = create_engine(patient(make_url(url)), poolclass=NullPool, hide_parameters=True)
        with engine.connect() as connection:
            _only_read(connection)
            result = connection.execute(text(query.replace(":", r"\:")))  # no parameters are meant
            headings, rows = list(result.keys()), result.fetchmany(MOST + 1)
    except (SQLAlchemyError, ImportError, ValueError) as error:
        reason = masked(str(getattr(error, "orig", None) or error)).strip()
        raise AskedInVainError(f"查询数据库失败：{reason}", f"the database was asked in vain: {reason}") from None
    if len(rows) > MOST:
        raise AskedInVainError(f"超过 {MOST} 行，不像是网站列表", f"more than {MOST} rows; this is no list of sites")
    return headings, [tuple(row) for row in rows]


def _only_read(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA query_only = 1"))
    elif connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text(f"SET LOCAL statement_timeout = {LONGEST}"))
