"""Pictures of pages with the worst faults: the place outlined, bounded, and none of what nobody may see."""

from __future__ import annotations

import pytest

from monitor.browser.chromium import why_not_drawn
from monitor.settings.browser import BrowserSettings
from monitor.store import Store
from monitor.store.pictures import PictureStore
from reports.picture import HOMEPAGE, LARGEST
from tests.monitor.official import Office, Served
from tests.monitor.web import html, web

MISSING = why_not_drawn(BrowserSettings(sandbox=False))
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED: pictures of pages: {MISSING}")

UNBOXED = "browser.sandbox=false"
POISON = '<p>友情链接 <a href="http://www.bocai.example/">澳门新葡京赌场</a> <a href="http://www.bocai.example/b">六合彩</a></p>'
LONG = "<p style='height: 3000px'>政务公开</p>"
PAGES = {
    "/": html("<h1>清河县人民政府</h1><a href=/a/>甲</a> <a href=/b/>乙</a> <a href=/c/>丙</a>"),
    "/a/": html(f"<h1>甲</h1>{LONG}{POISON}"),
    "/b/": html(f"<h1>乙</h1>{POISON}<p>李明，身份证号440106199003076235。</p>"),
    "/c/": html("<h1>丙</h1>"),
}


def inspected(folder, *settings, scope="site", pages=PAGES):
    """Inspect a site; return its report and the pictures of the run, by the fingerprint of their finding."""
    office, checks = Office(folder), "injected-links,privacy"
    with web(pages).running() as site:
        report = office.inspect(Served(site.url), checks=checks, scope=scope, settings=(UNBOXED, *settings))
    fingerprints = [HOMEPAGE, *(finding["id"] for finding in report["findings"])]
    with Store(office.store) as store:
        return report, PictureStore(store.engine).of_findings(report["run"]["id"], fingerprints)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return inspected(tmp_path_factory.mktemp("pictures"))


def test_the_homepage_and_the_place_of_a_critical_fault_are_shown(run):
    report, kept = run
    (fault,) = [each for each in report["findings"] if each["rule"] == "injected-link"]
    (front,), (shown,) = kept[HOMEPAGE], kept[fault["id"]]
    assert (front.width, front.height) == (896, 630)
    assert (shown.width, shown.height) == (896, 700)
    assert len(shown.body) <= LARGEST
    assert fault["pictures"] == [
        {"kind": "screenshot", "digest": shown.digest, "width": shown.width, "height": shown.height}
    ]


def test_a_page_that_shows_what_nobody_may_see_has_no_picture(run):
    report, kept = run
    (leak,) = [each for each in report["findings"] if each["rule"] == "leaked-id-number"]
    assert leak["id"] not in kept
    assert leak["url"].endswith("/b/")


@pytest.mark.parametrize(("settings", "scope"), [(("browser.pictures=0",), "site"), ((), "homepage")])
def test_without_a_fault_on_its_pages_a_round_of_the_homepage_takes_none(tmp_path, settings, scope):
    harmless = {"/": PAGES["/"], "/c/": PAGES["/c/"]}
    assert inspected(tmp_path, *settings, scope=scope, pages=harmless)[1] == {}
