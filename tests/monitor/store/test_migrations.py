"""A store that an older version left is carried over, and nothing in it is lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import fields

from monitor.output.report import build_report
from monitor.store import Store, StoreError
from monitor.store.accounts.users import NewUser, RightRecord, UserStore
from monitor.store.database import HEAD, MIGRATIONS
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryOrder, EntryQuery
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.entry import Handling, replay
from reports.remediation.states import State

DATA = Path(__file__).parents[2] / "data"
"""``store-REVISION.sql``: two homepage and two whole rounds of a small site, as its version kept them and SQLite
dumps them; from 0008 on what that version made of the one before. Of 0004 an entry was taken in hand by a
department, of 0007 it was called mended. A new revision brings the store of the one before."""

REVISIONS = sorted(path.stem.removeprefix("store-") for path in DATA.glob("store-*.sql"))
PASSED_OVER = {"0003"}
"""Revisions that no version kept stores in: 0004 came an hour later."""
FINDINGS = 'SELECT run, fingerprint, "check", rule, severity, confidence, baseline, body FROM findings'
ENTRIES = "SELECT number, fingerprint, state, department, note, deadline FROM entries"


def left_by(revision, folder):
    path = folder / "store.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript((DATA / f"store-{revision}.sql").read_text("utf-8"))
    return path


@pytest.fixture
def place(tmp_path):
    return left_by("0002", tmp_path)


@pytest.fixture(params=REVISIONS)
def old(request, tmp_path):
    """Give the revision of a store, and where it lies."""
    return request.param, left_by(request.param, tmp_path)


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


def test_there_is_a_store_of_every_revision_before_this_one():
    versions = {path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py")}
    assert set(REVISIONS) == versions - {HEAD, *PASSED_OVER}


def test_an_upgrade_keeps_runs_findings_and_sightings_and_leaves_a_copy(old):
    revision, place = old
    names = {name for (name,) in rows(place, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    ledger = "ledger" if "ledger" in names else "sightings"  # since 0003
    kept = ["SELECT * FROM runs", FINDINGS, f"SELECT * FROM {ledger}"]
    before = [rows(place, statement) for statement in kept]
    with Store(f"sqlite:///{place}"):
        pass
    assert [rows(place, statement.replace(" ledger", " sightings")) for statement in kept] == before
    assert all(before)
    assert rows(place, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    (copy,) = place.parent.glob(f"store.db.{revision}.*.bak")
    assert [rows(copy, statement) for statement in kept] == before
    assert rows(copy, "SELECT version_num FROM alembic_version") == [(revision,)]


EXCLUSIVELY = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
store.execute("PRAGMA locking_mode=EXCLUSIVE")
store.execute("BEGIN EXCLUSIVE")
"""
"""Takes a store as its only user, as another process that closes it does before it removes the log."""


def test_an_upgrade_under_open_connections_keeps_their_locks_and_copies_what_only_the_log_has(tmp_path):
    """Who copies a file by hand ends all locks of its process on it: POSIX locks go with any descriptor."""
    place = left_by("0004", tmp_path)
    with closing(sqlite3.connect(place)) as other, Store(f"sqlite:///{place}") as store:
        # As a backup that is put in the place of the store: brought up to date by a process that goes on.
        store.engine.dispose()
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("PRAGMA wal_autocheckpoint=0")
        with other:
            other.execute("UPDATE alembic_version SET version_num = 'unknown'")
        with pytest.raises(StoreError):
            store.accept_file()
        alone = subprocess.run([sys.executable, "-c", EXCLUSIVELY, place], check=False, capture_output=True, text=True)
    assert "database is locked" in alone.stderr
    (copy,) = tmp_path.glob("store.db.unknown.*.bak")
    assert rows(copy, "SELECT version_num FROM alembic_version") == [("unknown",)]
    assert copy.stat().st_mode == place.stat().st_mode


def test_an_upgrade_keeps_what_departments_said(tmp_path):
    place = left_by("0004", tmp_path)
    before = rows(place, ENTRIES)
    with Store(f"sqlite:///{place}"):
        pass
    assert rows(place, ENTRIES) == before
    assert [row[2:4] for row in before if row[3]] == [("fixing", "信息中心")]


def test_an_upgrade_dates_what_was_called_mended(tmp_path):
    place = left_by("0007", tmp_path)
    with Store(f"sqlite:///{place}") as store:
        entries = EntryStore(store.engine)
        assert [(entry.number, str(entry.mended)) for entry in entries.select(LedgerFilter()) if entry.mended] == [
            (2, "2026-11-18")
        ]
        assert replay(entries.history(2)).mended == entries.get([2])[2].mended


def test_the_entries_of_an_old_store_are_found_by_a_search(old):
    _, place = old
    with Store(f"sqlite:///{place}") as store:
        every = list(EntryStore(store.engine).select(LedgerFilter()))
        for entry in every:
            page = EntryBrowser(store.engine).page(EntryQuery(text=entry.target), EntryOrder.WORST, 50)
            assert entry.number in {each.number for each in page.entries}
    assert every


def test_the_runs_of_an_old_store_are_reported(old):
    _, place = old
    with Store(f"sqlite:///{place}") as store:
        report = build_report(store, 4)
    assert (report.run.status, report.run.scope) == ("complete", "site")
    assert {entry.finding.rule.id for entry in report.findings} >= {"broken-link"}


def test_an_upgraded_store_has_the_tables_of_a_new_one(old, tmp_path):
    _, place = old
    statement = 'SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master m, pragma_table_info(m.name) c'
    indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    with Store(f"sqlite:///{place}"), Store(f"sqlite:///{tmp_path / 'new.db'}"):
        pass
    assert set(rows(place, statement)) == set(rows(tmp_path / "new.db", statement))
    assert rows(place, indexes) == rows(tmp_path / "new.db", indexes)


def test_processes_that_make_a_new_store_at_the_same_time_all_have_it(tmp_path):
    waiting, start = os.pipe()
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            try:
                os.close(start)
                os.read(waiting, 1)  # until all are there
                Store(f"sqlite:///{tmp_path / 'new.db'}").close()
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    os.close(waiting)
    os.close(start)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]


def test_an_upgrade_keeps_messages_and_makes_room_for_users(tmp_path):
    place = left_by("0005", tmp_path)
    before = [rows(place, f"SELECT * FROM {table}") for table in ("events", "messages")]
    with Store(f"sqlite:///{place}") as store:
        user = NewUser("zhang", "", None, (RightRecord("all", "", "viewer"),), ())
        assert UserStore(store.engine).add(user, 0.0).name == "zhang"
    assert [rows(place, f"SELECT * FROM {table}") for table in ("events", "messages")] == before
    assert all(before)
