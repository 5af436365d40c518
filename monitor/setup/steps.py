"""List what makes a system service of the program. A step that is done already is left alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.model import Text
from monitor.models import folder as models_folder
from monitor.setup.machine import COMMAND, CONFIGURATION, DATA, UNITS, USER, Account, Machine, SetupError
from monitor.typo_engine.load import is_prepared

PACKAGED_COMMAND = "/opt/sitehealth/.venv/bin/sitehealth"
"""The program as the packaged units start it."""

SERVICES = ("sitehealth.service", "sitehealth-backup.timer")
"""What is started with the system."""

OLD = ".old"
"""Ending of a unit that was there before and reads otherwise."""


@dataclass(frozen=True)
class SetupStep:
    """One thing that has to be there; ``do`` makes it so, and raises SetupError or OSError."""

    what: Text
    is_done: Callable[[], bool]
    do: Callable[[], None]


def steps(machine: Machine, *, models: bool = True) -> Iterator[SetupStep]:
    """Yield every step in its order; ``models``: with the language models of the typo check."""
    yield _account(machine)
    yield _folder(machine, str(Path(CONFIGURATION).parent), owned=False)
    yield _folder(machine, DATA, owned=True)
    yield from (_unit(machine, path) for path in sorted(packaged("deploy/systemd").iterdir()))
    yield _command(machine)
    yield _first_configuration(machine)
    if models:
        yield _models(machine)
    yield _enabled(machine)


def packaged(name: str) -> Path:
    """Return a file or folder that comes with the program: in a checkout at its top, in a wheel beside this module."""
    here = Path(__file__)
    return next(path for path in (here.parents[2] / name, here.parent / "packaged" / name) if path.exists())


def _account(machine: Machine) -> SetupStep:
    line = f'u {USER} - "Sitehealth" {DATA} /usr/sbin/nologin'

    def make() -> None:
        machine.run("systemd-sysusers", "--inline", line)

    return SetupStep(Text(f"用户 {USER}", f"the user {USER}"), lambda: machine.account() is not None, make)


def _folder(machine: Machine, absolute: str, *, owned: bool) -> SetupStep:
    """Make a folder that the service reads, or owns."""
    path = machine.path(absolute)

    def owner() -> Account | None:
        account = machine.account()
        return account if owned or account is None else Account(0, account.group)

    def is_done() -> bool:
        return path.is_dir() and (path.stat().st_uid, path.stat().st_gid) == owner()

    def make() -> None:
        path.mkdir(mode=0o750, parents=True, exist_ok=True)
        path.chmod(0o750)
        _give(path, owner())

    return SetupStep(Text(absolute, absolute), is_done, make)


def _unit(machine: Machine, source: Path) -> SetupStep:
    path = machine.path(f"{UNITS}/{source.name}")
    text = source.read_text("utf-8").replace(PACKAGED_COMMAND, str(machine.program))

    def is_done() -> bool:
        return path.is_file() and path.read_text("utf-8", "replace") == text

    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.replace(path.with_name(path.name + OLD))
        path.write_text(text, "utf-8")
        path.chmod(0o644)
        if machine.is_this:
            machine.run("systemctl", "daemon-reload")

    name = f"{UNITS}/{source.name}"
    return SetupStep(Text(name, name), is_done, write)


def _command(machine: Machine) -> SetupStep:
    """Put the command on everybody's PATH."""
    link = machine.path(COMMAND)

    def is_done() -> bool:
        return link.is_symlink() and link.readlink() == machine.program

    def make() -> None:
        if link.exists() and not link.is_symlink():
            raise SetupError(f"{COMMAND} 是另一个程序，请先移走", f"{COMMAND} is another program; move it away")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(machine.program)

    name = f"{COMMAND} → {machine.program}"
    return SetupStep(Text(name, name), is_done, make)


def _first_configuration(machine: Machine) -> SetupStep:
    """Write the example, whose lines show defaults, where there is no configuration yet."""
    path = machine.path(CONFIGURATION)

    def write() -> None:
        path.write_text(packaged("config.yaml").read_text("utf-8"), "utf-8")
        path.chmod(0o640)  # it may come to hold passwords
        account = machine.account()
        _give(path, Account(0, account.group) if account else None)

    return SetupStep(Text(CONFIGURATION, CONFIGURATION), path.is_file, write)


def _models(machine: Machine) -> SetupStep:
    """Put the language models where the service looks; those that this user installed are copied."""
    target = machine.path(f"{DATA}/models")

    def install() -> None:
        if is_prepared(str(models_folder())) and not target.exists():
            shutil.copytree(models_folder(), target)
        environment = os.environ | {"SITEHEALTH_DATA": str(target.parent)}
        command = [sys.executable, "-m", "monitor", "models", "install"]
        if subprocess.run(command, check=False, env=environment).returncode:  # noqa: S603 - a fixed command
            raise SetupError(
                "没有语言模型：再次运行 setup 之前，错别字只按词表和形式检查",
                "no language models: typos are found by lexicon and form only until setup is run again",
            )
        for path in (target, *target.rglob("*")):
            _give(path, machine.account())

    return SetupStep(Text(f"{DATA}/models", f"{DATA}/models"), lambda: is_prepared(str(target)), install)


def _enabled(machine: Machine) -> SetupStep:
    wanted = machine.path(UNITS)

    def is_done() -> bool:
        links = {path.name for path in wanted.glob("*.wants/*")}
        return set(SERVICES) <= links

    def enable() -> None:
        machine.run("systemctl", "enable", "--quiet", *SERVICES)

    names = ", ".join(SERVICES)
    return SetupStep(Text(f"{names} 随系统启动", f"{names} start with the system"), is_done, enable)


def _give(path: Path, account: Account | None) -> None:
    if account is None:
        raise SetupError(f"没有用户 {USER}", f"there is no user {USER}")
    os.chown(path, *account)
