"""Bodies come out the same whatever way the wire cuts them up, and nothing is read on without an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.framing import BodyReader, BodyUntilClose, ChunkedBody, CountedBody


def fed(reader: BodyReader, data: bytes, cut: int) -> bytes:
    out = b""
    for start in range(0, len(data), cut):
        if reader.broken:
            break
        if reader.ended:
            reader.rest += data[start : start + cut]
        else:
            out += reader.feed(data[start : start + cut])
    return out


def chunked(pieces: list[bytes], end: bytes = b"\r\n") -> bytes:
    chunks = [b"%x%s%s%s" % (len(piece), end, piece, end) for piece in pieces if piece]
    return b"".join([*chunks, b"0", end, end])


@given(st.lists(st.binary(max_size=200), max_size=9), st.sampled_from([b"\r\n", b"\n"]), st.integers(1, 99))
def test_chunks_of_any_size_in_pieces_of_any_size_give_the_body(pieces, end, cut):
    reader = ChunkedBody()
    assert fed(reader, chunked(pieces, end) + b"next", cut) == b"".join(pieces)
    assert (reader.ended, reader.rest) == (True, b"next")
    reader.close()


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(1, 99))
def test_a_length_is_kept_to(data, length, cut):
    reader = CountedBody(length)
    assert fed(reader, data, cut) == data[:length]
    assert reader.ended is (len(data) >= length)
    assert reader.rest == data[length:]


@given(st.binary(max_size=400), st.integers(1, 99))
def test_whatever_comes_is_a_body_or_a_broken_one(data, cut):
    reader = ChunkedBody()
    assert len(fed(reader, data, cut)) <= len(data)
    if not (reader.ended or reader.broken):
        reader.close()
    assert reader.ended is not bool(reader.broken)


BROKEN = {
    "no size": b"zz\r\n",
    "negative": b"-5\r\nhello\r\n",
    "prefixed": b"0x5\r\nhello\r\n",
    "empty size": b"\r\n\r\n",
    "too large": b"f" * 16 + b"\r\n",
    "longer than said": b"5\r\nhello!\r\n0\r\n\r\n",
    "endless extension": b"5;" + b"x" * 20_000,
    "endless trailers": b"0\r\n" + b"X: y\r\n" * 20_000,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("cut", [7, 1 << 20])
def test_what_is_no_chunk_is_not_read_on(data, cut):
    reader = ChunkedBody()
    fed(reader, data, cut)
    assert reader.broken
    assert not reader.ended


def test_what_came_before_the_damage_is_not_lost_with_it():
    reader = ChunkedBody()
    assert reader.feed(b"5\r\nhello\r\nzz\r\n") == b"hello"
    assert reader.broken


ENDS = [
    (ChunkedBody, b"5\r\nhello\r\n0\r\n", True),
    (ChunkedBody, b"5\r\nhello\r\n0\r\nX-Trailer", True),
    (ChunkedBody, b"5\r\nhello\r\n", False),
    (ChunkedBody, b"5\r\nhel", False),
    (ChunkedBody, b"", False),
    (lambda: CountedBody(9), b"hello", False),
    (BodyUntilClose, b"hello", True),
    (BodyUntilClose, b"", True),
]


@pytest.mark.parametrize(("make", "data", "whole"), ENDS)
def test_a_connection_ends_a_body_or_breaks_it_off(make, data, whole):
    reader = make()
    reader.feed(data)
    reader.close()
    assert (reader.ended, not reader.broken) == (whole, whole)
