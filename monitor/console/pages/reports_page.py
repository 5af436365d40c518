"""Reports: those of periods, of a site, a group or all, made in the background; and the newest of inspections."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.period_jobs import PeriodJob, PeriodJobs
from monitor.console.actions.period_requests import (
    ReportWish,
    begin_period_report,
    period_title,
    report_subject,
    reportable_groups,
    reportable_sites,
    wanted_days,
    wanted_quarter,
    writable_formats,
)
from monitor.console.event_stream import Part, stream
from monitor.console.visit import SignedIn, Visit
from monitor.output.period import newest_runs
from monitor.store.statistics import Statistics
from reports.period import PERIOD_FORMATS
from reports.period.period_report import Period, quarter_of

router = APIRouter()

QUARTERS = 6
"""Quarters that are offered, the newest first; the one that goes on is among them."""

USUAL = ("html", "docx")
"""Formats that are ticked at first."""

RECENT = 20
"""Inspections whose reports are offered."""


@router.get("/reports")
def reports(visit: SignedIn) -> Response:
    """Show where reports are asked for, those that were, and the newest inspections."""
    visit.demand_somewhere(Action.REPORT_SEE)
    return _show(visit)


@router.post("/reports")
def begin(visit: SignedIn) -> Response:
    """Have the report of a period written."""
    visit.demand_somewhere(Action.REPORT_SEE)
    formats = [name for name in writable_formats() if name in visit.fields("format")]
    if not formats:
        return _show(visit, visit.say("reports_page.no_format"))
    kind, _, name = visit.field("about").partition(":")
    language = visit.preferences.language
    subject = report_subject(visit, kind, name, language)
    wanted = ReportWish(subject, _period(visit), formats, language)
    if begin_period_report(visit, _jobs(visit), wanted) is None:
        return _show(visit, visit.say("reports_page.too_many"))
    return visit.go("/reports")


@router.get("/reports/events")
def events(visit: SignedIn) -> Response:
    """Send the list of one's reports as they are written."""
    visit.demand_somewhere(Action.REPORT_SEE)

    def render() -> Part:
        held = _jobs(visit).of_user(visit.user.name)
        return Part(visit.render("reports_held.html.jinja", held=held), is_last=all(job.ended for job in held))

    return stream(visit, render)


@router.get("/reports/{job_id}/{name}")
def download(job_id: str, name: str, visit: SignedIn) -> Response:
    """Send a report, to be kept: what it quotes of pages is never opened in the name of the console."""
    job: PeriodJob | None = _jobs(visit).find(job_id, visit.user.name)
    content = job.content(name) if job is not None and name in PERIOD_FORMATS else None
    if job is None or content is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    form = PERIOD_FORMATS[name]
    file = quote(f"{job.stem}.{form.extension}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{file}"}
    return Response(content, media_type=form.media_type, headers=headers)


def _period(visit: Visit) -> Period:
    """Return the days that the form asks for: a quarter, else from one day to another."""
    if quarter := visit.field("quarter"):
        return wanted_quarter(visit, quarter)
    try:
        start, end = date.fromisoformat(visit.field("from")), date.fromisoformat(visit.field("to"))
    except ValueError:
        visit.refuse(Text("请选择季度，或填写起止日期", "choose a quarter, or both days"))
    return wanted_days(visit, start, end)


def _quarters(today: date) -> list[Period]:
    year, quarter = today.year, (today.month + 2) // 3
    found = []
    for _ in range(QUARTERS):
        found.append(quarter_of(f"{year}Q{quarter}"))
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return found


def _show(visit: Visit, refused: str = "") -> Response:
    allowed, inspected = reportable_sites(visit), newest_runs(visit.parts.reading)
    about = [("all", visit.say("reports_page.all"))] if len(allowed) > 1 else []
    about += [(f"group:{name}", visit.say("user_page.group", name=name)) for name in reportable_groups(visit)]
    about += [(f"site:{key}", site.name) for key, site in allowed.items() if key in inspected]
    latest = sorted(Statistics(visit.parts.reading.engine).latest().values(), key=lambda run: -run.id)
    held = _jobs(visit).of_user(visit.user.name)
    return visit.show(
        "reports.html.jinja",
        HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        refused=refused,
        about=about,
        quarters=[(each.name, period_title(each, visit.say)) for each in _quarters(visit.today)],
        formats=[(name, PERIOD_FORMATS[name].extension) for name in writable_formats()],
        usual=USUAL,
        held=held,
        is_writing=any(not job.ended for job in held),
        recent=[run for run in latest if run.site in allowed][:RECENT],
        names=visit.site_names,
    )


def _jobs(visit: Visit) -> PeriodJobs:
    jobs: PeriodJobs = visit.request.app.state.period_reports
    return jobs
