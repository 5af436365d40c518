"""Pages with faults as a run fetched them: kept once, laid beside the report, given to who asks, and gone in time."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from monitor.beijing import beijing_time
from monitor.delivery.report_files import ReportFiles
from monitor.output.publish import prune_reports, publish
from monitor.output.snapshots import FAULTS, snapshot
from monitor.settings.report import ReportSettings
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.schema import snapshots
from monitor.store.snapshots import SnapshotStore
from monitor.store.upkeep import DAY, prune
from tests.monitor.web import Command, html, links, web

LEAK = html("<p>公示：张三 身份证号 110101199003070038，联系电话 13812345678</p><a href=/gone.html>附件</a>")
PAGES = {
    "/": links("/a.html", "/leak.html"),
    "/a.html": html("<div class=footer><script>alert(1)</script><a href=/gone.html>旧站</a></div>"),
    "/leak.html": LEAK,
}


@pytest.fixture
def inspect(tmp_path):
    return Command(tmp_path)


def twice(inspect, site, *settings):
    for _ in range(2):
        inspect(site.url, "--checks", "links,privacy", settings=settings)
    return Store(f"sqlite:///{inspect.folder}/store.db")


def contents(store):
    with store.engine.connect() as connection:
        return len(connection.execute(snapshots.select()).all())


def test_pages_with_faults_are_kept_once_and_laid_beside_the_report(inspect, tmp_path):
    with web(PAGES).running() as site, twice(inspect, site) as store:
        kept = SnapshotStore(store.engine)
        assert kept.urls(1) == kept.urls(2) == [f"{site.url}/a.html"]
        assert contents(store) == 1
        (written,) = publish(store, 2, tmp_path / "out", ReportSettings(), ("html",))
        made = BeautifulSoup(written.read_bytes(), "lxml")
        (link,) = made.select("a.snapshot")
        name, _, anchor = link["href"].partition("#")
        assert re.fullmatch(rf"snapshots/{written.stem}/\d+\.html", name)
        page = BeautifulSoup((written.parent / name).read_bytes(), "lxml")
        assert page.find(id=anchor).get_text() == "旧站"
        assert page.find("script") is None
        assert made.select_one("details.source mark").get_text() == "<a href=/gone.html>"
        assert snapshot(store, 2, f"{site.url}/a.html").count(b"<mark ") == 1
        assert snapshot(store, 2, f"{site.url}/leak.html") is None
        assert snapshot(store, 99, f"{site.url}/a.html") is None


def test_a_page_of_which_nothing_new_was_fetched_has_the_content_of_the_run_before(inspect):
    async def unchanged(exchange):
        if "if-none-match" in exchange.headers:
            await exchange.answer(b"", status=304)
        else:
            await exchange.answer(PAGES["/a.html"], headers={"ETag": '"1"'})

    with web({**PAGES, "/a.html": unchanged}).running() as site, twice(inspect, site) as store:
        assert snapshot(store, 2, f"{site.url}/a.html").count(b"<mark ") == 1
        assert contents(store) == 1


def test_who_wants_none_has_none(inspect, tmp_path):
    with web(PAGES).running() as site, twice(inspect, site, "crawl.snapshots=0") as store:
        assert SnapshotStore(store.engine).urls(2) == []
    with web(PAGES).running() as site, twice(inspect, site) as store:
        settings = ReportSettings(snapshots=False)
        (written,) = publish(store, 4, tmp_path / "out", settings, ("html",))
        assert b'a class="snapshot"' not in written.read_bytes()
        assert not (written.parent / "snapshots").exists()


def test_a_mailed_report_has_no_links_to_files_that_no_mail_brings(inspect, tmp_path):
    with web(PAGES).running() as site, twice(inspect, site) as store:
        settings = Settings.model_validate({"daemon": {"reports": str(tmp_path / "out")}})
        publish(store, 2, tmp_path / "out", ReportSettings(), ("html",))
        (file,), _ = ReportFiles(store, settings, ("html",), "zh-CN").attachments([2])
        assert b"snapshots/" not in file.content


def test_they_go_with_their_runs_and_their_reports(inspect, tmp_path):
    with web(PAGES).running() as site, twice(inspect, site) as store:
        publish(store, 2, tmp_path / "out", ReportSettings(), ("html",))
        ended = store.runs.load(2).finished
        prune(store.engine, findings_days=999, verdicts_days=400, snapshots_days=1, now=ended + 0.5 * DAY)
        assert contents(store) == 1
        prune(store.engine, findings_days=999, verdicts_days=400, snapshots_days=1, now=ended + 2 * DAY)
        assert contents(store) == 0
        assert SnapshotStore(store.engine).urls(2) == []
        today = beijing_time(ended).date()
        assert prune_reports(tmp_path / "out", 10, today + timedelta(days=9)) == 0
        assert list((tmp_path / "out").glob("*/snapshots/*")) != []
        assert prune_reports(tmp_path / "out", 10, date.max) == 1
        assert list((tmp_path / "out").glob("*/snapshots/*")) == []


def test_a_page_with_very_many_faults_has_some_of_them_marked(inspect, tmp_path):
    many = html("".join(f"<p><a href=/gone/{number}.html>旧站</a></p>" for number in range(2 * FAULTS)))
    with web({"/": links("/a.html"), "/a.html": many}).running() as site, twice(inspect, site) as store:
        (written,) = publish(store, 2, tmp_path / "out", ReportSettings(), ("html",))
        made = BeautifulSoup(written.read_bytes(), "lxml")
        assert len(made.select("a.snapshot")) == len(made.select("details.source")) == FAULTS
