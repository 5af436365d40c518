"""Inspect the misbehaving site whole: it ends, in bounded time and memory, with an outcome for every address."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.monitor.web import Command, Outcome, links, path_of, serve
from tests.server.hostile import ROUTES
from tests.server.site import Site

pytestmark = pytest.mark.slow

FAMILIES = {
    "/endless-redirect/": "1",
    "/hops/": "3",
    "/status/": "404",
    "/encoded/": "gzip",
    "/soft-404/": "x.html",
    "/soft-404-redirect/": "y.html",
}
"""A member of every family of routes."""

FINE = {
    "/ok",
    "/no-type",
    "/nul",
    "/gbk",
    "/gbk-header",
    "/nested",
    "/long-line",
    "/invalid-utf8",
    "/http-1.0",
    "/kept",
}
"""Odd, but a reader sees a page."""

BROKEN = {
    "/status/404": "http-4xx",
    "/redirect-loop": "redirect-loop",
    "/endless-redirect/1": "redirect-loop",
    "/redirect-file": "redirect-broken",
    "/redirect-javascript": "redirect-broken",
    "/redirect-nowhere": "redirect-broken",
    "/redirect-private": "forbidden-address",
    "/redirect-metadata": "forbidden-address",
    "/html.pdf": "not-a-document",
    "/hang": "timeout",
    "/reset": "reset",
    "/garbage": "protocol",
    "/header-flood": "protocol",
    "/no-chunk": "protocol",
    "/two-lengths": "protocol",
}


def peak(process: int) -> int:
    """The most memory of a process so far, in MiB. Its ru_maxrss would be that of the test run it was forked from."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


@pytest.fixture(scope="module")
def inspection(tmp_path_factory) -> tuple[Outcome, int]:
    """The outcome, and the most memory it had, in MiB."""
    paths = [path + FAMILIES.get(path, "") for path in ROUTES if path != "/"]
    with Site({**ROUTES, "/": serve(links(*paths))}).running() as site:
        command = Command(tmp_path_factory.mktemp("hostile"))
        settings = ("crawl.concurrency=16", "crawl.allowed_networks=[127.0.0.1/32]")
        process = command.start(f"{site.url}/", "--strict", settings=settings)
        most = 0
        while process.poll() is None:
            most = max(most, peak(process.pid))
            time.sleep(0.02)
        outcome = command.finish(process)
    return outcome, most


def test_it_ends_and_says_so(inspection):
    outcome, _ = inspection
    assert (outcome.code, outcome.report["run"]["status"]) == (0, "complete"), outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_memory_stays_within_bounds_whatever_is_sent(inspection):
    """Bombs of a gigabyte, bodies without an end and ten-megabyte lines included."""
    _, mebibytes = inspection
    assert 50 < mebibytes < 400


@pytest.mark.parametrize(("path", "error"), BROKEN.items())
def test_what_a_reader_cannot_open_has_its_reason(inspection, path, error):
    found = {path_of(f["target"]["url"]): f["target"]["error"] for f in inspection[0].found("broken-link")}
    assert found.get(path) == error


@pytest.mark.parametrize("path", sorted(FINE))
def test_what_is_merely_odd_is_not_reported(inspection, path):
    assert path not in {path_of(f["target"]["url"]) for f in inspection[0].report["findings"]}


def test_guards_are_blocked_and_notices_are_missing_pages(inspection):
    outcome = inspection[0]
    assert {"/wall/accelerator", "/wall/aliyun", "/wall/ruishu"} <= outcome.targets("blocked-link")
    assert {"/soft-404/x.html", "/soft-404-redirect/y.html"} <= outcome.targets("soft-404")


def test_control_characters_of_the_site_do_not_reach_the_terminal(inspection):
    text = inspection[0].stdout + inspection[0].stderr
    assert not {char for char in text if ord(char) < 32 and char not in "\n\t"}
