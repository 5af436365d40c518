"""Build the web application: its pages, what guards them, and what it answers where something goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from http import HTTPStatus
from threading import Thread

import structlog
from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHttpError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from monitor import __version__
from monitor.beijing import beijing_time
from monitor.console.actions.ledger_files import LedgerFiles
from monitor.console.actions.period_jobs import PeriodJobs
from monitor.console.actions.proofreading_jobs import ProofreadJobs
from monitor.console.actions.rechecks_now import RecheckJobs
from monitor.console.api.endpoints import api_router
from monitor.console.api.problems import language_of, problem, problem_of
from monitor.console.console_parts import ConsoleParts
from monitor.console.notices import Notices
from monitor.console.pages import (
    account_page,
    audit_page,
    departments_page,
    finding_page,
    findings_page,
    inspections_page,
    login_page,
    outbox_page,
    overview_page,
    preferences_page,
    proofread_page,
    provider_page,
    recheck_page,
    reports_page,
    run_page,
    saved_views_page,
    settings_page,
    site_page,
    static_page,
    suppressions_page,
    tokens_page,
    triage_page,
    users_page,
    vocabulary_page,
)
from monitor.console.rendering import Pages
from monitor.console.security.forwarding import Forwarding
from monitor.console.security.host_names import HostNames
from monitor.console.security.request_bounds import RequestBounds
from monitor.console.security.response_policy import ResponsePolicy
from monitor.console.security.wire import is_api
from monitor.console.static_files import StaticFiles
from monitor.console.visit import SignInNeededError, Visit
from monitor.settings.console import ConsoleSettings
from monitor.store.outage import outage_of
from monitor.store.reading_store import AT_ONCE

log = structlog.get_logger()

LATER = {"Retry-After": "5"}
"""Seconds after which who was answered that the store is away may ask again."""

ROUTERS = (
    static_page.router,
    login_page.router,
    provider_page.router,
    preferences_page.router,
    overview_page.router,
    site_page.router,
    findings_page.router,
    finding_page.router,
    triage_page.router,
    suppressions_page.router,
    outbox_page.router,
    audit_page.router,
    settings_page.router,
    run_page.router,
    inspections_page.router,
    recheck_page.router,
    users_page.router,
    account_page.router,
    tokens_page.router,
    proofread_page.router,
    departments_page.router,
    vocabulary_page.router,
    reports_page.router,
    saved_views_page.router,
)
"""Every page. One that is not here is not served."""


def create_app(parts: ConsoleParts) -> FastAPI:
    """Return the application over these parts."""
    app = FastAPI(
        title="Sitehealth",
        version=__version__,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        openapi_url=None,
        lifespan=_bounded_threads,
        routes=[*_routes()],
    )
    static = StaticFiles()
    app.state.parts, app.state.static, app.state.notices = parts, static, Notices()
    app.state.rechecks, app.state.proofreading = RecheckJobs(), ProofreadJobs()
    app.state.ledger_files, app.state.period_reports = LedgerFiles(), PeriodJobs()
    app.state.pages = Pages(parts.settings().console.root, static)
    app.add_exception_handler(SignInNeededError, _ask_to_log_in)
    app.add_exception_handler(AnyHttpError, _say_why)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(Exception, _break_down)

    def settings_in_force() -> ConsoleSettings:
        return parts.settings().console

    # The last that is added is asked first.
    app.add_middleware(RequestBounds, settings=settings_in_force)
    app.add_middleware(HostNames, settings=settings_in_force)
    app.add_middleware(ResponsePolicy)
    app.add_middleware(Forwarding, settings=settings_in_force)
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """Return the routes of every application of a process: FastAPI reads the signatures of endpoints once for all."""
    router = APIRouter()
    for each in ROUTERS:
        router.include_router(each, include_in_schema=False)
    router.include_router(api_router())
    return tuple(router.routes)


@asynccontextmanager
async def _bounded_threads(app: FastAPI) -> AsyncIterator[None]:
    """Make at most as many pages at a time as there are connections; count the ledger before a page asks.

    At the end what people handed in and had written is dropped.
    """
    current_default_thread_limiter().total_tokens = AT_ONCE
    parts: ConsoleParts = app.state.parts
    Thread(target=_count_first, args=(parts,), name="first counts", daemon=True).start()
    yield
    app.state.proofreading.close()
    app.state.period_reports.close()


def _count_first(parts: ConsoleParts) -> None:
    """Count the ledger, which takes a second where it is large; a store that is away is counted when a page asks."""
    with suppress(Exception):
        parts.reading.counts.rows(beijing_time(parts.now()).date())


def _ask_to_log_in(request: Request, error: Exception) -> Response:
    pages: Pages = request.app.state.pages
    back = error.back if isinstance(error, SignInNeededError) else "/"
    address = pages.address("/login", {"back": back if back != "/" else ""})
    if request.headers.get("hx-request") == "true":
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": address})
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": address})


def _say_why(request: Request, error: Exception) -> Response:
    if _is_program(request):
        return problem_of(error, _language(request))
    status = error.status_code if isinstance(error, HTTPException | AnyHttpError) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    reason = "" if detail == HTTPStatus(status).phrase else detail
    headers = getattr(error, "headers", None) or {}
    return _error_page(request, status, reason, headers)


def _not_found(request: Request, error: Exception) -> Response:
    """Say of a number in an address that is none what is said of one that nothing has."""
    if _is_program(request):
        return problem_of(error, _language(request))
    return _error_page(request, HTTPStatus.NOT_FOUND, "")


def _break_down(request: Request, error: Exception) -> Response:
    if (outage := outage_of(error)) is not None:
        log.warning("a page of the console waits for the store", path=request.url.path, reason=str(outage))
        if _is_program(request):
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, headers=LATER)
        return _error_page(request, HTTPStatus.SERVICE_UNAVAILABLE, "", LATER)
    log.error("a page of the console failed", path=request.url.path, exc_info=error)
    if _is_program(request):
        return problem_of(error, _language(request))
    return _error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "")


def _is_program(request: Request) -> bool:
    return is_api(request.scope["path"], request.app.state.pages.root)


def _language(request: Request) -> str:
    """Return the language of what a program is told; settings that cannot be read now do not matter for that."""
    parts: ConsoleParts = request.app.state.parts
    return language_of(request, parts.settings().report.language)


def _error_page(request: Request, status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    visit = getattr(request.state, "visit", None) or _visit_without_login(request)
    try:
        response: Response = visit.show("error.html.jinja", status, status=status, reason=reason)
    except Exception:  # noqa: BLE001 - the page that says what is wrong must not be what is wrong
        response = PlainTextResponse(f"{status} {reason}\n", status)
    response.headers.update(headers or {})
    return response


def _visit_without_login(request: Request) -> Visit:
    state = request.app.state
    return Visit(request, state.parts, state.pages, state.notices, None)
