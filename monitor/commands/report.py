"""Write the report of an earlier run again, or that of a period."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.commands.common import config_options, settings_from, worded
from monitor.commands.ledger_options import DATE
from reports import FORMATS
from reports.period import PERIOD_FORMATS


@click.command(short_help="Write the report of a run again, or of a period.")
@click.argument("run", type=int, required=False)
@click.option("--site", default="", help="The site that the report of a period is about; without it all sites.")
@click.option("--group", default="", metavar="NAME", help="A group of sites, in the place of --site.")
@click.option("--from", "start", type=DATE, help="First day of the period.")
@click.option("--to", "end", type=DATE, help="Last day of the period.")
@click.option("--quarter", default="", metavar="2026Q3", help="A quarter, in the place of --from and --to.")
@click.option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    metavar="NAME,NAME,…",
    help=f"{', '.join(FORMATS)}; of a period: {', '.join(PERIOD_FORMATS)}.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File for one format, folder for several; - is stdout.")
@click.option("--language", type=click.Choice(["zh-CN", "en"]), help="Language of the report.")
@config_options
def report(
    run: int | None,
    site: str,
    group: str,
    start: date | None,
    end: date | None,
    quarter: str,
    formats: str,
    out: Path | None,
    language: str | None,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Write the report of RUN, the number that `sitehealth runs` shows; or of a period, for a site, a group or all.

    The figures of a period are those of `sitehealth ledger stats` for the same days.
    """
    names = [name.strip() for name in formats.split(",") if name.strip()]
    asks_for_period = bool(site or group or start or end or quarter)
    if (run is None) is not asks_for_period:
        raise click.UsageError(
            worded(
                "请给出检查编号，或者 --quarter，或者 --from 和 --to（可加 --site 或 --group）",
                "give either the number of a run, or --quarter, or --from and --to (with --site or --group, if wanted)",
            )
        )
    if run is not None:
        from monitor.commands.work.report import write_report

        write_report(settings_from(config, overrides), run, names, out, language)
        return
    from monitor.commands.work.period import WantedPeriod, write_period

    days = (start, end)
    wanted = WantedPeriod(site, group, *days, quarter)
    write_period(settings_from(config, overrides), wanted, names, out, language)
