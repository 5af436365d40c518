"""Editions of packaged files are told from one another by little of them."""

import lzma
import random

import numpy as np
import pytest

from checks.packaged import END_OF_ARCHIVE, packaged_edition

NOISE = random.Random(18).randbytes(5 * END_OF_ARCHIVE)
OTHER = bytes([NOISE[0] ^ 1]) + NOISE[1:]


def write_zip(path, content):
    np.savez_compressed(path, first=np.frombuffer(content, np.uint8), second=np.arange(9))


def write_xz(path, content):
    path.write_bytes(lzma.compress(content))


def write_plain(path, content):
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "write"), [("list.npz", write_zip), ("list.tsv.xz", write_xz), ("list.tsv", write_plain)]
)
def test_another_byte_at_the_beginning_makes_another_edition(tmp_path, monkeypatch, name, write):
    package = tmp_path / f"lists_of_{write.__name__}"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    editions = []
    for content in (NOISE, OTHER, NOISE):
        write(package / name, content)
        assert (package / name).stat().st_size > 2 * END_OF_ARCHIVE
        editions.append(packaged_edition(package.name, name))
    assert editions[0] != editions[1]
    assert editions[0] == editions[2]
