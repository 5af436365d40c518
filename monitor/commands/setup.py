"""Make a system service of this installation."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.commands.common import Fault, worded

PROGRAM = Path(sys.executable).with_name("sitehealth")


@click.command(short_help="Make a system service: user, folders, units, models.")
@click.option("--system", is_flag=True, help="Set up the service of this machine; it is the only kind there is.")
@click.option("--dry-run", is_flag=True, help="Show what is missing, and change nothing.")
@click.option("--models/--no-models", default=True, help="With the language models of the typo check, or without.")
@click.option(
    "--root",
    default=Path("/"),
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    help="Folder of another system, such as an image.",
)
@click.option(
    "--program", default=PROGRAM, type=click.Path(path_type=Path), help="The command as the service starts it."
)
def setup(system: bool, dry_run: bool, models: bool, root: Path, program: Path) -> None:  # noqa: FBT001 - flags
    """Make the user sitehealth, its folders, the systemd units, the first configuration, and fetch the models.

    What is there already stays as it is, so it may be called again after an upgrade. Exit codes: 0 all is there,
    1 something is missing (--dry-run), 2 wrong use: not root, no systemd, 3 a step failed.
    """
    from monitor.commands.work.setup import set_up
    from monitor.setup.machine import Machine

    if not system:
        raise Fault(worded("请加上 --system：sitehealth setup --system", "say --system: sitehealth setup --system"))
    set_up(Machine(root, program), dry_run=dry_run, models=models)
