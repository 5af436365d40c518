"""The same inspection on a real PostgreSQL: what is found, kept and resumed does not depend on the database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.monitor.web import Command, html, links, path_of, web


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


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The URL of an empty database on a server of the tests' own."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="sitehealth-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")
    _run(_as_nobody_special([str(programs / "initdb"), "-D", data, "-A", "trust", "-U", "sitehealth"]))
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
    control = _as_nobody_special([str(programs / "pg_ctl"), "-D", data, "-l", str(folder / "log"), "-w"])
    _run([*control, "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://sitehealth@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def test_runs_on_postgresql_find_keep_and_forget_what_runs_on_sqlite_do(postgresql, tmp_path):
    pages = {"/": links("/a", "/gone", "/b#no"), "/a": links("/gone", "http://["), "/b": html("乙")}
    reports = {}
    with web(pages).running() as site:
        for name, store in (("sqlite", ""), ("postgresql", postgresql)):
            (tmp_path / name).mkdir()
            command = Command(tmp_path / name, store)
            reports[name] = [command(site.url, checks="links,headers,typos") for _ in range(2)]
    for ours, theirs in zip(*reports.values(), strict=True):
        assert (ours.code, theirs.code) == (0, 0)
        assert [_lasting(f) for f in ours.report["findings"]] == [_lasting(f) for f in theirs.report["findings"]]
    second = reports["postgresql"][1]
    assert {finding["baseline"] for finding in second.report["findings"]} == {"unchanged"}
    assert second.targets("broken-link") == {"/gone"}


def _lasting(finding: dict) -> dict:
    target = finding["target"]
    return finding | {"first_seen": "", "last_seen": "", "target": target and path_of(target["url"])}


def test_a_run_on_postgresql_is_resumed_after_a_kill(postgresql, tmp_path):
    inspect = Command(tmp_path, postgresql)
    pages = {"/": links(*(f"/{n}" for n in range(60)))} | {f"/{n}": links("/gone", f"/{n}#no") for n in range(60)}
    with web(pages).running() as site:
        process = inspect.start(site.url, settings=("crawl.delay=0.02",))
        while len(site.requests) < 30:
            assert process.poll() is None
        process.kill()
        process.communicate()
        outcome = inspect(site.url, settings=("crawl.delay=0.02",))
        assert len(site.asked("/0")) == 1
    assert len(outcome.found("broken-fragment")) == 60


def test_a_database_that_is_not_there_is_named_and_its_password_is_not(tmp_path):
    outcome = Command(tmp_path, "postgresql+psycopg://me:geheim@127.0.0.1:9/none")("http://127.0.0.1:9/")
    assert outcome.code == 2
    assert "127.0.0.1:9/none cannot be opened" in outcome.stderr
    assert "geheim" not in outcome.stderr
