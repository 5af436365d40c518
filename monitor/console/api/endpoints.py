"""Name every endpoint of the API. One that is not here is not served."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from monitor.console.api import (
    administration_endpoints,
    departments_endpoints,
    entries_endpoints,
    own_account_endpoints,
    period_reports_endpoints,
    proofreadings_endpoints,
    rechecks_endpoints,
    runs_endpoints,
    sites_endpoints,
    suppressions_endpoints,
    users_endpoints,
    views_endpoints,
)
from monitor.console.api.openapi import PREFIX, describe
from monitor.console.security.wire import as_json

API_ROUTERS = (
    sites_endpoints.router,
    runs_endpoints.router,
    entries_endpoints.router,
    rechecks_endpoints.router,
    suppressions_endpoints.router,
    departments_endpoints.router,
    views_endpoints.router,
    proofreadings_endpoints.router,
    period_reports_endpoints.router,
    users_endpoints.router,
    own_account_endpoints.router,
    administration_endpoints.router,
)

description = APIRouter()


@description.get("/openapi.json")
def show_description(request: Request) -> Response:
    """Return the description of the API; it says nothing of the sites, and asks for no token."""
    root = request.app.state.parts.settings().console.root
    return Response(as_json(describe(API_ROUTERS, root)), media_type="application/json")


def api_router() -> APIRouter:
    """Return everything that is served below the prefix."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    for each in (*API_ROUTERS, description):
        router.include_router(each)
    return router
