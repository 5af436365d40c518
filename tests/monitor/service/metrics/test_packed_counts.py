"""Counts answer as the dictionary that they were made of."""

from __future__ import annotations

import pytest

from monitor.service.metrics.packed_counts import Labels


@pytest.mark.parametrize("numbers", [{}, {"page": 900}, {"page": 0, "image": 1.5}, {("a", "b"): 2, ("b", "a"): 3}])
def test_they_say_what_they_were_given(numbers):
    counts = Labels().count(numbers)
    assert dict(counts) == dict(counts.items()) == numbers
    assert list(counts.values()) == list(numbers.values())
    assert len(counts) == len(numbers)
    assert counts.get("nothing", 7) == 7
    with pytest.raises(KeyError):
        counts["nothing"]


def test_labels_that_many_have_are_kept_once():
    labels = Labels()
    first, second = (labels.count({"page": number, "image": number}) for number in (1, 2))
    assert first._labels is second._labels
    assert first["page"] == 1
    assert second["page"] == 2
