"""Look at the configuration: check it, show it with every default, print its JSON Schema."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, read_configuration, settings_from, worded


@click.group(short_help="Check, show or describe the configuration.")
def config() -> None:
    """Check, show or describe the configuration."""


@config.command(short_help="Say whether the configuration can be used.")
@config_options
def check(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Say whether the configuration can be used; exit with 2 and a line for every fault where it cannot.

    A secret that is not there (a variable of the environment, a file) is a warning: the service may have it.
    """
    from monitor.commands.work.config import try_letterheads, unresolved_secrets

    settings = settings_from(config, overrides)
    try_letterheads(settings)
    for line in unresolved_secrets(settings):
        click.echo(
            worded(f"注意：{line}；补上之前发不出消息", f"warning: {line}; until it is there, nothing can be sent"),
            err=True,
        )
    for path in settings.unmet_groups:
        click.echo(
            worded(f"注意：groups.{path}：其中没有网站", f"warning: groups.{path}: no site lies in it"), err=True
        )
    count, store = len(settings.sites), settings.store.url
    click.echo(worded(f"正确：{count} 个网站，数据库 {store}", f"ok: {count} site(s), store {store}"))


@config.command(short_help="Print every setting as it stands.")
@config_options
@click.argument("site", required=False)
def show(config: Path | None, overrides: tuple[str, ...], site: str | None) -> None:
    """Print every setting as it stands, defaults included, as YAML; passwords and what probes send are masked.

    With the id of a SITE: its settings, and where each comes from (the site, a group, a section of the file).
    """
    from monitor.commands.work.config import show_settings, show_site

    reading, settings = read_configuration(config, overrides)
    if site is None:
        show_settings(settings)
    else:
        show_site(reading, settings, site)


@config.command(short_help="Print the JSON Schema of the configuration.")
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors that complete and check YAML."""
    from monitor.commands.work.config import print_schema

    print_schema()
