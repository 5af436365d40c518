"""The daemon as an operator meets it: a process that inspects, is watched, takes new configurations, and dies well."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from pathlib import Path

import pytest

from monitor.store import Store
from monitor.store.run_facts import RunFacts
from tests.cost import slowness
from tests.monitor import command_server
from tests.monitor.daemons import FEW, QUICK, daemon, free_port
from tests.monitor.feeding import Feed, fault
from tests.server.site import Exchange, Site

HOMEPAGE = "<title>某局</title><a href=/a.html>新闻</a><a href=/gone.html>旧闻</a>"


class Office:
    """A small site whose links can break and mend, and which can be slow."""

    def __init__(self) -> None:
        self.broken, self.wait, self.pages = True, 0.0, 0
        self.site = Site({"/": self.home, "/gone.html": self.gone, "/a.html": self.page, "/p/": self.page})

    async def home(self, exchange: Exchange) -> None:
        await exchange.answer(HOMEPAGE + "".join(f"<a href=/p/{n}.html>{n}</a>" for n in range(self.pages)))

    async def page(self, exchange: Exchange) -> None:
        import asyncio

        await asyncio.sleep(self.wait)
        await exchange.answer(f"<title>{exchange.path}</title><p>正文</p>")

    async def gone(self, exchange: Exchange) -> None:
        await exchange.answer(
            "<title>404</title>" if self.broken else "<title>旧闻</title>", status=404 if self.broken else 200
        )


@pytest.fixture
def office():
    made = Office()
    with made.site.running():
        yield made


def sites(office: Office, *ids: str):
    return [{"id": name, "url": f"{office.site.url}/?{name}", "name": f"{name} 局"} for name in ids]


@pytest.mark.calendar
def test_a_first_start_inspects_reports_and_measures(tmp_path, office):
    with daemon(tmp_path, sites=sites(office, "a")) as it:
        it.start()
        it.until(lambda: it.ended(2), "inspected")
        it.until(lambda: it.metric("reports_total", format="json", result="success") == 2, "reported")
        it.measures("inspections_total", 1, site="a", scope="site", result="complete")
        it.measures("inspections_total", 1, site="a", scope="homepage", result="complete")
        it.measures("inspections_total", 0, site="a", scope="site", result="failed")
        it.measures("broken_links", 1, site="a", scope="homepage", kind="page", reason="http-404")
        # The homepage round met one fault first, and a fault is new once for the site.
        it.measures("findings_new", 1, site="a", scope="homepage")
        it.measures("findings_new", 1, site="a", scope="site")
        it.measures("findings_open", 2, site="a", scope="site")
        it.measures("links", 3, site="a", scope="homepage", kind="page")
        assert it.metric("inspections_in_progress") == 0
        assert it.metric("config_last_reload_successful") == 1
        files = [path for path in (tmp_path / "reports" / "a").iterdir() if path.is_file()]  # not its snapshots
        written = sorted(path.name.split("-", 4)[4] for path in files)
        assert written == ["homepage-1.html", "homepage-1.json", "site-2.html", "site-2.json"]
        assert "a 局" in (tmp_path / "reports" / "index.html").read_text("utf-8")
        begun = it.events("inspection begins")
        assert {(line["site"], line["scope"], line["run"]) for line in begun} == {
            ("a", "homepage", 1),
            ("a", "site", 2),
        }


def test_the_ledger_is_measured_at_once_and_after_a_command(tmp_path, office):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        Feed(store, site="a").run([fault("gone.html")])
        severity = Feed(store).ledger.get(1).severity
    never = {"spread": 0, "weekly": {"run": False}, "quarterly": {"run": False}}
    with daemon(tmp_path, sites=sites(office, "a"), schedule=never) as it:
        it.start()
        assert it.metric("ledger_entries", site="a", state="to-fix", severity=severity) == 1
        change = ["ledger", "set", "1", "--state", "整改中", "--by", "张三", "--config", it.config]
        command_server.run(*change).check_returncode()
        it.measures("ledger_entries", 1, site="a", state="fixing", severity=severity)
        it.measures("ledger_entries", 0, site="a", state="to-fix", severity=severity)
        change[3:5] = ["--state", "待复核"]
        command_server.run(*change).check_returncode()
        listed = tmp_path / "reports" / "index.html"
        it.until(lambda: listed.exists() and 'to_verify" data-label="待复核">1<' in listed.read_text("utf-8"), "listed")
        it.write(sites=sites(office, "b"))
        it.until(lambda: "ledger_entries" in it.get("/metrics")[1] and 'site="a"' not in it.get("/metrics")[1], "gone")


@pytest.mark.calendar
def test_nothing_is_inspected_twice_by_a_restart(tmp_path, office):
    with daemon(tmp_path, sites=sites(office, "a", "b")) as it:
        it.start()
        it.until(lambda: it.ended(4), "inspected")
        assert it.stop() < 60
        assert it.process.returncode == 0
        it.start()
        it.stop()  # what is due at a start has begun before it is ready, and is in the store when it has stopped
        assert len(it.rows()) == 4


def test_what_the_last_process_did_not_get_to_is_made_up_for(tmp_path, office):
    with daemon(tmp_path, sites=sites(office, "a")) as it:
        it.start()
        it.until(lambda: it.metric("reports_total", format="json", result="success") == 2, "reported")
        it.stop()
        reports = tmp_path / "reports" / "a"
        (lost,) = reports.glob("*-site-*.html")
        lost.unlink()
        (reports / "2020-01-01-site.html").touch()
        it.start()
        it.until(lost.exists, "written again")
        it.until(lambda: not (reports / "2020-01-01-site.html").exists(), "pruned")
        assert len(it.rows()) == 2


def test_an_inspection_by_hand_stands_among_the_reports(tmp_path, office):
    with daemon(tmp_path, sites=sites(office, "a")) as it:
        it.start()
        it.until(lambda: it.metric("reports_total", format="json", result="success") == 2, "reported")
        (site,) = sites(office, "a")
        inspect = [
            "inspect",
            site["url"],
            "--scope",
            "homepage",
            "--out",
            tmp_path / "by-hand.html",
            "--config",
            it.config,
        ]
        command_server.run(*inspect).check_returncode()
        reports = tmp_path / "reports"
        it.until(lambda: list((reports / "a").glob("a-*-homepage-3.html")), "reported")
        it.until(lambda: "homepage-3.html" in (reports / "index.html").read_text("utf-8"), "listed")


def test_a_folder_that_cannot_be_written_costs_only_the_report(tmp_path, office):
    with daemon(tmp_path, sites=sites(office, "a")) as it:
        (tmp_path / "reports").touch()
        it.start()
        it.until(lambda: it.metric("reports_total", format="json", result="failure") == 2, "told")
        assert {row.status for row in it.rows()} == {"complete"}
        assert it.events("a report could not be written")


def test_sigterm_puts_a_run_down_and_the_next_start_goes_on_with_it(tmp_path, office):
    office.wait, office.pages = 0.2, 60
    weekly_off = {"spread": 0, "weekly": {"run": False}}
    with daemon(tmp_path, sites=sites(office, "a"), schedule=weekly_off) as it:
        it.start()
        it.until(lambda: it.rows() and it.rows()[0].links > 5, "under way")
        assert it.stop() < 60
        assert it.process.returncode == 0
        (cut,) = it.rows()
        assert (cut.status, cut.owner) == ("running", "")
        before = len(office.site.requests)
        office.wait = 0.0
        it.start()
        it.until(lambda: it.ended(1), "ended")
        (row,) = it.rows()
        assert (row.id, row.status, row.scheduled_for, row.links) == (cut.id, "complete", cut.scheduled_for, 63)
        assert len(office.site.requests) - before < 60


def test_kill_at_random_moments_loses_and_doubles_nothing(tmp_path, office):
    chance, rounds = random.Random(6), int(os.environ.get("SITEHEALTH_KILLS", "6"))
    office.wait, office.pages = 0.02, 80
    with daemon(tmp_path, sites=sites(office, "a", "b", "c"), crawl={**QUICK, "concurrency": 2}) as it:
        for _ in range(rounds):
            it.start()
            time.sleep(chance.uniform(0.0, 1.5))
            it.stop(signal.SIGKILL)
        office.wait = 0.0
        it.start()
        it.until(lambda: it.ended(6), "ended")
        rows = it.rows()
        assert sorted((row.site, row.scope) for row in rows) == sorted(
            (site, scope) for site in "abc" for scope in ("homepage", "site")
        )
        assert {row.status for row in rows} == {"complete"}
        assert {row.links for row in rows} == {83}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_process_outlives_the_daemon(tmp_path, office, number):
    typos = {**FEW, "typos": {}}
    with daemon(tmp_path, sites=sites(office, "a"), checks=typos) as it:
        office.wait, office.pages = 0.3, 60
        it.start()
        workers = it.until(lambda: children(it.process.pid), "working")
        it.stop(number)
        end = time.monotonic() + 60
        while any(map(lives, workers)) and time.monotonic() < end:
            time.sleep(0.05)
        assert [Path(f"/proc/{each}/cmdline").read_text() for each in workers if lives(each)] == []


def children(number: int) -> list[int]:
    """Return the child processes of a process, whichever of its threads started them (proc(5), task/children)."""
    return [
        int(child) for tasks in Path(f"/proc/{number}/task").glob("*/children") for child in tasks.read_text().split()
    ]


def lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.calendar
def test_a_valid_change_is_put_in_force_and_an_invalid_one_kept_out(tmp_path, office):
    with daemon(tmp_path, sites=sites(office, "a")) as it:
        it.start()
        it.until(lambda: it.ended(2), "inspected")
        it.write(sites=sites(office, "a", "b"))
        it.process.send_signal(signal.SIGHUP)
        it.until(lambda: it.ended(4), "inspected the new site")
        it.write(schedule={"weekly": {"weekday": 1}})
        it.process.send_signal(signal.SIGHUP)
        it.until(lambda: it.metric("config_last_reload_successful") == 0, "refused")
        # Once by the signal; on a busy machine the change of the file may have been seen before it.
        refused, *_ = it.events("configuration refused; the old one stays in force")
        assert "APScheduler from Monday" in refused["faults"][0]
        it.measures("inspections_total", 1, site="b", scope="site", result="complete")
        it.write(sites=sites(office, "b"), schedule={"spread": 0})
        it.until(lambda: it.metric("config_last_reload_successful") == 1, "in force by a change of the file alone")
        it.measures("inspections_total", None, site="a", scope="site", result="complete")
        assert len(it.rows()) == 4


def test_health_is_told_and_other_pages_are_not_there(tmp_path):
    with daemon(tmp_path) as it:
        it.start()
        assert it.get("/healthz") == (200, "ok\n")
        assert it.get("/readyz") == (200, "ok\n")
        assert it.get("/")[0] == 200
        assert it.get("/../../etc/passwd")[0] == 404
        assert it.get("/metrics", Accept="application/openmetrics-text;version=1.0.0")[1].endswith("# EOF\n")


def test_systemd_is_told(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, daemon(tmp_path) as it:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(10)
        it.environment = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
        it.start()
        it.stop()
        said = []
        told.settimeout(0.5)
        while not said or said[-1] != b"STOPPING=1":
            said.append(told.recv(100))
        assert b"READY=1" in said
        assert said.count(b"WATCHDOG=1") >= 1


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken, daemon(tmp_path) as it:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        it.port = taken.getsockname()[1]
        it.write()
        it.start(wait=False)
        assert it.process.wait(120) == 3
        assert f"不能监听 127.0.0.1:{it.port}" in it.log()


def test_availability_is_counted(tmp_path, office):
    down = {"id": "down", "url": f"http://127.0.0.1:{free_port()}/"}
    never = {"spread": 0, "weekly": {"run": False}, "quarterly": {"run": False}}
    with daemon(tmp_path, sites=[*sites(office, "up"), down], schedule=never, availability={"every": 0.01}) as it:
        it.start()
        it.until(lambda: it.metric("availability_ratio", site="down") == 0, "probed")
        it.measures("availability_ratio", 1, site="up")
        assert it.metric("availability_probes", site="up") >= 1


def test_it_is_ready_after_three_cpu_seconds_over_a_hundred_runs(tmp_path):
    """Processor time, because a busy machine makes every start late."""
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        for number in range(100):
            begun = store.runs.begin(
                site=f"s{number % 10}",
                name="",
                url="http://127.0.0.1:9/",
                scope="site",
                engine="",
                scheduled_for=number * 1e6,
            )
            store.runs.finish(begun.id, status="complete", facts=RunFacts(links={"page": 100}))
    with daemon(tmp_path, is_forked=False) as it:
        took = []
        for _ in range(3):
            it.start()
            took.append(it.cpu_seconds() / max(1.0, slowness()))
            it.stop()
            if took[-1] < 3.0:
                return
        raise AssertionError(took)
