"""Text in pictures and scans: read once within bounds, judged as far as the reading is sure, shown as a crop."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from sqlalchemy import select

from monitor.ocr.line_reader import MISSING, why_not_read
from monitor.store import Store
from monitor.store.ledger.entries import EntryStore
from monitor.store.pictures import PictureStore
from monitor.store.schema import picture_readings
from reports.picture import HOMEPAGE
from tests.monitor.official import Office, Served
from tests.monitor.web import html, serve, web
from tests.painted import Look, encoded, faces, paint, painting, scanned_pdf

pytestmark = [
    pytest.mark.skipif(not faces(), reason="needs fonts: tools/install-debian.sh fonts-noto-cjk"),
    pytest.mark.skipif(why_not_read() is not None, reason=f"NOT TESTED: text in pictures: {why_not_read()}"),
]

ID_NUMBER = "440106199003076235"
NOTICE = ["关于开展安全生产大检查的通知", "请登陆市应急管理局网站下载表格，按时报送。"]
LEAK = ["公示名单", f"李明，身份证号：{ID_NUMBER}，请登陆网站查询。"]
SCAN = ["关于做好防汛工作的通告", "各单位要按照既定布署做好准备。"]
FACE = faces()[0] if faces() else ""
CHECKS = "pictures,typos,links,document-privacy"


def bomb() -> bytes:
    """A PNG that claims to be 30,000 pixels square, and is a few kilobytes."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(4_000_000))), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def moving() -> bytes:
    """A GIF of two pictures; the first says what is wrong."""
    first, second = painting(NOTICE, Look(FACE)), Image.new("RGB", (300, 300), "white")
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=[second.resize(first.size)])
    return out.getvalue()


def shown(*files: str) -> str:
    return html("".join(f'<p><img src="{file}" alt=""></p>' for file in files), "通知")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {
        "/notice.png": paint(NOTICE, Look(FACE)),
        "/leak.jpg": paint(LEAK, Look(FACE, quality=70)),
        "/scan.pdf": scanned_pdf([painting(SCAN, Look(FACE, 33, turned=1.0))]),
        "/icon.png": encoded(painting(["登陆"], Look(FACE, 14))),
        "/moving.gif": moving(),
        "/bomb.png": bomb(),
        "/broken.jpg": paint(NOTICE, Look(FACE, quality=60))[:3000],
    }


@pytest.fixture(scope="module")
def inspected(files, tmp_path_factory):
    """A site inspected twice: both reports, what was asked for in the second, and the store."""
    folder = tmp_path_factory.mktemp("pictured")

    async def foreign(exchange):
        await exchange.answer(b"\x00\x00\x00\x18ftypheic" + bytes(3_000), type="image/heic")

    named = (*(name for name in files if name != "/scan.pdf"), "/foreign.heic")
    pages = {"/": shown(*named) + '<a href="/scan.pdf">扫描件</a>', **files, "/foreign.heic": foreign}
    with web(pages).running() as site, Store(f"sqlite:///{folder / 'store.db'}") as store:
        office = Office(folder)
        first = office.inspect(Served(site.url), checks=CHECKS, settings=("browser.sandbox=false",))
        second = office.inspect(Served(site.url), checks=CHECKS)
        yield first, second, store, site


def by_file(report) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in report["findings"]:
        if each["picture"]:
            found.setdefault("/" + each["url"].rpartition("/")[2], set()).add(each["rule"])
    return found


def test_what_is_wrong_in_pictures_and_scans_is_found_with_its_place_and_a_crop(inspected):
    report, _, store, site = inspected
    assert by_file(report) == {
        "/notice.png": {"typo"},
        "/leak.jpg": {"leaked-id-number"},
        "/scan.pdf": {"typo"},
        "/moving.gif": {"typo"},
    }
    typo = next(each for each in report["findings"] if each["url"] == f"{site.url}/notice.png")
    assert (typo["text"]["wrong"], [each["url"] for each in typo["referrers"]]) == ("请登陆", [f"{site.url}/"])
    place = typo["picture"]
    assert place["page"] == 0
    assert 56 < place["left"] < place["right"] < 56 + 28 * 4
    assert place["certainty"] > 0.9
    (crop,) = typo["pictures"]
    assert crop["kind"] == "crop"
    (picture,) = PictureStore(store.engine).of_finding(1, typo["id"])
    with Image.open(io.BytesIO(picture.body)) as cut:
        assert cut.height < 28 * 5 < cut.width
    scan = next(each for each in report["findings"] if each["url"].endswith("scan.pdf"))
    assert (scan["text"]["wrong"], scan["picture"]["page"]) == ("布署", 1)


def test_what_leaked_is_masked_and_neither_shown_nor_remembered(inspected):
    """What else is wrong with such a picture is left unsaid: it has to go, and every quotation is one more leak."""
    report, _, store, _ = inspected
    assert ID_NUMBER not in str(report)
    (leak,) = (each for each in report["findings"] if each["url"].endswith("leak.jpg"))
    assert (leak["rule"], leak["confidence"], leak["pictures"]) == ("leaked-id-number", "confirmed", [])
    with store.engine.connect() as connection:
        remembered = [row.lines for row in connection.execute(select(picture_readings))]
    texts = ["".join(line["text"]) for reading in remembered for line in reading["lines"]]
    assert any("登陆" in text for text in texts)
    assert not any(ID_NUMBER[:6] in text for text in texts)


def test_a_page_on_which_a_picture_gives_something_away_has_no_picture_itself(inspected):
    report, _, store, _ = inspected
    shown = PictureStore(store.engine).of_findings(report["run"]["id"], [HOMEPAGE])
    assert shown == {}


def test_what_is_small_hostile_or_broken_costs_itself_alone_and_is_said(inspected):
    report, _, _, _ = inspected
    assert report["notices"] == [
        "3 个图片或扫描件中的文字没有读完（损坏、过大、太慢、页数过多、格式不支持或没有下载成功）"
    ]


def test_a_picture_is_read_once_and_found_again(inspected):
    first, second, store, _ = inspected
    assert by_file(second) == by_file(first)
    assert {each["baseline"] for each in second["findings"] if each["picture"]} == {"unchanged"}
    with store.engine.connect() as connection:
        assert len(connection.execute(select(picture_readings)).all()) == 3
    assert store.runs.load(1).facts.pictures[:2] == (7, 3)
    assert store.runs.load(2).facts.pictures[:2] == (4, 3)  # the leak is not remembered, nor what could not be read
    assert [each["pictures"] for each in second["findings"]] == [each["pictures"] for each in first["findings"]]


def test_a_scan_is_downloaded_once_a_run(inspected):
    """It is an attachment, a scan that is read, and a picture that is cut out; what it is told by its first bytes."""
    _, _, _, site = inspected
    whole = [method for method, headers in site.asked("/scan.pdf") if method == "GET" and "range" not in headers]
    assert len(whole) == 2  # runs


def test_mended_pictures_close_their_entries_and_unread_ones_do_not(files, tmp_path):
    office, pages = Office(tmp_path), {"/": shown("/notice.png", "/leak.jpg"), **files}
    with web(pages).running() as site, Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        office.inspect(Served(site.url), checks=CHECKS)
        site.routes["/notice.png"] = serve(paint(["请登录网站下载表格，按时报送材料。"], Look(FACE)))
        site.routes["/leak.jpg"] = serve(files["/leak.jpg"] + b"0")
        report = office.inspect(Served(site.url), checks=CHECKS, settings=("ocr.pictures=1",))
        assert [each["url"].rpartition("/")[2] for each in report["fixed"]] == ["notice.png"]
        assert {each["url"].rpartition("/")[2] for each in report["unverified"]} == {"leak.jpg"}
        assert "其中 1 个因达到上限" in report["notices"][0]
        assert {str(each.state) for each in EntryStore(store.engine).get(range(1, 9)).values()} == {"closed", "to-fix"}


def test_a_site_may_do_without(files, tmp_path):
    with web({"/": shown("/notice.png"), **files}).running() as site:
        report = Office(tmp_path).inspect(Served(site.url), checks=CHECKS, ocr="never")
    assert (report["findings"], report["notices"]) == ([], [])


LONG = "1 个图片或扫描件中的文字没有读完（损坏、过大、太慢、页数过多、格式不支持或没有下载成功）"


def test_pages_beyond_the_limit_are_said_every_time_and_read_where_it_is_raised(tmp_path):
    sheets = [painting(["各单位要做好防汛准备工作。"], Look(FACE)), painting(SCAN, Look(FACE, 33))]
    pages = {"/": html('<a href="/long.pdf">扫描件</a>', "通知"), "/long.pdf": scanned_pdf(sheets)}
    office, seen = Office(tmp_path), []
    with web(pages).running() as site, Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        for run, most in enumerate((1, 1, 2, 1), start=1):
            report = office.inspect(Served(site.url), checks=CHECKS, settings=(f"ocr.pages={most}",))
            read = store.runs.load(run).facts.pictures[0]
            seen.append((read, by_file(report), [each for each in report["notices"] if "图片或扫描件" in each]))
    whole = {"/long.pdf": {"typo"}}
    assert seen == [(1, {}, [LONG]), (0, {}, [LONG]), (2, whole, []), (0, whole, [])]


def test_without_the_extra_the_report_says_what_was_not_read(files, tmp_path):
    pages = {"/": shown("/notice.png", "/icon.png") + '<a href="/scan.pdf">扫描件</a>', **files}
    with web(pages).running() as site, pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.ocr.line_reader.LIBRARIES", ("not-installed-anywhere",))
        office = Office(tmp_path)
        report = office.inspect(Served(site.url), checks=CHECKS)
        never = office.inspect(Served(site.url), checks=CHECKS, ocr="never")
    assert by_file(report) == {}
    (said,) = [each for each in report["notices"] if "图片或扫描件" in each]
    assert said == f"3 个图片或扫描件中的文字没有检查：{MISSING.zh}"
    assert "sitehealth[ocr]" in MISSING.zh
    assert not any("图片或扫描件" in each for each in never["notices"])
