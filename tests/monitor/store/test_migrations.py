"""A store that an older version left is carried over, and nothing in it is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from monitor.store import Store
from monitor.store.database import HEAD
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.entry import Handling, replay
from reports.remediation.states import State

OLD = Path(__file__).parents[2] / "data" / "store-0002.sql"
"""Two homepage and two whole rounds of a small site, kept by revision 0002, as SQLite dumps them."""


@pytest.fixture
def place(tmp_path):
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(OLD.read_text("utf-8"))
    return path


def rows(path, statement):
    with closing(sqlite3.connect(path)) as store:
        return store.execute(statement).fetchall()


def test_both_scopes_histories_become_one_entry_with_the_earliest_sight(place):
    seen = rows(place, "SELECT fingerprint, min(first_seen), max(last_seen) FROM ledger GROUP BY fingerprint")
    with Store(f"sqlite:///{place}") as store:
        entries = list(EntryStore(store.engine).select(LedgerFilter()))
    assert {(each.fingerprint, each.first_seen.timestamp(), each.last_seen.timestamp()) for each in entries} == set(
        seen
    )
    assert sorted(each.number for each in entries) == [1, 2, 3, 4]
    closed = {each.target.partition(".gov.cn")[2] for each in entries if each.state is State.CLOSED}
    assert closed == {"/soon", "/deep"}


def test_what_is_carried_over_is_what_its_history_adds_up_to(place):
    with Store(f"sqlite:///{place}") as store:
        entries = EntryStore(store.engine)
        for entry in entries.select(LedgerFilter()):
            present = Handling(**{field.name: getattr(entry, field.name) for field in fields(Handling)})
            assert replay(entries.history(entry.number)) == present


def test_an_upgrade_keeps_runs_findings_and_sightings_and_leaves_a_copy(place):
    findings = 'SELECT run, fingerprint, "check", rule, severity, confidence, baseline, body FROM findings'
    before = [rows(place, statement) for statement in ("SELECT * FROM runs", findings, "SELECT * FROM ledger")]
    with Store(f"sqlite:///{place}"):
        pass
    after = [rows(place, statement) for statement in ("SELECT * FROM runs", findings, "SELECT * FROM sightings")]
    assert after == before
    assert rows(place, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert len(list(place.parent.glob("store.db.0002.*.bak"))) == 1


def test_an_upgraded_store_has_the_tables_of_a_new_one(place, tmp_path):
    statement = 'SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master m, pragma_table_info(m.name) c'
    indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    with Store(f"sqlite:///{place}"), Store(f"sqlite:///{tmp_path / 'new.db'}"):
        pass
    assert set(rows(place, statement)) == set(rows(tmp_path / "new.db", statement))
    assert rows(place, indexes) == rows(tmp_path / "new.db", indexes)
