"""Write the report of an earlier run again, in any format."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from
from reports import FORMATS


@click.command(short_help="Write the report of a run again.")
@click.argument("run", type=int)
@click.option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    help=f"{', '.join(FORMATS)}.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File for one format, folder for several; - is stdout.")
@click.option("--language", type=click.Choice(["zh-CN", "en"]), help="Language of the report.")
@config_options
def report(
    run: int, formats: str, out: Path | None, language: str | None, config: Path | None, overrides: tuple[str, ...]
) -> None:
    """Write the report of RUN, the number that `sitehealth runs` shows."""
    from monitor.commands.work.report import write_report

    settings = settings_from(config, overrides)
    names = [name.strip() for name in formats.split(",") if name.strip()]
    write_report(settings, run, names, out, language)
