"""Keep remembered judgements: what was called right once, by a person or in config.yaml, and what each hid since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, bindparam, insert, select, update

from monitor.beijing import beijing_time
from monitor.store.database import Row
from monitor.store.schema import suppressions
from reports.remediation.suppressions import Suppression, SuppressionKind

SUBJECT = ("kind", "site", "wrong", "right", "host", "rule", "pattern")
"""What makes two judgements the same."""


class SuppressionStore:
    """The table of remembered judgements; those about one entry stand with the entry."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def load(self) -> list[Suppression]:
        """Return the judgements that nobody took back, those past their last day included, oldest first."""
        with self.engine.connect() as connection:
            return load_suppressions(connection)

    def add(self, suppression: Suppression) -> Suppression:
        """Keep a judgement; return it with its number. One that is there already keeps its count, and is renewed."""
        with self.engine.begin() as connection:
            return suppression_from_row(_add(connection, suppression))

    def remove(self, number: int, now: float) -> bool:
        """Take a judgement back; return whether there was one of that number. Its row stays."""
        where = suppressions.c.id == number, suppressions.c.ended.is_(None)
        with self.engine.begin() as connection:
            return connection.execute(update(suppressions).where(*where).values(ended=now)).rowcount == 1

    def configure(self, configured: Iterable[Suppression], now: float) -> None:
        """Make the judgements of config.yaml those that the configuration has now."""
        with self.engine.begin() as connection:
            kept = [_add(connection, each)["id"] for each in configured]
            gone = suppressions.c.configured, suppressions.c.ended.is_(None), suppressions.c.id.not_in(kept)
            connection.execute(update(suppressions).where(*gone).values(ended=now))


def _add(connection: Connection, suppression: Suppression) -> RowMapping:
    same = [suppressions.c[name] == str(getattr(suppression, name)) for name in SUBJECT]
    same += [suppressions.c.configured == suppression.configured, suppressions.c.ended.is_(None)]
    values: Row = {
        "author": suppression.author,
        "reason": suppression.reason,
        "until": suppression.until.isoformat() if suppression.until else None,
    }
    found = connection.execute(select(suppressions.c.id).where(*same)).scalar()
    if found is None:
        subject: Row = {name: str(getattr(suppression, name)) for name in SUBJECT}
        first = {"made": suppression.made.timestamp(), "configured": suppression.configured, "hidden": 0}
        result = connection.execute(insert(suppressions).values(subject | values | first))
        found = result.inserted_primary_key[0]  # type: ignore[index]
    else:
        connection.execute(update(suppressions).where(suppressions.c.id == found).values(values))
    return connection.execute(select(suppressions).where(suppressions.c.id == found)).mappings().one()


def load_suppressions(connection: Connection, *conditions: ColumnElement[bool]) -> list[Suppression]:
    """Return the judgements that nobody took back, in a transaction of the caller's."""
    where = suppressions.c.ended.is_(None), *conditions
    rows = connection.execute(select(suppressions).where(*where).order_by(suppressions.c.id)).mappings()
    return [suppression_from_row(row) for row in rows]


def count_hidden(connection: Connection, counts: Mapping[int, int], now: float) -> None:
    """Add to what each judgement, by its number, hid."""
    if not counts:
        return
    column = suppressions.c
    statement = update(suppressions).where(column.id == bindparam("_id"))
    more = {"hidden": column.hidden + bindparam("_count"), "last_hidden": now}
    connection.execute(statement.values(more), [{"_id": number, "_count": count} for number, count in counts.items()])


def suppression_from_row(row: RowMapping) -> Suppression:
    """Return a judgement as a value."""
    return Suppression(
        kind=SuppressionKind(row["kind"]),
        author=row["author"],
        reason=row["reason"],
        made=beijing_time(row["made"]),
        id=row["id"],
        site=row["site"],
        wrong=row["wrong"],
        right=row["right"],
        host=row["host"],
        rule=row["rule"],
        pattern=row["pattern"],
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        configured=row["configured"],
        hidden=row["hidden"],
        last_hidden=None if row["last_hidden"] is None else beijing_time(row["last_hidden"]),
    )
