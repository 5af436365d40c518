"""Serve the bundled demo site and inspect it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import click

from checks.model import Text
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

FINISHED = (0, 1)
"""Exit codes of an inspection that came to its end: 1 is ``--fail-on``."""

LEDGER = Text("示例网站的整改台账：\n  {command}", "The remediation ledger of the demo site:\n  {command}")

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
            _inspect([*arguments(site), *options])


def _inspect(arguments: Sequence[str]) -> None:
    """Inspect with these arguments, and say where the ledger is: the demo keeps it apart from the operator's."""
    try:
        inspect.main(list(arguments), prog_name="sitehealth inspect")
    except SystemExit as ended:
        if ended.code in FINISHED:
            chosen = dict(pair.partition("=")[::2] for pair in _set_values(arguments))
            language = os.environ.get("SITEHEALTH_LANGUAGE") or chosen.get("report.language", "zh-CN")
            command = shlex.join([program(), "ledger", "list", "--set", f"store.url={chosen['store.url']}"])
            click.echo(LEDGER(language).format(command=command))
        raise


def _set_values(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the values of ``--set``, in their order: the last of a key counts."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--set="):
            yield argument.removeprefix("--set=")
        elif argument == "--set":
            yield from arguments[at + 1 : at + 2]


def program() -> str:
    """Return what to type for this program: its name where the shell finds it, else its path."""
    script = Path(sys.executable).with_name("sitehealth")
    found = shutil.which("sitehealth")
    if found is not None and Path(found).resolve() == script.resolve():
        return "sitehealth"
    return str(script.relative_to(Path.cwd())) if script.is_relative_to(Path.cwd()) else str(script)


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
