"""Secrets of the configuration are used and never written: every file that a daemon leaves, every page that it serves.

The store of this test fails for a while and its probes fail, so that errors are rendered with what they were about.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from tests.monitor import command_server
from tests.monitor.daemons import QUICK, daemon
from tests.monitor.service.faults import move
from tests.monitor.service.test_daemon import office, sites

__all__ = ["office"]

SECRETS = {
    "form password": "geheim-form-4711",
    "token in a header": "geheim-token-4712",
    "value in JSON": "geheim-json-4713",
    "password in a URL": "geheim-url-4714",
    "token in a query": "geheim-query-4715",
    "password of a proxy": "geheim-proxy-4716",
}


def probes(url: str) -> list[dict]:
    """Return functions that send every secret, and all of which fail."""
    form, header, json, password, token, _ = SECRETS.values()
    host = url.removeprefix("http://")
    expect = {"text": "nothing says so"}
    steps = [
        {"url": "/gone.html", "form": {"user": "u", "password": form}, "expect": expect},
        {"url": "/gone.html", "headers": {"Authorization": f"Bearer {header}"}, "expect": expect},
        {"url": "/gone.html", "json": {"password": json}, "expect": expect},
        {"url": f"http://user:{password}@{host}/gone.html", "expect": expect},
        {"url": f"/gone.html?token={token}", "expect": expect},
    ]
    return [{"name": f"功能 {number}", "steps": [step]} for number, step in enumerate(steps, 1)]


PROXY = f"http://user:{SECRETS['password of a proxy']}@127.0.0.1:9"
BEHIND_PROXY = os.environ | {
    name: PROXY for upper in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (upper, upper.lower())
}
"""An environment as offices have it whose way out is a proxy with a password; at this one nobody answers."""


def secrets_in(text: str) -> set[str]:
    return {name for name, secret in SECRETS.items() if secret in text}


def test_no_secret_is_written_anywhere(tmp_path, office):
    (site,) = sites(office, "a")
    site["probes"] = probes(office.site.url)
    path, aside = tmp_path / "store.db", tmp_path / "aside.db"
    store = {"url": f"sqlite:///{path}", "check_every": 0.2, "retry_every": 0.1}
    formats = {"formats": ["html", "xlsx", "json", "markdown", "csv"]}
    with daemon(tmp_path, sites=[site], store=store, report=formats, crawl=QUICK, probes={"every": 1}) as it:
        it.environment = BEHIND_PROXY
        it.start()
        it.until(lambda: it.metric("reports_total", format="csv", result="success") == 2, "reported")
        sent = "".join(f"{target} {headers}" for _, target, headers in office.site.requests)
        assert "token in a query" in secrets_in(sent), "what is not sent cannot leak"
        move(path, aside)
        it.until(lambda: it.get("/readyz")[0] == 503, "failing")
        pages = "".join(it.get(page)[1] for page in ("/metrics", "/readyz", "/healthz"))
        move(aside, path)
        it.until(it.ready, "ready")
        it.stop()
    commands = [
        ["doctor"],
        ["ledger", "list"],
        ["report", "1"],
        ["status"],
        ["runs"],
        ["config", "show"],
        ["config", "check"],
        ["status", "--set", "store.url=x://u:pw"],
        ["inspect", "http://127.0.0.1:9/", "--scope", "homepage", "--out", str(tmp_path / "unreachable")],
    ]
    for command in commands:
        done = command_server.run(*command, "--config", it.config, text=True, env=BEHIND_PROXY)
        pages += done.stdout + done.stderr
    assert secrets_in(pages) == set()
    leaks = {file.name: found for file in written(tmp_path, it.config) if (found := leaks_of(file))}
    assert leaks == {}


def written(folder: Path, config: Path) -> list[Path]:
    """Return every file that was written, but for the configuration, which holds the secrets."""
    return [path for path in folder.rglob("*") if path.is_file() and path != config]


def leaks_of(path: Path) -> set[str]:
    """Return the secrets in a file; a workbook is a zip of XML."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return {name for part in book.namelist() for name in secrets_in(book.read(part).decode("utf-8", "replace"))}
    return secrets_in(path.read_bytes().decode("utf-8", "replace"))
