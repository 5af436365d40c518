"""Say in JSON what went wrong, as RFC 9457 has it: of every error below ``/api/``, whichever room it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHttpError
from starlette.requests import Request
from starlette.responses import Response

from checks.model import Text
from monitor.console.security.wire import PROBLEM, problem_body
from reports.wording import LANGUAGES

Members = Mapping[str, object]

NAMED_AT_MOST = 20
"""Faults of one request that are named."""


class ProblemError(HTTPException):
    """A request that is refused with a reason, and with ``members`` of the problem beside the usual ones."""

    def __init__(
        self,
        status: HTTPStatus,
        reason: Text,
        members: Members | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, reason.en, dict(headers or {}))
        self.reason, self.members = reason, dict(members or {})


def language_of(request: Request, default: str) -> str:
    """Return the language that a request asks for, else the default."""
    wanted = request.query_params.get("language", "")
    return wanted if wanted in LANGUAGES else default


def problem(
    status: int, detail: str = "", members: Members | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem: its status and, where more is known, a sentence and other members."""
    body = problem_body(HTTPStatus(status), detail, members)
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, PROBLEM)


def problem_of(error: Exception, language: str) -> Response:
    """Return the problem that an error of a request is."""
    if isinstance(error, ProblemError):
        return problem(error.status_code, error.reason(language), error.members, error.headers)
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors())
    if isinstance(error, AnyHttpError):
        phrase = HTTPStatus(error.status_code).phrase
        return problem(error.status_code, "" if error.detail == phrase else error.detail, headers=error.headers)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR)


def _invalid(faults: Sequence[Mapping[str, object]]) -> Response:
    """Say where a request makes no sense; what was sent is not repeated. A number in a path that is none is no page."""
    places = [tuple(map(str, fault["loc"])) for fault in faults if isinstance(fault["loc"], tuple)]
    if any(place[:1] == ("path",) for place in places):
        return problem(HTTPStatus.NOT_FOUND)
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem(HTTPStatus.BAD_REQUEST, "the body is no JSON")
    named = [
        {"at": "/".join(place)[:200], "reason": str(fault["msg"])[:500]}
        for place, fault in zip(places, faults, strict=True)
    ]
    members = {"errors": named[:NAMED_AT_MOST]}
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "the request makes no sense", members)
