"""What the language model's tables are made with is summed up once for each edition of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.typos.lm import made_with
from monitor.typo_engine.table_maker import NAME, maker


def test_the_sum_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = maker(tmp_path)
    assert made == made_with.maker()
    monkeypatch.setattr(made_with, "maker", lambda: pytest.fail("it was kept"))
    assert maker(tmp_path) == made


@pytest.mark.parametrize("text", ["", "another 0123", "one\ntwo three", "\ufffd"])
def test_what_is_damaged_or_of_another_edition_is_written_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "utf-8")
    assert maker(tmp_path) == made_with.maker()
    assert (tmp_path / NAME).read_text("ascii").split() == [made_with.edition(), made_with.maker()]


def test_where_nothing_can_be_kept_the_sum_is_made(tmp_path: Path) -> None:
    assert maker(tmp_path / "missing") == made_with.maker()


def test_the_edition_changes_with_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = made_with.packaged_edition
    editions = {made_with.edition()}
    for changed in (*made_with.CODE, *made_with.COUNTS):
        monkeypatch.setattr(
            made_with,
            "packaged_edition",
            lambda package, name, changed=changed: packaged(package, name) + b"." * (name == changed),
        )
        made_with.edition.cache_clear()
        editions.add(made_with.edition())
    monkeypatch.undo()
    made_with.edition.cache_clear()
    assert len(editions) == 1 + len(made_with.CODE) + len(made_with.COUNTS)
