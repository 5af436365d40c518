"""The pages in a browser: nothing that axe-core calls a barrier, in both languages and themes, and as wide as a phone.

One Chromium judges all of them, each in a frame of its own. axe-core (MPL-2.0) lies in tests/data; nothing is fetched.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from checks.model import Excerpt
from reports import FORMATS
from reports.index import Listed, ListedReport, SiteStanding, index
from reports.period import PERIOD_FORMATS
from reports.remediation.figures import SiteLedger
from reports.snapshot import FetchedPage, PageFault, render
from reports.wording import LANGUAGES
from tests.chromium import CHROMIUM
from tests.factories import MONDAY, at, finding, link
from tests.reports.period_sample import of_many
from tests.reports.sample import BROKEN_LINK, TYPO, sample

AXE = Path(__file__).parents[1] / "data" / "axe-core-4.14.1.min.js"
DESK, PHONE = 1280, 390
THEMES = {"light": DESK, "dark": PHONE}
"""The width in CSS pixels at which each theme is looked at: the two that differ most."""

SITES = (
    Listed(
        "清河县人民政府",
        "a",
        SiteStanding("complete", MONDAY, {"critical": 1, "major": 1_200}, 81.5, 84.0, 1, "C-"),
        SiteLedger(31, 6, 2),
    ),
    Listed("下河乡人民政府门户网站（含各村务公开专栏）", "b", SiteStanding("failed", MONDAY)),
    Listed("新开的网站", "c"),
)
REPORTS = {"a": [ListedReport(f"2026-0{month}-07", "site", ("a.html", "a.xlsx", "a.json")) for month in range(1, 8)]}

DRIVER = """
const library = document.querySelector("script").textContent;
(async () => {
  const judged = {};
  for (const [name, [source, width]] of Object.entries(PAGES)) {
    const frame = document.createElement("iframe");
    Object.assign(frame, { width, height: 900, srcdoc: source });
    frame.style.border = 0;
    document.body.append(frame);
    await new Promise((loaded) => { frame.onload = loaded; });
    const page = frame.contentDocument;
    const script = page.createElement("script");
    script.textContent = library;
    page.head.append(script);
    const found = await frame.contentWindow.axe.run(page);
    judged[name] = {
      passes: found.passes.length,
      width: page.documentElement.scrollWidth,
      violations: found.violations.map((rule) => [rule.id, ...rule.nodes.map((node) => node.target.join(" "))]),
    };
    frame.remove();
  }
  const written = document.createElement("pre");
  written.textContent = JSON.stringify(judged);
  document.body.replaceChildren(written);
})();
"""


def pages() -> dict[str, tuple[str, int]]:
    made = {}
    for language in LANGUAGES:
        report = FORMATS["html"].render(sample(), language).decode()
        listed, kept = (
            "".join(index(SITES, lambda folder: REPORTS.get(folder, ()), language, MONDAY)),
            snapshot_page(language),
        )
        period = PERIOD_FORMATS["html"].render(of_many(), language).decode()
        for name, source in {"report": report, "index": listed, "snapshot": kept, "period": period}.items():
            # axe-core is a script that no policy of ours names, and a frame has the theme of its browser.
            free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", source)
            dark = free.replace("(prefers-color-scheme: dark)", "(min-width: 1px)")
            made |= {
                f"{name} {language} {theme}": (dark if theme == "dark" else free, THEMES[theme]) for theme in THEMES
            }
    return made


def snapshot_page(language: str) -> str:
    """Return a page as it was fetched, one fault marked in its text and one quoted from its code."""
    source = '<script src="/gone.js"></script><h2>会议</h2><p>要认真布署工作</p><table><tr><td>表</td></tr></table>'
    gone = link(at("/gone.js"), href="/gone.js", referrers=((at("/a.html"), ""),))
    faults = (
        PageFault("7", "“布署”应为“部署”", finding(TYPO, text=Excerpt("认真", "布署", "工作", 3))),
        PageFault("8", "目标不存在", finding(BROKEN_LINK, target=gone)),
    )
    page = FetchedPage(at("/a.html"), "机构设置", source, MONDAY, "12", "清河县人民政府")
    return render(page, faults, language).document.decode()


def in_script(text: str) -> str:
    return text.replace("</", "<\\/")


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> dict[str, dict]:
    """Return what axe-core said of each page, and how wide it is. The browser runs on a clock of its own."""
    if CHROMIUM is None:
        pytest.skip("needs chromium: tools/install-debian.sh chromium fonts-noto-cjk")
    library, made = (text.replace("</", r"<\/") for text in (AXE.read_text("utf-8"), json.dumps(pages())))
    driver = tmp_path_factory.mktemp("browser") / "driver.html"
    driver.write_text(
        f"<!doctype html><meta charset=utf-8><script>{library}</script><body>"
        f"<script>const PAGES = {made};{DRIVER}</script>",
        "utf-8",
    )
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=300000")
    command = [CHROMIUM, *options, f"--user-data-dir={driver.parent / 'profile'}", "--dump-dom", driver.as_uri()]
    seen = subprocess.run(command, capture_output=True, check=True, timeout=300).stdout.decode()
    return json.loads(html.unescape(re.search(r"<pre>(.*?)</pre>", seen, re.DOTALL)[1]))


NAMES = [
    f"{page} {language} {theme}"
    for language in LANGUAGES
    for page in ("report", "index", "snapshot", "period")
    for theme in THEMES
]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_a_barrier(judged, name):
    assert judged[name]["violations"] == []
    assert judged[name]["passes"] > (10 if name.startswith("snapshot") else 20)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("dark")])
def test_nothing_is_wider_than_a_phone(judged, name):
    assert judged[name]["width"] <= PHONE
