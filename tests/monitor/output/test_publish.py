"""The folder of reports: files by site and date, nothing older than it should be."""

from __future__ import annotations

import json
import os
import re
import time
from datetime import date

from checks import RULES
from checks.model import Finding, Severity, Text
from monitor.output.publish import prune_reports, publish, sweep_leftovers
from monitor.settings.report import ReportSettings
from monitor.store import Store
from monitor.store.findings import CheckFinding, FindingStore
from tests.monitor.feeding import HOME, Feed


def run(store: Store, site: str, *severities: str, status: str = "complete") -> int:
    found = [
        Finding(RULES["broken-link"], HOME, str(at), {"status": 404}, "http-404", severity=Severity(severity))
        for at, severity in enumerate(severities)
    ]
    made, _ = Feed(store, site, name=f"{site} 局", now=time.time()).run(found)
    store.runs.finish(made.id, status=status)
    return made.id


def test_reports_are_filed_by_site_date_and_scope(store, tmp_path):
    number = run(store, "a.cn:8080", "major")
    written = publish(store, number, tmp_path / "out", ReportSettings(), ("html", "json"))
    assert [re.sub(r"\d{4}-\d\d-\d\d", "DATE", path.name) for path in written] == [
        f"a.cn-8080-DATE-homepage-{number}.html",
        f"a.cn-8080-DATE-homepage-{number}.json",
    ]
    assert {path.parent.name for path in written} == {"a.cn-8080"}
    assert list((tmp_path / "out").rglob(".*")) == []


def test_of_a_run_that_broke_down_there_is_a_report_without_what_was_never_settled(store, tmp_path):
    made = store.runs.begin(
        site="a.cn", name="a 局", url=HOME, scope="site", engine="", scheduled_for=None, started=1.0
    )
    finding = Finding(RULES["broken-link"], HOME, "https://gone.example/", {"status": 404}, "http-404")
    FindingStore(store.engine, made.id).save([CheckFinding("links", finding)])
    store.runs.finish(made.id, status="failed", reason=Text("程序出错", "it broke down"))
    (written,) = publish(store, made.id, tmp_path, ReportSettings(), ("json",))
    report = json.loads(written.read_text("utf-8"))
    assert (report["run"]["status"], report["findings"]) == ("failed", [])


def test_a_second_run_of_one_day_leaves_the_report_of_the_first(store, tmp_path):
    runs = [run(store, "a.cn", "major") for _ in range(3)]
    for number in runs:
        publish(store, number, tmp_path, ReportSettings(), ("html",))
    assert len(list((tmp_path / "a.cn").iterdir())) == 3


def test_old_reports_go(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    reports = ("2023-01-01-site.html", "a-2023-01-01-site-7.html", "2026-01-01-site.html", "a-2026-01-01-site-8.html")
    for name in (*reports, "2023-01-01-notes.txt"):
        (folder / name).touch()
    assert prune_reports(tmp_path, 1000, date(2026, 6, 1)) == 2
    kept = {"2023-01-01-notes.txt", "2026-01-01-site.html", "a-2026-01-01-site-8.html"}
    assert {path.name for path in folder.iterdir()} == kept


def test_what_a_killed_process_left_behind_goes(tmp_path):
    (tmp_path / "a").mkdir()
    old, new = tmp_path / "a" / ".2026-01-01-site.html.x1", tmp_path / "a" / ".2026-01-01-site.html.x2"
    for path in (old, new):
        path.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    sweep_leftovers(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)
