"""Know the system that is set up: where things lie on it, and its tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from checks.model import Text, WordedError

USER = "sitehealth"
CONFIGURATION = "/etc/sitehealth/config.yaml"
DATA = "/var/lib/sitehealth"
UNITS = "/etc/systemd/system"
COMMAND = "/usr/local/bin/sitehealth"

TOOLS = ("systemctl", "systemd-sysusers")
BOOTED = "/run/systemd/system"
"""A folder that is there where systemd runs the system: sd_booted(3)."""

HIDDEN = tuple(map(Path, ("/root", "/home", "/run/user")))
"""What the units' ProtectHome= hides from the service."""


class SetupError(WordedError):
    """The system cannot be set up; the reason says why, and what to do."""


class Account(NamedTuple):
    """Numbers of a user and its group."""

    user: int
    group: int


@dataclass(frozen=True)
class Machine:
    """The system whose files lie under ``root``; ``program`` is the command as its units start it, seen from there."""

    root: Path
    program: Path

    @property
    def is_this(self) -> bool:
        """Whether it is the system that runs this program."""
        return self.root == Path("/")

    def path(self, absolute: str | Path) -> Path:
        """Return where a file of the system lies, seen from here."""
        return self.root / str(absolute).lstrip("/")

    def account(self) -> Account | None:
        """Return the account of the service, None where there is none yet (passwd(5))."""
        try:
            lines = self.path("/etc/passwd").read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return None
        fields = next((line.split(":") for line in lines if line.startswith(f"{USER}:")), None)
        return Account(int(fields[2]), int(fields[3])) if fields else None

    def run(self, tool: str, *arguments: str) -> None:
        """Run a tool of systemd on the system. Raises SetupError with what it said."""
        command = [tool, *([] if self.is_this else [f"--root={self.root}"]), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - fixed commands
        if done.returncode:
            output = f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}"
            raise SetupError(output, output)


def refuse_unfit(machine: Machine) -> None:
    """Raise SetupError without systemd, or with a program that the service could not start."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or (machine.is_this and not Path(BOOTED).is_dir()):
        lacking = Text(f"没有 {'、'.join(missing)}", f"{', '.join(missing)} not found")
        why = lacking if missing else Text("本机不由 systemd 管理", "systemd does not run this system")
        raise SetupError(
            f"{why.zh}：没有什么能启动服务；容器请用 deploy/Containerfile",
            f"{why.en}: nothing would start the service; for containers there is deploy/Containerfile",
        )
    # Links are followed on this machine only: those of another system point into it.
    for path in (machine.program, machine.program.resolve() if machine.is_this else machine.program):
        if any(path.is_relative_to(folder) for folder in HIDDEN):
            raise SetupError(
                f"{path}：服务看不到 {path.parents[-2]} 中的文件；请把程序装在 /opt",
                f"{path}: the service sees nothing of {path.parents[-2]}; install the program in /opt",
            )
    _refuse_closed(machine)


def _refuse_closed(machine: Machine) -> None:
    """Raise SetupError where the program lies in a folder that only its owner may enter."""
    _, *folders = reversed(machine.program.parents)  # the first is the root of all
    for folder in (*folders, machine.program):
        here = machine.path(folder)
        if here.exists() and not here.stat().st_mode & 0o001:
            raise SetupError(
                f"{folder}：用户 {USER} 进不去；请运行 chmod -R o+rX {folder}",
                f"{folder}: the user {USER} may not enter it; chmod -R o+rX {folder}",
            )


def refuse_without_rights() -> None:
    """Raise SetupError for everybody but root."""
    if os.geteuid() != 0:
        raise SetupError(
            "只有 root 才能添加用户、写入 /etc：请用 sudo 运行；--dry-run 只显示要做什么",
            "only root may make a user and write to /etc: run it with sudo; --dry-run shows what it would do",
        )
