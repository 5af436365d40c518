"""Write pictures of the console, as the administrator of ``sitehealth demo --console`` sees it.

Usage: python tools/console_picture.py FOLDER
Makes the past of the demo site where SITEHEALTH_DATA holds none. Needs Debian's chromium, and playwright, which comes
with the environment of ``make test``.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1280, "height": 640}

PATIENCE = 300_000.0
"""Milliseconds that a page may take."""

PAGES = {"console": "/", "console-findings": "/findings", "console-triage": "/triage"}
"""Pages by the names of their pictures."""

DRAFT = """关于召开全市政务公开工作推进会的通知

各县区人民政府，市政府各部门：
为认真贯彻落实全面推进政务公开工作的布署，经市政府同意，决定召开全市政务公开工作推进会。现将有关事项通知如下：
一、会议时间：2026年9月31日上午9时。
二、会议地点：市政府第一会议室，会议室已按装视频设备。
三、请各单位再接再励，按时参加，并做好有关工作的布署。
"""
"""What is handed in for the picture of proofreading."""


def main(folder: Path) -> None:
    """Log in as the demo says, and write the pictures."""
    command = [sys.executable, "-u", "-m", "monitor", "demo", "--console", "--language", "zh-CN"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        said = ""
        for line in demo.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"(http://\S+)\s+\S+?：\s*(\S+)\s+\S+?：\s*(\S+)", said)
        if found is None:
            raise SystemExit(f"the demo does not say where the console is: {said}")
        try:
            _take(folder, *found.groups())
        finally:
            demo.send_signal(signal.SIGTERM)


def _take(folder: Path, address: str, name: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="zh-CN", color_scheme="light", base_url=address)
        page.set_default_timeout(PATIENCE)
        page.goto("/")
        page.fill("[name=name]", name)
        page.fill("[name=password]", password)
        page.click("main [type=submit]")
        page.wait_for_selector("#content")
        for picture, path in PAGES.items():
            page.goto(path)
            page.screenshot(path=folder / f"{picture}.png")
        page.goto("/proofread")
        page.fill("#text", DRAFT)
        page.click("main form[enctype] button.primary")
        page.wait_for_selector(".proof[aria-current]")
        page.keyboard.press("c")
        page.wait_for_selector(".proof.accepted")
        page.screenshot(path=folder / "console-proofread.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
