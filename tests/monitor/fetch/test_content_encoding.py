"""Content encodings come undone whatever way the wire cuts them up, and never further than asked."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.content_encoding import DecodingError, decoder_for


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:]),
    "deflate": zlib.compress,
    " Deflate ": raw_deflate,
    "BR": brotli.compress,
    "zstd": lambda data: zstd.compress(data[:7]) + zstd.compress(data[7:]),
}


def undone(encoding: str, packed: bytes, cut: int, room: int = 1 << 20) -> bytes:
    decoder = decoder_for(encoding)
    out = b""
    for start in range(0, len(packed), cut):
        if len(out) < room:
            out += decoder.feed(packed[start : start + cut], room - len(out))
    return out


@pytest.mark.parametrize("encoding", PACKERS)
@given(data=st.binary(max_size=3000), cut=st.integers(1, 400))
def test_pieces_of_any_size_give_the_body(encoding, data, cut):
    assert undone(encoding, PACKERS[encoding](data), cut) == data


@pytest.mark.parametrize("encoding", PACKERS)
@given(size=st.integers(1, 50_000), cut=st.integers(1, 4000), room=st.integers(1, 20_000))
def test_no_more_comes_out_than_there_is_room_for(encoding, size, cut, room):
    assert undone(encoding, PACKERS[encoding](bytes(size)), cut, room) == bytes(min(size, room))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_bytes_in_another_encoding_are_an_error(encoding):
    with pytest.raises(DecodingError):
        undone(encoding, b"<!DOCTYPE html><title>plain</title>" * 9, 1000)


GZIP_HEADERS = [
    b"\x1f\x8b\x08\x08" + bytes(6) + "公告.html".encode() + b"\0",
    b"\x1f\x8b\x08\x1e" + bytes(6) + b"\x03\0abc" + b"name\0" + b"comment\0" + b"cc",
]


@pytest.mark.parametrize("header", GZIP_HEADERS)
@given(cut=st.integers(1, 60))
def test_a_member_may_begin_with_a_name_and_more(header, cut):
    member = header + raw_deflate(b"<title>named</title>") + b"whatever"
    assert undone("gzip", member * 2 + b"\0padding", cut) == b"<title>named</title>" * 2


def test_a_header_of_gzip_ends_somewhere():
    with pytest.raises(DecodingError, match="without an end"):
        undone("gzip", GZIP_HEADERS[0][:-1] + b"x" * 200_000, 10_000)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
@given(data=st.binary(max_size=300), cut=st.integers(1, 30))
def test_a_body_is_complete_at_its_end_and_not_before(encoding, data, cut):
    packed = PACKERS[{"br": "BR"}.get(encoding, encoding)](data) if encoding != "zstd" else zstd.compress(data)
    decoder = decoder_for(encoding)
    for start in range(0, len(packed), cut):
        assert not decoder.ended
        decoder.feed(packed[start : start + cut], 1 << 20)
    assert decoder.ended


def test_damage_in_the_middle_is_an_error_and_not_a_reason_to_guess_again():
    packed = bytearray(zlib.compress(bytes(range(256)) * 4000, 0))
    packed[40_000:40_020] = b"\xff" * 20
    packed[65_540:65_560] = b"\xff" * 20
    with pytest.raises(DecodingError):
        undone("deflate", bytes(packed), 1000, 1 << 24)


@pytest.mark.parametrize("encoding", ["", "identity", "IDENTITY", "none", "compress", "utf-8", "gzip, utf-8"])
def test_nothing_is_done_where_nothing_is_to_do_or_known(encoding):
    assert decoder_for(encoding) is None


def test_more_layers_than_anybody_means_are_left_alone():
    assert decoder_for(", ".join(["gzip"] * 6)) is None


LAYERS = [("gzip, br", lambda data: brotli.compress(gzip.compress(data))), ("identity, gzip", gzip.compress),
          ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data)))]  # fmt: skip


@pytest.mark.parametrize(("encoding", "pack"), LAYERS)
@given(data=st.binary(max_size=3000), cut=st.integers(1, 400))
def test_layers_come_off_from_the_outside(encoding, pack, data, cut):
    assert undone(encoding, pack(data), cut) == data


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br, gzip"])
def test_a_layer_that_was_only_named_is_passed_over(encoding):
    assert undone(encoding, gzip.compress(b"<title>once</title>" * 99), 50) == b"<title>once</title>" * 99


def test_layers_of_bombs_end_between_them():
    bomb = gzip.compress(bytes(32 << 20))
    with pytest.raises(DecodingError, match="between"):
        undone("gzip, gzip", bomb, 1 << 20)
    assert len(undone("gzip, gzip", gzip.compress(bomb), 1 << 20)) == 1 << 20
