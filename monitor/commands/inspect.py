"""Inspect a site now: crawl it, judge it, store it, write the report."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import (
    SEVERITIES,
    config_options,
    settings_from,
)
from reports import FORMATS


def _names(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in value.split(",") if name.strip()) if value else None


@click.command(short_help="Inspect a site now and write the report.")
@click.argument("url")
@click.option("--scope", type=click.Choice(["homepage", "site"]), default="site", show_default=True)
@click.option("--checks", callback=_names, metavar="ID,ID,…", help="Run these checks only.")
@click.option(
    "--format",
    "formats",
    callback=_names,
    metavar="NAME,NAME,…",
    help=f"{', '.join(FORMATS)}.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File for one format, folder for several.")
@click.option("--max-pages", type=click.IntRange(min=1), help="Stop after so many pages.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit with 1 on confirmed findings this bad or worse.")
@click.option(
    "--render",
    type=click.Choice(["never", "auto", "always"]),
    is_flag=False,
    flag_value="auto",
    help="Have a browser draw pages: those whose content a script makes (auto), or all; default: as configured.",
)
@click.option("--allow-private", is_flag=True, help="Let links lead to loopback and private addresses.")
@config_options
def inspect(
    url: str,
    scope: str,
    checks: tuple[str, ...] | None,
    formats: tuple[str, ...] | None,
    out: Path | None,
    max_pages: int | None,
    fail_on: str | None,
    render: str | None,
    allow_private: bool,  # noqa: FBT001 - a flag of the command line
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Crawl URL, judge what it holds, and write the report.

    In a fleet (engine.kind: procrastinate) a worker inspects a configured site, unless an option says how.

    Exit codes: 0 fine, 1 findings at or above --fail-on, 2 usage or configuration, 3 the site could not be inspected,
    130 interrupted (what was found is kept and reported as partial).
    """
    from monitor.commands.work.inspect import inspect_site

    extra = [*overrides]
    if max_pages is not None:
        extra.append(f"crawl.max_pages={max_pages}")
    if allow_private:
        extra.append("crawl.allow_private=true")
    settings = settings_from(config, extra)
    inspect_site(
        settings,
        url,
        scope,
        checks=checks,
        formats=formats,
        out=out,
        fail_on=fail_on,
        render=render,
        is_as_configured=not extra,
    )
