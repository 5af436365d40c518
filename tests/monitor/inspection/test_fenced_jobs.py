"""What this program fails on costs one address, is named in the report, and never ends the run or the next one."""

from __future__ import annotations

import pytest

from monitor.pages.parse import Parser
from tests.monitor.official import Office, Served
from tests.monitor.web import links, web

LINKS = ("--checks=links", "--allow-private", "--set=crawl.delay=0", "--set=crawl.second_look=false")


@pytest.fixture
def failing(monkeypatch):
    """A parser that fails on addresses that end in some way, as no parser should."""

    def fail_on(ending):
        parse = Parser.parse

        def failing_parse(self, url, *arguments, **options):
            if url.endswith(ending):
                raise KeyError(url)
            return parse(self, url, *arguments, **options)

        monkeypatch.setattr(Parser, "parse", failing_parse)

    return fail_on


def test_a_page_that_cannot_be_judged_costs_itself_alone(tmp_path, failing):
    failing("/odd.html")
    pages = {"/": links("/odd.html", "/b.html", "/gone"), "/odd.html": links("/"), "/b.html": links("/c"), "/c": ""}
    office = Office(tmp_path)
    with web(pages).running() as site:
        reports = [office.inspect(Served(site.url), checks="links") for _ in range(2)]
        asked = len(site.asked("/odd.html"))
    for report in reports:
        assert report["run"]["status"] == "complete"
        assert [finding["rule"] for finding in report["findings"]] == ["broken-link"]
        (notice,) = report["notices"]
        assert "1 个地址" in notice
        assert "/odd.html" in notice
    assert asked == 2


def test_a_fault_on_a_page_that_cannot_be_judged_is_not_taken_for_mended(tmp_path, failing):
    office = Office(tmp_path)
    with web({"/": links("/odd.html"), "/odd.html": links("/gone")}).running() as site:
        office.inspect(Served(site.url), checks="links")
        failing("/odd.html")
        report = office.inspect(Served(site.url), checks="links", settings=("crawl.conditional=false",))
    assert report["fixed"] == []


def test_a_homepage_that_cannot_be_judged_is_no_sound_site(tmp_path, failing):
    failing("/")
    office = Office(tmp_path)
    with web({"/": links("/a.html")}).running() as site:
        office.configure(Served(site.url))
        done = office.run("inspect", f"{site.url}/", *LINKS, f"--config={office.config}", code=3)
    assert "首页使本程序出错" in done.output


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "<script>var arg1='A';document.cookie='acw_sc__v2='</script>"), "防火墙（阿里云）"),
        ((302, "http://www.example.invalid/"), "首页打不开"),
        (b"%PDF-1.4", "首页不是本站的网页"),
    ],
)
def test_a_site_of_which_nothing_was_seen_is_no_sound_site(tmp_path, answer, said):
    office = Office(tmp_path)
    with web({"/index.pdf": answer}).running() as site:
        done = office.run("inspect", f"{site.url}/index.pdf", *LINKS, f"--set=store.url={office.store}", code=3)
    assert said in done.output


@pytest.mark.parametrize("status", [500, 503])
def test_a_robots_txt_that_does_not_answer_is_said(tmp_path, status):
    office = Office(tmp_path)
    pages = {"/": links("/a.html"), "/a.html": links("/"), "/robots.txt": (status, "busy")}
    with web(pages).running() as site:
        report = office.inspect(Served(site.url), checks="links")
        assert len(site.asked("/a.html")) == 1
    assert report["notices"] == [f"robots.txt 没有正常回答（HTTP {status}），按没有限制检查"]
