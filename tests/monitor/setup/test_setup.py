"""`sitehealth setup --system`: what is missing is made, what is there stays, and what cannot work is refused first.

The system is a folder of its own (``--root``), which systemd's tools take as well; nothing of this machine changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.setup.machine import Machine, SetupError, refuse_unfit
from tests.monitor import command_server
from tests.monitor.daemons import COMMAND

PROGRAM = "/opt/sitehealth/.venv/bin/sitehealth"
FILES = {
    "etc/sitehealth/config.yaml": 0o640,
    "etc/systemd/system/sitehealth.service": 0o644,
    "etc/systemd/system/sitehealth-backup.service": 0o644,
    "etc/systemd/system/sitehealth-backup.timer": 0o644,
}

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: setting up, because only root may make a user")
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-sysusers") is None, reason="NOT TESTED: setting up, because systemd is not installed"
)


@pytest.fixture(autouse=True)
def _reads_english(monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "etc").mkdir()
    return tmp_path


def setup(root: Path, *options: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    arguments = ["setup", "--system", "--root", root, "--program", PROGRAM, *options]
    return command_server.run(*arguments, text=True, env=environment)


def results(done: subprocess.CompletedProcess) -> set[str]:
    """Return what became of the steps."""
    return {line.split()[0] for line in done.stdout.splitlines()} & {"there", "made", "missing", "failed"}


def written(root: Path) -> dict[str, tuple[float, bytes]]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): (path.stat().st_mtime, path.read_bytes()) for path in files}


@needs_root
@needs_systemd
def test_a_system_is_set_up_and_a_second_time_changes_nothing(root):
    done = setup(root, "--no-models")
    assert done.returncode == 0, done.stderr
    assert results(done) == {"made"}
    assert "0 site(s) in /etc/sitehealth/config.yaml" in done.stdout
    for name, mode in FILES.items():
        assert (root / name).stat().st_mode & 0o777 == mode, name
    user, group = Machine(root, Path(PROGRAM)).account()
    data, settings = (root / "var/lib/sitehealth").stat(), (root / "etc/sitehealth/config.yaml").stat()
    assert (data.st_uid, data.st_gid, data.st_mode & 0o777) == (user, group, 0o750)
    assert (settings.st_uid, settings.st_gid) == (0, group), "the service reads it, and does not change it"
    assert (root / "usr/local/bin/sitehealth").readlink() == Path(PROGRAM)
    wants = root / "etc/systemd/system"
    assert (wants / "multi-user.target.wants/sitehealth.service").is_symlink()
    assert (wants / "timers.target.wants/sitehealth-backup.timer").is_symlink()
    before = written(root)
    again = setup(root, "--no-models")
    assert (again.returncode, results(again)) == (0, {"there"})
    assert written(root) == before


@needs_systemd
def test_a_dry_run_names_what_is_missing_and_changes_nothing(root):
    before = written(root)
    done = setup(root, "--dry-run")
    assert (done.returncode, results(done)) == (1, {"missing"})
    assert all(f"/{name}" in done.stdout for name in FILES)
    assert "/var/lib/sitehealth/models" in done.stdout
    assert written(root) == before


@needs_root
@needs_systemd
def test_a_configuration_and_a_changed_unit_are_not_lost(root):
    assert setup(root, "--no-models").returncode == 0
    unit, config = (root / name for name in ("etc/systemd/system/sitehealth.service", "etc/sitehealth/config.yaml"))
    unit.write_text("[Service]\nMemoryMax=1G\n")
    config.write_text("sites: [{url: http://a.example.cn/}]\n")
    done = setup(root, "--no-models")
    assert done.returncode == 0, done.stderr
    assert "made     /etc/systemd/system/sitehealth.service" in done.stdout
    assert f"ExecStart={PROGRAM} run" in unit.read_text()
    assert unit.with_name("sitehealth.service.old").read_text() == "[Service]\nMemoryMax=1G\n"
    assert config.read_text() == "sites: [{url: http://a.example.cn/}]\n"
    assert "1 site(s)" in done.stdout


@needs_root
@needs_systemd
def test_models_that_this_user_has_are_put_where_the_service_looks(root, tmp_path):
    from monitor.models import folder
    from monitor.typo_engine.load import is_prepared

    if not is_prepared(str(folder())):
        pytest.skip("NOT TESTED: copying the models, because they are not installed here")
    done = setup(root)
    assert done.returncode == 0, done.stderr
    models = root / "var/lib/sitehealth/models"
    assert is_prepared(str(models))
    user = Machine(root, Path(PROGRAM)).account().user
    assert {path.stat().st_uid for path in (models, *models.iterdir())} == {user}


@needs_root
@needs_systemd
def test_another_program_of_that_name_is_left_alone_and_the_rest_is_set_up(root):
    (root / "usr/local/bin").mkdir(parents=True)
    (root / "usr/local/bin/sitehealth").write_text("#!/bin/sh\n")
    done = setup(root, "--no-models")
    assert done.returncode == 3
    assert "failed   /usr/local/bin/sitehealth" in done.stderr
    assert "is another program" in done.stderr
    assert (root / "usr/local/bin/sitehealth").read_text() == "#!/bin/sh\n"
    assert (root / "etc/sitehealth/config.yaml").is_file()


def test_it_says_which_kind(root):
    done = command_server.run("setup", text=True)
    assert (done.returncode, done.stderr) == (2, "Error: say --system: sitehealth setup --system\n")


@needs_root
@needs_systemd
def test_only_root_may(root):
    command = ["setpriv", "--reuid=65534", "--clear-groups", COMMAND]
    probe = subprocess.run([*command, "--version"], check=False, capture_output=True)
    if probe.returncode:
        pytest.skip("NOT TESTED: setting up as another user, because it may not enter the program's folder")
    done = subprocess.run([*command, "setup", "--system"], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "only root may" in done.stderr


@needs_systemd
@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("root", "the service sees nothing of /root"),
        ("home", "the service sees nothing of /home"),
    ],
)
def test_a_program_that_the_service_cannot_see_is_refused(root, folder, reason):
    with pytest.raises(SetupError, match=reason):
        refuse_unfit(Machine(root, Path("/", folder, "wang", ".venv/bin/sitehealth")))


@needs_systemd
def test_a_program_in_a_closed_folder_is_refused(root):
    (root / "opt/sitehealth").mkdir(parents=True)
    (root / "opt/sitehealth").chmod(0o700)
    with pytest.raises(SetupError, match="/opt/sitehealth: the user sitehealth may not enter it"):
        refuse_unfit(Machine(root, Path(PROGRAM)))


def test_a_system_without_systemd_is_refused(root, monkeypatch):
    monkeypatch.setenv("PATH", str(root))
    with pytest.raises(SetupError, match=r"systemctl, systemd-sysusers not found: .*Containerfile"):
        refuse_unfit(Machine(root, Path(PROGRAM)))
