"""Remember the language and the theme that somebody chose."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from monitor.console.preferences import THEMES, remember
from monitor.console.visit import Anybody
from reports.wording import LANGUAGES

router = APIRouter()


@router.post("/preferences")
def choose(visit: Anybody) -> Response:
    """Keep ``language`` or ``theme``, and go back to the page that asked."""
    chosen = visit.preferences
    if visit.field("language") in LANGUAGES:
        chosen = replace(chosen, language=visit.field("language"))
    if visit.field("theme") in THEMES:
        chosen = replace(chosen, theme=visit.field("theme"))
    response = visit.go_back("/")
    remember(response, chosen, visit.cookies)
    return response
