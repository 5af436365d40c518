"""The models of two input methods, read from their files."""

import struct

import numpy as np
import pytest

from checks.typos.lm.wordgrams import ForeignModelError, read_bits, read_kenlm, read_sunpinyin


def node(word, probability, child):
    """A node of SunPinyin's tree: 18 bits of word, 16 of probability, 23 of first child."""
    return struct.pack("<3I", word, probability | (child & 0xFFFF) << 16, child >> 16 << 25)


def leaf(word, probability):
    return struct.pack("<2I", word | (probability & 0x3FFF) << 18, probability >> 14 << 25)


@pytest.fixture
def threaded():
    """P(a)=½, P(b)=¼; P(b|a)=½, P(a|b)=¼; P(a|a b)=⅛."""
    chances = np.zeros(1 << 16, dtype="<f4")
    chances[[1, 2, 40_000]] = 0.5, 0.25, 0.125
    levels = (
        [node(0, 0, 0), node(0, 0, 2)],
        [node(1, 1, 0), node(2, 2, 1), node(0, 0, 2)],
        [node(2, 1, 0), node(1, 2, 1), node(0, 0, 1)],
        [leaf(1, 40_000), leaf(0, 0)],
    )
    head = struct.pack("<6I", 3, 0, *map(len, levels))
    return head + chances.tobytes() + bytes(4 << 14) + b"".join(part for level in levels for part in level)


DICTIONARY = struct.pack("<4I", 0, 0, 16, 0) + "\0甲\0乙丙\0".encode("utf-32-le")


def test_sunpinyins_sequences_get_their_joint_probability(threaded):
    grams = read_sunpinyin(threaded, DICTIONARY)
    spelt = [["".join(grams.words[i] for i in row) for row in ids.tolist()] for ids in grams.ids]
    assert spelt == [["甲", "乙丙"], ["甲乙丙", "乙丙甲"], ["甲乙丙甲"]]
    assert [joint.tolist() for joint in grams.joint] == [[0.5, 0.25], [0.25, 0.0625], [0.03125]]


def test_a_cut_off_file_is_refused(threaded):
    with pytest.raises(ForeignModelError, match="SunPinyin"):
        read_sunpinyin(threaded[:-1], DICTIONARY)


class Bits:
    """A run of little-endian bit fields."""

    def __init__(self):
        self.value, self.length = 0, 0

    def put(self, number, width):
        self.value |= number << self.length
        self.length += width

    def bytes(self, size):
        return self.value.to_bytes(size, "little")


def trie(order=3):
    """<unk>, 甲, 乙 with P(甲)=0.1, P(乙)=0.01; P(乙|甲)=0.1; P(乙|甲 甲)=0.01, in KenLM's layout."""
    counts = (3, 1, 1)
    head = bytearray(b"mmap lm http://kheafield.com/code format version 5\n\0".ljust(0x88, b"\0"))
    head[0x58], head[0x60] = order, 5
    head[0x6C : 0x6C + 24] = struct.pack("<3Q", *counts)
    hashes = bytes(8 + 8 * counts[0])
    tables = np.zeros(3 * 2, dtype="<f4")
    tables[[1, 5]] = -1, -2
    quantised = bytes([2, 1, 1]).ljust(8, b"\0") + tables.tobytes()
    unigrams = b"".join(struct.pack("<ffQ", *row) for row in ((-9, 0, 0), (-1, 0, 0), (-2, 0, 0), (0, 0, 1), (0, 0, 1)))
    high_pointer_bits = bytes(8 * (1 + 1) + 7)
    middle, longest = Bits(), Bits()
    for number, width in ((1, 2), (0, 1), (1, 1), (0, 1)):
        middle.put(number, width)
    for number, width in ((1, 2), (1, 1)):
        longest.put(number, width)
    levels = middle.bytes((2 * 5 + 7) // 8 + 8) + longest.bytes((2 * 3 + 7) // 8 + 8)
    return bytes(head) + hashes + quantised + unigrams + high_pointer_bits + levels + "<unk>\0甲\0乙\0".encode()


def test_kenlms_sequences_get_their_joint_probability():
    grams = read_kenlm(trie())
    assert grams.words == ["<unk>", "甲", "乙"]
    assert [ids.tolist() for ids in grams.ids[1:]] == [[[1, 2]], [[1, 1, 2]]]
    np.testing.assert_allclose(grams.joint[1], [0.1 * 0.1])


def test_another_order_is_refused():
    with pytest.raises(ForeignModelError, match="order 3"):
        read_kenlm(trie(order=4))


def test_bit_fields_may_lie_across_bytes():
    run = Bits()
    for number in (5, 1000, 77):
        run.put(number, 11)
    data = np.frombuffer(run.bytes(16), dtype=np.uint8)
    assert read_bits(data, 0, 11, 3, 11).tolist() == [5, 1000, 77]
