"""Heads are read as browsers read them: what can be made sense of counts, and what they refuse is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from monitor.fetch.framing import BodyUntilClose, ChunkedBody, CountedBody
from monitor.fetch.response_head import (
    Head,
    begins_like_http,
    body_reader,
    find_end,
    keeps_alive,
    parse_head,
)
from monitor.fetch.wire_errors import MalformedResponseError

STATUS_LINES = [
    ("HTTP/1.1 200 OK", 200, True),
    ("HTTP/1.0 404 Not Found", 404, False),
    ("HTTP/1.1 404", 404, True),
    ("HTTP/1.1  404  Not  Found", 404, True),
    ("HTTP/1.1\t404\tNot", 404, True),
    ("HTTP/1.1 404NotFound", 404, True),
    ("HTTP/1.1 OK", 200, True),
    ("HTTP/1.1", 200, True),
    ("HTTP/1.1 ", 200, True),
    ("HTTP/1.1 7 too low", 200, True),
    ("HTTP/2 503 busy", 503, True),
    ("HTTP 503 busy", 503, False),
    ("http/1.1 503 busy", 503, True),
    ("HTTP/9.9 503 busy", 503, True),
    ("HTTP/x 503 busy", 503, False),
    ("\x01\x02\x03 HTTP/1.1 503 busy", 503, True),
]


@pytest.mark.parametrize(("line", "status", "modern"), STATUS_LINES)
def test_a_status_line_says_what_can_be_read_in_it(line, status, modern):
    head = parse_head(f"{line}\r\nA: b\r\n\r\n".encode())
    assert (head.status, head.modern, head.headers) == (status, modern, [(b"A", b"b")])


LINES = {
    "plain": ("A: b", [("A", "b")]),
    "no blank": ("A:b", [("A", "b")]),
    "blanks around": ("A \t:  b \t", [("A", "b")]),
    "empty": ("A:", [("A", "")]),
    "colons": ("A: b:c", [("A", "b:c")]),
    "twice": ("A: b\r\nA: c", [("A", "b"), ("A", "c")]),
    "no colon": ("A b\r\nC: d", [("C", "d")]),
    "blank in the name": ("A b: c\r\nC: d", [("C", "d")]),
    "no name": (": c\r\nC: d", [("C", "d")]),
    "quoted name": ('"A": b\r\nC: d', [("C", "d")]),
    "Chinese name": ("公告: b\r\nC: d", [("C", "d")]),
    "folded": ("A: b\r\n  c\r\n\td\r\nE: f", [("A", "b c d"), ("E", "f")]),
    "quoted over two lines": ('A: "b\r\nc"\r\nC: d', [("A", '"b'), ("C", "d")]),
    "Chinese value": ("A: 公告", [("A", "公告")]),
    "bare CR": ("A: b\rc", [("A", "b\rc")]),
}


@pytest.mark.parametrize(("lines", "headers"), LINES.values(), ids=LINES)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_line_is_a_header_or_is_skipped(lines, headers, end):
    raw = f"HTTP/1.1 200 OK\r\n{lines}\r\n\r\n".replace("\r\n", end)
    assert parse_head(raw.encode()).headers == [(name.encode(), value.encode()) for name, value in headers]


def test_a_nul_is_refused_as_browsers_refuse_it():
    with pytest.raises(MalformedResponseError, match="NUL"):
        parse_head(b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n")


def head(**headers: str) -> Head:
    pairs = [(name.replace("_", "-"), value) for name, lines in headers.items() for value in lines.split("\n")]
    return parse_head("".join(("HTTP/1.1 200 OK\n", *(f"{name}: {value}\n" for name, value in pairs))).encode())


LENGTHS = [
    ("5", 5), ("05", 5), ("5\n5", 5), ("5, 5", 5), ("5,5\n5", 5), ("0", 0),
    ("", None), ("many", None), ("-1", None), ("+5", None), ("5.0", None), ("5 bytes", None), ("0x5", None),
    ("9" * 5000, None), ("many, many", None), ("٥", None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "length"), LENGTHS)
def test_a_length_that_cannot_be_read_is_none(value, length):
    reader = body_reader(head(Content_Length=value), "GET")
    assert isinstance(reader, BodyUntilClose if length is None else CountedBody)
    if length is not None:
        assert len(reader.feed(b"x" * 9)) == length


@pytest.mark.parametrize("value", ["5\n6", "5, 6", "5, many", "5,"])
def test_two_lengths_are_refused_as_browsers_refuse_them(value):
    with pytest.raises(MalformedResponseError, match="different lengths"):
        body_reader(head(Content_Length=value), "GET")
    assert isinstance(body_reader(head(Content_Length=value, Transfer_Encoding="chunked"), "GET"), ChunkedBody)


ENCODINGS = [
    ("chunked", True), ("Chunked", True), ("chunked\nchunked", True), ("identity, chunked", True),
    ("chunked, gzip", True), ("identity", False), ("gzip", False), ("chunk", False), ('"chunked"', False),
]  # fmt: skip


@pytest.mark.parametrize(("value", "chunks"), ENCODINGS)
def test_chunks_are_chunks_wherever_they_are_named(value, chunks):
    assert isinstance(body_reader(head(Transfer_Encoding=value), "GET"), ChunkedBody) is chunks


def test_what_has_no_body_has_none_whatever_it_says():
    for status, method in ((204, "GET"), (304, "GET"), (200, "HEAD")):
        assert body_reader(replace(head(Content_Length="5"), status=status), method).ended


ALIVE = [
    ("", True, True),
    ("close", True, False),
    ("Keep-Alive", False, True),
    ("", False, False),
    ("x, CLOSE", True, False),
]


@pytest.mark.parametrize(("value", "modern", "alive"), ALIVE)
def test_a_connection_is_kept_where_the_server_says_so(value, modern, alive):
    assert keeps_alive(replace(head(Connection=value), modern=modern)) is alive


@given(st.binary(max_size=300), st.sampled_from([b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nContent-Length: "]))
def test_whatever_comes_is_a_head_or_a_malformed_one(junk, start):
    raw = start + junk
    if not begins_like_http(raw):
        return
    with suppress(MalformedResponseError):
        read = parse_head(raw)
        assert read.status >= 100
        body_reader(read, "GET")


@given(st.integers(1, 40))
def test_the_end_of_a_head_is_found_whatever_way_it_is_cut_up(cut):
    for end in (b"\r\n\r\n", b"\n\n", b"\n\r\n"):
        raw, searched = b"HTTP/1.1 200 OK\r\nA: b" + end + b"body", 0
        for stop in range(cut, len(raw) + cut, cut):
            found = find_end(raw[:stop], searched)
            if found is not None:
                break
            searched = len(raw[:stop])
        assert raw[found:] == b"body"
