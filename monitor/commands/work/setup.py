"""Set a system up step by step, and say how to go on."""

from __future__ import annotations

import click

from checks.model import Text
from monitor.commands.common import UNINSPECTED, Fault, error_text, reader_language, settings_from, worded
from monitor.setup.machine import CONFIGURATION, DATA, USER, Machine, SetupError, refuse_unfit, refuse_without_rights
from monitor.setup.steps import SetupStep, steps

DONE, MADE, MISSING, FAILED = (
    Text("已有", "there"),
    Text("已建", "made"),
    Text("缺少", "missing"),
    Text("失败", "failed"),
)
"""What came of a step."""


def set_up(machine: Machine, *, dry_run: bool, models: bool) -> None:
    """Take every step that is not done yet, or name it. Raises Fault where the system is unfit or a step fails."""
    try:
        if not dry_run:
            refuse_without_rights()
        refuse_unfit(machine)
    except SetupError as error:
        raise Fault(error_text(error)) from None
    results = [_take(step, dry_run=dry_run) for step in steps(machine, models=models)]
    if FAILED in results:
        raise Fault(
            worded(
                "没有全部完成；请按上面的提示处理后再运行一次",
                "not all could be set up; mend what is said above and call it again",
            ),
            UNINSPECTED,
        )
    if dry_run:
        raise SystemExit(MISSING in results)
    _say_how_to_go_on(machine)


def _take(step: SetupStep, *, dry_run: bool) -> Text:
    language = reader_language()
    try:
        result = DONE if step.is_done() else MISSING
        if result == MISSING and not dry_run:
            step.do()
            result = MADE
        click.echo(f"{result(language):<8} {step.what(language)}")
    except (SetupError, OSError) as error:
        result = FAILED
        click.echo(f"{result(language):<8} {step.what(language)}: {error_text(error)}", err=True)
    return result


def _say_how_to_go_on(machine: Machine) -> None:
    """Check the configuration and name the next step: a service without sites has nothing to do and does not start."""
    count = len(settings_from(machine.path(CONFIGURATION), ()).sites)
    click.echo(worded(f"{CONFIGURATION} 中有 {count} 个网站", f"{count} site(s) in {CONFIGURATION}"))
    if not count:
        click.echo(
            worded(
                f"下一步：在其中列出网站，然后 systemctl start {USER}",
                f"next: list the sites there, then: systemctl start {USER}",
            )
        )
    else:
        click.echo(worded(f"下一步：systemctl restart {USER}", f"next: systemctl restart {USER}"))
    command = f"sudo -u {USER} env SITEHEALTH_DATA={DATA} sitehealth status --config {CONFIGURATION}"
    click.echo(worded(f"然后：{command}", f"then: {command}"))
