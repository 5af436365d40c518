"""Write the report of a site, of a group of sites or of all over a period, in any format that makes sense for one."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import click

from checks.model import Text
from monitor.commands.common import Fault, opened_to_read, worded
from monitor.commands.work.chosen_group import BOTH, sites_of_group
from monitor.commands.work.chosen_site import LISTED, MEANT
from monitor.commands.work.report_settings import report_language, usable_letterhead
from monitor.output.file_names import folder_of
from monitor.output.files import whole
from monitor.output.period import KnownSite, build_period_report, build_report_of_sites, known_sites, newest_runs
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.settings.site import Settings
from monitor.settings.site_groups import right_below
from monitor.store import Store
from reports.pdf import PdfMissingError
from reports.period import PERIOD_FORMATS
from reports.period.period_report import Period, PeriodReport, quarter_of

NO_SITES = Text("还没有检查过任何网站", "no site was inspected yet")


class WantedPeriod(NamedTuple):
    """What was asked for, as it was typed: "" and None for what was not."""

    site: str
    group: str
    start: date | None
    end: date | None
    quarter: str


ALL = "all"
"""What files of the report of all sites begin with."""


def write_period(
    settings: Settings, wanted: WantedPeriod, names: Sequence[str], out: Path | None, language: str | None
) -> None:
    """Write the report in formats to files or, for ``-``, the first of them to the standard output. Raises Fault."""
    _refuse_unknown_formats(names)
    with opened_to_read(settings) as store:
        ledger = Ledger(store, policy_of(settings))
        ledger.end_terms()
        period = _period(wanted, ledger.today)
        report = _report(settings, wanted, store, ledger, period)
    language = language or report_language(settings, wanted.site)
    folder = out or Path(settings.report.folder)
    stem = f"{folder_of(wanted.site or wanted.group or ALL)}-{period.name}"
    try:
        _write(report, names, folder, language, stem)
    except PdfMissingError as error:
        raise Fault(str(error)) from None
    except OSError as error:
        raise Fault(worded(f"报告写不进去：{error}", f"the report cannot be written: {error}")) from None


def _report(settings: Settings, wanted: WantedPeriod, store: Store, ledger: Ledger, period: Period) -> PeriodReport:
    """Return the report of the site, the group, or all sites that were asked for."""
    letterhead = usable_letterhead(settings, wanted.site)
    if wanted.site:
        if wanted.group:
            raise Fault(worded(*BOTH))
        site = _site(wanted.site, newest_runs(store))
        return build_period_report(store, ledger, site, period, letterhead)
    parts = right_below(settings.members, wanted.group)
    configured = [KnownSite(site.key, site.name or site.key, site.url) for site in settings.sites]
    if wanted.group:
        members = sites_of_group(settings, wanted.group)
        sites = {site.id: site for site in configured if site.id in members}
        return build_report_of_sites(
            store, ledger, sites, period, group=wanted.group, parts=parts, letterhead=letterhead
        )
    sites = known_sites(store, configured)
    if not sites:
        raise Fault(worded(*NO_SITES))
    return build_report_of_sites(store, ledger, sites, period, parts=parts, letterhead=letterhead)


def _refuse_unknown_formats(names: Sequence[str]) -> None:
    for name in names:
        if name not in PERIOD_FORMATS:
            known = ", ".join(PERIOD_FORMATS)
            raise Fault(
                worded(
                    f"--format：统计期报告没有 {name} 格式，可以是：{known}",
                    f"--format: a period has no format {name!r}; allowed: {known}",
                )
            )


def _period(wanted: WantedPeriod, today: date) -> Period:
    """Return the days that were asked for; those that are yet to come are none to report on."""
    if wanted.quarter:
        if wanted.start or wanted.end:
            raise Fault(
                worded(
                    "--quarter 和 --from、--to 只能给一种",
                    "--quarter stands in the place of --from and --to: give one of them",
                )
            )
        try:
            period = quarter_of(wanted.quarter)
        except ValueError as error:
            raise Fault(
                worded(f"--quarter：“{wanted.quarter}”不是季度，请写成 2026Q3", f"--quarter: {error}")
            ) from None
        if period.start > today:
            raise Fault(
                worded(
                    f"--quarter：{period.name} 还没有开始，今天是 {today}",
                    f"--quarter: {period.name} has not begun; today is {today}",
                )
            )
        return period
    if wanted.start is None or wanted.end is None:
        raise Fault(
            worded("请给出 --quarter，或者 --from 和 --to", "a period needs --quarter, or both --from and --to")
        )
    if wanted.start > wanted.end:
        raise Fault(
            worded(
                f"--from：{wanted.start} 在 --to（{wanted.end}）之后",
                f"--from: {wanted.start} is after --to, {wanted.end}",
            )
        )
    if wanted.end > today:
        raise Fault(
            worded(
                f"--to：{wanted.end} 还没有到，今天是 {today}", f"--to: {wanted.end} is yet to come; today is {today}"
            )
        )
    return Period(wanted.start, wanted.end)


def _site(wanted: str, known: Collection[str]) -> str:
    """Return the id of the site that was asked for."""
    if wanted in known:
        return wanted
    meant = get_close_matches(wanted, known, n=1)
    hint = worded(*MEANT).format(meant=meant[0]) if meant else worded(*LISTED)
    raise Fault(worded(f"--site：还没有检查过“{wanted}”{hint}", f"--site: nobody has inspected {wanted!r}{hint}"))


def _write(report: PeriodReport, names: Sequence[str], out: Path, language: str, stem: str) -> None:
    if out == Path("-"):
        PERIOD_FORMATS[names[0]].write(report, language, sys.stdout.buffer)
        return
    is_file = len(names) == 1 and not out.is_dir() and out.suffix != ""
    for name in names:
        path = out if is_file else out / f"{stem}.{PERIOD_FORMATS[name].extension}"
        with whole(path) as file:
            PERIOD_FORMATS[name].write(report, language, file)
        click.echo(path)
