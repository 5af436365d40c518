"""An exception behind a fence becomes one line, unless the store is away: then its subject is blameless."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from checks.links import Links
from checks.probes import Probes
from monitor.failure import FRAMES, LONGEST, failure_of
from monitor.inspection.run import Inspection
from monitor.settings.site import CrawlSettings, SiteSettings
from monitor.store import Store
from tests.monitor.inspection.failing import FailingAtTextHere
from tests.monitor.web import links, web


def test_a_failure_is_one_line_and_its_innermost_frames():
    def outer(levels: int) -> None:
        inner(levels - 1)

    def inner(levels: int) -> None:
        if levels < 0:
            raise ValueError("第一行\n" + "长" * 400)
        outer(levels - 1)

    with pytest.raises(ValueError, match="第一行") as raised:
        outer(2 * FRAMES)
    failure = failure_of(raised.value)
    assert failure.reason.startswith("ValueError: 第一行 长")
    assert len(failure.reason) == LONGEST
    assert failure.frames.count("File ") == FRAMES
    assert "raise ValueError" in failure.frames


def away_for(engine: Engine, statement: str) -> None:
    """Have the next statement that begins like this fail, and only that one."""

    @event.listens_for(engine, "before_cursor_execute")
    def fail(_connection, _cursor, text: str, *_rest: object) -> None:
        if text.startswith(statement) and not failed:
            failed.append(text)
            raise sqlite3.OperationalError("disk I/O error")

    failed: list[str] = []


@pytest.mark.parametrize("statement", ["SELECT verdicts", "INSERT INTO verdicts", "SELECT probe_results"])
async def test_a_store_that_is_away_for_one_statement_is_no_fault_of_the_site(tmp_path, statement):
    """The run stops, to be gone on with, rather than say of a page or a function that it could not be judged."""
    settings = CrawlSettings(delay=0, second_look=False, allow_private=True)
    steps = [{"url": "/", "expect": {"seconds": None}}]
    with (
        Store(f"sqlite:///{tmp_path}/store.db") as store,
        web({"/": links("/a.html"), "/a.html": ""}).running() as site,
    ):
        of_site = SiteSettings(url=site.url, probes=[{"name": "查询", "steps": steps}])
        inspection = Inspection(store, settings, of_site, "site", (Links(), Probes(), FailingAtTextHere()))
        away_for(store.engine, statement)
        with pytest.raises(OperationalError, match="disk I/O error"):
            await inspection.run()
        run = await inspection.run()
    assert run.status == "complete"
    assert [(tally.errors, tally.failed) for tally in run.facts.checks] == [(0, ())] * 3
