"""Reports: those of periods, of a site, a group or all, made in the background; and the newest of inspections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from importlib.util import find_spec
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.period_jobs import PeriodJob, PeriodJobs
from monitor.console.actions.period_worker import PeriodTask
from monitor.console.event_stream import Part, stream
from monitor.console.visit import SignedIn, Visit
from monitor.output.file_names import folder_of
from monitor.output.period import KnownSite, newest_runs
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
    formats = [name for name in _formats() if name in visit.fields("format")]
    if not formats:
        return _show(visit, visit.say("reports_page.no_format"))
    group, sites, title = _about(visit)
    period = _period(visit)
    task = PeriodTask(visit.settings, sites, group, period, visit.preferences.language, visit.parts.now())
    stem = f"{folder_of(next(iter(sites)) if group is None else group or 'all')}-{period.name}"
    job = _jobs(visit).begin(visit.user.name, f"{title} · {_named(visit, period)}", stem, formats, task)
    if job is None:
        return _show(visit, visit.say("reports_page.too_many"))
    return visit.go("/reports")


@router.get("/reports/events")
def events(visit: SignedIn) -> Response:
    """Send the list of one's reports as they are written."""
    visit.demand_somewhere(Action.REPORT_SEE)

    def render() -> Part:
        held = _jobs(visit).of_user(visit.user.name)
        return Part(visit.render("reports_held.html.jinja", held=held), is_last=all(job.ended for job in held))

    return stream(visit.request, render)


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


def _about(visit: Visit) -> tuple[str | None, Mapping[str, KnownSite], str]:
    """Return what the form's ``about`` names: a group's name, None for one site; its sites; and what it is called.

    Answers "not found" for a site or a group of which the person may not see everything.
    """
    kind, _, name = visit.field("about").partition(":")
    allowed = _reportable(visit)
    match kind:
        case "site" if name in allowed and name in newest_runs(visit.parts.reading):
            return None, {name: allowed[name]}, allowed[name].name
        case "group" if name in _groups(visit):
            members = visit.settings.members[name]
            return name, {key: allowed[key] for key in members if key in allowed}, name
        case "all" if allowed:
            return "", allowed, visit.say("reports_page.all")
        case _:
            raise HTTPException(HTTPStatus.NOT_FOUND)


def _reportable(visit: Visit) -> dict[str, KnownSite]:
    sites = visit.sites_for(Action.REPORT_SEE)
    return {key: KnownSite(key, site.name or key, site.url) for key, site in sites.items()}


def _groups(visit: Visit) -> list[str]:
    """Return the groups of whose sites the person may see all reports."""
    allowed = visit.sites_for(Action.REPORT_SEE)
    configured = {site.key for site in visit.settings.sites}
    groups = visit.settings.members
    return [name for name, sites in groups.items() if sites and all(key in allowed for key in configured & {*sites})]


def _period(visit: Visit) -> Period:
    """Return the days that the form asks for: a quarter, else from one day to another."""
    if quarter := visit.field("quarter"):
        try:
            period = quarter_of(quarter)
        except ValueError:
            visit.refuse(Text("季度有误", "that is no quarter"))
        if period.start > visit.today:
            visit.refuse(Text("这个季度还没有开始", "the quarter has not begun"))
        return period
    try:
        start, end = date.fromisoformat(visit.field("from")), date.fromisoformat(visit.field("to"))
    except ValueError:
        visit.refuse(Text("请选择季度，或填写起止日期", "choose a quarter, or both days"))
    if start > end or end > visit.today:
        visit.refuse(
            Text("起止日期有误：开始不晚于结束，结束不晚于今天", "the days are in the wrong order, or yet to come")
        )
    return Period(start, end)


def _named(visit: Visit, period: Period) -> str:
    if period.quarter:
        return visit.say("reports_page.quarter", year=period.start.year, n=period.quarter)
    return f"{period.start} – {period.end}"


def _quarters(today: date) -> list[Period]:
    year, quarter = today.year, (today.month + 2) // 3
    found = []
    for _ in range(QUARTERS):
        found.append(quarter_of(f"{year}Q{quarter}"))
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return found


def _formats() -> list[str]:
    """Return the formats that can be written here; for PDF an extra is needed."""
    has_pdf = find_spec("weasyprint") is not None
    return [name for name in PERIOD_FORMATS if name != "pdf" or has_pdf]


def _show(visit: Visit, refused: str = "") -> Response:
    allowed, inspected = _reportable(visit), newest_runs(visit.parts.reading)
    about = [("all", visit.say("reports_page.all"))] if len(allowed) > 1 else []
    about += [(f"group:{name}", visit.say("user_page.group", name=name)) for name in _groups(visit)]
    about += [(f"site:{key}", site.name) for key, site in allowed.items() if key in inspected]
    latest = sorted(Statistics(visit.parts.reading.engine).latest().values(), key=lambda run: -run.id)
    held = _jobs(visit).of_user(visit.user.name)
    return visit.show(
        "reports.html.jinja",
        HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        refused=refused,
        about=about,
        quarters=[(each.name, _named(visit, each)) for each in _quarters(visit.today)],
        formats=[(name, PERIOD_FORMATS[name].extension) for name in _formats()],
        usual=USUAL,
        held=held,
        is_writing=any(not job.ended for job in held),
        recent=[run for run in latest if run.site in allowed][:RECENT],
        names=visit.site_names,
    )


def _jobs(visit: Visit) -> PeriodJobs:
    jobs: PeriodJobs = visit.request.app.state.period_reports
    return jobs
