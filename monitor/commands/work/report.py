"""Write the report of an earlier run again, in any format."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from monitor.commands.common import Fault, no_run, opened_to_read, unknown_format, worded
from monitor.commands.work.report_settings import report_language, usable_letterhead
from monitor.output.file_names import stem_of
from monitor.output.report import build_report, snapshot_writer, write_reports
from monitor.settings.site import Settings
from reports import FORMATS
from reports.pdf import PdfMissingError


def write_report(settings: Settings, run: int, names: Sequence[str], out: Path | None, language: str | None) -> None:
    """Write the report of a run in formats to files or, for ``-``, the first of them to the standard output."""
    for name in names:
        if name not in FORMATS:
            raise Fault(unknown_format(name))
    with opened_to_read(settings) as store:
        try:
            row = store.runs.load(run)
            built = build_report(store, run, usable_letterhead(settings, row.site))
        except KeyError:
            raise Fault(no_run(run)) from None
        language = language or report_language(settings, row.site)
        if out == Path("-"):
            FORMATS[names[0]].write(built, language, sys.stdout.buffer)
            return
        folder = out or Path(settings.report.folder)
        snapshots = snapshot_writer(store, row, language, wanted=settings.report_of(row.site).snapshots)
        try:
            for path in write_reports(built, names, folder, language, stem=stem_of(row), snapshots=snapshots):
                click.echo(path)
        except PdfMissingError as error:
            raise Fault(str(error)) from None
        except OSError as error:
            raise Fault(worded(f"报告写不进去：{error}", f"the report cannot be written: {error}")) from None
