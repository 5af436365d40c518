"""Make the past of the demo site, and say where to look."""

from __future__ import annotations

import os
import shlex
import time

import click

from checks.model import Text
from monitor.beijing import beijing_time
from monitor.commands.common import DEFAULT_LANGUAGE, Fault, error_text, worded
from monitor.commands.work.demo import program
from monitor.demo.history import DemoHistory, HistoryStep, NotOursError, UnderWayError, make_history
from monitor.demo.server import PORT
from monitor.settings.paths import data_folder
from reports.wording import words

FOLDER = "demo-history"
"""The folder of the past, in that of the data."""

STEP = Text("{day}　{scope}（{number}/{of}）", "{day}  {scope} ({number}/{of})")

MADE = Text(
    """示例网站十周以来的检查、整改和消息都在 {folder}
打开：
  {index}    各次检查的报告
  {messages}    写好的消息，没有发给任何人
接着可以看：""",
    """Ten weeks of the demo site, its inspections, its ledger and its messages, are in {folder}
Open:
  {index}    the reports
  {messages}    the messages as they were written; nothing was sent to anybody
Then look at:""",
)

COMMANDS = (
    ("ledger", "list"),
    ("ledger", "stats"),
    ("report", "--site={site}", "--quarter={quarter}"),
    ("notify", "outbox"),
    ("status",),
)
"""What shows the past, without ``--config``."""


def show_history(port: int | None, language: str | None) -> None:
    """Make the past anew, in the reader's language, and print what to open and to type. Raises Fault."""
    language = wanted_language(language)
    _say(make_past(port, language), language)


def wanted_language(chosen: str | None) -> str:
    """Return the language of what the demo writes and prints, where one was chosen or not."""
    return chosen or os.environ.get("SITEHEALTH_LANGUAGE") or DEFAULT_LANGUAGE


def make_past(port: int | None, language: str) -> DemoHistory:
    """Make the past anew in the folder of the data, and show how far it is. Raises Fault."""
    folder = data_folder() / FOLDER
    try:
        return make_history(
            folder, time.time(), language, PORT if port is None else port, lambda step: _show_step(step, language)
        )
    except (NotOursError, UnderWayError) as error:
        raise Fault(error_text(error)) from None
    except OSError as error:
        raise Fault(
            worded(f"{folder} 写不进去：{error.strerror}", f"{folder} cannot be written: {error.strerror}")
        ) from None


def _show_step(step: HistoryStep, language: str) -> None:
    day = beijing_time(step.run.started).date()
    scope = words(language).label("scope", step.run.scope)
    click.echo(STEP(language).format(day=day, scope=scope, number=step.run.id, of=step.of), err=True)


def _say(made: DemoHistory, language: str) -> None:
    click.echo(MADE(language).format(folder=made.folder, index=made.index, messages=made.messages))
    for command in COMMANDS:
        filled = (word.format(site=made.site, quarter=made.quarter) for word in command)
        click.echo(f"  {shlex.join([program(), *filled, '--config', str(made.config)])}")
