"""Whatever a server does, a fetch ends in time, in bounded memory, and with a clear outcome."""

from __future__ import annotations

import asyncio
import json

import pytest

from monitor.fetch import Fetcher, Limits
from tests.server.bodies import MIB, TEXT
from tests.server.pages import ETAG, MODIFIED

ANSWERS = [
    ("/ok", 200, len(TEXT.encode())),
    ("/empty", 200, 0),
    ("/status/204", 204, 0),
    ("/status/404", 404, 18),
    ("/status/503", 503, 18),
    ("/nul", 200, 33),
    ("/nested", 200, 500_025),
    ("/invalid-utf8", 200, 27),
    ("/no-type", 200, 22),
    ("/long-length", 200, 7),
    ("/bad-length", 200, 1),
    ("/negative-length", 200, 1),
    ("/empty-length", 200, 1),
    ("/long-number", 200, 1),
    ("/same-lengths", 200, 2),
    ("/length-list", 200, 2),
    ("/lengths-and-chunks", 200, 5),
    ("/chunked-twice", 200, 5),
    ("/chunked-and-identity", 200, 5),
    ("/chunked-in-a-list", 200, 5),
    ("/identity", 200, 2),
    ("/loose-chunks", 200, 10),
    ("/chunks-without-trailer", 200, 5),
    ("/bare-lf-chunks", 200, 5),
    ("/padded-chunks", 200, 5),
    ("/no-colon", 200, 2),
    ("/blank-in-name", 200, 2),
    ("/quoted-lines", 200, 2),
    ("/nameless-header", 200, 2),
    ("/folded-first-line", 200, 2),
    ("/mixed-line-ends", 200, 2),
    ("/leading-line-ends", 200, 2),
    ("/leading-junk", 200, 2),
    ("/empty-line-in-junk", 200, 2),
    ("/status-glued", 200, 2),
    ("/lower-case", 200, 2),
    ("/version-2", 404, 2),
    ("/no-version", 200, 2),
    ("/bad-status", 200, 0),
    ("/status-without-number", 200, 2),
    ("/spaced-header", 200, 2),
    ("/heavy-headers", 200, 1),
    ("/encoded/utf-8", 200, len(TEXT.encode())),
    ("/encoded/none", 200, len(TEXT.encode())),
    ("/encoded/binary", 200, len(TEXT.encode())),
    ("/odd-status", 999, 2),
    ("/no-reason", 200, 2),
    ("/http-1.0", 200, 18),
    ("/bare-lf", 200, 2),
    ("/folded-header", 200, 2),
    ("/many-headers", 200, 1),
    ("/early-hints", 200, 2),
    ("/unasked-switch", 200, 2),
    ("/broadcast", 200, 2),
    ("/missing-without-end", 404, 0),
    ("/redirect-nowhere-shown", 302, 14),
    ("/not-modified-with-location", 304, 0),
    ("/multiple-choices", 300, 5),
    ("/wall/ruishu", 412, 60),
]


@pytest.mark.parametrize(("path", "status", "length"), ANSWERS)
async def test_odd_answers_that_browsers_take_are_answers(fetcher, hostile, path, status, length):
    fetched = await fetcher.fetch(hostile + path)
    assert (fetched.response.error, fetched.response.status) == (None, status)
    assert len(fetched.body) == length
    assert not fetched.truncated
    assert fetched.address == "127.0.0.1"


FAULTS = [
    ("/two-lengths", "protocol", None),
    ("/no-chunk", "protocol", 200),
    ("/chunk-flood", "protocol", 200),
    ("/header-flood", "protocol", None),
    ("/long-header", "protocol", None),
    ("/garbage", "protocol", None),
    ("/nul-header", "protocol", None),
    ("/two-dispositions", "protocol", None),
    ("/encoded/lie", "protocol", 200),
    ("/http-0.9", "protocol", None),
    ("/tiny", "protocol", None),
    ("/nothing", "reset", None),
    ("/switch", "reset", None),
    ("/redirect-cut", "reset", None),
    ("/half-closed", "reset", None),
    ("/reset", "reset", None),
    ("/reset-headers", "reset", None),
    ("/reset-body", "reset", 200),
]


@pytest.mark.parametrize(("path", "error", "status"), FAULTS)
async def test_faults_have_a_kind_and_words_and_leave_what_was_seen(fetcher, hostile, path, error, status):
    fetched = await fetcher.fetch(hostile + path)
    assert fetched.response.error == error
    assert fetched.response.status == status
    assert fetched.response.detail


async def test_a_body_that_is_reset_is_kept_as_far_as_it_came(fetcher, hostile):
    assert (await fetcher.fetch(f"{hostile}/reset-body")).body.startswith(b"<title>")


@pytest.mark.parametrize("path", ["/short-length", "/cut-chunk", "/bad-chunk", "/damaged-gzip"])
async def test_a_body_that_stops_making_sense_is_shown_as_far_as_it_came(fetcher, hostile, path):
    fetched = await fetcher.fetch(hostile + path)
    assert (fetched.response.error, fetched.incomplete) == (None, True)
    assert fetched.body


async def test_what_broke_off_is_counted_all_the_same(fetcher, hostile):
    for path in ("/short-length", "/reset-body", "/cut-chunk"):
        before = fetcher.bytes
        fetched = await fetcher.fetch(hostile + path)
        assert fetcher.bytes - before == len(fetched.body) > 0


@pytest.mark.parametrize("path", ["/slow-body", "/slow-headers", "/hang", "/stall", "/continue-flood"])
async def test_the_clock_runs_from_the_first_look_up_to_the_last_byte(fetcher, hostile_site, path):
    fetched = await fetcher.fetch(hostile_site.url + path, limits=Limits(timeout=0.4))
    assert fetched.response.error == "timeout"
    assert 0.35 < fetched.response.elapsed < 20, "whatever comes until then"
    assert await asyncio.to_thread(hostile_site.settled, path), "the connection is given up, too"


@pytest.mark.parametrize("path", ["/gzip-bomb", "/brotli-bomb", "/endless", "/huge", "/long-line", "/no-range.zip"])
async def test_a_body_is_cut_at_its_limit(fetcher, hostile_site, path):
    before = hostile_site.sent[path]
    fetched = await fetcher.fetch(hostile_site.url + path)
    assert (fetched.response.error, fetched.response.status) == (None, 200)
    assert fetched.truncated
    assert len(fetched.body) == MIB
    assert await asyncio.to_thread(hostile_site.settled, path)
    assert hostile_site.sent[path] - before < 16 * MIB, "no more is taken than the kernels hold"


async def test_gzip_that_holds_nothing_is_cut_by_what_it_costs_on_the_wire(fetcher, hostile):
    fetched = await fetcher.fetch(f"{hostile}/hollow-gzip")
    assert (fetched.body, fetched.truncated, fetched.response.error) == (b"", True, None)


async def test_a_body_of_exactly_the_limit_is_whole(fetcher, hostile):
    limits = Limits(body=len(TEXT.encode()))
    fetched = await fetcher.fetch(f"{hostile}/ok", limits=limits)
    assert fetched.body == TEXT.encode()
    assert not fetched.truncated


ENCODINGS = ["gzip", "x-gzip", "deflate", "raw-deflate", "br", "zstd", "identity", "members", "cut",
             "wrong-checksum"]  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_encodings_are_undone(fetcher, hostile, encoding):
    fetched = await fetcher.fetch(f"{hostile}/encoded/{encoding}")
    assert fetched.response.error is None
    assert fetched.body.decode() == TEXT
    assert fetched.response.header("content-encoding"), "headers are as they came"


async def test_head_bytes_stops_reading(fetcher, hostile_site):
    before = hostile_site.sent["/huge"]
    fetched = await fetcher.fetch(f"{hostile_site.url}/huge", head_bytes=512)
    assert (len(fetched.body), fetched.truncated) == (512, True)
    assert await asyncio.to_thread(hostile_site.settled, "/huge")
    assert hostile_site.sent["/huge"] - before < 16 * MIB


async def test_a_range_is_the_callers_to_ask_for(fetcher, hostile):
    fetched = await fetcher.fetch(f"{hostile}/range.pdf", headers={"Range": "bytes=0-1023"}, head_bytes=1024)
    assert (fetched.response.status, len(fetched.body), fetched.truncated) == (206, 1024, False)
    assert fetched.body.startswith(b"%PDF")


@pytest.mark.parametrize("condition", [{"If-None-Match": ETAG}, {"If-Modified-Since": MODIFIED}])
async def test_an_unchanged_page_is_304_without_a_body(fetcher, hostile, condition):
    fetched = await fetcher.fetch(f"{hostile}/ok", headers=condition)
    assert (fetched.response.status, fetched.body, fetched.response.header("etag")) == (304, b"", ETAG)


HEADS = [("/head-405", 405, 200), ("/head-501", 501, 200), ("/head-404", 404, 200), ("/head-lies", 200, 404)]


@pytest.mark.parametrize(("path", "head", "get"), HEADS)
async def test_head_and_get_are_told_apart(fetcher, hostile, path, head, get):
    assert (await fetcher.fetch(hostile + path, method="HEAD")).response.status == head
    assert (await fetcher.fetch(hostile + path)).response.status == get


async def test_a_body_after_head_is_not_taken_for_the_next_answer(fetcher, hostile):
    assert (await fetcher.fetch(f"{hostile}/head-with-body", method="HEAD")).body == b""
    assert (await fetcher.fetch(f"{hostile}/ok")).body == TEXT.encode()


@pytest.mark.parametrize("path", ["/utf8-header", "/gbk-header"])
async def test_headers_in_chinese_are_read(fetcher, hostile, path):
    fetched = await fetcher.fetch(hostile + path)
    assert fetched.response.header("content-disposition") == "attachment; filename=公告.doc"
    assert fetched.body == b"hi"


async def test_it_says_who_it_is_and_sends_what_it_is_given(fetcher, hostile):
    plain = json.loads((await fetcher.fetch(f"{hostile}/echo?词=公开")).body)
    assert plain["target"] == "/echo?%E8%AF%8D=%E5%85%AC%E5%BC%80"
    assert plain["headers"]["user-agent"] == "sitehealth-test (+http://contact.test)"
    assert plain["headers"]["host"] == hostile.removeprefix("http://")
    assert "zh-CN" in plain["headers"]["accept-language"]
    given = json.loads((await fetcher.fetch(f"{hostile}/echo", headers={"user-agent": "other", "X-A": "1"})).body)
    assert (given["headers"]["user-agent"], given["headers"]["x-a"]) == ("other", "1")


async def test_content_is_posted(fetcher, hostile):
    headers = {"Content-Type": "application/json"}
    fetched = await fetcher.fetch(f"{hostile}/echo", method="POST", content=b'{"a": 1}', headers=headers)
    seen = json.loads(fetched.body)
    assert (seen["method"], seen["body"]) == ("POST", '{"a": 1}')
    assert (await fetcher.fetch(f"{hostile}/echo", method="POST")).response.status == 200, "even without any"


async def test_what_went_over_the_wire_is_counted(fetcher, hostile):
    requests, received = fetcher.requests, fetcher.bytes
    await fetcher.fetch(f"{hostile}/ok")
    assert fetcher.requests == requests + 1
    assert fetcher.bytes == received + len(TEXT.encode())


async def test_a_dead_connection_is_replaced_without_a_word(fetcher, hostile):
    for _ in range(3):
        assert (await fetcher.fetch(f"{hostile}/dies-when-used-again")).response.status == 200
    for _ in range(3):
        assert (await fetcher.fetch(f"{hostile}/closes-later")).response.status == 200
        await asyncio.sleep(0.15)


async def test_a_connection_is_free_once_the_whole_answer_came_however_much_of_it_was_wanted(fetcher, hostile_site):
    await fetcher.fetch(f"{hostile_site.url}/ok")
    before = hostile_site.connections
    for _ in range(5):
        fetched = await fetcher.fetch(f"{hostile_site.url}/ok", head_bytes=3)
        assert (fetched.body, fetched.truncated) == (TEXT.encode()[:3], True)
    assert hostile_site.connections <= before + 1


async def test_connections_are_used_again(fetcher, hostile_site):
    await fetcher.fetch(f"{hostile_site.url}/kept")
    before = hostile_site.connections
    for _ in range(5):
        await fetcher.fetch(f"{hostile_site.url}/kept")
    assert hostile_site.connections <= before + 1


async def test_many_at_once(fetcher, hostile):
    bodies = await asyncio.gather(*(fetcher.fetch(f"{hostile}/encoded/gzip") for _ in range(100)))
    assert {fetched.body.decode() for fetched in bodies} == {TEXT}


async def test_a_fetch_can_be_cancelled(fetcher, hostile):
    task = asyncio.create_task(fetcher.fetch(f"{hostile}/hang", limits=Limits(timeout=0.5)))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await fetcher.fetch(f"{hostile}/ok")).response.status == 200


async def test_proxies_of_the_environment_are_ignored(hostile, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with Fetcher(user_agent="test", allow_private=True) as fetcher:
        for _ in range(5):
            assert (await fetcher.fetch(f"{hostile}/ok")).response.status == 200
