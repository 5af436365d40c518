"""Serve the bundled demo site and inspect it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event

import click

from monitor.beijing import ZONE
from monitor.commands.inspect import inspect
from monitor.demo.bureau import DemoSite
from monitor.demo.server import PORT, serving
from monitor.settings.paths import data_folder

SETTINGS = {
    "crawl.delay": "0",
    "crawl.concurrency": "8",
    "crawl.external_concurrency": "8",
    "crawl.timeout": "5",
    "crawl.second_look_delay": "2",
    "checks.cloaking.run": "true",
    "checks.exposure.run": "true",
    "checks.security-txt.run": "true",
}
"""What differs from an inspection of a real site: everything is near, nobody else needs the server's time, and the
owner agrees to checks that ask for more than a reader would."""

PROBES = [{"name": "办件统计", "steps": [{"url": "/tongji/bjtj.jsp", "expect": {"status": 200}}]}]
"""A function of the site that has to work, as an operator would configure it."""


def show_demo(port: int | None, options: Sequence[str], *, serve_only: bool) -> None:
    """Serve the demo site, and inspect it with these options of ``sitehealth inspect``, or wait until Ctrl-C."""
    today = datetime.now(UTC).astimezone(ZONE).date()
    with serving(today, PORT if port is None else port) as site:
        click.echo(f"{site.bureau['name']}: {site.origin}/")
        if serve_only:
            _wait()
        else:
            inspect.main([*arguments(site), *options], prog_name="sitehealth inspect")


def arguments(site: DemoSite) -> list[str]:
    """Return what ``sitehealth inspect`` is called with; the operator's own store does not hear of the demo."""
    url = f"{site.origin}/"
    bureau = {"url": url, "name": site.bureau["name"], "probes": PROBES}
    store = f"sqlite:///{data_folder() / 'demo.db'}"
    settings = SETTINGS | {"sites": json.dumps([bureau], ensure_ascii=False), "store.url": store}
    return [url, "--allow-private", *(f"--set={key}={value}" for key, value in settings.items())]


def _wait() -> None:
    try:
        Event().wait()
    except KeyboardInterrupt:
        click.echo()
