"""Describe the API as OpenAPI has it: what FastAPI knows of the endpoints, and how each says what went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from monitor import __version__
from monitor.console.api.schemas import schema_of_problem
from monitor.console.security.wire import API, PROBLEM

PREFIX = f"{API}v1"

DESCRIPTION = (
    "What the console shows and changes, for programs. A program shows a token of `sitehealth user token add` and acts "
    "in the place of its user. What may not be seen is 404, what may be seen and not changed is 403."
)

METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def describe(routers: Iterable[APIRouter], root: str) -> dict[str, Any]:
    """Return the document; ``root`` is the path under which a proxy shows the console."""
    routes = [route for router in routers for route in router.routes]
    document = get_openapi(
        title="Sitehealth",
        version=__version__,
        description=DESCRIPTION,
        routes=routes,
        servers=[{"url": f"{root}{PREFIX}"}],
    )
    problem = schema_of_problem()
    schemas = document["components"]["schemas"]
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    for path in document["paths"].values():
        for method in METHODS & set(path):
            _add_answers(path[method], is_read=method == "get")
    return document


def _add_answers(operation: dict[str, Any], *, is_read: bool) -> None:
    """Add what every endpoint may answer beside what it is asked for."""
    answers = operation["responses"]
    answers.pop("422", None)
    schema = {"$ref": "#/components/schemas/Problem"}
    answers["default"] = {"description": "A problem (RFC 9457).", "content": {PROBLEM: {"schema": schema}}}
    if is_read:
        answers["304"] = {"description": "The same as the program has, by If-None-Match."}
