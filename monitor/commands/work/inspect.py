"""Inspect a site now: crawl it, judge it, store it, write the report."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import click

from monitor.browser.chromium import why_not_drawn
from monitor.commands.common import (
    INTERRUPTED,
    SEVERITIES,
    UNINSPECTED,
    Fault,
    error_text,
    language_of,
    opened,
    unknown_format,
    worded,
)
from monitor.commands.work.chosen_site import site_of
from monitor.commands.work.progress import Progress
from monitor.commands.work.report_settings import report_language, usable_letterhead
from monitor.inspection.run import BusyError, Inspection
from monitor.loop import run
from monitor.output.file_names import stem_of
from monitor.output.report import build_report, snapshot_writer, write_reports
from monitor.remediation.configured_policy import policy_of
from monitor.settings.browser import Render
from monitor.settings.checks import build
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store
from monitor.store.runs import RunRecord
from reports import FORMATS
from reports.letterhead import Letterhead
from reports.model import Report
from reports.pdf import PdfMissingError
from reports.summary import summary
from reports.wording import words

if TYPE_CHECKING:
    from monitor.service.fleet.ordered_inspection import OrderedInspection


def inspect_site(
    settings: Settings,
    url: str,
    scope: str,
    *,
    checks: Sequence[str] | None,
    formats: Sequence[str] | None,
    out: Path | None,
    fail_on: str | None,
    render: str | None = None,
    is_as_configured: bool = False,
) -> None:
    """Inspect a site, write its report, and leave with the exit code that ``sitehealth inspect --help`` names.

    ``render`` says in place of the configuration which pages a browser draws: no browser is a fault then.
    ``is_as_configured``: nothing else differs from the configuration, so that a worker of a fleet may make it.
    """
    _refuse_unknown_formats(formats)
    _refuse_unwritable(out or Path(settings.report.folder))
    site = _drawn_as_asked(site_of(settings, url), settings, render)
    letterhead = usable_letterhead(settings, site.key)
    is_for_worker = is_as_configured and checks is None and render is None and site in settings.sites
    with opened(settings) as store:
        made = _made_by_worker(settings, store, site, scope) if is_for_worker else None
        if made is None:
            inspection = _inspection(settings, store, site, scope, checks)
            made = _run(inspection, settings), inspection.interrupted
        row, interrupted = made
        report = _write(store, row, settings, formats, out, letterhead)
    _leave(row, report, fail_on, interrupted=interrupted)


def _made_by_worker(settings: Settings, store: Store, site: SiteSettings, scope: str) -> tuple[RunRecord, bool] | None:
    """Return the run that a worker of a fleet made, and whether it was interrupted; None where there is no fleet.

    Raises Fault where no worker makes it.
    """
    if settings.engine.kind == "local":
        return None
    from monitor.service.fleet.ordered_inspection import NoWorkerError, OrderedInspection

    order = OrderedInspection(store, settings, site, scope)
    if not order.is_possible:
        return None
    click.echo(worded("已排队，由检查进程进行", "queued: a worker makes it"), err=True)
    try:
        return run(_wait_for(order)), order.is_interrupted
    except BusyError:
        busy = worded(
            "这项检查正在进行或排队：sitehealth fleet status", "it is under way or waits: sitehealth fleet status"
        )
        raise Fault(busy, UNINSPECTED) from None
    except NoWorkerError:
        nobody = worded(
            "没有检查进程完成这项检查：sitehealth fleet status",
            "no worker made the inspection: sitehealth fleet status",
        )
        raise Fault(nobody, INTERRUPTED if order.is_interrupted else UNINSPECTED) from None


async def _wait_for(order: OrderedInspection) -> RunRecord:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, order.stop)
    return await order.make()


def _drawn_as_asked(site: SiteSettings, settings: Settings, render: str | None) -> SiteSettings:
    """Return a site whose pages are drawn as somebody asked. Raises Fault where there is no browser for it."""
    if render is None:
        return site
    reason = why_not_drawn(settings.browser) if render != Render.NEVER else None
    if reason is not None:
        raise Fault(f"--render: {reason(language_of(settings))}")
    return site.model_copy(update={"render": Render(render)})


def _refuse_unknown_formats(formats: Sequence[str] | None) -> None:
    for name in formats or ():
        if name not in FORMATS:
            raise Fault(unknown_format(name))


def _refuse_unwritable(out: Path) -> None:
    """Find out before the crawl, which may take a night, whether its report can be written."""
    folder = next(place for place in (out.absolute(), *out.absolute().parents) if place.is_dir())
    try:
        with TemporaryFile(dir=folder):
            pass
        if not out.is_dir():
            (out.parent if out.suffix else out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror
        raise Fault(worded(f"--out：{out} 写不进去：{reason}", f"--out: {out} cannot be written: {reason}")) from None


def _inspection(
    settings: Settings, store: Store, site: SiteSettings, scope: str, checks: Sequence[str] | None
) -> Inspection:
    try:
        chosen = build(settings.checks, checks)
    except ValueError as error:
        raise Fault(f"--checks: {error_text(error)}") from None
    return Inspection(
        store,
        settings.crawl,
        site,
        scope,
        chosen,
        profile=settings.score.profile,
        policy=policy_of(settings),
        browser=settings.browser,
        ocr=settings.ocr,
    )


def _run(inspection: Inspection, settings: Settings) -> RunRecord:
    progress = Progress(language_of(settings))
    inspection.watch = progress.watch
    try:
        return run(_inspect(inspection, progress))
    except BusyError as error:
        raise Fault(error_text(error), UNINSPECTED) from None


async def _inspect(inspection: Inspection, progress: Progress) -> RunRecord:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, inspection.stop)
    showing = asyncio.create_task(progress.show())
    try:
        return await inspection.run()
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


def _write(
    store: Store,
    row: RunRecord,
    settings: Settings,
    formats: Sequence[str] | None,
    out: Path | None,
    letterhead: Letterhead,
) -> Report:
    report = build_report(store, row.id, letterhead)
    language = language_of(settings)
    names = formats or settings.report_of(row.site).formats
    folder = out or Path(settings.report.folder)
    try:
        written_in = report_language(settings, row.site)
        wanted = settings.report_of(row.site).snapshots
        snapshots = snapshot_writer(store, row, written_in, wanted=wanted)
        paths = write_reports(report, names, folder, written_in, stem=stem_of(row), snapshots=snapshots)
    except PdfMissingError as error:
        raise Fault(f"{error}; sitehealth report {row.id} --format pdf") from None
    except OSError as error:
        again = f"sitehealth report {row.id}"
        raise Fault(
            worded(
                f"报告写不进去：{error}；检查结果已经保存：{again}",
                f"the report cannot be written: {error}; it is kept: {again}",
            )
        ) from None
    click.echo(summary(report, language))
    for path in paths:
        click.echo(words(language)("console.report", path=path))
    return report


def _leave(row: RunRecord, report: Report, fail_on: str | None, *, interrupted: bool) -> None:
    if interrupted:
        raise SystemExit(INTERRUPTED)
    if row.status == "failed":
        raise SystemExit(UNINSPECTED)
    if fail_on is None:
        return
    bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    if any(e.finding.weight.value in bad and e.finding.confidence.value == "confirmed" for e in report.findings):
        raise SystemExit(1)
