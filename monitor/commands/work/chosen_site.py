"""Find the site that a command's URL means."""

from __future__ import annotations

from monitor.commands.common import Fault
from monitor.pages.urls import MalformedError, normalise
from monitor.settings.site import Settings, SiteSettings


def site_of(settings: Settings, url: str) -> SiteSettings:
    """Return the configured site with this homepage, or one of that URL alone. Raises Fault."""
    try:
        wanted = normalise(url)
        configured = next((site for site in settings.sites if normalise(site.url) == wanted), None)
    except MalformedError as error:
        raise Fault(f"{error} is not a URL; write it as https://www.example.gov.cn") from None
    return configured or SiteSettings(url=wanted)
