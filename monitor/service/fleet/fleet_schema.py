"""Make the tables of the queue, and bring them up to date: Procrastinate's, and those of our own.

They lie beside the store's in the same database. Procrastinate brings its changes as files of SQL; which of them the
database has stands in ``fleet_schema``. Where nothing is to be done, nothing but reading is: who works with the queue
needs no right to make tables.
"""

from __future__ import annotations

from importlib import resources

from procrastinate.schema import SchemaManager

from monitor.store import StoreError
from monitor.store.fleet_tables import FleetTables

OURS = """
    CREATE TABLE fleet_schema (migration text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now());
    CREATE TABLE fleet_workers (
        owner text PRIMARY KEY, worker bigint NOT NULL, version text NOT NULL, judge text NOT NULL,
        concurrency integer NOT NULL, queues text NOT NULL, heartbeat timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE fleet_leader (
        one integer PRIMARY KEY CHECK (one = 1), owner text NOT NULL, version text NOT NULL, judge text NOT NULL,
        since timestamptz NOT NULL DEFAULT now()
    );
"""


BY_HOST = """
    CREATE INDEX fleet_jobs_by_host ON procrastinate_jobs (lock, priority, id) WHERE status IN ('todo', 'doing');
"""
"""Whether a host is free is asked for every job that is taken; Procrastinate's index has its number first."""


LATER = {
    "fleet_01_looks": """
        CREATE TABLE fleet_looks (
            ordered text NOT NULL, entry integer NOT NULL, result text NOT NULL, evidence_zh text NOT NULL,
            evidence_en text NOT NULL, sure boolean NOT NULL, at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (ordered, entry)
        );
    """,
    "fleet_02_batches": """
        CREATE TABLE fleet_batches (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, asker bigint NOT NULL, question bytea NOT NULL,
            answer bytea, at timestamptz NOT NULL DEFAULT now()
        );
    """,
    # The bytes of files are mostly compressed already.
    "fleet_03_files": """
        ALTER TABLE fleet_batches ADD COLUMN body bytea;
        ALTER TABLE fleet_batches ALTER COLUMN body SET STORAGE EXTERNAL;
    """,
}
"""Our own changes since the first version, by name, in their order."""


def migrations() -> list[str]:
    """Return the names of all changes, in the order in which they are made."""
    folder = resources.files("procrastinate.sql") / "migrations"
    return [*sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql")), *LATER]


def statements_of(name: str) -> str:
    """Return the SQL of a change."""
    if name in LATER:
        return LATER[name]
    return (resources.files("procrastinate.sql") / "migrations" / name).read_text("utf-8")


def prepare(tables: FleetTables) -> bool:
    """Bring the tables up to date; return whether anything was to be done. Several processes may call at once.

    Raises StoreError where a later version of this program or of Procrastinate made them.
    """
    known = migrations()
    found = tables.migrations()
    if found is not None and (later := found - set(known)):
        raise StoreError(
            f"队列是更新的版本建立的，其中有 {min(later)}",
            f"the queue was made by a later version, which has {min(later)}",
        )
    if found == set(known):
        return False
    with tables.alone() as applied:
        if applied is None:
            make(tables)
        else:
            for name in known:
                if name not in applied:
                    tables.run(statements_of(name))
                    tables.note([name])
    return True


def make(tables: FleetTables) -> None:
    """Make all tables, inside ``alone``."""
    tables.run(OURS + SchemaManager.get_schema() + BY_HOST + "".join(LATER.values()))
    tables.note(migrations())
