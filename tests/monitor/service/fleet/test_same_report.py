"""The report of the demo site is the same, byte for byte but for times and numbers, by whichever engine it is made."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from monitor.commands.work.demo import PROBES, SETTINGS
from monitor.demo.server import serving
from reports import FORMATS
from tests.cost import patience
from tests.monitor.daemons import Daemon, daemon
from tests.monitor.fleet import Worker

pytestmark = pytest.mark.slow

WRITTEN = sorted(set(FORMATS) - {"pdf"})
"""A PDF is drawn by a browser out of the page that is compared here, and is compressed."""

ARCHIVES = {".docx", ".xlsx"}


@pytest.fixture(scope="module")
def site():
    with serving(date.today(), 0) as served:  # noqa: DTZ011 - the inspection lives today as well
        yield served


@pytest.fixture
def settings(site):
    crawl = {name.removeprefix("crawl."): value for name, value in SETTINGS.items() if name.startswith("crawl.")}
    checks = {name.split(".")[1]: {"run": True} for name in SETTINGS if name.startswith("checks.")}
    # Nothing but the planted page that never answers may take longer than that.
    # Of a fault on very many pages those are shown that were met first: requests beside each other would draw lots.
    crawl |= {"allow_private": True, "timeout": int(min(patience(5), 50)), "concurrency": 1}
    bureau = {"id": "demo", "url": f"{site.origin}/", "name": site.bureau["name"], "probes": PROBES}
    return {
        "sites": [bureau],
        "crawl": crawl,
        "checks": checks,
        "probes": {"every": 0},
        "schedule": {"spread": 0, "weekly": {"run": False}},
        "report": {"formats": WRITTEN},
    }


def reports_of(it: Daemon) -> dict[str, Path]:
    """Wait for every report of the one inspection; return them by their endings."""
    folder, endings = it.folder / "reports" / "demo", {f".{FORMATS[name].extension}" for name in WRITTEN}

    def written() -> dict[str, Path]:
        return {path.suffix: path for path in folder.glob("*-site-1.*") if path.suffix in endings}

    it.until(lambda: len(written()) == len(endings), "reports")
    return written()


def parts_of(path: Path) -> dict[str, bytes]:
    if path.suffix not in ARCHIVES:
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without_numbers(data: bytes) -> bytes:
    return re.sub(rb"\d+(?:[.,]\d+)*", b"0", data)


def test_local_and_fleet_write_the_same(tmp_path, store, settings):
    (tmp_path / "local").mkdir()
    (tmp_path / "fleet").mkdir()
    with daemon(tmp_path / "local", **settings) as local:
        local.start()
        here = reports_of(local)
        local.stop()
    elsewhere = settings | {"engine": {"kind": "procrastinate"}, "store": {"url": store}}
    with daemon(tmp_path / "fleet", **elsewhere) as scheduler:
        scheduler.start()
        worker = Worker(tmp_path / "fleet", "worker", scheduler.config).start()
        there = reports_of(scheduler)
        worker.end()
    for ending, path in here.items():
        ours, theirs = parts_of(path), parts_of(there[ending])
        assert ours.keys() == theirs.keys()
        for name, data in ours.items():
            assert without_numbers(data) == without_numbers(theirs[name]), (ending, name)
