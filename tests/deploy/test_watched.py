"""A real Prometheus watches a real daemon: it scrapes, alerts, resolves, and every panel has something to show."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
import time
from datetime import UTC, date, datetime

import pytest

from checks.model import ColumnStatus, ColumnType
from checks.scoring.sheet import Score
from monitor.store import Store
from monitor.store.media import MediaNote, MediaStore
from monitor.store.probe_results import ProbeStore
from monitor.store.run_facts import PicturesRead, RunFacts, TextRead
from monitor.store.schedules import ScheduleRecord, ScheduleStore
from monitor.store.schema import findings
from monitor.store.statistics import Statistics
from reports.model import ColumnSummary, Security
from tests.deploy.conftest import DEPLOY, wait_for
from tests.monitor.daemons import COMMAND, daemon
from tests.monitor.service.test_daemon import office, sites

__all__ = ["office"]

pytestmark = pytest.mark.slow


class Webhook:
    """The receiver that Alertmanager sends to."""

    def __init__(self) -> None:
        self.told: list[dict] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.told += json.loads(body)["alerts"]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def heard(self, name: str, status: str) -> list[dict]:
        return [alert for alert in self.told if (alert["labels"]["alertname"], alert["status"]) == (name, status)]


@pytest.fixture
def webhook():
    made = Webhook()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_broken_link_raises_an_alert_and_its_repair_ends_it(tmp_path, office, watch, webhook):
    with daemon(tmp_path, sites=sites(office, "a")) as it:
        it.start()
        watched = watch(f"127.0.0.1:{it.port}", webhook.url)
        (alert, *_) = wait_for(lambda: webhook.heard("SitehealthHomepageBrokenLinks", "firing"))
        assert alert["labels"]["site"] == "a"
        assert alert["annotations"]["summary"] == "a：首页有 1 个链接打不开"
        assert alert["annotations"]["runbook"] == "docs/runbooks.md#sitehealthhomepagebrokenlinks"
        office.broken = False
        (site,) = sites(office, "a")
        command = [
            COMMAND,
            "inspect",
            site["url"],
            "--scope",
            "homepage",
            "--config",
            it.config,
            "--out",
            tmp_path / "r.html",
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        wait_for(lambda: webhook.heard("SitehealthHomepageBrokenLinks", "resolved"))
        assert watched.firing("SitehealthHomepageBrokenLinks") == []
        it.measures("findings_fixed", 1, site="a", scope="homepage")


def test_the_metrics_are_well_formed(programs, tmp_path, office):
    with daemon(tmp_path, sites=sites(office, "a", "b")) as it:
        it.start()
        it.until(lambda: it.ended(4), "inspected")
        done = subprocess.run(
            ["promtool", "check", "metrics"], check=False, capture_output=True, text=True, input=it.get("/metrics")[1]
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_panel_has_something_to_show(tmp_path, watch):
    history(tmp_path)
    probes = [{"name": "办件查询", "steps": [{"url": "/"}]}]
    site = {"id": "a", "url": "http://127.0.0.1:9/", "name": "某局", "probes": probes, "accounts": [{"name": "发布"}]}
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        MediaStore(store.engine).note(MediaNote("a", "发布", "2026-01-01", "王五", 0.0))
    with daemon(tmp_path, sites=[site]) as it:
        it.start()
        watched = watch(f"127.0.0.1:{it.port}")
        wait_for(lambda: watched.query("count_over_time(sitehealth_site_info[1m]) > 3"))
        silent = [expr for expr in panels() if not has_data(watched, expr)]
        assert silent == []


def has_data(watched, expr: str) -> bool:
    for name, value in (("$site", ".*"), ("$__rate_interval", "1m")):
        expr = expr.replace(name, value)
    return bool(wait_for(lambda: watched.query(expr) or "nothing", 10) != "nothing")


def panels() -> list[str]:
    document = json.loads((DEPLOY / "grafana" / "sitehealth.zh-CN.json").read_text("utf-8"))
    return [target["expr"] for panel in document["panels"] for target in panel["targets"]]


def history(folder) -> None:
    """Put a site into the store that was inspected last week and has something of everything."""
    now = time.time()
    with Store(f"sqlite:///{folder / 'store.db'}") as store:
        for scope in ("homepage", "site"):
            run = store.runs.begin(site="a", name="", url="http://a.cn/", scope=scope, engine="", scheduled_for=now - 5)
            facts = RunFacts(
                links={"page": 50},
                text={"typos": TextRead(10_000, 0.5)},
                columns=(stale_column(),),
                security=Security(75, "B"),
                score=Score("census-2015", 92.5),
                certificate_not_after=now + 90 * 86_400,
                pictures=PicturesRead(12, 1, 20.5),
            )
            store.runs.finish(run.id, status="complete", pages=10, facts=facts)
            target = {"kind": "page"}
            body = {"rule": "broken-link", "variant": "http-404", "target": target}
            row = {"run": run.id, "fingerprint": scope, "check": "links", "rule": "broken-link", "severity": "major"}
            with store.engine.begin() as connection:
                connection.execute(
                    findings.insert(), [row | {"confidence": "confirmed", "baseline": "new", "body": body}]
                )
        Statistics(store.engine).probed("a", f"{datetime.now(UTC):%Y-%m-%d}", failed=False)
        ProbeStore(store.engine).save("a", "办件查询", now, 0.4, None)
        for scope in ("homepage", "site"):
            ScheduleStore(store.engine).save(
                {("a", scope): ScheduleRecord("every monday 02:00 Asia/Shanghai", now, None, 1, 2)}
            )


def stale_column() -> ColumnSummary:
    newest = date(2026, 1, 1)
    return ColumnSummary("通知公告", "http://a.cn/tzgg/", ColumnType.NOTICE, 1, newest, 14, ColumnStatus.STALE)
