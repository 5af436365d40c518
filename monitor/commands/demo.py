"""Serve the bundled demo site and inspect it, so that anybody sees in a minute what a report looks like."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor.settings.paths import data_folder

if TYPE_CHECKING:
    from monitor.demo.bureau import DemoSite

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


@click.command(short_help="Inspect the bundled demo site.", context_settings={"ignore_unknown_options": True})
@click.option("--serve", is_flag=True, help="Only serve the site, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to stand on; another is taken if it is not free.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def demo(serve: bool, port: int | None, options: tuple[str, ...]) -> None:  # noqa: FBT001 - a flag of the command line
    """Serve a small bureau site on loopback and inspect it; OPTIONS are those of ``sitehealth inspect``.

    The site holds one of every problem that Sitehealth knows how to find. Exit codes are those of ``inspect``.
    """
    from monitor.commands.inspect import inspect
    from monitor.demo.server import PORT, serving

    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    with serving(today, PORT if port is None else port) as site:
        click.echo(f"{site.bureau['name']}: {site.origin}/")
        if serve:
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
    from threading import Event

    try:
        Event().wait()
    except KeyboardInterrupt:
        click.echo()
