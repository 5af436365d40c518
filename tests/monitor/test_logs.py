"""The log: a line an event, at the times that `sitehealth status` and reports give."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

PROGRAM = (
    "import structlog; from monitor import logs; logs.configure({form!r}); structlog.get_logger().info('went', a=1)"
)


def logged(form: str) -> str:
    command = [sys.executable, "-c", PROGRAM.format(form=form)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


@pytest.mark.parametrize("form", ["json", "text"])
def test_times_are_those_of_china_wherever_the_server_stands(form):
    line = logged(form)
    moment = datetime.fromisoformat(json.loads(line)["timestamp"] if form == "json" else line.split()[0])
    assert moment.utcoffset() == timedelta(hours=8)
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=2)


LIBRARY = """
import logging
from monitor import logs
logs.configure("json")
logging.getLogger("some.library").debug("too much")
try:
    raise ValueError("no answer from postgres://u:geheim@db/x")
except ValueError:
    logging.getLogger("some.library").exception("lost %s", "ftp://u:geheim@a.cn/")
"""


def test_what_libraries_log_is_a_line_as_any_other_without_passwords():
    (line,) = subprocess.run(
        [sys.executable, "-c", LIBRARY], check=True, capture_output=True, text=True
    ).stderr.splitlines()
    assert "geheim" not in line
    event = json.loads(line)
    assert (event["event"], event["level"], event["logger"]) == ("lost ftp://u:***@a.cn/", "error", "some.library")
    assert event["exception"][0]["exc_type"] == "ValueError"


@pytest.mark.parametrize("command", ["console", "run"])
def test_a_server_is_without_what_would_draw_tracebacks_in_colours(command, tmp_path):
    """It is 78 modules, which a process that runs for months has no use for."""
    options = ["--set", f"store.url=sqlite:///{tmp_path / 'missing' / 'x.db'}", "--set", "report.language=xx"]
    program = [sys.executable, "-X", "importtime", "-m", "monitor", command, *options]
    imported = subprocess.run(program, check=False, capture_output=True, text=True, cwd=tmp_path).stderr
    assert "structlog.dev" in imported
    assert "rich.color" not in imported  # of the inside of it: that it was asked for is there
