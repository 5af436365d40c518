"""Install the models of the typo check, and list them."""

from __future__ import annotations

import click

from monitor.commands.common import UNINSPECTED, Fault, error_text
from monitor.models import MODELS, InstallError, install
from reports.wording import words


def install_models(group: str) -> None:
    """Install a group of models, saying their licences first. Raises Fault where they cannot be had."""
    for licence in dict.fromkeys(model.licence for model in MODELS if model.group == group):
        click.echo(f"许可 / licence: {licence('zh-CN')} / {licence('en')}", err=True)
    try:
        install(group, click.echo)
    except (InstallError, OSError) as error:
        raise Fault(error_text(error), UNINSPECTED) from None
    if group == "llm":
        click.echo("启用 / to switch it on: checks.typos.llm: packaged (docs/second-opinion.md)", err=True)


def list_models(language: str) -> None:
    """Print a line for each model: whether it is there, its group, file, purpose and licence."""
    say = words(language)
    for model in MODELS:
        here = say("console.installed" if model.path.is_file() else "console.missing")
        click.echo(f"{here}\t{model.group}\t{model.path}\t{model.purpose(language)}\t{model.licence(language)}")
