"""Find the site that a command's URL means."""

from __future__ import annotations

from difflib import get_close_matches

from checks.model import Text
from monitor.commands.common import Fault, language_of, no_url
from monitor.pages.urls import MalformedError, normalise
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store

UNKNOWN = Text("没有网站“{site}”", "there is no site {site!r}")
MEANT = Text("；是不是 {meant}？", "; did you mean {meant}?")
LISTED = Text("；sitehealth status 列出所有网站", "; `sitehealth status` lists the sites")


def site_of(settings: Settings, url: str) -> SiteSettings:
    """Return the configured site with this homepage, or one of that URL alone. Raises Fault."""
    try:
        wanted = normalise(url)
        configured = next((site for site in settings.sites if normalise(site.url) == wanted), None)
    except MalformedError as error:
        raise Fault(no_url(error)) from None
    return configured or SiteSettings(url=wanted)


def refuse_unknown_site(settings: Settings, store: Store, site: str) -> None:
    """Raise Fault for the id of a site that neither the configuration nor the store has, with the one it may mean.

    Without this a slip of the pen would read as a site without faults.
    """
    configured = {each.key for each in settings.sites}
    if not site or site in configured or store.runs.knows(site):
        return
    language = language_of(settings)
    meant = get_close_matches(site, configured | store.runs.sites(), n=1)
    hint = MEANT(language).format(meant=meant[0]) if meant else LISTED(language)
    raise Fault(f"--site: {UNKNOWN(language).format(site=site)}{hint}")
