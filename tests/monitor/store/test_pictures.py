"""Pictures of findings are kept once each, within bounds, as long as a run has them; on both databases alike."""

from __future__ import annotations

from monitor.store import Store
from monitor.store.copying import copy_store
from monitor.store.pictures import ROOM, FindingPicture, PictureStore
from monitor.store.schema import pictures, runs
from monitor.store.upkeep import DAY, prune
from reports.picture import LARGEST, Picture, PictureKind, picture_of
from tests.webp import LOSSLESS, WEBP

CROP, PAGE = picture_of(PictureKind.CROP, WEBP), picture_of(PictureKind.SCREENSHOT, LOSSLESS)
FIRST, SECOND = "1" * 32, "2" * 32
NOW = 1_800_000_000.0


def ended_run(store: Store, days_ago: float) -> int:
    begun = store.runs.begin(site="a", name="", url="http://a.cn/", scope="site", engine="", scheduled_for=None).id
    with store.engine.begin() as connection:
        ended = runs.update().where(runs.c.id == begun).values(finished=NOW - days_ago * DAY, status="complete")
        connection.execute(ended)
    return begun


def contents(store: Store) -> int:
    with store.engine.connect() as connection:
        return len(connection.execute(pictures.select()).all())


def test_they_come_back_with_their_findings_and_go_with_their_runs(store):
    kept = PictureStore(store.engine)
    old, new = ended_run(store, 50), ended_run(store, 1)
    kept.save(old, [FindingPicture(FIRST, CROP), FindingPicture(FIRST, PAGE), FindingPicture(SECOND, PAGE)])
    kept.save(new, [FindingPicture(FIRST, Picture(CROP.kind, CROP.digest, CROP.width, CROP.height))])
    assert contents(store) == 2
    assert kept.of_finding(old, FIRST) == (CROP, PAGE)
    assert kept.of_findings(old, [SECOND, FIRST, "3" * 32]) == {FIRST: (CROP, PAGE), SECOND: (PAGE,)}
    assert kept.of_finding(new, FIRST) == (CROP,)
    assert kept.known([CROP.digest, "0" * 32]) == {CROP.digest}
    prune(store.engine, findings_days=400, verdicts_days=400, snapshots_days=30, now=NOW)
    assert kept.of_finding(old, FIRST) == ()
    assert kept.of_finding(new, FIRST) == (CROP,)
    assert contents(store) == 1
    prune(store.engine, findings_days=400, verdicts_days=400, snapshots_days=30, now=NOW + 60 * DAY)
    assert contents(store) == 0


def test_a_run_keeps_what_there_is_room_for(tmp_path):
    def large(number: int) -> FindingPicture:
        body = WEBP + number.to_bytes(4, "big") * ((LARGEST - len(WEBP)) // 4)
        return FindingPicture(f"{number:032x}", picture_of(PictureKind.CROP, body))

    fitting = ROOM // len(large(0).picture.body)
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        kept = PictureStore(store.engine)
        kept.save(1, map(large, range(fitting - 1)))
        kept.save(1, map(large, range(fitting - 1, fitting + 5)))
        assert contents(store) == fitting
        prints = [large(number).fingerprint for number in range(fitting)]
        shown = kept.of_findings(1, prints, 3 * LARGEST)
        assert [len(shown[each][0].body) > 0 for each in prints] == [True] * 3 + [False] * (fitting - 3)


def test_what_is_not_what_its_name_says_is_not_shown(store):
    kept = PictureStore(store.engine)
    kept.save(1, [FindingPicture(FIRST, CROP), FindingPicture(SECOND, PAGE)])
    with store.engine.begin() as connection:
        connection.execute(pictures.update().values(body=b"<svg onload=alert(1)>"))
    assert kept.of_finding(1, FIRST) == ()


def test_they_are_copied_with_the_store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        PictureStore(store.engine).save(1, [FindingPicture(FIRST, CROP)])
    copy_store(f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}", lambda _name, _rows: None)
    with Store(f"sqlite:///{tmp_path / 'b.db'}") as store:
        assert PictureStore(store.engine).of_finding(1, FIRST) == (CROP,)
