"""Say how the reports of a site are written, as its settings and the environment have it."""

from __future__ import annotations

import os

from monitor.commands.common import Fault, error_text
from monitor.output.letterhead_files import LetterheadError, letterhead_of
from monitor.settings.site import Settings
from reports.letterhead import Letterhead


def report_language(settings: Settings, site: str) -> str:
    """Return the language of a site's reports; the environment comes before its settings, as for what is printed."""
    return os.environ.get("SITEHEALTH_LANGUAGE") or settings.report_of(site).language


def usable_letterhead(settings: Settings, site: str) -> Letterhead:
    """Return what stands around the reports of a site, its files read and tried. Raises Fault."""
    try:
        return letterhead_of(settings.report_of(site))
    except LetterheadError as error:
        raise Fault(error_text(error)) from None
