"""A recheck: what it says of an entry whose places changed or did not, what it asks for, and what it leaves alone."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
import yaml
from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.pool import Pool

from monitor.inspection.recheck.scratch_store import PREFIX, scratch_store, sweep_leftovers
from monitor.remediation.ledger import Ledger
from monitor.store import Store
from reports.remediation.changes import WantedChange
from reports.remediation.states import State
from tests.monitor.command_server import Forked
from tests.monitor.desk import LATER, Desk
from tests.monitor.inspection.test_attachments import LEAK, docx
from tests.monitor.official import NEAR, Served
from tests.monitor.web import html, links, serve, web
from tests.server.framing import OK, raw

LOCAL = tuple(f"--set={setting}" for setting in NEAR)
CHALLENGE = html("<h1>403 Forbidden</h1><p>您的请求可能存在威胁，已被阻断。云防护 request_id 17</p>", "访问被拦截")


@pytest.fixture
def desk(tmp_path):
    """Make a desk for a site of these pages, inspected once."""
    running = []

    def make(pages, checks="links", settings=()):
        site = web(pages)
        context = site.running()
        context.__enter__()
        running.append(context)
        desk = Desk(tmp_path, site, checks, (*NEAR, *settings))
        desk.inspect()
        return desk

    yield make
    for context in running:
        context.__exit__(None, None, None)


TWO = {"/": links("/a.html", "/b.html", "/other.html"), "/a.html": links("/gone.html"), "/b.html": links("/gone.html")}
"""Two pages that link to one that is missing."""


def only(outcomes):
    (outcome,) = outcomes
    return outcome


def test_a_target_that_answers_closes_its_entry_with_what_answered(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.change(gone_html=html("回来了"))
    outcome = only(desk.recheck(number))
    assert (outcome["result"], outcome["state"], outcome["saved"]) == ("gone", "closed", True)
    assert outcome["evidence"] == f"HTTP 200：{desk.site.url}/gone.html"
    assert desk.asked == ["/gone.html", "/robots.txt"]
    assert desk.history(number) == [("recheck", "gone", "recheck", None), ("state", "closed", "recheck", None)]


def test_a_target_that_is_still_missing_is_sent_back_and_counted(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.run("ledger", "set", str(number), "--state=to-verify", "--by=张三")
    outcome = only(desk.recheck("--to-verify", code=1))
    assert (outcome["result"], outcome["state"]) == ("still-there", "to-fix")
    assert outcome["evidence"] == f"HTTP 404，仍有链接：{desk.site.url}/a.html"
    assert desk.asked == ["/a.html", "/gone.html", "/robots.txt"], "one page that links to it is enough"
    assert desk.entry("/gone.html")["bounced"] == 1


def test_a_link_that_every_page_has_dropped_is_gone(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.change(a_html=html("没有链接"))
    assert only(desk.recheck(number, code=1))["evidence"].endswith("/b.html")
    assert desk.asked == ["/a.html", "/b.html", "/gone.html", "/robots.txt"]
    desk.change(b_html=(404, "没有了"))
    outcome = only(desk.recheck(number))
    assert (outcome["result"], outcome["evidence"]) == ("gone", f"2 个引用页面都不再链接到它：{desk.site.url}/a.html")


def test_a_recheck_in_the_name_of_somebody(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.recheck(number, "--by=李四", code=1)
    assert desk.history(number) == [("recheck", "still-there", "李四", None)]


def test_a_closed_entry_whose_fault_came_back_is_reopened_and_closed_by_the_next_run(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.change(gone_html=html("回来了"))
    desk.recheck(number)
    desk.change(gone_html=(404, "又没有了"))
    assert only(desk.recheck(number, code=1))["state"] == "to-fix"
    assert desk.entry("/gone.html")["reopened"] == 1
    desk.change(gone_html=html("又回来了"))
    desk.inspect(when=LATER)
    assert desk.entry("/gone.html")["state"] == "closed"


# ---- what cannot be told -----------------------------------------------------------------------------


def test_a_site_that_is_down_tells_nothing(desk):
    desk = desk(TWO)
    entry = desk.entry("/gone.html")
    desk.run("ledger", "set", str(entry["number"]), "--state=to-verify", "--by=张三")
    for page in ("gone_html", "a_html", "b_html"):
        desk.change(**{page: raw(b"")})
    outcome = only(desk.recheck(entry["number"], code=3))
    assert (outcome["result"], outcome["state"]) == ("unknown", "to-verify")
    assert desk.entry("/gone.html")["bounced"] == 0
    assert desk.history(entry["number"]) == [("recheck", "unknown", "recheck", None)]


@pytest.mark.parametrize("answer", [(503, "维护中"), (403, "Forbidden"), (403, CHALLENGE)])
def test_what_answers_in_the_place_of_a_page_tells_nothing(desk, answer):
    desk = desk({"/": html('<a href="/x">x</a>'), "/x": html('<a href="{{item.url}}">题</a>')}, checks="templates")
    entry = desk.entry("/x")
    desk.change(x=answer)
    outcome = only(desk.recheck(entry["number"], code=3))
    assert (outcome["result"], outcome["state"]) == ("unknown", entry["state"])
    assert desk.asked[:2] == ["/robots.txt", "/x"]


def test_a_guard_before_a_target_that_was_missing_tells_nothing(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.change(gone_html=(403, "Forbidden"))
    assert only(desk.recheck(number, code=3))["result"] == "unknown"


BROKEN_OFF = raw(OK + b"Content-Length: 90000\r\n\r\n" + html("<p>政务公开</p>").encode())


def test_a_page_that_broke_off_tells_nothing_neither_here_nor_in_a_round(desk):
    desk = desk({"/": html('<a href="/x">x</a>'), "/x": html('<a href="{{item.url}}">题</a>')}, checks="templates")
    entry = desk.entry("/x")
    desk.change(x=BROKEN_OFF)
    assert only(desk.recheck(entry["number"], code=3))["evidence"] == f"页面没有传完连接就断了：{desk.site.url}/x"
    assert desk.inspect(when=LATER)["fixed"] == []
    assert desk.entry("/x")["state"] == entry["state"]


def test_a_target_that_moved_is_judged_as_an_inspection_judges_it(desk):
    desk = desk({**TWO, "/new.html": html("搬到这里")})
    number = desk.entry("/gone.html")["number"]
    desk.change(gone_html=(301, "/nowhere.html"))
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.change(gone_html=(301, "/new.html"))
    outcome = only(desk.recheck(number))
    assert outcome["evidence"] == f"HTTP 200，跳转到 {desk.site.url}/new.html：{desk.site.url}/gone.html"
    desk.inspect(when=LATER)
    assert desk.entry("/gone.html", "redirected-link")["state"] == "to-fix", "that is another fault"


@pytest.mark.parametrize("now", [(410, "撤下了"), html("<h1>404</h1><p>您访问的页面不存在或已删除</p>", "页面不存在")])
def test_a_link_that_fails_in_another_way_now_is_still_there(desk, now):
    desk = desk(TWO)
    desk.change(gone_html=now)
    assert only(desk.recheck(desk.entry("/gone.html")["number"], code=1))["result"] == "still-there"


def test_it_speaks_english(desk, monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    assert only(desk.recheck(number, code=1))["evidence"] == f"HTTP 404, still linked from {desk.site.url}/a.html"
    done = desk.office.run("ledger", "recheck", str(number), f"--config={desk.office.config}", *LOCAL, code=1)
    assert done.output.splitlines()[-1] == "gone 0, still there 1, cannot be told 0"
    desk.change(gone_html=html("回来了"))
    assert only(desk.recheck(number))["evidence"] == f"HTTP 200: {desk.site.url}/gone.html"


def told(desk, number):
    """The reasons in the history of an entry, as programs and as people are told them."""
    (shown,) = desk.run("ledger", "show", str(number), "--format=json")
    printed = desk.office.run("ledger", "show", str(number), f"--config={desk.office.config}").output
    return [row["why"] for row in shown["history"] if row["why"]], printed


def test_what_a_look_saw_is_told_later_in_the_language_of_who_reads(desk, monkeypatch):
    desk = desk({"/": links("/a.html"), "/a.html": links("/gone.html", "/lost.html")})
    recheck, inspection = (desk.entry(end)["number"] for end in ("/gone.html", "/lost.html"))
    desk.change(gone_html=html("回来了"), lost_html=html("也回来了"))
    only(desk.recheck(recheck))
    desk.now += timedelta(days=7)
    desk.inspect()
    at = desk.site.url
    said = {
        "zh-CN": (f"HTTP 200：{at}/gone.html", f"现在能正常打开：{at}/lost.html"),
        "en": (f"HTTP 200: {at}/gone.html", f"opens now: {at}/lost.html"),
    }
    for language, reasons in said.items():
        monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
        for number, reason in zip((recheck, inspection), reasons, strict=True):
            whys, printed = told(desk, number)
            assert set(whys) == {reason}
            assert f"({whys[0]})" in printed
            assert "recheck recheck" not in printed


def test_what_robots_txt_closes_is_not_asked_for(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.site.routes["/robots.txt"] = serve(b"User-agent: *\nDisallow: /gone\n")
    desk.change(gone_html=html("回来了"))
    outcome = only(desk.recheck(number, code=3))
    assert (outcome["result"], outcome["evidence"]) == ("unknown", f"robots.txt 不允许访问：{desk.site.url}/gone.html")
    assert "/gone.html" not in desk.asked


def test_across_our_own_network_that_fails_nothing_is_said_of_others(desk):
    desk = desk({"/": links("http://office.example/")}, settings=("crawl.canaries=[]",))
    desk.settings = (*NEAR, f"crawl.canaries=[{desk.site.url}/]")
    desk.inspect()
    number = desk.entry("office.example/")["number"]
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.settings = (*NEAR, "crawl.canaries=[http://127.0.0.1:9/]")
    outcome = only(desk.recheck(number, code=3))
    assert outcome["evidence"] == "本机网络有问题，外部链接无法判断"


def test_a_fault_of_the_whole_site_is_left_to_its_next_round_and_nothing_is_asked_for(desk):
    async def calendar(exchange):
        await exchange.answer(html(f'<p>本日无安排</p><a href="/days/{int(exchange.last) + 1}">后一天</a>'))

    desk = desk({"/": links("/days/1"), "/days/": calendar}, checks="spaces", settings=("crawl.trap_pages=3",))
    outcome = only(desk.recheck(desk.entry()["number"], code=3))
    assert (outcome["result"], outcome["evidence"]) == ("unknown", "要看整个网站才能判定，由下一次全站检查判定")
    assert desk.asked == []


def test_more_pages_than_are_known_are_left_to_a_round_of_the_whole_site(desk):
    pages = {f"/{n}.html": html(f'<a href="{{{{item.url}}}}">{n}</a>') for n in range(25)}
    desk = desk({"/": links(*pages), **pages}, checks="templates")
    number = desk.entry(rule="template-leftover")["number"]
    for path in pages:
        desk.site.routes[path] = serve(html("<p>没有问题</p>"))
    outcome = only(desk.recheck(number, code=3))
    assert outcome["evidence"] == "已知的 20 个页面上都没有了，其余共 25 个由下一次全站检查判定"
    assert len(desk.asked) == 21, "the known pages, and robots.txt"


def test_more_pages_with_a_link_than_are_known_are_left_to_a_round_of_the_whole_site(desk):
    pages = {f"/{n}.html": links("/gone.html") for n in range(5)}
    desk = desk({"/": links(*pages), **pages}, settings=("crawl.referrers_kept=3",))
    number = desk.entry("/gone.html")["number"]
    for path in ("/0.html", "/1.html", "/2.html"):
        desk.site.routes[path] = serve(html("没有链接"))
    outcome = only(desk.recheck(number, code=3))
    assert outcome["evidence"] == "已知的 3 个引用页面都不再链接，其余共 5 个由下一次全站检查判定"
    desk.inspect(when=LATER)
    assert desk.entry("/gone.html")["state"] == "to-fix", "two pages still have it"
    for path in ("/3.html", "/4.html"):
        desk.site.routes[path] = serve(html("没有链接"))
    desk.inspect(when=LATER)
    assert desk.entry("/gone.html")["state"] == "closed"


def test_what_a_killed_look_left_is_cleared_by_the_next(tmp_path, monkeypatch):
    """A look that is under way keeps its folder: its process holds a lock, which a killed one does not."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, strange = tmp_path / f"{PREFIX}killed", tmp_path / "sitehealth-other"
    for folder in (left, strange):
        folder.mkdir()
        (folder / "look.db-wal").write_bytes(b"what it had read")
    with scratch_store() as under_way:
        (own,) = tmp_path.glob(f"{PREFIX}*")
        assert not left.exists()
        sweep_leftovers()
        assert own.exists()
        assert under_way.runs.latest() == []
    assert [path.name for path in tmp_path.glob("sitehealth-*")] == [strange.name]


def test_a_page_whose_list_a_script_draws_proves_no_link_gone(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    engine = create_engine(desk.office.store)
    with engine.begin() as connection:  # as an inspection keeps the answer of a list's interface
        page = {"page": f"{desk.site.url}/a.html"}
        connection.execute(text("UPDATE pages SET continues = :page WHERE url <> :page"), page)
    desk.change(a_html=html("没有链接"), b_html=html("没有链接"))
    assert only(desk.recheck(number, code=3))["evidence"] == "页面的列表由脚本加载，由下一次检查判定"


# ---- other faults than links ----------------------------------------------------------------------------

ONE_PAGE = {"/": html('<a href="/x">x</a><a href="/y">y</a>'), "/y": html("<p>无关</p>")}


def test_a_fault_on_a_page_is_looked_for_on_that_page_alone(desk):
    desk = desk({**ONE_PAGE, "/x": html('<a href="{{item.url}}">题</a>')}, checks="templates")
    number = desk.entry("/x")["number"]
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.change(x=html("<p>没有问题</p>"))
    assert only(desk.recheck(number))["state"] == "closed"
    assert desk.asked == ["/robots.txt", "/x"]


def test_a_fault_that_moved_with_its_page_is_still_there(desk):
    desk = desk({**ONE_PAGE, "/x": html('<a href="{{item.url}}">题</a>')}, checks="templates")
    number = desk.entry("/x")["number"]
    desk.change(x=(301, "/new"), new=html('<a href="{{item.url}}">题</a>'))
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.change(new=html("<p>没有问题</p>"))
    assert only(desk.recheck(number))["result"] == "gone"


WRONG, RIGHT = (
    html("<p>请各单位按装要求报送材料，并做好相关工作。</p>"),
    html("<p>请各单位按照要求报送材料，并做好相关工作。</p>"),
)


def test_a_wording_on_two_pages_is_gone_when_both_are_mended(desk):
    desk = desk({**ONE_PAGE, "/x": WRONG, "/y": WRONG}, checks="typos")
    number = desk.entry(rule="typo")["number"]
    desk.change(x=RIGHT)
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.change(y=RIGHT)
    assert only(desk.recheck(number))["state"] == "closed"
    assert desk.asked == ["/robots.txt", "/x", "/y"]


def test_a_file_is_read_again(desk):
    desk = desk({"/": links("/a/mingdan.xlsx"), "/a/mingdan.xlsx": LEAK}, checks="document-privacy")
    number = desk.entry("mingdan.xlsx")["number"]
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.site.routes["/a/mingdan.xlsx"] = serve(b"PK damaged")
    assert only(desk.recheck(number, code=3))["result"] == "unknown"
    desk.site.routes["/a/mingdan.xlsx"] = serve(docx("没有问题"))
    assert only(desk.recheck(number))["result"] == "gone"
    assert desk.asked == ["/a/mingdan.xlsx", "/robots.txt"]


def test_the_marks_of_a_homepage_are_looked_for_where_the_homepage_is(desk):
    marked = {"/": (301, "/index/"), "/index/": html("<p>政务公开</p>")}
    desk = desk(marked, checks="identity", settings=("checks.identity.official=true",))
    number = desk.entry("/index/")["number"]
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    assert desk.asked == ["/index/", "/robots.txt"]


def test_the_host_is_probed_again(desk):
    async def bare(exchange):
        await exchange.answer(html("<p>政务公开</p>"))

    async def guarded(exchange):
        await exchange.answer(html("<p>政务公开</p>"), headers={"X-Content-Type-Options": "nosniff"})

    desk = desk({"/": bare}, checks="headers")
    entry = desk.entry(rule="x-content-type-options")
    assert only(desk.recheck(entry["number"], code=1))["result"] == "still-there"
    desk.change(home=guarded)
    assert only(desk.recheck(entry["number"]))["state"] == "closed"
    desk.change(home=raw(b""))
    assert only(desk.recheck(entry["number"], code=3))["result"] == "unknown"


def test_a_place_in_a_page(desk):
    desk = desk({"/": links("/long.html#end"), "/long.html": html("<p id=start>政务公开</p>")})
    number = desk.entry("#end")["number"]
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.change(long_html=html("<p id=end>政务公开</p>"))
    assert only(desk.recheck(number))["result"] == "gone"


def test_an_address_that_is_none(desk):
    desk = desk({"/": links("http://[bad/"), "/y": html("")})
    number = desk.entry("[bad/")["number"]
    assert only(desk.recheck(number, code=1))["result"] == "still-there"
    desk.change(home=links("/y"))
    assert only(desk.recheck(number))["result"] == "gone"
    assert desk.asked == ["/", "/robots.txt"]


# ---- what a recheck leaves alone -------------------------------------------------------------------------


def test_runs_reports_and_figures_of_inspections_stay_as_they_are(desk):
    desk = desk(
        {**TWO, "/": links(*(f"/{n}.html" for n in range(30)))} | {f"/{n}.html": links("/gone.html") for n in range(30)}
    )
    desk.inspect(scope="homepage")
    before = tables(desk)
    number = desk.entry("/gone.html")["number"]
    desk.recheck(number, code=1)
    desk.change(gone_html=html("回来了"))
    desk.recheck(number)
    after = tables(desk)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"entries", "entry_history", "sightings", "events", "audit_log"}, (
        "the ledger, what people are written to of, and who asked"
    )
    changed = [row for row in after["sightings"] if row not in before["sightings"]]
    assert [row["fixed_run"] for row in changed] == [None] * len(changed)
    for row in after["sightings"]:
        row |= {"fixed": None}
    assert after["sightings"] == before["sightings"], "but for the time at which they are fixed"


def tables(desk):
    engine = create_engine(desk.office.store)
    with engine.connect() as connection:
        return {
            name: sorted(
                (dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()), key=repr
            )
            for name in inspect(engine).get_table_names()
            if name != "sqlite_sequence"
        }


def test_what_both_scopes_saw_is_closed_once_and_for_both(desk):
    desk = desk({"/": links("/gone.html")})
    desk.inspect(scope="homepage")
    desk.change(gone_html=html("回来了"))
    desk.recheck(desk.entry("/gone.html")["number"])
    for scope in ("homepage", "site"):
        report = desk.inspect(scope=scope, when=LATER)
        assert (report["findings"], report["fixed"]) == ([], [])


# ---- what is wanted of it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ((), "请给出编号"),
        (("1", "--to-verify"), "只能用一个"),
        (("1", "--site=fixture"), "--to-verify"),
        (("--to-verify", "--site=nobody"), "没有网站“nobody”"),
        (("1", "999"), "#999: 没有这个编号"),
    ],
)
def test_what_is_unclear_is_refused_and_nothing_is_asked_for(desk, command, message):
    desk = desk(TWO)
    desk.site.requests.clear()
    done = desk.office.run("ledger", "recheck", *command, f"--config={desk.office.config}", code=2)
    assert message in done.output
    assert desk.site.requests == []


def test_a_site_that_the_configuration_lacks_is_named(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.office.configure(Served(desk.site.url), id="another")
    done = desk.office.run("ledger", "recheck", str(number), f"--config={desk.office.config}", code=2)
    assert f"#{number}: 网站“fixture”不在配置" in done.output


def test_nothing_to_verify(desk):
    desk = desk(TWO)
    done = desk.office.run("ledger", "recheck", "--to-verify", f"--config={desk.office.config}")
    assert done.output == "没有待复核的问题\n"


# ---- beside others -----------------------------------------------------------------------------------------


def test_while_an_inspection_of_the_site_is_under_way_its_entries_are_left_to_it(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    with Store(desk.office.store) as store:
        run = store.runs.begin(
            site="fixture", name="", url=desk.site.url, scope="homepage", engine="", scheduled_for=None
        )
    outcome = only(desk.recheck(number, code=3))
    assert outcome["evidence"] == f"正在检查这个网站（第 {run.id} 次运行），以它的结果为准"
    assert desk.asked == []


@pytest.mark.parametrize(
    ("meanwhile", "result", "state"),
    [
        ({"owner": "王五"}, "gone", "closed"),
        ({"state": State.ACCEPTED, "reason": "说明", "until": date(2030, 1, 1)}, "unknown", "accepted"),
    ],
)
def test_what_people_change_while_it_is_looked_at_stands(desk, meanwhile, result, state):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]

    async def changing(exchange):
        with Store(desk.office.store) as store:
            Ledger(store).change([number], WantedChange(**meanwhile), "张三")
        await exchange.answer(html("回来了"))

    desk.change(gone_html=changing)
    outcome = only(desk.recheck(number, code=0 if result == "gone" else 3))
    assert (outcome["result"], outcome["state"]) == (result, state)
    assert desk.entry("/gone.html")["owner"] == meanwhile.get("owner", "")


@pytest.fixture
def impatient():
    """Have connections of SQLite wait for no other writer: the usual 15 seconds are no test's."""

    def hurry(connection, *_):
        connection.execute("PRAGMA busy_timeout=0")

    event.listen(Pool, "checkout", hurry)
    yield
    event.remove(Pool, "checkout", hurry)


@pytest.mark.usefixtures("impatient")
def test_a_store_that_stays_locked_is_named_and_nothing_is_lost(desk):
    desk = desk(TWO)
    number = desk.entry("/gone.html")["number"]
    desk.change(gone_html=html("回来了"))
    writer = sqlite3.connect(desk.office.store.removeprefix("sqlite:///"))
    writer.execute("BEGIN IMMEDIATE")
    outcome = only(desk.recheck(number, code=3))
    assert (outcome["result"], outcome["saved"], outcome["state"]) == ("gone", False, "to-fix")
    writer.rollback()
    assert only(desk.recheck(number))["state"] == "closed"


def test_what_was_seen_before_an_interruption_is_kept(desk):
    async def interrupting(exchange):
        signal.raise_signal(signal.SIGINT)  # noted by the event loop when it returns, so before the answer
        await exchange.answer(html("回来了"))

    desk = desk({"/": links("/one.html", "/two.html")}, settings=("crawl.concurrency=1",))
    first, second = (desk.entry(rule="broken-link", number=number) for number in (1, 2))
    desk.site.routes[urlsplit(first["target"]).path] = interrupting
    outcomes = {each["number"]: each for each in desk.recheck(1, 2, code=130)}
    assert (outcomes[1]["result"], outcomes[1]["state"]) == ("gone", "closed")
    assert (outcomes[2]["result"], outcomes[2]["state"]) == ("unknown", "to-fix")
    assert urlsplit(second["target"]).path not in desk.asked


def test_a_kill_loses_nothing_of_what_was_known(desk):
    reading = threading.Event()

    async def hanging(_):
        reading.set()
        await asyncio.sleep(600)

    desk = desk({"/": links("/a.html", "/mended.html"), "/a.html": links("/gone.html")})
    mended, gone = desk.entry("/mended.html")["number"], desk.entry("/gone.html")["number"]
    desk.change(mended_html=html("回来了"))
    desk.site.routes["/a.html"] = hanging  # it is asked for once the targets have answered
    sets = [f"--set={setting}" for setting in desk.settings]
    command = ["ledger", "recheck", str(mended), str(gone), f"--config={desk.office.config}", *sets]
    process = Forked(command, stdout=subprocess.DEVNULL)
    assert reading.wait(60)
    process.kill()
    process.wait()
    assert desk.entry("/mended.html")["state"] == "closed"
    assert desk.entry("/gone.html")["state"] == "to-fix"


# ---- politeness --------------------------------------------------------------------------------------------


def test_what_the_address_guard_forbids_is_not_asked_for(desk):
    guarded = ("crawl.allow_private=false", "crawl.allowed_networks=[127.0.0.1/32]")
    with web({"/": html("别人的")}, host="127.0.0.2").running() as partner:
        desk = desk({"/": links(f"{partner.url}/")}, settings=guarded)
        outcome = only(desk.recheck(desk.entry(f"{partner.url}/")["number"], code=1))
        assert (outcome["result"], partner.requests) == ("still-there", [])


def test_requests_to_a_host_keep_the_delay(desk):
    times = []

    async def missing(exchange):
        times.append(time.monotonic())
        await exchange.answer("", status=404)

    desk = desk({"/": links("/one", "/two", "/three"), "/one": missing, "/two": missing, "/three": missing})
    numbers = [desk.entry(end)["number"] for end in ("/one", "/two", "/three")]
    times.clear()
    desk.settings = (*NEAR, "crawl.delay=0.2", "crawl.concurrency=8")
    desk.recheck(*numbers, code=1)
    assert min(later - earlier for earlier, later in pairwise(sorted(times)[::2])) > 0.15, "HEAD and GET are one job"


def test_entries_of_several_sites(desk, tmp_path):
    desk = desk(TWO)
    first = desk.entry("/gone.html")["number"]
    with web({"/": links("/gone.html"), "/gone.html": html("这里有")}).running() as other:
        config = yaml.safe_load(desk.office.config.read_text("utf-8"))
        config["sites"].append({"url": f"{other.url}/", "id": "other"})
        desk.office.config.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
        other.routes["/gone.html"] = serve((404, "没有"))
        command = ["inspect", f"{other.url}/", "--checks=links", "--format=json", f"--out={tmp_path}/other.json"]
        desk.run(*command)
        other.routes["/gone.html"] = serve(html("回来了"))
        second = next(e["number"] for e in desk.run("ledger", "list", "--format=json") if e["site"] == "other")
        outcomes = desk.recheck(second, first, code=1)
    assert {(each["site"], each["result"]) for each in outcomes} == {("fixture", "still-there"), ("other", "gone")}


# ---- what a run may conclude from the pages that had a link -------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"gone_html": (403, "Forbidden")}, {"robots_txt": b"User-agent: *\nDisallow: /gone\n"}]
)
def test_a_round_closes_no_link_that_pages_still_have_and_whose_target_shows_nothing(desk, change):
    desk = desk(TWO)
    for name, content in change.items():
        desk.site.routes[f"/{name.replace('_', '.')}"] = serve(content)
    assert desk.inspect(when=LATER)["fixed"] == []
    assert desk.entry("/gone.html", "broken-link")["state"] == "to-fix"
