"""Keep apart what entries are searched by: what is known of a fault is a kilobyte, its texts are a fifth of that.

They are kept by whatever writes ``entries.body`` and ``entries.note``, in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, false, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from checks.late_pattern import late
from monitor.store.database import Row, insert_rows, update_rows, upsert
from monitor.store.json_text import JsonText
from monitor.store.schema import entries, entry_texts

Json = Mapping[str, object]

LETTER = late("[A-Za-z]")
"""What has two cases; PostgreSQL's `ILIKE` costs more than its `LIKE`, and most searches are Chinese."""


def text_of(body: Json) -> str:
    """Return every text that stands in a finding as JSON, each once, a line each.

    What a document holds and a column of text does not, NUL and half of a pair of surrogates, is not searched by.
    """
    text = "\n".join(dict.fromkeys(_texts(body))).replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def add_texts(connection: Connection, bodies: Iterable[tuple[int, JsonText]]) -> None:
    """Keep the texts of new entries."""
    insert_rows(connection, entry_texts, _rows(bodies))


def renew_texts(connection: Connection, bodies: Iterable[tuple[int, JsonText]]) -> None:
    """Keep the texts of entries that were seen again; what reads as before is not written."""
    upsert(connection, entry_texts, _rows(bodies), only_where="text")


def _rows(bodies: Iterable[tuple[int, JsonText]]) -> list[Row]:
    return [{"number": number, "text": text_of(json.loads(body))} for number, body in bodies]


def renew_notes(connection: Connection, notes: Mapping[int, str]) -> None:
    """Keep the notes of entries, by their numbers."""
    update_rows(
        connection, entry_texts, [{"number": number, "note": note} for number, note in notes.items()], key="number"
    )


def holding(text: str, *, is_narrow: bool) -> ColumnElement[bool]:
    """Return what is true of entries that hold a text; Latin letters of either case are the same.

    ``is_narrow`` says that something else leaves few entries, whose texts alone are then looked at.
    """
    if "\0" in text:  # in no text; PostgreSQL takes none that holds one
        return false()
    holds = or_(_like(entry_texts.c.text, text), _like(entry_texts.c.note, text))
    if is_narrow:
        return select(entry_texts.c.number).where(entry_texts.c.number == entries.c.number, holds).exists()
    return entries.c.number.in_(select(entry_texts.c.number).where(holds))


def _like(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    pattern = f"%{escaped}%"
    return EitherCase(column, pattern) if LETTER.search(text) else column.like(pattern, escape="!")


class EitherCase(FunctionElement[bool]):
    """A ``LIKE`` of a column and a pattern (``!`` before its signs) to which letters of either case are the same.

    SQLite's own does; SQLAlchemy's `ilike` would have it copy each text in lower case.
    """

    type = Boolean()
    inherit_cache = True


@compiles(EitherCase)
def _by_like(element: EitherCase, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, pattern = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} LIKE {pattern} ESCAPE '!'"


@compiles(EitherCase, "postgresql")
def _by_ilike(element: EitherCase, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, pattern = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} ILIKE {pattern} ESCAPE '!'"
