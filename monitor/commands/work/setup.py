"""Set a system up step by step, and say how to go on."""

from __future__ import annotations

import click

from monitor.commands.common import UNINSPECTED, Fault, settings_from
from monitor.setup.machine import CONFIGURATION, DATA, USER, Machine, SetupError, refuse_unfit, refuse_without_rights
from monitor.setup.steps import SetupStep, steps

DONE, MADE, MISSING, FAILED = "there", "made", "missing", "failed"


def set_up(machine: Machine, *, dry_run: bool, models: bool) -> None:
    """Take every step that is not done yet, or name it. Raises Fault where the system is unfit or a step fails."""
    try:
        if not dry_run:
            refuse_without_rights()
        refuse_unfit(machine)
    except SetupError as error:
        raise Fault(str(error)) from None
    results = [_take(step, dry_run=dry_run) for step in steps(machine, models=models)]
    if FAILED in results:
        raise Fault("not all could be set up; mend what is said above and call it again", UNINSPECTED)
    if dry_run:
        raise SystemExit(MISSING in results)
    _say_how_to_go_on(machine)


def _take(step: SetupStep, *, dry_run: bool) -> str:
    try:
        result = DONE if step.is_done() else MISSING
        if result == MISSING and not dry_run:
            step.do()
            result = MADE
        click.echo(f"{result:<8} {step.what}")
    except (SetupError, OSError) as error:
        result = FAILED
        click.echo(f"{result:<8} {step.what}: {error}", err=True)
    return result


def _say_how_to_go_on(machine: Machine) -> None:
    """Check the configuration and name the next step: a service without sites has nothing to do and does not start."""
    count = len(settings_from(machine.path(CONFIGURATION), ()).sites)
    click.echo(f"{count} site(s) in {CONFIGURATION}")
    if not count:
        click.echo(f"next: list the sites there, then: systemctl start {USER}")
    else:
        click.echo(f"next: systemctl restart {USER}")
    click.echo(f"then: sudo -u {USER} env SITEHEALTH_DATA={DATA} sitehealth status --config {CONFIGURATION}")
