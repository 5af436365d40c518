"""Write the picture of the console's overview, as the administrator of ``sitehealth demo --console`` sees it.

Usage: python tools/console_picture.py PNG
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
SIZE = {"width": 1280, "height": 560}


def main(picture: Path) -> None:
    """Log in as the demo says, and write the picture."""
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
            _take(picture, *found.groups())
        finally:
            demo.send_signal(signal.SIGTERM)


def _take(picture: Path, address: str, name: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="zh-CN", color_scheme="light")
        page.goto(address)
        page.fill("[name=name]", name)
        page.fill("[name=password]", password)
        page.click("main [type=submit]")
        page.wait_for_selector("#content")
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
