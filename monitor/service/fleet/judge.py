"""Name by what findings are judged: two processes of one name say the same of the same site.

Jobs are for those who judge as the scheduler that put them in. A worker of another version, with another
configuration, or without the language models, the browser or the reader of pictures that the scheduler has, looks into
a part of the queue in which nobody puts anything.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from typing import Any

from checks.model import Check
from monitor import __version__
from monitor.browser.chromium import why_not_drawn
from monitor.models import is_without_models
from monitor.ocr.line_reader import engine_version, why_not_read
from monitor.settings.browser import Render
from monitor.settings.checks import build
from monitor.settings.ocr import Ocr
from monitor.settings.site import Settings

QUEUES = ("recheck", "asked", "homepage", "site", "texts")
"""The parts of the queue, the most urgent first: rechecks, what somebody asked for, homepages, whole sites; texts of
large sites, which are read by who has nothing else to do."""

PRIORITIES = {"recheck": 30, "asked": 20, "homepage": 10, "site": 0, "texts": -10}
"""Which job of all is taken first: the greatest."""

CRITICAL = 10
"""What a recheck is the more urgent by that is about a critical fault."""

NOT_JUDGED = {"group", "schedule", "report"}
"""What settings of a site do not change its findings."""


OF_A_MACHINE = {"executable", "sandbox", "at_once", "memory"}
"""What settings of the browser do not change what is seen through it."""


def judge_of(settings: Settings) -> str:
    """Return the version of this program, and a digest of all that its findings depend on."""
    # Who gives jobs up and who holds them must agree on when.
    parts = [
        __version__,
        str(settings.engine.stalled_after),
        settings.crawl.model_dump_json(exclude={"snapshots"}),
    ]
    parts += [settings.score.model_dump_json(), settings.remediation.model_dump_json()]
    parts += map(name_of, build(settings.checks))
    parts.append(f"without models: {is_without_models(settings)}")
    parts += _equipment(settings)
    parts += [site.model_dump_json(exclude=NOT_JUDGED) for site in settings.sites]
    digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()
    return f"{version('sitehealth')}-{digest}"


def _equipment(settings: Settings) -> list[str]:
    """Say by what this machine sees pages and pictures, where the sites want that."""
    parts = []
    if any(site.render is not Render.NEVER for site in settings.sites):
        bounds = settings.browser.model_dump_json(exclude=OF_A_MACHINE)
        parts.append(f"draws: {why_not_drawn(settings.browser) is None} {bounds}")
    if any(site.ocr is not Ocr.NEVER for site in settings.sites):
        reader = engine_version() if why_not_read() is None else "nothing"
        parts.append(f"pictures read by: {reader} {settings.ocr.model_dump_json()}")
    return parts


def name_of(check: Check[Any]) -> str:
    """Return a name of a check that two processes share where they get the same verdicts from it."""
    return f"{version('sitehealth')} {check.id} {check.version} {check!r}"


def address_of(queue: str, judge: str) -> str:
    """Return what a queue is called for those of one judge."""
    return f"{queue}@{judge}"
