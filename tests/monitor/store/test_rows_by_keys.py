"""Rows are found by any number of keys, on either database; PostgreSQL reads one statement, whatever their number."""

from __future__ import annotations

import pytest
from sqlalchemy import event, insert, select

from monitor.store.database import KEYS_OF_AN_ARRAY, in_parts, one_of, select_where_in
from monitor.store.schema import entry_texts

KEPT = [1, 2, 700, 2**40]
TEXTS = ["a,b", "{}", '"\\', "NULL"]


@pytest.fixture
def filled(store):
    with store.engine.begin() as connection:
        rows = [{"number": number, "text": text} for number, text in zip(KEPT, TEXTS, strict=True)]
        connection.execute(insert(entry_texts), rows)
    return store


@pytest.mark.parametrize("count", [0, 1, 499, 501, KEYS_OF_AN_ARRAY + 1])
def test_rows_are_found_by_any_number_of_keys(filled, count):
    statement = select(entry_texts.c.number)
    found = select_where_in(filled.engine, statement, entry_texts.c.number, range(2, 2 + count))
    assert sorted(row.number for row in found) == [number for number in KEPT if 2 <= number < 2 + count]


def test_keys_are_numbers_beyond_32_bits_and_texts_that_arrays_quote(filled):
    statement = select(entry_texts.c.number).order_by(entry_texts.c.number)
    for column, keys in ((entry_texts.c.number, KEPT), (entry_texts.c.text, TEXTS)):
        found = select_where_in(filled.engine, statement, column, [*keys, keys[0]])
        assert [row.number for row in found] == KEPT


def test_postgresql_reads_one_statement_whatever_the_number_of_keys(filled):
    said: list[tuple[str, int]] = []

    @event.listens_for(filled.engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, parameters, *_rest) -> None:
        said.append((statement, len(parameters)))

    with filled.engine.connect() as connection:
        for count in (1, 7, 400):
            for some in in_parts(connection, range(count)):
                is_wanted = one_of(connection, entry_texts.c.number)
                connection.execute(select(entry_texts.c.number).where(is_wanted), some).all()
    expected = {1} if filled.engine.dialect.name == "postgresql" else {1, 7, 400}
    assert {parameters for _, parameters in said} == expected
    assert len({statement for statement, _ in said}) == len(expected)
