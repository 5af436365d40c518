"""Write the report of an earlier run again, in any format."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.commands.common import Fault, config_options, language_of, opened, settings_from


@click.command(short_help="Write the report of a run again.")
@click.argument("run", type=int)
@click.option("--format", "formats", default="html", show_default=True, help="html, xlsx, json, markdown, csv.")
@click.option("--out", type=click.Path(path_type=Path), help="File for one format, folder for several; - is stdout.")
@click.option("--language", type=click.Choice(["zh-CN", "en"]), help="Language of the report.")
@config_options
def report(
    run: int, formats: str, out: Path | None, language: str | None, config: Path | None, overrides: tuple[str, ...]
) -> None:
    """Write the report of RUN, the number that `sitehealth runs` shows."""
    from monitor.output.report import build_report, write_reports
    from reports import FORMATS

    settings = settings_from(config, overrides)
    names = [name.strip() for name in formats.split(",") if name.strip()]
    for name in names:
        if name not in FORMATS:
            raise Fault(f"--format: unknown format {name!r}; allowed: {', '.join(FORMATS)}")
    with opened(settings) as store:
        try:
            built = build_report(store, run)
        except KeyError:
            raise Fault(f"there is no run {run}; `sitehealth runs` lists them") from None
    spoken = language or language_of(settings)
    if out == Path("-"):
        FORMATS[names[0]].write(built, spoken, sys.stdout.buffer)
        return
    try:
        for path in write_reports(built, names, out or Path(settings.report.folder), spoken):
            click.echo(path)
    except OSError as error:
        raise Fault(f"the report cannot be written: {error}") from None
