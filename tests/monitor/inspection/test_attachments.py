"""Attachments: read once a run, in a process that a hostile file may kill, and judged for what must not be public."""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import Workbook

from checks.reading.attachments import Format
from monitor.inspection.attachment_reader import AttachmentReader
from monitor.store import Store
from tests.monitor.official import Office, Served
from tests.monitor.web import links, serve, web

ID_NUMBER = "440106199003076235"


def docx(*paragraphs):
    document, out = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def xlsx(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


LEAK = xlsx(("姓名", "身份证号"), ("李明", ID_NUMBER))
FILES = {
    "/a/mingdan.xlsx": LEAK,
    "/a/tongzhi.docx": docx("关于召开会议的通知", "秘密★1年"),
    "/a/hao.docx": docx("没有问题的通知"),
    "/a/huai.pdf": b"%PDF-1.4 nothing of a PDF",
}


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def inspect(office, site):
    return office.inspect(Served(site.url), checks="document-privacy")


def test_leaks_and_marks_in_files_are_found(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        report = inspect(office, site)
        found = {each["url"].removeprefix(site.url): each["rule"] for each in report["findings"]}
    assert found == {"/a/mingdan.xlsx": "leaked-id-number", "/a/tongzhi.docx": "secrecy-marking"}
    assert ID_NUMBER not in str(report)
    assert report["notices"] == ["1 个附件没有读出文字（加密、扫描件、过大、损坏或没有下载成功），没有检查"]


def test_the_same_bytes_are_judged_once_and_found_again(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        first, second = inspect(office, site), inspect(office, site)
    assert {each["id"] for each in first["findings"]} == {each["id"] for each in second["findings"]}
    assert {each["baseline"] for each in second["findings"]} == {"unchanged"}
    assert [check["findings"] for check in second["checks"]] == [2]


def stored(body, *, etag="", modified="", obeys=True):
    """Serve a file with validators; a server that does not obey sends all of it, whatever it is asked."""

    async def handler(exchange):
        told = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
        asked = exchange.headers.get("if-none-match") or exchange.headers.get("if-modified-since")
        unchanged = obeys and asked and asked in {etag, modified}
        if "range" in exchange.headers:
            await exchange.answer(body[:1024], status=206, type=None, headers=told)
        elif unchanged:
            await exchange.answer(status=304, headers=told)
        else:
            await exchange.answer(body, type=None, headers=told)

    return handler


BIG = LEAK + bytes(3_000_000)
"""The end of a zip archive is looked for in its last 64 KB, so this one cannot be read."""

LATE = "Sun, 06 Sep 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("validators", "downloads"),
    [
        ({"etag": '"1"'}, False),
        ({"modified": LATE}, False),
        ({"etag": 'W/"1"', "obeys": False}, False),
        ({"modified": LATE, "obeys": False}, False),
        ({}, True),
    ],
    ids=["etag", "date", "etag of a server that does not obey", "its date and size", "nothing"],
)
def test_a_file_that_has_not_changed_is_not_downloaded_again(office, validators, downloads):
    with web({"/": links("/a.xlsx"), "/a.xlsx": stored(LEAK, **validators)}).running() as site:
        first = inspect(office, site)
        sent = site.sent["/a.xlsx"]
        second = inspect(office, site)
        whole = [headers for _, headers in site.asked("/a.xlsx") if not {"range", "if-none-match"} & headers.keys()]
    assert [each["rule"] for each in first["findings"]] == ["leaked-id-number"]
    assert [each["id"] for each in second["findings"]] == [each["id"] for each in first["findings"]]
    assert [each["baseline"] for each in second["findings"]] == ["unchanged"]
    assert [check["findings"] for check in second["checks"]] == [1]
    assert sent < 2 * len(LEAK) + 2_000
    asked = [headers for headers in whole if "if-modified-since" not in headers]
    assert len(asked) == (2 if downloads else 1)


def test_a_large_file_is_glanced_at_where_the_server_does_not_say_that_it_is_the_same(office):
    with web({"/": links("/a.xlsx"), "/a.xlsx": stored(BIG, etag='"1"', obeys=False)}).running() as site:
        first = inspect(office, site)
        second = inspect(office, site)
        assert site.settled("/a.xlsx")
    assert len(first["notices"]) == 1
    assert first["notices"] == second["notices"]
    assert first["run"]["bytes"] > len(BIG)
    assert second["run"]["bytes"] < 100_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"etag": '"1"'}, {"etag": '"2"'}),
        ({"modified": LATE}, {"modified": "Mon, 07 Sep 2026 00:00:00 GMT"}),
        ({"modified": LATE, "obeys": False}, {"modified": LATE, "obeys": False}),
        ({"etag": '"1"'}, {"modified": LATE}),
    ],
    ids=["etag", "date", "size", "another validator"],
)
def test_a_file_that_has_changed_is_read_again(office, before, after):
    with web({"/": links("/a.xlsx"), "/a.xlsx": stored(LEAK, **before)}).running() as site:
        inspect(office, site)
        site.routes["/a.xlsx"] = stored(xlsx(("姓名",), ("李明", "在编人员")), **after)
        report = inspect(office, site)
    assert [each["rule"] for each in report["fixed"]] == ["leaked-id-number"]


def test_a_file_that_cannot_be_asked_for_any_more_is_not_called_fixed(office):
    async def gone(exchange):
        if "range" in exchange.headers:
            await exchange.answer(LEAK[:1024], status=206, type=None)
        else:
            exchange.reset()

    with web({"/": links("/a.xlsx"), "/a.xlsx": stored(LEAK, etag='"1"')}).running() as site:
        inspect(office, site)
        site.routes["/a.xlsx"] = gone
        report = inspect(office, site)
    assert (report["fixed"], [each["rule"] for each in report["unverified"]]) == ([], ["leaked-id-number"])


def test_everything_is_read_where_nothing_may_be_remembered(office):
    with web({"/": links("/a.xlsx"), "/a.xlsx": stored(LEAK, etag='"1"')}).running() as site:
        for _ in range(2):
            office.inspect(Served(site.url), checks="document-privacy", settings=("crawl.conditional=false",))
        assert not any("if-none-match" in headers for _, headers in site.asked("/a.xlsx"))


def test_a_file_that_nobody_links_to_any_more_is_forgotten(office):
    with web({"/": links("/a.docx"), "/a.docx": stored(FILES["/a/hao.docx"], etag='"1"')}).running() as site:
        inspect(office, site)
        site.routes["/"] = serve(links("/b.html"))
        inspect(office, site)
    with Store(office.store) as store, store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attachments").scalar() == 0


def test_the_pages_that_link_to_a_file_are_named(office):
    pages = {"/": links("/1.html", "/2.html"), "/1.html": links("/a.xlsx"), "/2.html": links("/a.xlsx", "/a.xlsx")}
    with web({**pages, "/a.xlsx": stored(LEAK, etag='"1"')}).running() as site:
        inspect(office, site)
        site.routes["/3.html"] = serve(links("/a.xlsx"))
        site.routes["/1.html"] = serve(links("/3.html"))
        (finding,) = inspect(office, site)["findings"]
        page = office.run("report", "2", "--format=html", f"--out={office.folder}/r.html", f"--config={office.config}")
    assert finding["url"] == f"{site.url}/a.xlsx"
    assert finding["referrers"] == [
        {"url": f"{site.url}{path}", "title": "清河县人民政府", "text": "到 /a.xlsx", "region": None}
        for path in ("/2.html", "/3.html")
    ]
    assert finding["referrer_count"] == 2
    assert page.exit_code == 0
    assert "共 2 个页面引用" in (office.folder / "r.html").read_text("utf-8")


def test_a_file_that_was_replaced_is_a_fault_fixed(office):
    files = dict(FILES)
    with web({"/": links(*files), **files}).running() as site:
        inspect(office, site)
    files["/a/mingdan.xlsx"] = xlsx(("姓名",), ("李明",))
    with web({"/": links(*files), **files}, port=site.port).running() as site:
        assert [each["rule"] for each in inspect(office, site)["fixed"]] == ["leaked-id-number"]


def test_a_file_that_cannot_be_read_any_more_is_not_called_fixed(office):
    files = dict(FILES)
    with web({"/": links(*files), **files}).running() as site:
        inspect(office, site)
    files["/a/mingdan.xlsx"] = b"PK\x03\x04 damaged"
    with web({"/": links(*files), **files}, port=site.port).running() as site:
        report = inspect(office, site)
    assert (report["fixed"], [each["rule"] for each in report["unverified"]]) == ([], ["leaked-id-number"])


def test_a_file_that_no_page_links_to_any_more_is_asked_for_until_it_is_gone(office):
    """A reader who has its address still gets the leak: taking the link out mends nothing."""
    files = dict(FILES)
    with web({"/": links(*files), **files}).running() as site:
        inspect(office, site)
    without_link = links("/a/hao.docx", "/a/huai.pdf")
    with web({"/": without_link, **files}, port=site.port).running() as site:
        still_there = inspect(office, site)
    assert {each["rule"]: each["baseline"] for each in still_there["findings"]} == {
        "leaked-id-number": "unchanged",
        "secrecy-marking": "unchanged",
    }
    del files["/a/mingdan.xlsx"]
    with web({"/": without_link, **files}, port=site.port).running() as site:
        homepage = office.inspect(Served(site.url), checks="document-privacy,links", scope="homepage")
        assert site.asked("/a/tongzhi.docx") == []
        report = office.inspect(Served(site.url), checks="document-privacy,links")
    assert homepage["fixed"] == []
    assert [each["rule"] for each in report["fixed"]] == ["leaked-id-number"]
    assert [each["rule"] for each in report["findings"]] == ["secrecy-marking"], "no link to what is gone is broken"


def test_files_are_left_alone_where_nobody_wants_them_read(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        office.inspect(Served(site.url), checks="links")
        ranges = {headers.get("range") for path in FILES for _, headers in site.asked(path)}
    assert ranges == {"bytes=0-1023"}


def test_another_sites_files_are_not_fetched(office):
    with web(FILES).running() as other, web({"/": links(f"{other.url}/a/mingdan.xlsx")}).running() as site:
        report = office.inspect(Served(site.url), checks="document-privacy", exclude=[])
    assert report["findings"] == []


async def test_the_reader_reads_file_after_file():
    reader = AttachmentReader()
    try:
        assert ID_NUMBER in (await reader.read(LEAK)).text
        assert (await reader.read(b"plain text")).format is None
        assert (await reader.read(docx("你好"))).format is Format.DOCX
    finally:
        await reader.close()


async def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read():
    reader = AttachmentReader(seconds=0.01)
    try:
        assert (await reader.read(LEAK)).reason == "timeout"
        reader.seconds = 30
        assert ID_NUMBER in (await reader.read(LEAK)).text
    finally:
        await reader.close()


def test_verdicts_are_kept_by_bytes_and_version(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        inspect(office, site)
    with Store(office.store) as store, store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM verdicts WHERE \"check\" = 'document-privacy'").scalar()
    assert kept == 3
