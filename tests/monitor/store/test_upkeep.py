"""Backups are whole, made while the store is used, and put back only where nobody uses it."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.store import Store, StoreError
from monitor.store.upkeep import back_up, drop_old_backups, name_of_backup, put_back, size


def begin(store: Store, site: str) -> int:
    return store.runs.begin(site=site, name="", url="http://a.cn/", scope="site", engine="", scheduled_for=None).id


@pytest.fixture
def place(tmp_path):
    return tmp_path / "data" / "store.db"


def sitehealth(place, *arguments: str):
    return CliRunner().invoke(main, [*arguments, "--set", f"store.url=sqlite:///{place}"])


def test_a_backup_made_while_others_write_is_whole(place, tmp_path):
    with Store(f"sqlite:///{place}") as store:
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                begin(store, "a")

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(3):
                back_up(f"sqlite:///{place}", tmp_path / f"{number}.db")
        finally:
            stop.set()
            writer.join()
    for number in range(3):
        with Store(f"sqlite:///{tmp_path / f'{number}.db'}") as copy:
            rows = copy.runs.latest(100_000)
            assert [row.id for row in rows] == list(range(len(rows), 0, -1))
    assert list(tmp_path.glob(".*")) == []


def test_the_command_keeps_the_newest_backups(place):
    with Store(f"sqlite:///{place}") as store:
        begin(store, "a")
    folder = place.parent / "backups"
    folder.mkdir()
    for second in range(8):
        (folder / name_of_backup(second)).touch()
    done = sitehealth(place, "db", "backup")
    assert done.exit_code == 0, done.output
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == 7
    assert kept[:-1] == [name_of_backup(second) for second in range(2, 8)]
    assert "删去旧备份 2 个" in done.output


def test_what_was_backed_up_comes_back(place, tmp_path):
    with Store(f"sqlite:///{place}") as store:
        begin(store, "before")
    assert sitehealth(place, "db", "backup", "--out", str(tmp_path / "copy.db")).exit_code == 0
    with Store(f"sqlite:///{place}") as store:
        begin(store, "after")
    done = sitehealth(place, "db", "restore", str(tmp_path / "copy.db"))
    assert done.exit_code == 0, done.output
    with Store(f"sqlite:///{place}") as store:
        assert [row.site for row in store.runs.latest()] == ["before"]
    (kept,) = place.parent.glob("*.replaced")
    with Store(f"sqlite:///{kept}") as store:
        assert [row.site for row in store.runs.latest()] == ["after", "before"]


def test_a_store_in_use_is_not_replaced(place, tmp_path):
    with Store(f"sqlite:///{place}") as store:
        begin(store, "a")
        back_up(f"sqlite:///{place}", tmp_path / "copy.db")
        with store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE runs SET name = 'x'")
            done = sitehealth(place, "db", "restore", str(tmp_path / "copy.db"))
    assert done.exit_code == 3
    assert "请先停止守护进程" in done.output


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look at", None])
def test_what_is_no_backup_is_refused(place, tmp_path, content):
    path = tmp_path / "copy.db"
    if content is None:
        sqlite3.connect(path).execute("CREATE TABLE other (x)").connection.close()
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError, match="is no backup of a store"):
        put_back(path, place)
    assert not place.exists()


def test_only_a_file_can_be_backed_up(tmp_path):
    with pytest.raises(StoreError, match="pg_dump"):
        back_up("postgresql://localhost/x", tmp_path / "copy.db")
    with pytest.raises(StoreError, match="there is no store"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")


def test_old_backups_go_and_other_files_stay(tmp_path):
    names = [name_of_backup(second) for second in range(4)]
    for name in [*names, "mine.db"]:
        (tmp_path / name).touch()
    assert [path.name for path in drop_old_backups(tmp_path, 3)] == names[:1]
    assert (tmp_path / "mine.db").exists()


def test_the_size_counts_what_is_not_folded_in_yet(place):
    with Store(f"sqlite:///{place}") as store:
        begin(store, "a")
        assert size(store.engine) > place.stat().st_size
