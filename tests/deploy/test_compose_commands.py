"""The commands of the compose file work under its bounds: a file system that is only read, no capability, one user.

What the daemon of containers would do to a process is done by the kernel's own tools.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, ROOT, wait_for
from tests.monitor.daemons import free_port
from tests.monitor.fleet import PAGES, SETTINGS, Province
from tests.monitor.postgresql import Server, server

pytestmark = pytest.mark.slow

PASSWORD = "geheim"

BOX = """
set -e
mount --make-rprivate /
mkdir -p {folder}/over {folder}/under {folder}/home {folder}/under_home
mount -t overlay overlay -o lowerdir=/etc,upperdir={folder}/over,workdir={folder}/under /etc
mount -t overlay overlay -o lowerdir=/root,upperdir={folder}/home,workdir={folder}/under_home /root  # for all to read
mkdir -p /etc/sitehealth
mount --bind {folder}/etc /etc/sitehealth
echo 127.0.0.1 database >> /etc/hosts
mount -t tmpfs tmpfs /mnt
mkdir /mnt/tree
mount --bind {tree} /mnt/tree
mount -t tmpfs tmpfs /var/lib
mkdir /var/lib/sitehealth
mount --bind {folder}/data /var/lib/sitehealth
mount -t tmpfs tmpfs /run
mkdir /run/secrets
touch /run/secrets/pgpass
mount --bind {folder}/pgpass /run/secrets/pgpass
mount --bind /tmp /tmp
mount -o remount,ro,bind /
cd /var/lib/sitehealth
exec setpriv --reuid {user} --regid {user} --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \
    env -i PATH=/usr/bin PYTHONPATH=/mnt/tree SITEHEALTH_DATA=/var/lib/sitehealth {command}
"""


@pytest.fixture
def database() -> Iterator[Server]:
    """A PostgreSQL that asks for a password, with a database as its image makes one."""
    with server() as started:
        with started.connect() as connection:
            connection.execute(f"ALTER ROLE sitehealth PASSWORD '{PASSWORD}'")
            connection.execute("CREATE DATABASE sitehealth")
            rules = started.folder / "data" / "pg_hba.conf"
            rules.write_text("host sitehealth all 127.0.0.1/32 scram-sha-256\nhost postgres all 127.0.0.1/32 trust\n")
            connection.execute("SELECT pg_reload_conf()")
        yield started


@pytest.fixture
def user() -> int:
    """The number of the image's user."""
    if os.geteuid() or not all(map(shutil.which, ("unshare", "setpriv"))):
        pytest.skip("NOT TESTED: the commands of the compose file: only root may make a place like a container's")
    (number,) = re.findall(r"useradd .*--uid (\d+)", (DEPLOY / "Containerfile").read_text("utf-8"))
    return int(number)


@contextlib.contextmanager
def running(folder: Path, service: dict, user: int) -> Iterator[tuple[subprocess.Popen, int]]:
    """Run the command of a service; give its process and its port, another one than the file's."""
    assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])
    assert service["entrypoint"] == ["sitehealth"]
    words, port = " ".join(map(shlex.quote, service["command"])), free_port()
    command = re.sub(r"0\.0\.0\.0:\d+", f"127.0.0.1:{port}", f"/mnt/tree/.venv/bin/python -m monitor {words}")
    script = BOX.format(folder=folder, tree=ROOT, user=user, command=command)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(["unshare", "--mount", "bash", "-c", script], stdout=log, stderr=log)
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(60)


def test_scheduler_and_worker_inspect_a_site_with_what_the_file_gives_them(tmp_path, database, user):
    services = yaml.safe_load((DEPLOY / "fleet" / "compose.yaml").read_text("utf-8"))["services"]
    for name in ("etc", "data"):
        (tmp_path / name).mkdir()
    os.chown(tmp_path / "data", user, user)
    (tmp_path / "pgpass").write_text(f"database:{database.port}:sitehealth:sitehealth:{PASSWORD}\n", "utf-8")
    (tmp_path / "pgpass").chmod(0o400)
    os.chown(tmp_path / "pgpass", user, user)
    store = f"postgresql+psycopg://sitehealth@database:{database.port}/sitehealth?passfile=/run/secrets/pgpass"
    with Province(1).running() as province:
        config = SETTINGS | {"store": {"url": store}, "sites": province.configured, "daemon": {"log": "json"}}
        (tmp_path / "etc" / "config.yaml").write_text(yaml.safe_dump(config), "utf-8")
        log = tmp_path / "log"
        with running(tmp_path, services["scheduler"], user) as (scheduler, _):
            wait_for(lambda: "this scheduler leads" in log.read_text("utf-8") or scheduler.poll() is not None)
            with running(tmp_path, services["worker"], user) as (worker, _):
                reports = tmp_path / "data" / "reports"
                wait_for(lambda: list(reports.glob("*/*.json")) or worker.poll() is not None)
                assert (scheduler.poll(), worker.poll()) == (None, None), log.read_text("utf-8")
                for process in (scheduler, worker):
                    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
                    assert f"Uid:\t{user}\t" in status
                    assert "CapEff:\t0000000000000000" in status
                    assert "NoNewPrivs:\t1" in status
        assert (scheduler.returncode, worker.returncode) == (0, 0)
        assert len({each.path for each in province.asked if each.path.startswith("/p/")}) == PAGES
        assert "Traceback" not in log.read_text("utf-8")
