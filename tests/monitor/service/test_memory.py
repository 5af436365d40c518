"""Memory: what was taken for a moment is the system's again."""

import ctypes
from pathlib import Path

import pytest

from monitor.service.memory import give_back

BLOCK, BLOCKS = 16 * 1024, 4096
"""Small enough for the heap; a larger one is mapped by itself, and returned when it is freed."""


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="NOT TESTED: this C library has no trim")
def test_free_memory_is_given_back():
    blocks = [bytearray(BLOCK) for _ in range(BLOCKS)]
    kept = blocks[-1]  # at the end of the heap, so that glibc by itself gives nothing back
    del blocks
    before = resident()
    give_back()
    assert resident() < before - BLOCK * BLOCKS / 2
    assert len(kept) == BLOCK
