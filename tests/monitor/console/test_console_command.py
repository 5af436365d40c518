"""``sitehealth console`` serves, says where, ends on a signal, names what is missing; its headers earn an A+."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import textwrap

import httpx
import pytest

from monitor.console.security.response_policy import HEADERS, TRANSPORT
from tests.monitor import command_server
from tests.monitor.console.bureau import Bureau

pytestmark = pytest.mark.slow


def options(bureau: Bureau) -> list[str]:
    sites = json.dumps([{"url": "http://a.cn/", "id": "a"}])
    return [f"--set=sites={sites}", f"--set=store.url={bureau.url}"]


def test_it_serves_until_a_signal(tmp_path, made):
    bureau = Bureau(tmp_path, made)
    command = [sys.executable, "-u", "-m", "monitor", "console", "--listen", "127.0.0.1:0", *options(bureau)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        assert httpx.get(f"{url}login", timeout=120).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    bureau.close()


@pytest.fixture(autouse=True)
def _reads_english(monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")


def test_what_is_missing_is_named(tmp_path, made):
    done = command_server.run("console", f"--set=store.url=sqlite:///{tmp_path / 'none.db'}")
    assert done.returncode == 3
    assert b"there is no store" in done.stderr
    bureau = Bureau(tmp_path, made)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        done = command_server.run("console", "--listen", listen, *options(bureau))
    assert done.returncode == 3
    assert b"cannot listen" in done.stderr
    assert command_server.run("console", "--listen", "here", *options(bureau)).returncode == 2
    bureau.close()


def test_commands_that_serve_nothing_load_no_server():
    code = "import sys, monitor.commands.work.run, monitor.commands.work.inspect, monitor.commands.work.status;"
    code += "print([name for name in ('fastapi', 'starlette', 'uvicorn', 'argon2') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


WHEN_ASKED = (
    "rich",
    "nh3",
    "segno",
    "openpyxl",
    "docx",
    "pypdf",
    "bs4",
    "numpy",
    "jieba",
    "httpx",
    "apprise",
    "alembic",
)
"""What some page or change needs, and a console that has just started does not hold."""

READERS = ("monitor.pages.documents", "monitor.proofreading.tracked_changes", "monitor.crawl", "monitor.fetch")
"""Ours that read documents and pages: in processes of their own, or for a recheck."""


def test_a_console_that_has_started_holds_nothing_that_is_loaded_when_asked_for():
    """It is served beside inspections; each of these is some MiB that it would keep."""
    code = """
        import sys
        from monitor.logs import without_rich
        with without_rich():
            from monitor.commands.work import console
        from monitor.console.console_parts import ConsoleParts
        from monitor.settings.config_file import load
        settings = load(None, [])
        console.create_app(ConsoleParts(None, None, lambda: settings))
        print([name for name in %r if name in sys.modules])
    """
    code = textwrap.dedent(code % (WHEN_ASKED + READERS,))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_behind_https_the_headers_earn_an_a_plus(tmp_path, made):
    bureau = Bureau(tmp_path, made, {"https": True})
    with bureau.served() as console, console.visitor() as client:
        answer = client.get("/login")
    bureau.close()
    assert {name.decode() for name in (*HEADERS, TRANSPORT[0])} <= set(answer.headers)
    case = {
        "name": "console",
        "entry_host": "check.qinghe.gov.cn",
        "url": "https://check.qinghe.gov.cn/login",
        "status": answer.status_code,
        "headers": answer.headers.multi_items(),
        "body": answer.text,
        # What the reverse proxy does for http.
        "redirects": [
            {"from": "http://check.qinghe.gov.cn/", "status": 301, "to": "https://check.qinghe.gov.cn/login"}
        ],
        "http_open": True,
        "tls": "valid",
    }
    written = tmp_path / "case.json"
    written.write_text(json.dumps(case), "utf-8")
    done = command_server.run("headers", "--case", written)
    judged = json.loads(done.stdout)
    assert judged["grade"] == "A+"
    assert judged["findings"] == []
