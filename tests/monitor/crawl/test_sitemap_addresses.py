"""Which addresses of a sitemap are asked for: those in full, and those whose meaning is plain without."""

import pytest

from tests.monitor.web import Command, html, web

ENTRIES = {
    "a.html": "/maps/a.html",
    " ../b.html\n": "/b.html",
    "/c": "/c",
    "//{host}/d": "/d",
    "{url}/e": "/e",
    "sub/f.jsp?x=1": "/maps/sub/f.jsp?x=1",
    "/g.html?a=1&amp;b=2": "/g.html?a=1&b=2",
}
NO_ADDRESSES = ["", "mailto:a@b.cn", "首页", "to be done", "2026-11-20", "javascript:void(0)"]


def test_addresses_of_a_sitemap_are_read_against_where_it_is(tmp_path):
    wanted = [address.partition("?")[0] for address in ENTRIES.values()]
    with web({"/": html("<p>正文</p>"), **dict.fromkeys(wanted, html("<p>页</p>"))}).running() as site:
        host = site.url.partition("//")[2]
        entries = "".join(
            f"<url><loc>{entry.format(url=site.url, host=host)}</loc></url>" for entry in [*ENTRIES, *NO_ADDRESSES]
        )
        site.routes |= web(
            {
                "/robots.txt": b"Sitemap: maps/site.xml\n",
                "/maps/site.xml": f"<urlset>{entries}</urlset>",
            }
        ).routes
        outcome = Command(tmp_path)(site.url + "/", "--scope=site", checks="links")
        asked = {target for _, target, _ in site.requests}
    assert asked - {"/", "/robots.txt", "/maps/site.xml"} == set(ENTRIES.values())
    assert outcome.report["findings"] == []


@pytest.mark.parametrize("nested", ["more.xml", "/maps/more.xml", "{url}/maps/more.xml"])
def test_a_further_sitemap_is_read_against_the_one_that_names_it(tmp_path, nested):
    with web({"/": html("<p>正文</p>"), "/maps/h.html": html("<p>页</p>")}).running() as site:
        index = f"<sitemapindex><sitemap><loc>{nested.format(url=site.url)}</loc></sitemap></sitemapindex>"
        site.routes |= web(
            {
                "/robots.txt": b"Sitemap: /maps/site.xml\n",
                "/maps/site.xml": index,
                "/maps/more.xml": "<urlset><url><loc>h.html</loc></url></urlset>",
            }
        ).routes
        Command(tmp_path)(site.url + "/", "--scope=site", checks="links")
        assert site.asked("/maps/h.html")
