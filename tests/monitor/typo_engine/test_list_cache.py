"""The compiled lists say what the lists say, and no state of their file costs more than time."""

from __future__ import annotations

import os

import numpy as np
import pytest

from checks import packaged as packaged_files
from checks.typos import segmentation
from checks.typos.lexicon import alike, boundaries
from checks.typos.lexicon.compiled import FOREST_ARCHIVE, CompiledLists, compile_lists, compiler
from checks.typos.lexicon.pairs import build
from checks.typos.lm.reader import Shipped
from monitor.typo_engine import array_file, list_cache

TEXT = "现将政策解毒如下，因公式期内有异议，要一如继往地支持，请在规定的时侯内报名，联系方是公司。"


@pytest.fixture(scope="module")
def arrays():
    return compile_lists()


@pytest.fixture
def compiled_before(monkeypatch, arrays):
    """Let what is compiled anew be what was compiled for this module: it takes a CPU second each time."""
    monkeypatch.setattr(list_cache, "compile_lists", lambda: arrays)


@pytest.fixture(scope="module")
def expected():
    """What the lists say that are read anew."""
    return suspects(None)


def suspects(long_lists):
    lexicon = build(long_lists=long_lists)
    return sorted(lexicon.suspects(TEXT, bytearray(len(TEXT))), key=lambda suspect: (suspect.start, suspect.right))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / list_cache.NAME.format(compiler=compiler())


def test_what_is_kept_says_what_the_lists_say(path, expected):
    first = suspects(list_cache.load_lists(str(path.parent)).lexicon)
    assert path.is_file()
    assert first == suspects(list_cache.load_lists(str(path.parent)).lexicon) == expected
    assert len(expected) > 2


def test_the_words_that_are_kept_are_those_of_the_package(arrays, monkeypatch):
    packaged = boundaries.packaged_words()
    monkeypatch.setattr(boundaries, "_taken", [])
    boundaries.take(arrays["words.text"].tobytes())
    monkeypatch.setattr(boundaries, "unpacked", lambda: pytest.fail("they were kept"))
    assert boundaries.packaged_words.__wrapped__() == packaged


def test_the_vocabulary_and_the_trees_that_are_kept_are_those_of_the_package(arrays, monkeypatch):
    monkeypatch.setattr(segmentation, "_taken", {})
    monkeypatch.setattr(packaged_files, "_taken", {})
    words, forest = (
        segmentation.vocabulary.__wrapped__(),
        packaged_files.packaged_arrays("checks.typos", FOREST_ARCHIVE),
    )
    CompiledLists.of(arrays)
    monkeypatch.setattr(packaged_files, "packaged_bytes", lambda *_: pytest.fail("they were kept"))
    kept = segmentation.vocabulary.__wrapped__()
    assert np.array_equal(kept.words, words.words)
    assert np.array_equal(kept.steps, words.steps)
    kept_forest = packaged_files.packaged_arrays("checks.typos", FOREST_ARCHIVE)
    assert list(kept_forest) == list(forest)
    assert all(np.array_equal(kept_forest[name], array) for name, array in forest.items())


def damage_in_the_middle(path):
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


DAMAGES = {
    "a flipped bit": damage_in_the_middle,
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "the preamble alone": lambda path: os.truncate(path, array_file.PREAMBLE.size),
    "shorter than the preamble": lambda path: os.truncate(path, 3),
    "empty": lambda path: os.truncate(path, 0),
    "another file": lambda path: path.write_text("not ours" * 100),
    "an array missing": lambda path: array_file.write(
        path, {"wordings.lines": array_file.read(path)["wordings.lines"]}
    ),
}


@pytest.mark.usefixtures("compiled_before")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_made_anew(path, arrays, expected, damage):
    path.parent.mkdir()
    array_file.write(path, arrays)
    whole = path.read_bytes()
    damage(path)
    assert suspects(list_cache.load_lists(str(path.parent)).lexicon) == expected
    assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path, expected):
    (tmp_path / "file").touch()
    assert suspects(list_cache.load_lists(str(tmp_path / "file" / "cache")).lexicon) == expected
    assert suspects(list_cache.load_lists("").lexicon) == expected


@pytest.mark.usefixtures("compiled_before")
def test_files_of_other_versions_are_removed_once_they_are_old(path):
    path.parent.mkdir()
    old, other = (path.with_name(list_cache.NAME.format(compiler=digit * 16)) for digit in "01")
    old.touch()
    os.utime(old, (0, 0))
    other.touch()
    list_cache.load_lists(str(path.parent))
    assert {path, other} == set(path.parent.iterdir())


def test_pairs_of_characters_that_were_kept_are_those_that_are_packaged(arrays, monkeypatch):
    monkeypatch.setattr(alike, "_taken", {})
    read = alike._pairs.__wrapped__()
    CompiledLists.of(arrays)
    kept = alike._pairs.__wrapped__()
    assert all(np.array_equal(one, other) for one, other in zip(read, kept, strict=True))
    assert kept[0] is arrays["alike.pairs"]


def test_what_is_mapped_cannot_be_changed(path, arrays):
    path.parent.mkdir()
    array_file.write(path, arrays)
    with pytest.raises(ValueError, match="read-only"):
        array_file.read(path)["wordings.slips"][0] = 1


def test_what_the_language_model_takes_from_it_is_what_is_packaged(arrays):
    packaged, kept = Shipped.packaged(), CompiledLists.of(arrays).shipped
    for name, array in packaged.compiled().items():
        assert np.array_equal(array, kept.compiled()[name]), name
    assert kept.affinity.scale == packaged.affinity.scale
