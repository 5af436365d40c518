"""No frame leaves the machine while hostile pages are drawn, though there is a way out: every frame is read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.browser.chromium import PLACES, why_not_drawn
from monitor.settings.browser import BrowserSettings
from tests.monitor.browser.captured import OUT
from tests.monitor.browser.hostile import HOSTILE, LEAVING

ROOT = Path(__file__).parents[3]
DEBIAN = PLACES[:2]
"""Debian's browsers."""

TOOLS = ("unshare", "--net", "--mount")


def needs() -> str:
    """Return what is missing here for reading the frames of a browser, "" where nothing is."""
    if missing := why_not_drawn(BrowserSettings(sandbox=False)):
        return f"drawn pages: {missing}"
    try:
        probe = subprocess.run([*TOOLS, "ip", "link", "add", "try0", "type", "veth"], capture_output=True, check=False)
    except FileNotFoundError as absent:
        return f"frames of a browser need {absent.filename} (util-linux, iproute2)"
    return probe.returncode and f"frames of a browser need root and network namespaces: {probe.stderr.decode().strip()}"


@pytest.fixture(scope="module", params=DEBIAN)
def captured(request, tmp_path_factory) -> dict[str, dict]:
    """What tests.monitor.browser.captured heard of a browser: walls of one may be none of the other."""
    if reason := needs():
        pytest.skip(f"NOT TESTED: {reason}")
    browser = shutil.which(request.param)
    if browser is None:
        pytest.skip(f"NOT TESTED: the browser {request.param}: tools/install-debian.sh {request.param}")
    file = tmp_path_factory.mktemp("captured") / "heard.json"
    program = [*TOOLS, sys.executable, "-m", "tests.monitor.browser.captured", str(file), browser]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(file.read_text("utf-8"))


def test_no_frame_leaves_but_through_the_fetcher(captured):
    assert captured["heard"] == {}


def test_what_a_browser_without_walls_sends_is_heard(captured):
    assert any(f"{OUT} 4711" in heard for heard in captured["without"])


@pytest.mark.parametrize("page", [*HOSTILE, *LEAVING])
def test_the_page_was_read_all_the_same(captured, page):
    assert captured["asked"][page][0].startswith("200 ")
