"""Functions are tried on a clock of their own: when they are due, once, cut off when they hang, remembered for good."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from checks import RULES
from checks.model import Finding
from monitor.fetch import Fetcher
from monitor.service.function_probes import FunctionProber
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.probe_results import ProbeStore
from tests.monitor.daemons import daemon
from tests.monitor.official import Office, Served
from tests.monitor.web import html, web

MINUTE, HOUR = 60.0, 3600.0
LOGIN = {"name": "登录", "steps": [{"url": "/login", "expect": {"text": "欢迎"}}]}


@dataclass
class Bureau:
    """A site, a store, and a clock that only moves when the test says so."""

    url: str
    store: Store
    probes: list = field(default_factory=lambda: [LOGIN])
    clock: float = 1_000_000.0
    every: float = 360
    timeout: float = 5

    def try_due(self) -> None:
        """Do what the daemon does when it looks for what is due, as a process that has just begun."""
        sites = [{"id": "a", "url": self.url, "probes": self.probes}]
        given = {"sites": sites, "probes": {"every": self.every, "timeout": self.timeout}}
        settings = Settings.model_validate(given | {"crawl": {"allow_private": True, "timeout": 1}})
        prober = FunctionProber(ProbeStore(self.store.engine), Fetcher, lambda: self.clock, second_look=0.01)
        asyncio.run(prober.probe_due(settings))

    def result(self, name: str = "登录"):
        return ProbeStore(self.store.engine).load().get(("a", name))


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as made:
        yield made


def test_a_function_is_tried_when_it_is_due_and_not_before(store):
    with web({"/": html(""), "/login": html("欢迎")}).running() as site:
        bureau = Bureau(f"{site.url}/", store)
        for minutes, tries in ((0, 1), (359, 1), (1, 2), (30, 2), (10_000, 3)):
            bureau.clock += minutes * MINUTE
            bureau.try_due()
            assert len(site.asked("/login")) == tries
    assert bureau.result().works
    assert bureau.result().tried == bureau.clock


def test_a_clock_that_was_set_back_stops_nothing(store):
    with web({"/": html(""), "/login": html("欢迎")}).running() as site:
        bureau = Bureau(f"{site.url}/", store)
        bureau.try_due()
        bureau.clock -= 30 * 24 * HOUR
        bureau.try_due()
        assert len(site.asked("/login")) == 2


def test_nothing_is_tried_where_the_clock_is_off(store):
    with web({"/": html(""), "/login": html("欢迎")}).running() as site:
        Bureau(f"{site.url}/", store, every=0).try_due()
        assert site.requests == []


def test_since_when_it_fails_is_kept_and_what_is_wrong(store):
    pages = {"/": html(""), "/login": html("欢迎")}
    with web(pages).running() as site:
        bureau = Bureau(f"{site.url}/", store)
        bureau.try_due()
        began = bureau.clock
        bureau.clock += 6 * HOUR
        bureau.probes = [{"name": "登录", "steps": [{"url": "/login", "expect": {"text": "再见"}}]}]
        bureau.try_due()
        failed = bureau.clock
        bureau.clock += 6 * HOUR
        bureau.try_due()
    result = bureau.result()
    assert (result.since, result.tried) == (failed, failed + 6 * HOUR)
    assert failed > began
    assert result.finding.params == {"name": "登录", "step": 1, "wanted": "再见", "got": ""}


def test_a_probe_that_hangs_is_cut_off_and_the_next_one_tried(store):
    async def hang(exchange):
        await exchange.head(200)
        while True:
            await exchange.raw(b" ")
            await asyncio.sleep(0.05)

    patient = {"url": "/hang", "expect": {"seconds": 0.2}}
    with web({"/": html(""), "/hang": hang, "/login": html("欢迎")}).running() as site:
        bureau = Bureau(f"{site.url}/", store, [{"name": "查询", "steps": [patient]}, LOGIN], timeout=1)
        bureau.try_due()
        assert site.settled("/hang")
    assert bureau.result("查询").finding.params["got"] == "timeout"
    assert bureau.result("查询").seconds >= 0.95
    assert bureau.result().works


def test_a_step_may_take_as_long_as_it_is_allowed_to(store):
    async def slow(exchange):
        await asyncio.sleep(0.6)
        await exchange.answer("<p>欢迎</p>")

    with web({"/": html(""), "/login": slow}).running() as site:
        bureau = Bureau(f"{site.url}/", store, timeout=0.2)
        bureau.try_due()
    assert bureau.result().works
    assert bureau.result().seconds >= 0.55


def test_a_hiccup_is_asked_again_and_a_wrong_answer_is_not(store):
    answers = iter((503, 200, 200))

    async def shaky(exchange):
        status = next(answers)
        if status == 503:
            exchange.reset()
        else:
            await exchange.answer("<p>欢迎</p>")

    with web({"/": html(""), "/login": shaky, "/wrong": html("出错")}).running() as site:
        wrong = {"name": "查询", "steps": [{"url": "/wrong", "expect": {"text": "结果"}}]}
        bureau = Bureau(f"{site.url}/", store, [LOGIN, wrong])
        bureau.try_due()
        assert len(site.asked("/wrong")) == 1
    assert bureau.result().works
    assert not bureau.result("查询").works


def test_forms_go_to_where_the_homepage_really_is(store):
    async def login(exchange):
        await exchange.answer("欢迎" if exchange.method == "POST" and b"user=demo" in exchange.body else "出错")

    with web({"/": html(""), "/login": login}).running() as real, web({}).running() as old:

        async def moved(exchange):
            await exchange.redirect(real.url + exchange.path, 301)

        old.routes["/"] = old.routes["/login"] = moved
        form = {"name": "登录", "steps": [{"url": "/login", "form": {"user": "demo"}, "expect": {"text": "欢迎"}}]}
        bureau = Bureau(f"{old.url}/", store, [form])
        bureau.try_due()
    assert bureau.result().works


def test_an_address_that_is_none_fails_and_stops_nobody(store):
    with web({"/": html(""), "/login": html("欢迎")}).running() as site:
        bureau = Bureau(f"{site.url}/", store, [{"name": "坏", "steps": [{"url": "http://["}]}, LOGIN])
        bureau.try_due()
    assert bureau.result("坏").finding.params["got"] == "malformed"
    assert bureau.result().works


def test_an_inspection_is_a_try_too(tmp_path, store):
    office = Office(tmp_path)

    with web({"/": html(""), "/login": html("欢迎")}).running() as site:
        office.inspect(Served(site.url), checks="probes", probes=[LOGIN])
    (result,) = ProbeStore(store.engine).load().values()
    assert (result.site, result.probe, result.works) == ("fixture", "登录", True)


def test_results_of_probes_that_are_no_more_are_dropped(store):
    results = ProbeStore(store.engine)
    for name, tried in (("旧", 1.0), ("新", 100.0)):
        results.save("a", name, tried, 0.1, None)
    results.forget(50.0)
    assert [key[1] for key in results.load()] == ["新"]


def test_the_daemon_tries_keeps_and_shows(tmp_path):
    pages = {"/": html(""), "/login": html("欢迎"), "/query": html("出错")}
    query = {"name": "办件查询", "steps": [{"url": "/query", "expect": {"text": "结果"}}]}
    never = {"spread": 0, "weekly": {"run": False}, "quarterly": {"run": False}}
    with web(pages).running() as site:
        entry = {"id": "a", "url": f"{site.url}/", "probes": [LOGIN, query]}
        with daemon(tmp_path, sites=[entry], schedule=never) as it:
            it.start()
            it.until(lambda: it.metric("probe_success", site="a", probe="办件查询") == 0, "tried")
            it.measures("probe_success", 1, site="a", probe="登录")
            assert 0 < it.metric("probe_duration_seconds", site="a", probe="登录") < 5
            first = it.metric("probe_last_run_timestamp_seconds", site="a", probe="登录")
            it.stop()
            it.start()
            it.measures("probe_success", 0, site="a", probe="办件查询")
            assert it.metric("probe_last_run_timestamp_seconds", site="a", probe="登录") == first
            assert len(site.asked("/login")) == 1
            (line,) = it.events("a function fails")
            assert line["reason"].startswith("“办件查询”, step 1")
            it.write(probes={"every": 0.005})
            it.until(lambda: len(site.asked("/login")) > 2, "tried on the new clock")
            it.write(sites=[entry | {"probes": [query]}])
            it.until(lambda: it.metric("probe_success", site="a", probe="登录") is None, "taken off")


def test_status_shows_how_functions_stand(tmp_path, store):
    from click.testing import CliRunner

    from monitor.cli import main

    params = {"name": "查询", "step": 1, "wanted": "200", "got": "500"}
    broken = Finding(RULES["failed-probe"], "http://a.cn/", "查询", params, "status")
    ProbeStore(store.engine).save("a", "查询", 0.0, 0.25, broken)
    ProbeStore(store.engine).save("a", "登录", 0.0, 0.25, None)
    probes = [{"name": name, "steps": [{"url": "/"}]} for name in ("查询", "登录", "申报")]
    sites = json.dumps([{"id": "a", "url": "http://a.cn/", "probes": probes}])
    command = ["status", "--set", f"store.url=sqlite:///{tmp_path}/store.db", "--set", f"sites={sites}"]
    text = CliRunner().invoke(main, command, catch_exceptions=False).output
    assert [line for line in text.splitlines() if "功能" in line] == [
        "不正常    功能      试于 1970-01-01T08:00+08:00  a  “查询”第 1 步返回 500，应为 200",
        "正常      功能      试于 1970-01-01T08:00+08:00  a  登录",
        "未试      功能      还没有试过  a  申报",
    ]
    rows = map(json.loads, CliRunner().invoke(main, [*command, "--format", "json"]).output.splitlines())
    assert [(row["probe"], row["state"]) for row in rows if "probe" in row] == [
        ("查询", "fails"), ("登录", "works"), ("申报", "untried"),
    ]  # fmt: skip
