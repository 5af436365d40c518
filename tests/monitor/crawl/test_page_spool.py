"""Pages put aside while a crawl goes on: within bounds, and at the cost of nothing but themselves."""

from __future__ import annotations

import resource

import pytest

from monitor.crawl import page_spool
from monitor.crawl.page_spool import PageSpool, SpooledPage


def test_a_page_comes_back_as_it_was(tmp_path):
    spool = PageSpool(tmp_path, wanted=True)
    headers = (("Content-Type", "text/html; charset=gbk"), ("X-Frame-Options", '甲\x80\n"'))
    for number in range(3):
        spool.keep(f"/{number}", b"%d" % number * 1000, headers)
    assert spool.read("/1") == spool.read_sent("/1") == SpooledPage(b"1" * 1000, headers)
    assert SpooledPage(b"", headers).content_type == "text/html; charset=gbk"
    assert SpooledPage(b"", ()).content_type == ""
    assert spool.read("/9") is None
    assert list(tmp_path.iterdir()) == []
    spool.close()
    assert spool.read("/1") is None


def test_a_page_that_was_drawn_is_there_in_both_forms(tmp_path):
    spool = PageSpool(tmp_path, wanted=True)
    spool.keep("/", b"sent", (("content-type", "text/html"),))
    spool.keep("/", b"drawn", (("content-type", "text/html; charset=utf-8"),), drawn=True)
    assert (spool.read("/").body, spool.read_sent("/").body) == (b"drawn", b"sent")
    spool.close()


def test_what_is_too_much_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(page_spool, "ROOM", 2500)
    monkeypatch.setattr(page_spool, "LARGEST_PAGE", 1500)
    spool = PageSpool(tmp_path, wanted=True)
    for number, size in enumerate((1000, 2000, 1000, 1000)):
        spool.keep(f"/{number}", b"x" * size, ())
    assert [spool.read(f"/{number}") is not None for number in range(4)] == [True, False, True, False]
    spool.close()


def test_a_disk_that_fails_costs_the_snapshots_only(tmp_path):
    spool = PageSpool(tmp_path / "gone", wanted=True)
    spool.keep("/a", b"x", ())
    spool.keep("/b", b"x", ())
    assert spool.read("/a") is None
    assert spool.read("/b") is None


@pytest.mark.parametrize("last", [1_000_000, 200_000], ids=["as it is kept", "as it is read"])
def test_a_disk_that_runs_full_costs_the_snapshots_only(tmp_path, last):
    """A file that may grow no further takes a part of what is written, as a disk does that runs full."""
    spool = PageSpool(tmp_path, wanted=True)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Nothing may be imported within the limit: bytecode would be written in part as well.
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_100_000, limits[1]))
    try:
        for number, size in enumerate((1_000_000, 1_000_000, last)):
            spool.keep(f"/{number}", b"x" * size, ())
        kept = [spool.read(f"/{number}") for number in range(3)]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    spool.keep("/3", b"x", ())
    assert [*kept, spool.read("/3")] == [None] * 4


def test_pages_are_read_while_others_are_kept(tmp_path):
    spool = PageSpool(tmp_path, wanted=True)
    for number in range(40):
        spool.keep(f"/{number}", b"%d" % number * 10_000, ())
        assert spool.read(f"/{number // 2}").body == b"%d" % (number // 2) * 10_000
    spool.close()
