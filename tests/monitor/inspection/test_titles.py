"""What an inspection learns of other sites from their titles."""

import pytest

from checks.links import Links
from checks.security.injection.lexicon import read
from monitor.inspection.run import Inspection
from monitor.settings.site import CrawlSettings, SiteSettings
from monitor.store import Store
from tests.monitor.web import Command, html, links, web

TURNED = html("欢迎", "澳门新葡京_真人百家乐_在线投注")


@pytest.fixture
def inspect(tmp_path) -> Command:
    return Command(tmp_path)


def test_a_partner_whose_site_turned_is_found_by_its_title(inspect):
    pages = {"/": html("好", "清河县供水公司"), "/turned.html": TURNED, "/moved": (302, "/turned.html")}
    with web(pages, host="127.0.0.2").running() as partner:
        hrefs = (f"{partner.url}/", f"{partner.url}/turned.html", f"{partner.url}/moved")
        with web({"/": links(*hrefs), "/a.html": TURNED}).running() as site:
            outcome = inspect(site.url, checks="hijacked-links")
    assert outcome.targets("hijacked-link") == {"/turned.html", "/moved"}
    assert {method for method, _ in partner.asked("/turned.html")} == {"GET"}


def test_other_sites_are_only_asked_whether_they_open_where_nobody_wants_their_titles(inspect):
    partner = web({"/": TURNED}, host="127.0.0.2")
    with partner.running(), web({"/": links(f"{partner.url}/")}).running() as site:
        outcome = inspect(site.url, checks="links")
    assert outcome.report["findings"] == []
    assert {method for method, _ in partner.asked("/")} == {"HEAD"}


async def test_the_words_of_the_trades_are_not_read_for_the_titles_of_the_sites_own_pages(tmp_path):
    settings = CrawlSettings(delay=0, second_look=False, allow_private=True)
    read.cache_clear()
    with (
        Store(f"sqlite:///{tmp_path}/store.db") as store,
        web({"/": links("/a.html"), "/a.html": TURNED}).running() as site,
    ):
        run = await Inspection(store, settings, SiteSettings(url=site.url), "site", (Links(),)).run()
    assert (run.pages, read.cache_info().misses) == (2, 0)
