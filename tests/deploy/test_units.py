"""The systemd units are understood by systemd, and give the service no more than it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY, ROOT

UNITS = DEPLOY / "systemd"
FLEET = (DEPLOY / "fleet" / "sitehealth-scheduler.service", DEPLOY / "fleet" / "sitehealth-worker.service")
"""For who has several machines; `sitehealth setup` installs the others."""
EXPOSED = 2.0
"""What `systemd-analyze security` may say at most; an ordinary service has 9.6."""


@pytest.fixture
def analyze():
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NOT TESTED: the units, because there is no systemd-analyze on this machine")

    def run(*arguments: object) -> subprocess.CompletedProcess:
        return subprocess.run(["systemd-analyze", *map(str, arguments)], check=False, capture_output=True, text=True)

    return run


@pytest.fixture
def installed(tmp_path) -> Path:
    """The units as an operator has them, with a program that is there."""
    command = str(Path(sys.executable).with_name("sitehealth"))
    for path in (*UNITS.iterdir(), *FLEET):
        text = path.read_text("utf-8").replace("/opt/sitehealth/.venv/bin/sitehealth", command)
        (tmp_path / path.name).write_text(text, "utf-8")
    return tmp_path


def test_systemd_understands_them(analyze, installed):
    done = analyze("verify", "--man=no", *sorted(installed.iterdir()))
    complaints = [line for line in done.stderr.splitlines() if str(installed) in line or "sitehealth" in line]
    assert complaints == []


@pytest.mark.parametrize("unit", ["sitehealth.service", "sitehealth-backup.service", *(path.name for path in FLEET)])
def test_the_services_are_fenced_in(analyze, installed, unit):
    done = analyze("security", "--offline=true", f"--threshold={int(EXPOSED * 10)}", installed / unit)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


@pytest.mark.parametrize("unit", [UNITS / "sitehealth.service", *FLEET], ids=lambda unit: unit.stem)
def test_the_service_leaves_time_to_stop(unit):
    """Daemon and worker end within 10 seconds of SIGTERM; only then may systemd kill them."""
    text = unit.read_text("utf-8")
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[1]) > 10
    assert re.search(r"^KillMode=mixed$", text, re.MULTILINE)
    assert re.search(r"^Type=notify$", text, re.MULTILINE)
    assert re.search(r"^ExecReload=/bin/kill -HUP \$MAINPID$", text, re.MULTILINE)


def test_the_image_has_what_the_program_imports():
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    copied = set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE))
    assert copied == {"checks", "monitor", "reports"}
    assert all(
        (ROOT / name).exists() for line in re.findall(r"^COPY (.+) \./$", text, re.MULTILINE) for name in line.split()
    )
    assert "Not tried" in text
