"""A real PostgreSQL of the tests' own, which can be stopped, started and cut off."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.monitor.daemons import free_port


def _programs() -> Path:
    """The folder of the server's programs; Debian keeps one a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    if not folders:
        pytest.skip("NO POSTGRESQL ON THIS MACHINE: tools/install-debian.sh postgresql")
    return folders[-1]


def _as_nobody_special(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _run(command: list[str], *, check: bool = True) -> None:
    subprocess.run(_as_nobody_special(command), check=check, stdout=subprocess.DEVNULL, cwd="/")


@dataclass(frozen=True)
class Server:
    """A cluster in a folder, on a port of loopback."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The URL of its database, for SQLAlchemy."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The URL of any database on it."""
        return f"postgresql+psycopg://sitehealth@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make a database of its own on it; return its URL."""
        name = f"d{uuid4().hex}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url_of(name)

    @property
    def process(self) -> int:
        """The process that all others of the server are started by."""
        return int((self.folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()[0])

    def create(self) -> None:
        program = str(self.programs / "initdb")
        _run([program, "-D", str(self.folder / "data"), "-A", "trust", "-U", "sitehealth", "--no-sync"])

    def copy_to(self, standby: Server) -> None:
        """Make a standby of this server that runs: a transaction ends when both have it."""
        data = str(standby.folder / "data")
        self._program("pg_basebackup", "-D", data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        standby.start()
        with self.connect() as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Have a standby take over from its server."""
        self._control("promote")

    def start(self) -> None:
        self._control("start", "-o", f"-h 127.0.0.1 -p {self.port} -k {self.folder} -c fsync=off")

    def stop(self, how: str = "immediate") -> None:
        """Stop as a power cut does; ``fast``: in good order."""
        self._control("stop", "-m", how)

    def restart(self) -> None:
        self.stop()
        self.start()

    def is_running(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            self.connect().close()
            return True
        return False

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Connect beside the daemon."""
        address = f"host=127.0.0.1 port={self.port} user=sitehealth dbname={database} connect_timeout=5"
        return psycopg.connect(address, autocommit=True)

    def cut_off(self, through: str = "postgres") -> int:
        """End every other connection to the daemon's database; return how many there were."""
        others = "datname = 'postgres' AND pid <> pg_backend_pid()"
        with self.connect(through) as connection:
            return len(
                connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}").fetchall()
            )

    def dump(self, target: Path, database: str = "postgres") -> None:
        """Back a database up as the manual says, while it is in use."""
        partial = target.with_name(f".{target.name}")
        self._program("pg_dump", "-Fc", "-f", str(partial), database)
        partial.replace(target)

    def restore(self, backup: Path, database: str = "restored") -> str:
        """Restore a backup into a database of its own; return its URL, for SQLAlchemy."""
        self._program("createdb", database)
        self._program("pg_restore", "--exit-on-error", "-d", database, str(backup))
        return self.url_of(database)

    def _program(self, name: str, *arguments: str) -> None:
        path = shutil.which(name) or str(self.programs / name)
        _run([path, "-h", "127.0.0.1", "-p", str(self.port), "-U", "sitehealth", *arguments])

    def _control(self, *arguments: str) -> None:
        program = str(self.programs / "pg_ctl")
        _run([program, "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", *arguments])


@contextlib.contextmanager
def standby_of(primary: Server) -> Iterator[Server]:
    """Run a standby of a server, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="sitehealth-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        made = Server(primary.programs, Path(folder), free_port())
        primary.copy_to(made)
        try:
            yield made
        finally:
            made.stop()


@contextlib.contextmanager
def server(folder: Path | None = None) -> Iterator[Server]:
    """Run a server, in a folder of its own where none is given."""
    programs = _programs()
    place = folder or Path(tempfile.mkdtemp(prefix="sitehealth-pg-"))
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
    made = Server(programs, place, free_port())
    made.create()
    made.start()
    try:
        yield made
    finally:
        if made.is_running():
            made.stop()
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
