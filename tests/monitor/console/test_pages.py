"""What pages show of a store, to which people, under which filter; what they answer to addresses that make no sense."""

from __future__ import annotations

import re

import pytest

from tests.monitor.console.bureau import FACTS, MARKUP, NOW

PATHS = ("/", "/sites/a", "/findings", "/findings/1", "/runs/1")


def numbers(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'name="number" value="(\d+)"', page)]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_asks_for_a_login_and_comes_back_afterwards(console, path):
    with console.visitor() as client:
        answer = client.get(f"{path}?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?back=%2F")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_page_speaks_the_language_of_the_browser(admin, path, language):
    page = admin.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'<html lang="{language.replace("-GB", "")}"' in page.text
    assert ("网站健康" in page.text) == (language == "zh-CN")


def test_the_overview_shows_the_worst_site_first_with_its_figures(admin):
    page = admin.get("/").text
    assert page.index("清河县政府") < page.index("下河乡")
    assert "64.5" in page
    assert 'href="/findings?site=a"' in page


def test_the_overview_knows_of_a_run_as_soon_as_it_begins_and_ends(own_console):
    """What the last runs came to is kept from page to page."""
    runs = own_console.bureau.store.runs
    with own_console.person("viewer") as viewer:
        assert "正在检查" not in viewer.get("/").text
        begun = runs.begin(site="b", name="", url="http://b.cn/", scope="site", engine="", scheduled_for=None)
        assert viewer.get("/").text.count("正在检查") == 1
        runs.finish(begun.id, status="complete", finished=NOW, facts=FACTS)
        page = viewer.get("/").text
    assert "正在检查" not in page
    assert page.count("64.5") == 2


def test_who_has_a_right_on_one_site_sees_that_site_alone(editor):
    assert "下河乡" not in editor.get("/").text
    assert editor.get("/sites/b").status_code == 404
    assert editor.get("/runs/3").status_code == 404
    assert "b.cn" not in editor.get("/findings?state=any").text


def test_a_department_sees_its_own_rows_alone(mender):
    page = mender.get("/findings?state=any").text
    assert "办公室" in page
    assert len(re.findall(r'href="/findings/\d+"', page)) == 2
    foreign = next(number for number in range(1, 80) if mender.get(f"/findings/{number}").status_code == 404)
    assert foreign
    assert mender.get("/runs/1").status_code == 404
    assert "/runs/" not in mender.get("/sites/a").text


def test_the_site_shows_rounds_columns_certificate_and_functions(admin):
    page = admin.get("/sites/a").text
    assert len(re.findall(r'class="round complete site vetoed"', page)) == 2 * 2  # in the strip and in the month
    assert page.index("通知公告") < page.index("工作动态")
    assert "2027-02-04" in page  # the certificate's end
    assert "<svg" in page


def test_findings_come_a_page_at_a_time_and_none_twice(admin):
    first = admin.get("/findings").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = admin.get(following).text
    shown = numbers(first) + numbers(second)
    assert len(numbers(first)) == 50
    assert sorted(shown) == sorted(set(shown))
    assert len(shown) == 64
    assert 'rel="next"' not in second


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=to-confirm", 1),
        ("rule=broken-link", 1),
        ("rule=broken-link&rule=typo", 3),
        ("severity=critical", 0),
        ("site=b", 1),
        ("q=gone.html", 1),
        ("q=帐号", 1),
        ("q=%23" + "1", 1),
        ("department=办公室", 2),
        ("state=closed", 0),
        ("q=%25", 0),
        ("state=nonsense&order=nonsense&after=nonsense&severity=nonsense", 0),
    ],
)
def test_the_address_is_the_filter(admin, query, count):
    page = admin.get(f"/findings?{query}")
    assert page.status_code == 200
    assert len(numbers(page.text)) == count


@pytest.mark.parametrize("order", ["worst", "newest", "due"])
def test_every_order_pages_through_everything(admin, order):
    path, shown = f"/findings?order={order}", []
    for _ in range(3):
        page = admin.get(path).text
        shown += numbers(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
    assert sorted(shown) == list(range(1, 65))


def test_counts_say_what_each_choice_would_show(admin):
    page = admin.get("/findings?rule=typo").text
    assert re.search(r'rule=typo&amp;rule=broken-link"[^>]*>.*?<span class="count">1</span>', page, re.DOTALL)


def test_what_a_page_wrote_stays_text(admin):
    for path in ("/findings?state=any", "/findings/2", "/findings/3", "/findings?q=" + MARKUP.replace("<", "%3C")):
        page = admin.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/sites/nowhere",
        "/sites/..%2f..%2fetc",
        "/findings/999999",
        "/findings/99999999999999999999999",
        "/findings/-1",
        "/findings/x",
        "/runs/999999",
        "/runs/1e5",
        "/static/../../config.yaml",
        "/static/console.css",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_not_found(admin, path):
    answer = admin.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_static_files_are_kept_for_ever_under_names_of_their_own(console):
    with console.visitor() as client:
        page = client.get("/login").text
        paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert len(paths) == 4
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            assert re.search(r"\.[0-9a-f]{12}\.", path)


def test_language_and_theme_are_remembered(console):
    with console.visitor(headers={"Accept-Language": "zh-CN"}) as client:
        token = re.search(r'name="form_token" value="([^"]+)"', client.get("/login").text)[1]
        client.post("/preferences", data={"form_token": token, "language": "en", "back": "/login"})
        answer = client.post("/preferences", data={"form_token": token, "theme": "dark", "back": "//evil.example/"})
        assert answer.headers["location"] == "/"
        assert '<html lang="en" data-theme="dark">' in client.get("/login").text


def test_a_page_prints_no_inline_style_or_script(admin):
    for path in PATHS:
        page = admin.get(path).text
        assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=\"", page), path


def test_a_month_shows_what_was_inspected_and_what_is_to_come(admin, mender):
    page = admin.get("/sites/a").text
    month = page[page.index('id="month"') :]
    assert "2027 年 1 月" in month
    assert month.count('<li class="day') == 31
    assert re.findall(r'href="/runs/(\d)"', month) == ["1", "2"]
    assert (
        month.count('class="round planned homepage"') == 2
    )  # the homepages of two Mondays to come; the past has no plan
    assert 'aria-current="date"' in month
    later = admin.get("/sites/a?month=2027-04").text
    assert "全站巡检" in re.search(r"计划 [^<]*全站巡检", later)[0]
    assert "/runs/" not in mender.get("/sites/a").text


@pytest.mark.parametrize("month", ["", "2027-13", "1999-12", "9999-12", "0000-01", "2027-1", "x", "2027-01-01", "-"])
def test_a_month_that_is_none_is_this_one(admin, month):
    assert "2027 年 1 月" in admin.get("/sites/a", params={"month": month}).text
