"""Ask for the report of a period: about what somebody may see all of, over days that have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from importlib.util import find_spec
from typing import NamedTuple

from fastapi import HTTPException

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.period_jobs import PeriodJob, PeriodJobs
from monitor.console.actions.period_worker import PeriodTask
from monitor.console.caller import Caller
from monitor.console.console_words import console_words
from monitor.output.file_names import folder_of
from monitor.output.period import KnownSite, newest_runs
from reports.period import PERIOD_FORMATS
from reports.period.period_report import Period, quarter_of
from reports.wording import Words


class ReportSubject(NamedTuple):
    """What a report is about: one site (``group`` is None), the sites of a group, or with "" all of them."""

    group: str | None
    sites: Mapping[str, KnownSite]
    title: str


class ReportWish(NamedTuple):
    """A report that somebody wants: what it is about, over which days, in which formats, in which language."""

    subject: ReportSubject
    period: Period
    formats: Sequence[str]
    language: str


def writable_formats() -> list[str]:
    """Return the formats that can be written here; for PDF an extra is needed."""
    has_pdf = find_spec("weasyprint") is not None
    return [name for name in PERIOD_FORMATS if name != "pdf" or has_pdf]


def reportable_sites(caller: Caller) -> dict[str, KnownSite]:
    """Return the sites whose reports somebody may see, by key."""
    sites = caller.sites_for(Action.REPORT_SEE)
    return {key: KnownSite(key, site.name or key, site.url) for key, site in sites.items()}


def reportable_groups(caller: Caller) -> list[str]:
    """Return the groups of whose sites somebody may see all reports."""
    allowed = caller.sites_for(Action.REPORT_SEE)
    configured = {site.key for site in caller.settings.sites}
    groups = caller.settings.members
    return [name for name, sites in groups.items() if sites and all(key in allowed for key in configured & {*sites})]


def report_subject(caller: Caller, kind: str, name: str, language: str) -> ReportSubject:
    """Return what ``kind`` (site, group, all) and ``name`` mean.

    Answers "not found" for a site or a group of which the caller may not see everything.
    """
    allowed = reportable_sites(caller)
    match kind:
        case "site" if name in allowed and name in newest_runs(caller.parts.reading):
            return ReportSubject(None, {name: allowed[name]}, allowed[name].name)
        case "group" if name in reportable_groups(caller):
            members = caller.settings.members[name]
            return ReportSubject(name, {key: allowed[key] for key in members if key in allowed}, name)
        case "all" if allowed:
            return ReportSubject("", allowed, console_words(language)("reports_page.all"))
        case _:
            raise HTTPException(HTTPStatus.NOT_FOUND)


def wanted_quarter(caller: Caller, written: str) -> Period:
    """Return a quarter such as 2026Q3; refuses what is none, or has not begun."""
    try:
        period = quarter_of(written)
    except ValueError:
        caller.refuse(Text("季度有误", "that is no quarter"))
    if period.start > caller.today:
        caller.refuse(Text("这个季度还没有开始", "the quarter has not begun"))
    return period


def wanted_days(caller: Caller, start: date, end: date) -> Period:
    """Return the period from one day to another; refuses days in the wrong order, or yet to come."""
    if start > end or end > caller.today:
        reason = "the days are in the wrong order, or yet to come"
        caller.refuse(Text("起止日期有误：开始不晚于结束，结束不晚于今天", reason))
    return Period(start, end)


def period_title(period: Period, say: Words) -> str:
    """Return what a period is called."""
    if period.quarter:
        return say("reports_page.quarter", year=period.start.year, n=period.quarter)
    return f"{period.start} – {period.end}"


def begin_period_report(caller: Caller, jobs: PeriodJobs, wanted: ReportWish) -> PeriodJob | None:
    """Have a report written in the background; None where too many wait."""
    subject, period, language = wanted.subject, wanted.period, wanted.language
    task = PeriodTask(caller.settings, subject.sites, subject.group, period, language, caller.parts.now())
    about = next(iter(subject.sites)) if subject.group is None else subject.group or "all"
    title = f"{subject.title} · {period_title(period, console_words(language))}"
    return jobs.begin(caller.user.name, title, f"{folder_of(about)}-{period.name}", wanted.formats, task)
