"""A PostgreSQL is backed up as the manual says, lost, and restored under a daemon that runs: it goes on."""

from __future__ import annotations

import pytest

from tests.monitor.daemons import daemon
from tests.monitor.service.test_faults import SETTINGS
from tests.monitor.web import html, web

pytestmark = pytest.mark.slow


def test_a_daemon_waits_for_a_lost_database_and_goes_on_over_its_backup(shared_server, tmp_path):
    url = shared_server.new_database()
    name = url.rpartition("/")[2]
    backup = shared_server.folder / f"{name}.dump"
    with (
        web({"/": html("甲")}).running() as site,
        daemon(tmp_path, **SETTINGS | {"store": {"url": url, "check_every": 0.2, "retry_every": 0.2}}) as it,
    ):
        sites = [{"id": each, "url": f"{site.url}/?{each}"} for each in ("a", "b")]
        it.write(sites=sites[:1])
        it.start()
        it.until(lambda: it.ended(1), "inspected")
        shared_server.dump(backup, name)

        with shared_server.connect() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        it.until(lambda: "does not exist" in it.get("/readyz")[1], "missed")
        assert it.metric("store_available") == 0
        it.write(sites=sites)
        it.until(lambda: "configuration is in force when it answers" in it.log(), "read")

        restored = shared_server.restore(backup, f"{name}_restored").rpartition("/")[2]
        with shared_server.connect() as connection:
            connection.execute(f"ALTER DATABASE {restored} RENAME TO {name}")
        it.until(lambda: it.ended(2), "going on")
        assert {(row.id, row.site, row.status) for row in it.rows()} == {(1, "a", "complete"), (2, "b", "complete")}
        assert it.ready()
        assert "Traceback" not in it.log()
        it.stop()
        assert it.process.returncode == 0
