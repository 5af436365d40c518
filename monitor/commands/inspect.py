"""Inspect a site now: crawl it, judge it, store it, write the report."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.commands.common import (
    INTERRUPTED,
    UNINSPECTED,
    Fault,
    config_options,
    language_of,
    opened,
    settings_from,
)

if TYPE_CHECKING:
    from monitor.commands.progress import Progress
    from monitor.inspection.run import Inspection
    from monitor.settings.site import Settings, SiteSettings
    from monitor.store import Store
    from monitor.store.runs import RunRow
    from reports.model import Report

SEVERITIES = ("critical", "major", "minor")


def _names(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in value.split(",") if name.strip()) if value else None


@click.command(short_help="Inspect a site now and write the report.")
@click.argument("url")
@click.option("--scope", type=click.Choice(["homepage", "site"]), default="site", show_default=True)
@click.option("--checks", callback=_names, metavar="ID,ID,…", help="Run these checks only.")
@click.option("--format", "formats", callback=_names, metavar="NAME,NAME,…", help="html, xlsx, json, markdown, csv.")
@click.option("--out", type=click.Path(path_type=Path), help="File for one format, folder for several.")
@click.option("--max-pages", type=click.IntRange(min=1), help="Stop after so many pages.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit with 1 on confirmed findings this bad or worse.")
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
    allow_private: bool,  # noqa: FBT001 - a flag of the command line
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Crawl URL, judge what it holds, and write the report.

    Exit codes: 0 fine, 1 findings at or above --fail-on, 2 usage or configuration, 3 the site could not be inspected,
    130 interrupted (what was found is kept and reported as partial).
    """
    extra = [*overrides]
    if max_pages is not None:
        extra.append(f"crawl.max_pages={max_pages}")
    if allow_private:
        extra.append("crawl.allow_private=true")
    settings = settings_from(config, extra)
    _refuse_unknown_formats(formats)
    _refuse_unwritable(out or Path(settings.report.folder))
    with opened(settings) as store:
        inspection = _inspection(settings, store, site_of(settings, url), scope, checks)
        row = _run(inspection, settings)
        report = _write(store, row, settings, formats, out)
    _leave(row, report, fail_on, interrupted=inspection.interrupted)


def _refuse_unknown_formats(formats: Sequence[str] | None) -> None:
    from reports import FORMATS

    for name in formats or ():
        if name not in FORMATS:
            raise Fault(f"--format: unknown format {name!r}; allowed: {', '.join(FORMATS)}")


def _refuse_unwritable(out: Path) -> None:
    """Find out before the crawl, which may take a night, whether its report can be written."""
    from tempfile import TemporaryFile

    folder = next(place for place in (out.absolute(), *out.absolute().parents) if place.is_dir())
    try:
        with TemporaryFile(dir=folder):
            pass
        if not out.is_dir():
            (out.parent if out.suffix else out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Fault(f"--out: {out} cannot be written: {error.strerror}") from None


def site_of(settings: Settings, url: str) -> SiteSettings:
    """Return the configured site with this homepage, or one of that URL alone. Raises Fault."""
    from monitor.pages.urls import MalformedError, normalise
    from monitor.settings.site import SiteSettings

    try:
        wanted = normalise(url)
        configured = next((site for site in settings.sites if normalise(site.url) == wanted), None)
    except MalformedError as error:
        raise Fault(f"{error} is not a URL; write it as https://www.example.gov.cn") from None
    return configured or SiteSettings(url=wanted)


def _inspection(
    settings: Settings, store: Store, site: SiteSettings, scope: str, checks: Sequence[str] | None
) -> Inspection:
    from monitor.inspection.run import Inspection
    from monitor.settings.checks import build

    try:
        chosen = build(settings.checks, checks)
    except ValueError as error:
        raise Fault(f"--checks: {error}") from None
    return Inspection(store, settings.crawl, site, scope, chosen, profile=settings.score.profile)


def _run(inspection: Inspection, settings: Settings) -> RunRow:
    from monitor.commands.progress import Progress
    from monitor.inspection.run import BusyError
    from monitor.loop import run

    progress = Progress(language_of(settings))
    inspection.watch = progress.watch
    try:
        return run(_inspect(inspection, progress))
    except BusyError as error:
        raise Fault(str(error), UNINSPECTED) from None


async def _inspect(inspection: Inspection, progress: Progress) -> RunRow:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, inspection.stop)
    showing = asyncio.create_task(progress.show())
    try:
        return await inspection.run()
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


def _write(store: Store, row: RunRow, settings: Settings, formats: Sequence[str] | None, out: Path | None) -> Report:
    from monitor.output.report import build_report, write_reports
    from reports.summary import summary
    from reports.wording import words

    report = build_report(store, row.id)
    language = language_of(settings)
    names = formats or settings.report.formats
    try:
        paths = write_reports(report, names, out or Path(settings.report.folder), language)
    except OSError as error:
        kept = f"it is kept: sitehealth report {row.id}"
        raise Fault(f"the report cannot be written: {error}; {kept}") from None
    click.echo(summary(report, language))
    for path in paths:
        click.echo(words(language)("console.report", path=path))
    return report


def _leave(row: RunRow, report: Report, fail_on: str | None, *, interrupted: bool) -> None:
    if interrupted:
        raise SystemExit(INTERRUPTED)
    if row.status == "failed":
        raise SystemExit(UNINSPECTED)
    if fail_on is None:
        return
    bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    if any(e.finding.weight.value in bad and e.finding.confidence.value == "confirmed" for e in report.findings):
        raise SystemExit(1)
