"""Write ``monitor/store/sqlite_tables.sql``, the script that gives a new file of SQLite its tables.

They are laid out in ``monitor/store/schema.py``. To put their statements together for each new store took two thirds of
the time of opening it, a fortieth of the inspection of one page.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from monitor.store.database import SQLITE_TABLES
from monitor.store.schema import metadata


def script() -> str:
    """Return the statements: they make what is not there, all of it or nothing, of several processes one at a time."""
    return "".join(f"{statement};\n" for statement in ("BEGIN IMMEDIATE", *_statements(), "COMMIT"))


def _statements() -> Iterator[str]:
    dialect = sqlite.dialect()
    for table in metadata.sorted_tables:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made = [CreateIndex(index, if_not_exists=True) for index in indexes]
        for each in (CreateTable(table, if_not_exists=True), *made):
            lines = str(each.compile(dialect=dialect)).strip().splitlines()
            yield "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    SQLITE_TABLES.write_text(script(), "utf-8")
