"""Reports of periods: have one written in the background, ask how far it is, download it."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.period_jobs import PeriodJob, PeriodJobs
from monitor.console.actions.period_requests import (
    ReportWish,
    begin_period_report,
    report_subject,
    wanted_days,
    wanted_quarter,
    writable_formats,
)
from monitor.console.api import document_schemas
from monitor.console.api.api_call import ApiCall, Call, doing, later, operation_name
from monitor.console.api.json_documents import period_report_document
from reports.period import PERIOD_FORMATS
from reports.period.period_report import Period

router = APIRouter(tags=["reports"], generate_unique_id_function=operation_name)

BUSY = Text("排队的报告太多，请稍后再试", "too many reports wait; try again a little later")


@router.get("/reports", response_model=document_schemas.PeriodReportList, **doing(Action.REPORT_SEE))
def list_period_reports(call: Call) -> Response:
    """List the reports that are held for the user, the newest first."""
    held = _jobs(call).of_user(call.user.name)
    return call.answer({"items": [period_report_document(job) for job in held]})


@router.post(
    "/reports",
    status_code=HTTPStatus.ACCEPTED,
    response_model=document_schemas.PeriodReportOut,
    **doing(Action.REPORT_SEE),
)
def write_period_report(wanted: document_schemas.PeriodReportWanted, call: Call) -> Response:
    """Have the report of a period written: of a site, of a group, or of all sites whose reports the user may see."""
    subject = report_subject(call, wanted.about, wanted.name, call.language)
    known = writable_formats()
    unknown = [each for each in wanted.formats if each not in known]
    if unknown:
        names = ", ".join(known)
        call.refuse(Text(f"可用的格式：{names}", f"these formats can be written here: {names}"))
    formats = [name for name in known if name in wanted.formats]
    wish = ReportWish(subject, _period(call, wanted), formats, call.language)
    job = begin_period_report(call, _jobs(call), wish)
    if job is None:
        later(BUSY)
    place = f"{call.settings.console.root}/api/v1/reports/{job.id}"
    return call.answer(period_report_document(job), HTTPStatus.ACCEPTED, {"Location": place})


@router.get("/reports/{job_id}", response_model=document_schemas.PeriodReportOut, **doing(Action.REPORT_SEE))
def show_period_report(job_id: str, call: Call) -> Response:
    """Show how far a report is that the same user asked for."""
    return call.answer(period_report_document(_job(call, job_id)))


@router.get(
    "/reports/{job_id}/{name}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The report."}},
    **doing(Action.REPORT_SEE),
)
def download_period_report(job_id: str, name: str, call: Call) -> Response:
    """Download a report in a format."""
    job = _job(call, job_id)
    content = job.content(name) if name in PERIOD_FORMATS else None
    if content is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = {"Content-Disposition": f'attachment; filename="report.{PERIOD_FORMATS[name].extension}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _period(call: ApiCall, wanted: document_schemas.PeriodReportWanted) -> Period:
    if wanted.start is None or wanted.end is None:
        return wanted_quarter(call, wanted.quarter)
    return wanted_days(call, wanted.start, wanted.end)


def _jobs(call: ApiCall) -> PeriodJobs:
    jobs: PeriodJobs = call.request.app.state.period_reports
    return jobs


def _job(call: ApiCall, job_id: str) -> PeriodJob:
    job = _jobs(call).find(job_id, call.user.name)
    if job is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return job
