"""The metadata of every kind of page: what is missing, empty, badly written or another site's."""

import pytest

from checks.columns.inventory import assemble
from checks.columns.page_facts import observe
from checks.meta import Meta
from tests.sites.pages import NOW, document, page_of

HOME = "https://www.example.gov.cn/"
SITE = [("SiteName", "某市人民政府"), ("SiteDomain", "www.example.gov.cn"), ("SiteIDCode", "4401000001")]
COLUMN = [(f"Column{name}", "通知公告") for name in ("Name", "Description", "Keywords", "Type")]
ARTICLE = [("ArticleTitle", "通知"), ("PubDate", "2026-09-04 09:30"), ("ContentSource", "本站")]
LIST = "<ul><li><a href='a.html'>关于某事项的通知</a><span>2026-09-04</span></li></ul>"


def faults(*pages, home=SITE):
    front = page_of(document("首页", meta=home), url=HOME, homepage=True)
    site = assemble(map(observe, (front, *pages)), HOME, NOW)
    return {(finding.key, finding.params["value"], finding.params["count"]) for finding in Meta().inspect(site)}


def article(*meta, path="a.html"):
    return page_of(document("<p>正文</p>", meta=meta), url=HOME + path)


def column(*meta):
    return page_of(document(LIST, meta=meta), url=HOME + "tzgg/")


def test_a_complete_site_is_clean():
    assert faults(article(*SITE, *ARTICLE), column(*SITE, *COLUMN)) == set()


@pytest.mark.parametrize("name", [name for name, _ in SITE])
def test_every_page_names_its_site(name):
    rest = [pair for pair in SITE if pair[0] != name]
    assert faults(home=rest) == {(f"homepage {name} missing", "", 1)}
    assert faults(article(*rest, *ARTICLE)) == {(f"article {name} missing", "", 1)}


@pytest.mark.parametrize("name", [name for name, _ in COLUMN])
def test_a_column_describes_itself(name):
    assert faults(column(*SITE, *(pair for pair in COLUMN if pair[0] != name))) == {(f"column {name} missing", "", 1)}


@pytest.mark.parametrize("name", [name for name, _ in ARTICLE])
def test_an_article_describes_itself(name):
    rest = [pair for pair in ARTICLE if pair[0] != name]
    assert faults(article(*SITE, *rest)) == {(f"article {name} missing", "", 1)}


VALUES = {
    ("PubDate", "null"): "empty",
    ("PubDate", ""): "empty",
    ("PubDate", "2024/04/30 09:30"): "format",
    ("PubDate", "2026年9月4日"): "format",
    ("PubDate", "Fri Sep 04 09:30:00 CST 2026"): "format",
    ("PubDate", "2026-09-04"): None,
    ("PubDate", "2026-09-04 09:30:00"): None,
    ("ArticleTitle", "{{title}}"): "empty",
    ("ArticleTitle", "undefined"): "empty",
    ("ContentSource", "--"): "empty",
    ("SiteDomain", "www.other.gov.cn"): "foreign",
    ("SiteDomain", "https://www.example.gov.cn/"): None,
    ("SiteDomain", "example.gov.cn"): None,
    ("SiteIDCode", "4401000002"): "foreign",
}


@pytest.mark.parametrize(("pair", "fault"), VALUES.items())
def test_wrong_values(pair, fault):
    metas = [pair if name == pair[0] else (name, value) for name, value in (*SITE, *ARTICLE)]
    assert faults(article(*metas)) == ({(f"article {pair[0]} {fault}", pair[1], 1)} if fault else set())


def test_a_code_that_is_none_is_badly_written_everywhere():
    metas = [("SiteIDCode", "12345") if name == "SiteIDCode" else (name, value) for name, value in SITE]
    assert faults(home=metas) == {("homepage SiteIDCode format", "12345", 1)}


def test_a_fault_of_a_template_is_one_finding():
    pages = [article(*SITE, *ARTICLE[:2], path=f"{number}.html") for number in range(30)]
    assert faults(*pages) == {("article ContentSource missing", "", 30)}


def test_names_are_read_in_any_case_and_order():
    html = "".join(f'<meta content="{value}" name="{name.upper()}">' for name, value in (*SITE, *ARTICLE))
    assert faults(page_of(f"<html><head>{html}</head><body>正文</body></html>", url=HOME + "a.html")) == set()


def test_sites_without_the_standard_are_left_alone():
    front = page_of(document("首页"), url="https://www.example.com/", homepage=True)
    site = assemble([observe(front)], "https://www.example.com/", NOW)
    assert list(Meta().inspect(site)) == []
    assert len(list(Meta(official=True).inspect(site))) == 3
