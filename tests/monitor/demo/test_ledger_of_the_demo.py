"""The demo keeps its ledger apart, and its last line is a command that shows it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("sitehealth")
QUICK = ("--scope", "homepage", "--checks", "meta")


@pytest.mark.parametrize("is_on_path", [True, False])
def test_the_command_that_is_printed_lists_the_ledger_of_the_demo(tmp_path, is_on_path):
    folder = tmp_path / "some data"  # a space has to be quoted
    paths = [str(PROGRAM.parent)] if is_on_path else []
    environment = os.environ | {"SITEHEALTH_DATA": str(folder), "PATH": os.pathsep.join([*paths, "/usr/bin", "/bin"])}

    def shell(command: str) -> str:
        done = subprocess.run(
            command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    said = shell(shlex.join([str(PROGRAM), "demo", "--port", "0", *QUICK, "--out", "report.html"]))
    *_, words, command = said.splitlines()
    assert words == "示例网站的整改台账："
    assert command.strip().startswith("sitehealth ledger list" if is_on_path else str(PROGRAM))
    assert "待整改" in shell(command)
    assert "待整改" not in shell(shlex.join([str(PROGRAM), "ledger", "list"]))
