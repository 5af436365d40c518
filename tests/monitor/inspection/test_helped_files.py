"""Attachments and pictures of a large site are read by others: the same findings, and the site is asked no faster."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from checks.reading.attachments import Extract
from monitor.inspection.attachment_reader import AttachmentReader
from monitor.inspection.attachments import AT_ONCE
from monitor.inspection.picture_process import PictureProcess, PictureReading
from monitor.inspection.run import Inspection
from monitor.ocr.line_reader import engine_version, why_not_read
from monitor.settings.checks import build
from monitor.settings.ocr import OcrSettings
from monitor.settings.site import CrawlSettings, SiteSettings
from monitor.store import Store
from monitor.store.findings import FindingStore
from monitor.store.memory.picture_readings import PictureReadings
from tests.monitor.inspection.test_attachments import ID_NUMBER, docx, xlsx
from tests.monitor.web import html, links, web
from tests.painted import Look, faces, paint

SETTINGS = CrawlSettings(
    delay=0, concurrency=AT_ONCE, second_look_delay=0, allow_private=True, robots=False, sitemap=False
)


class Neighbours:
    """Other machines, whose readers are our own; they begin when ``wait_for`` files are there, more than have places.

    ``answers`` is False where they come to no end.
    """

    at_once = 3
    largest = 1 << 20

    def __init__(self, wait_for: int, after: int = 0, *, answers: bool = True) -> None:
        self.after, self.read, self._answers = after, list[bytes](), answers
        self._wait_for, self._begin = wait_for, asyncio.Event()
        self._files, self._pictures = AttachmentReader(), PictureProcess(OcrSettings().picture_seconds)

    async def judge(self, check, texts):
        return None

    async def read_file(self, body: bytes) -> Extract | None:
        await self._gather(body)
        return await self._files.read(body) if self._answers else None

    async def read_picture(self, body: bytes, seconds: float, page: int, smallest) -> PictureReading | None:
        await self._gather(body)
        return await self._pictures.read(body, page, smallest)

    async def close(self) -> None:
        await self._files.close()
        self._pictures.close()

    async def _gather(self, body: bytes) -> None:
        self.read.append(body)
        if len(self.read) >= self._wait_for:
            self._begin.set()
        async with asyncio.timeout(120):
            await self._begin.wait()


@pytest.fixture(autouse=True)
def _busy(monkeypatch):
    """The readers of this machine have no time for another file."""
    monkeypatch.setattr(AttachmentReader, "is_busy", True)
    monkeypatch.setattr(PictureProcess, "is_busy", True)


FILES = {
    "/a/1.xlsx": xlsx(("姓名", "身份证号"), ("李明", ID_NUMBER)),
    "/a/2.docx": docx("关于召开会议的通知", "秘密★1年"),
    "/a/3.docx": docx("没有问题的通知"),
    "/a/4.docx": docx("绝密★启用前"),
    "/a/5.pdf": b"%PDF-1.4 nothing of a PDF",
}
WRONG = {"/a/1.xlsx": "leaked-id-number", "/a/2.docx": "secrecy-marking", "/a/4.docx": "secrecy-marking"}


class Counted:
    """Files that a site sends, and how many of them it sent at the same time."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.under_way, self.at_most = files, 0, 0

    async def answer(self, exchange) -> None:
        self.under_way += 1
        self.at_most = max(self.at_most, self.under_way)
        await asyncio.sleep(0.01)  # for who asks beside this one
        self.under_way -= 1  # first, since who has the answer asks on
        await exchange.answer(self.files[exchange.path], type="application/octet-stream")


async def inspected(folder, home: str, files: Counted, checks: list[str], neighbours: Neighbours):
    """Inspect a site; return which rules which of its files break, the run, and the store, which is closed."""
    pages = {"/": home} | dict.fromkeys(files.files, files.answer)
    with web(pages).running() as site, Store(f"sqlite:///{folder}/store.db") as store:
        made = Inspection(
            store,
            SETTINGS,
            SiteSettings(url=site.url),
            "site",
            build({}, checks),
            helpers=neighbours,
            ocr=OcrSettings(),
        )
        run = await made.run()
        await neighbours.close()
        kept = (record for some in FindingStore(store.engine, run.id).load() for record in some)
        found = {record.finding.url.removeprefix(site.url): record.finding.rule.id for record in kept}
        return found, store


async def test_attachments_are_read_by_others_while_the_site_is_asked_for_the_next_one(tmp_path):
    files, neighbours = Counted(FILES), Neighbours(AT_ONCE + 1)
    found, _ = await inspected(tmp_path, links(*FILES), files, ["document-privacy"], neighbours)
    assert found == WRONG
    assert sorted(neighbours.read) == sorted(FILES.values())
    assert files.at_most <= AT_ONCE


@pytest.mark.parametrize(
    ("neighbours", "asked"),
    [
        ({"after": len(FILES)}, []),
        ({"answers": False}, list(FILES.values())),
    ],
    ids=["a small site", "nobody comes to the end"],
)
async def test_what_nobody_else_reads_is_read_here(tmp_path, neighbours, asked):
    made = Neighbours(1, **neighbours)
    found, _ = await inspected(tmp_path, links(*FILES), Counted(FILES), ["document-privacy"], made)
    assert found == WRONG
    assert sorted(made.read) == sorted(asked)


async def test_a_large_file_does_not_travel(tmp_path):
    made = Neighbours(1)
    made.largest = min(map(len, FILES.values()))
    found, _ = await inspected(tmp_path, links(*FILES), Counted(FILES), ["document-privacy"], made)
    assert found == WRONG
    assert made.read == [FILES["/a/5.pdf"]]


@pytest.mark.skipif(not faces(), reason="needs fonts: tools/install-debian.sh fonts-noto-cjk")
@pytest.mark.skipif(why_not_read() is not None, reason=f"NOT TESTED: text in pictures: {why_not_read()}")
async def test_pictures_are_read_by_others_and_remembered_here(tmp_path):
    look = Look(faces()[0])
    pictures = {f"/{n}.png": paint([f"第{n}号公示名单", f"李明，身份证号：{ID_NUMBER}"], look) for n in (1, 2)}
    clean = paint(["关于开展安全生产大检查的通知", "请按时报送有关材料。"], look)
    files, neighbours = Counted({**pictures, "/3.png": clean}), Neighbours(AT_ONCE + 1)
    home = html("".join(f'<img src="{path}" alt="">' for path in files.files), "通知")
    found, store = await inspected(tmp_path, home, files, ["pictures"], neighbours)
    assert found == dict.fromkeys(pictures, "leaked-id-number")
    assert sorted(neighbours.read) == sorted(files.files.values())
    assert files.at_most <= AT_ONCE
    with Store(str(store.engine.url)) as again:
        known = PictureReadings(again.engine, engine_version()).load(hashlib.blake2b(clean, digest_size=16).digest())
    assert known is not None
    assert known.lines
