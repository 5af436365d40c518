"""The demo keeps its ledger apart, and its last line is a command that shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.monitor import command_server

PROGRAM = Path(sys.executable).with_name("sitehealth")
QUICK = ("--scope", "homepage", "--checks", "meta")


@pytest.mark.parametrize("is_on_path", [True, False])
def test_the_command_that_is_printed_lists_the_ledger_of_the_demo(tmp_path, is_on_path):
    folder = tmp_path / "some data"  # a space has to be quoted
    paths = [str(PROGRAM.parent)] if is_on_path else []
    environment = os.environ | {"SITEHEALTH_DATA": str(folder), "PATH": os.pathsep.join([*paths, "/usr/bin", "/bin"])}

    def sitehealth(*arguments: str) -> str:
        done = command_server.run(*arguments, cwd=tmp_path, env=environment, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    said = sitehealth("demo", "--port", "0", *QUICK, "--out", "report.html")
    *_, words, command = said.splitlines()
    assert words == "示例网站的整改台账："
    assert command.strip().startswith("sitehealth ledger list" if is_on_path else str(PROGRAM))
    options = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    typed = subprocess.run(command, shell=True, check=False, **options)
    assert "待整改" in typed.stdout, typed.stderr
    assert "待整改" not in sitehealth("ledger", "list")
