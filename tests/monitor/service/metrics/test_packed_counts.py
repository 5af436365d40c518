"""Packed tables answer as the dictionaries that they were made of."""

from __future__ import annotations

import pytest

from monitor.service.metrics.packed_counts import TablePacker

LINKS, PAIRS = {"page": 900, "image": 1.5}, {("a", "b"): 2, ("b", "a"): 0}


@pytest.mark.parametrize("tables", [({},), (LINKS, {}, PAIRS), ({}, PAIRS, LINKS, {})])
def test_they_say_what_they_were_given(tables):
    packed = TablePacker().pack(*tables)
    assert [packed.table(number) for number in range(len(tables))] == list(tables)
    assert [list(packed.table(number)) for number in range(len(tables))] == list(map(list, tables))


def test_labels_that_many_have_are_kept_once():
    packer = TablePacker()
    first, second = (packer.pack({"page": number, "image": number}, {}) for number in (1, 2))
    assert first._labels is second._labels
    assert first.table(0)["page"] == 1
    assert second.table(0)["page"] == 2
