"""A fleet works with the rights that docs/scaling.md grants, over TLS whose certificate is verified, and no others."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import psycopg
import pytest

from tests.monitor import command_server
from tests.monitor.fleet import PAGES, Province, fleet
from tests.monitor.postgresql import Server, server

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[4] / "docs" / "scaling.md"

WHO = """
hostssl all sitehealth 127.0.0.1/32 trust
hostssl all owner 127.0.0.1/32 trust
hostssl all sitehealth_service 127.0.0.1/32 scram-sha-256
"""
"""Nobody without TLS, and the service's user by its password (pg_hba.conf)."""


@pytest.fixture
def guarded(authority):
    """A PostgreSQL that calls itself localhost, and talks to nobody without TLS."""
    with server() as started:
        data = started.folder / "data"
        own = authority.ca.issue_cert("localhost")
        own.private_key_pem.write_to_path(data / "server.key")
        own.cert_chain_pems[0].write_to_path(data / "server.crt")
        (data / "server.key").chmod(0o600)
        for name in ("server.key", "server.crt"):
            shutil.chown(data / name, data.owner(), data.group())
        (data / "pg_hba.conf").write_text(WHO, "utf-8")
        with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("\nssl = on\n")
        started.restart()
        yield started


def grants() -> str:
    """Return what the document has the owner of the database say."""
    (block,) = re.findall(r"```sql\n(GRANT.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return block


def address(it: Server, user: str, root: str) -> str:
    return f"postgresql+psycopg://{user}@localhost:{it.port}/sitehealth?sslmode=verify-full&sslrootcert={root}"


def test_a_fleet_works_with_the_rights_and_the_encryption_of_the_document(tmp_path, guarded, authority):
    with guarded.connect() as connection:
        connection.execute("CREATE ROLE owner LOGIN")
        connection.execute("CREATE ROLE sitehealth_service LOGIN PASSWORD 'geheim'")
        connection.execute("CREATE DATABASE sitehealth OWNER owner")
    engine = "engine.kind=procrastinate"
    store = address(guarded, "owner", authority.pem)
    done = command_server.run("db", "migrate", "--set", f"store.url={store}", "--set", engine, text=True)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(f"host=localhost port={guarded.port} user=owner dbname=sitehealth") as connection:
        connection.execute(grants())
        connection.execute("CREATE TABLE of_a_later_version (one integer)")

    service = address(guarded, "sitehealth_service:geheim", authority.pem)
    with Province(2).running() as province, fleet(tmp_path, service, province) as it:
        it.worker("one")
        assert [it.outcome(name)[:2] for name in province.sites] == [["complete", PAGES + 1]] * 2
        with guarded.connect() as connection:
            seen = connection.execute(
                "SELECT DISTINCT usename, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) "
                "WHERE datname = 'sitehealth'"
            ).fetchall()
        assert seen == [("sitehealth_service", True)]
        assert "Traceback" not in it.workers["one"].log + it.scheduler.log()

    as_service = f"host=localhost port={guarded.port} user=sitehealth_service password=geheim dbname=sitehealth"
    with psycopg.connect(as_service, autocommit=True) as connection:
        connection.execute("INSERT INTO of_a_later_version VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE of_the_service (one integer)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE runs")


def test_a_database_that_cannot_prove_who_it_is_is_refused(tmp_path, guarded, authority):
    stranger = tmp_path / "stranger.pem"
    type(authority.ca)().cert_pem.write_to_path(str(stranger))
    with guarded.connect() as connection:
        connection.execute("CREATE DATABASE sitehealth")
    right, name = authority.pem, "localhost"
    for root, host in [(str(stranger), name), (right, "127.0.0.1")]:
        store = address(guarded, "sitehealth", root).replace("@localhost", f"@{host}")
        done = command_server.run("db", "migrate", "--set", f"store.url={store}", text=True)
        assert done.returncode == 3
        assert "打不开" in done.stderr
        assert "certificate" in done.stderr
