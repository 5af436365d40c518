"""Write the report of a period in a process of its own: one of five hundred sites takes a minute and much memory."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from multiprocessing.connection import Connection
from os import nice
from typing import NamedTuple

from monitor.inspection.child import Child, stand_back
from monitor.output.letterhead_files import LetterheadError, letterhead_of
from monitor.output.period import KnownSite, build_period_report, build_report_of_sites
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.settings.site import Settings
from monitor.settings.site_groups import right_below
from monitor.store import Store
from reports.letterhead import NO_LETTERHEAD, Letterhead
from reports.pdf import PdfMissingError
from reports.period import PERIOD_FORMATS
from reports.period.period_report import Period, PeriodReport

LONGEST = 900.0
"""Seconds for one format."""

POLITENESS = 5
"""How far the process stands back behind pages and inspections (nice(2))."""


class PeriodTask(NamedTuple):
    """A report to write: of one site (``group`` is then None), or of several under the name ``group``, "" for all."""

    settings: Settings
    sites: Mapping[str, KnownSite]
    group: str | None
    period: Period
    language: str
    now: float


class ReportNotWrittenError(RuntimeError):
    """A report could not be written; the message says why, in English."""


class PeriodWriter:
    """The process that writes one report, a format at a time."""

    def __init__(self, task: PeriodTask) -> None:
        self._worker = Child(_serve, task)

    def write(self, name: str) -> bytes:
        """Return the report in a format. Raises ReportNotWrittenError."""
        try:
            answer = self._worker.ask(name, LONGEST)
        except TimeoutError:
            raise ReportNotWrittenError("it took too long") from None
        except (EOFError, OSError):
            raise ReportNotWrittenError("the process that wrote it ended") from None
        if isinstance(answer, ReportNotWrittenError):
            raise answer
        return bytes(answer)

    def close(self) -> None:
        """End the process."""
        self._worker.kill()


def _serve(task: PeriodTask, pipe: Connection) -> None:
    stand_back()
    nice(POLITENESS)
    report: PeriodReport | None = None
    while True:
        try:
            name = pipe.recv()
        except EOFError:
            return
        try:
            report = report or _built(task)
            out = BytesIO()
            PERIOD_FORMATS[name].write(report, task.language, out)
            pipe.send(out.getvalue())
        except (PdfMissingError, KeyError, OSError, ValueError) as error:
            pipe.send(ReportNotWrittenError(str(error)))


def _built(task: PeriodTask) -> PeriodReport:
    with Store(task.settings.store.url.get_secret_value()) as store:
        ledger = Ledger(store, policy_of(task.settings), lambda: task.now)
        if task.group is None:
            (site,) = task.sites
            return build_period_report(store, ledger, site, task.period, _letterhead(task.settings, site))
        letterhead = _letterhead(task.settings, "")
        return build_report_of_sites(
            store,
            ledger,
            task.sites,
            task.period,
            group=task.group,
            parts=right_below(task.settings.members, task.group),
            letterhead=letterhead,
        )


def _letterhead(settings: Settings, site: str) -> Letterhead:
    """Return what stands around the report; one whose files cannot be used is left out, as the daemon leaves it."""
    try:
        return letterhead_of(settings.report_of(site))
    except LetterheadError:
        return NO_LETTERHEAD
