"""Content encodings come undone whatever way the wire cuts them up, and never further than asked."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
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


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_bytes_in_another_encoding_are_an_error(encoding):
    with pytest.raises(DecodingError):
        undone(encoding, b"<!DOCTYPE html><title>plain</title>" * 9, 1000)


def test_damage_in_the_middle_is_an_error_and_not_a_reason_to_guess_again():
    packed = bytearray(zlib.compress(bytes(range(256)) * 4000, 0))
    packed[40_000:40_020] = b"\xff" * 20
    packed[65_540:65_560] = b"\xff" * 20
    with pytest.raises(DecodingError):
        undone("deflate", bytes(packed), 1000, 1 << 24)


@pytest.mark.parametrize("encoding", ["", "identity", "IDENTITY", "none", "zstd", "compress", "utf-8", "gzip, utf-8"])
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
