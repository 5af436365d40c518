"""Serve style, script and icon, and say to crawlers that there is nothing for them."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

router = APIRouter()


@router.get("/static/{name}")
async def static_file(name: str, request: Request) -> Response:
    """Return a file; its name holds its digest, so it never changes."""
    found: Response | None = request.app.state.static.answer(name, request)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


@router.get("/robots.txt")
async def robots() -> Response:
    """Keep crawlers out."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """Return the icon to browsers that ask for it by its old name."""
    state = request.app.state
    return Response(status_code=HTTPStatus.FOUND, headers={"Location": state.pages.static("icon.svg")})
