"""Inspect a site from the command line on a day of the test's choosing, in this process, so that time can travel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from dataclasses import dataclass
from pathlib import Path

import time_machine
import yaml
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.inspection.run import Inspection
from monitor.settings.checks import build
from monitor.settings.config_file import load
from monitor.store import Store
from tests.monitor.web import QUICK
from tests.sites.pages import NOW

FORMS = {name: {"run": False} for name in ("typos", "tls", "headers", "security-txt", "leaks", "libraries", "cloaking")}
"""Checks that the fixture sites are not about."""

NEAR = (*QUICK, "crawl.allow_private=true")
"""Settings of an inspection of a site on this machine."""

STRANGERS = "^https?://(?!127)"
"""Other sites, which are not there in a test."""


class Served:
    """A site at an address, as an Office inspects it; ``url`` ends without a slash."""

    def __init__(self, url: str) -> None:
        self.home = f"{url}/"


@dataclass
class Office:
    """Somebody who inspects one site again and again: a store, a configuration, and reports."""

    folder: Path

    def run(self, *command: str, when=NOW, code=0) -> Result:
        """Run a command on a day; fails where it ends with another code."""
        with time_machine.travel(when, tick=True):
            done = CliRunner().invoke(main, list(command), catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done

    def inspect(self, site, *, when=NOW, checks="", scope="site", settings=(), **site_settings) -> dict:
        """Inspect a site and return the report; ``site_settings`` are what config.yaml says of it."""
        self.configure(site, **site_settings)
        command = ["inspect", site.home, "--format=json", f"--out={self.out}", f"--scope={scope}"]
        command += [f"--set={setting}" for setting in (*NEAR, *settings)]
        self.run(*command, *([f"--checks={checks}"] if checks else []), f"--config={self.config}", when=when)
        return json.loads(self.out.read_text("utf-8"))

    def configure(self, site, **site_settings):
        sites = [{"url": site.home, "id": "fixture", "exclude": [STRANGERS], **site_settings}]
        config = {"sites": sites, "checks": FORMS, "store": {"url": self.store}}
        self.config.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")

    async def cut_off(self, site, moment: threading.Event, when=NOW) -> None:
        """Begin to inspect a site and be gone at some moment, as a process that is killed."""
        self.configure(site)
        settings = load(self.config, NEAR)
        with time_machine.travel(when, tick=True), Store(self.store) as store:
            inspection = Inspection(
                store, settings.crawl, settings.sites[0], "site", build(settings.checks), browser=settings.browser
            )
            task = asyncio.create_task(inspection.run())
            await asyncio.to_thread(moment.wait, 20)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @property
    def store(self) -> str:
        return f"sqlite:///{self.folder}/store.db"

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def out(self) -> Path:
        return self.folder / "report.json"


def below(site, url: str) -> str:
    return url.removeprefix(site.home.rstrip("/"))
