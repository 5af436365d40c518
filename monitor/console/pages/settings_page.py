"""The settings in force, as ``sitehealth config show`` prints them: secrets are masked."""

from __future__ import annotations

import yaml
from fastapi import APIRouter
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.visit import SignedIn

router = APIRouter()


@router.get("/settings")
def settings(visit: SignedIn) -> Response:
    """Show every setting, a section each."""
    visit.demand(Action.SETTINGS_SEE)
    document = visit.settings.to_json()
    sections = {
        name: yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False) for name, value in document.items()
    }
    return visit.show("settings.html.jinja", sections=sections)
