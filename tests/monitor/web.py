"""Small sites for tests of the whole: pages as strings, and the command line run on them as a user would."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.monitor.command_server import Forked
from tests.monitor.typo_lists import share_lists
from tests.server.site import Exchange, Handler, Site

TYPES = {"pdf": "application/pdf", "png": "image/png", "zip": "application/zip"}

QUICK = ("crawl.delay=0", "crawl.second_look_delay=0.1", "crawl.timeout=20")


def html(body: str, title: str = "清河县人民政府") -> str:
    head = f"<head><meta charset=utf-8><title>{title}</title></head>"
    return f"<!DOCTYPE html><html lang=zh-CN>{head}<body>{body}</body></html>"


def links(*hrefs: str) -> str:
    return html("".join(f'<p><a href="{href}">到 {href}</a></p>' for href in hrefs))


def serve(content: str | bytes | tuple[int, str] | Handler) -> Handler:
    """Make a handler of a page, of ``(301, "/where")``, of ``(500, "body")``, or leave a handler as it is."""
    if callable(content):
        return content

    async def handler(exchange: Exchange) -> None:
        exchange.keep_alive = True
        if isinstance(content, tuple):
            status, text = content
            if 300 <= status < 400:
                await exchange.redirect(text, status)
            else:
                await exchange.answer(html(text), status=status)
        else:
            kind = TYPES.get(exchange.path.rpartition(".")[2], "text/html; charset=utf-8")
            await exchange.answer(content, type=kind)

    return handler


def web(pages: Mapping[str, str | bytes | tuple[int, str] | Handler], **options) -> Site:
    """A site of these pages; whatever else is asked for is 404."""
    return Site({path: serve(content) for path, content in pages.items()}, **options)


@dataclass
class Outcome:
    """What the command did."""

    code: int
    stdout: str
    stderr: str
    report: dict | None

    def found(self, rule: str) -> list[dict]:
        """The findings of a rule."""
        return [finding for finding in self.report["findings"] if finding["rule"] == rule]

    def targets(self, rule: str) -> set[str]:
        """The paths of the targets of a rule's findings."""
        return {path_of(finding["target"]["url"]) for finding in self.found(rule)}

    @property
    def rules(self) -> set[str]:
        return {finding["rule"] for finding in self.report["findings"]}


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3] if url.count("/") > 2 else url


@dataclass
class Command:
    """The command line with a store and a report of its own."""

    folder: Path
    store: str = ""

    def start(
        self, url: str, *options: str, checks: str = "links,spaces", settings: tuple[str, ...] = ()
    ) -> subprocess.Popen:
        store = self.store or f"sqlite:///{self.folder}/store.db"
        sets = [f"--set={setting}" for setting in (*QUICK, f"store.url={store}", *settings)]
        chosen = [f"--checks={checks}"] if checks else []
        command = [
            "inspect",
            url,
            *chosen,
            "--format=json",
            f"--out={self.out}",
            *sets,
        ]
        if "--strict" not in options:
            command.append("--allow-private")
        self.out.unlink(missing_ok=True)
        if not checks or "typos" in checks:
            share_lists(self.folder)
        return Forked(
            [*command, *(option for option in options if option != "--strict")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={**os.environ, "SITEHEALTH_DATA": str(self.folder), "PYTHONWARNINGS": "default"},
        )

    @property
    def out(self) -> Path:
        return self.folder / "report.json"

    def finish(self, process: subprocess.Popen, seconds: float = 500) -> Outcome:
        stdout, stderr = process.communicate(timeout=seconds)
        report = json.loads(self.out.read_text("utf-8")) if self.out.exists() else None
        return Outcome(process.returncode, stdout, stderr, report)

    def __call__(self, url: str, *options: str, **named) -> Outcome:
        return self.finish(self.start(url, *options, **named))


async def after(seconds: float, exchange: Exchange, body: str) -> None:
    """Answer late."""
    await asyncio.sleep(seconds)
    await exchange.answer(body)
