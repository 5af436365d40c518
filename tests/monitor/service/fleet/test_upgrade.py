"""A fleet goes from one version to the next machine by machine, as docs/scaling.md says, and loses nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.monitor.fleet import PAGES, Province, fleet

pytestmark = pytest.mark.slow

NEXT = "9.9.9"


def of_version(folder: Path, version: str) -> dict[str, str]:
    """Return the environment of a process that takes itself for another version."""
    # What Python runs before all else.
    (folder / "sitecustomize.py").write_text(f"import monitor\nmonitor.__version__ = {version!r}\n", "utf-8")
    return dict(os.environ) | {"PYTHONPATH": str(folder)}


def test_old_workers_drain_and_new_ones_take_over(tmp_path, store):
    with Province(3).running() as province, fleet(tmp_path, store, province) as it:
        newer = of_version(tmp_path, NEXT)
        province.hold("site1")
        old = it.worker("old", "--concurrency", "1")
        assert it.inspecting("site1") is old
        new = it.worker("new", environment=newer)
        it.until(lambda: "takes nothing" in new.log, "the new worker says that it is another version")
        assert not new.events("inspection begins")

        old.end()
        it.scheduler.stop()
        it.scheduler.environment, it.scheduler.is_forked = newer, False
        it.scheduler.start()
        province.let_go()
        outcomes = [it.outcome(name) for name in province.sites]
        assert outcomes == [outcomes[0]] * len(outcomes)
        assert outcomes[0][:2] == ["complete", PAGES + 1]
        it.until(it.is_empty, "nothing left")
        assert len(new.events("inspection begins")) == len(province.sites)
        assert it.scheduler.metric("workers", version=NEXT) == 1
        assert province.asked_at_once_by_two() == []
