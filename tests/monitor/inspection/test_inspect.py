"""``sitehealth inspect`` from the outside: what it finds, what it says, how it ends."""

from __future__ import annotations

import asyncio
import signal
import threading
import time

import pytest

from reports import FORMATS
from tests.monitor.web import Command, html, links, path_of, web
from tests.server.site import Exchange

NOTICE = html("<h1>提示</h1><p>抱歉，您访问的页面不存在或已删除。</p>", "页面不存在")


@pytest.fixture
def inspect(tmp_path) -> Command:
    return Command(tmp_path)


# ---- verdicts ------------------------------------------------------------------------------------


def test_a_sound_site_has_no_findings_and_exit_code_0(inspect):
    pages = {"/": links("/a.html", "/b.pdf"), "/a.html": links("/", "#top", "#"), "/b.pdf": b"%PDF-1.4 x"}
    with web(pages).running() as site:
        outcome = inspect(site.url)
    assert (outcome.code, outcome.report["findings"], outcome.report["run"]["status"]) == (0, [], "complete")
    assert outcome.report["run"]["pages"] == 2


@pytest.mark.parametrize(
    ("content", "error", "confidence"),
    [
        ((404, "没有"), "http-4xx", "confirmed"),
        ((410, "没有"), "http-4xx", "confirmed"),
        ((500, "出错"), "http-5xx", "suspected"),
        ((503, "出错"), "http-5xx", "suspected"),
        ((400, "错误"), "http-4xx", "suspected"),
        ((301, "/a.html"), "redirect-loop", "confirmed"),
        ((302, "/gone.html"), "http-4xx", "confirmed"),
        ((302, "ftp://a.cn/"), "redirect-broken", "confirmed"),
    ],
)
def test_what_does_not_open_is_broken_and_as_sure_as_one_run_can_be(inspect, content, error, confidence):
    with web({"/": links("/a.html"), "/a.html": content}).running() as site:
        (finding,) = inspect(site.url).report["findings"]
    assert (finding["rule"], finding["target"]["error"]) == ("broken-link", error)
    assert finding["confidence"] == confidence
    (referrer,) = finding["referrers"]
    assert (referrer["url"], referrer["text"], finding["referrer_count"]) == (f"{site.url}/", "到 /a.html", 1)


def test_a_host_without_an_address_is_broken_at_once(inspect):
    with web({"/": links("http://no-such-host.invalid/")}).running() as site:
        (finding,) = inspect(site.url).report["findings"]
    assert (finding["target"]["error"], finding["confidence"]) == ("dns", "confirmed")


async def nonsense(exchange: Exchange) -> None:
    """Answer with what is not HTTP."""
    await exchange.raw(b"no status line at all\r\n\r\n")


@pytest.mark.parametrize("failing", [(500, "出错"), nonsense], ids=["http-5xx", "protocol"])
def test_what_fails_twice_in_one_run_is_suspected_and_in_two_runs_confirmed(inspect, failing):
    with web({"/": links("/a.html"), "/a.html": failing}).running() as site:
        first, second = inspect(site.url), inspect(site.url)
        asked = len(site.asked("/a.html"))
    assert [outcome.found("broken-link")[0]["confidence"] for outcome in (first, second)] == ["suspected", "confirmed"]
    assert asked >= 4  # twice in each run


def test_what_fails_once_and_opens_on_the_second_look_is_fine(inspect):
    seen = []

    async def moody(exchange: Exchange) -> None:
        seen.append(exchange.method)
        await exchange.answer(html("好"), status=500 if len(seen) == 1 else 200)

    with web({"/": links("/a.html"), "/a.html": moody}).running() as site:
        outcome = inspect(site.url)
    assert (outcome.report["findings"], len(seen)) == ([], 2)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (401, {}, ""),
        (403, {}, ""),
        (429, {"Retry-After": "3600"}, ""),
        (999, {}, ""),
        (521, {"Set-Cookie": "__jsluid_s=1"}, "<script>document.cookie=1</script>"),
        (412, {}, "<script>$_ts=window['$_ts']</script>"),
        (202, {}, "<script>$_ts=window['$_ts']</script>"),
        (200, {}, "<script>var arg1='A';function f(){document.cookie='acw_sc__v2='}</script>"),
        (403, {}, "<title>网站防火墙</title>"),
    ],
)
def test_whoever_keeps_us_out_is_blocked_never_broken(inspect, status, headers, body):
    async def guard(exchange: Exchange) -> None:
        await exchange.answer(body, status=status, headers=headers)

    with web({"/": links("/a.html"), "/a.html": guard}).running() as site:
        (finding,) = inspect(site.url).report["findings"]
    assert (finding["rule"], finding["confidence"]) == ("blocked-link", "suspected")


def test_a_notice_that_answers_200_is_a_soft_404(inspect):
    news = html(
        "<h1>网页不存在怎么办</h1><p>" + "我市开展网站整治，凡链接打不开、页面不存在的一律限期整改。" * 30 + "</p>",
        "整治页面不存在",
    )
    pages = {
        "/": links("/a.html", "/b.html", "/n.html"),
        "/a.html": NOTICE,
        "/b.html": (302, "/404.htm"),
        "/404.htm": NOTICE,
        "/n.html": news,
    }
    with web(pages).running() as site:
        outcome = inspect(site.url)
    assert outcome.targets("soft-404") == {"/a.html", "/b.html"}
    assert outcome.rules == {"soft-404"}


def test_a_server_that_sends_home_whoever_asks_for_nothing_is_seen_through(inspect):
    async def home(exchange: Exchange) -> None:
        await exchange.redirect("/")

    pages = {"/": links("/old/a.html", "/new/b.html"), "/old/": home, "/new/b.html": (302, "/")}
    with web(pages).running() as site:
        outcome = inspect(site.url)
    assert outcome.report["findings"] == []  # one signal only: sent home, and so is a random path


def test_a_place_that_is_not_in_the_page_is_found_and_every_spelling_of_one_that_is_passes(inspect):
    body = (
        '<p id="第一章">一</p><a name="old">旧</a><a href="#%E7%AC%AC%E4%B8%80%E7%AB%A0">a</a><a href="#第一章">b</a>'
        '<a href="#old">c</a><a href="#top">d</a><a href="#">e</a><a href="#!/route">f</a>'
        '<a href="#tab" onclick="t()">g</a>'
        '<a href="b.html#gone">h</a>'
    )
    with web({"/": html(body), "/b.html": html("<p id=yes>")}).running() as site:
        (finding,) = inspect(site.url).report["findings"]
    assert (finding["rule"], path_of(finding["target"]["url"])) == ("broken-fragment", "/b.html#gone")


def test_a_file_that_is_really_a_page_is_no_file(inspect):
    word = b'<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>x'
    pages = {
        "/": links("/a.pdf", "/b.pdf", "/c.doc", "/d.zip"),
        "/a.pdf": html("登录").encode(),
        "/b.pdf": b"%PDF-1.7",
        "/c.doc": word,
        "/d.zip": b"",
    }
    with web(pages).running() as site:
        outcome = inspect(site.url)
    assert outcome.targets("broken-link") == {"/a.pdf", "/d.zip"}


def test_a_moved_page_is_a_hint_and_a_change_of_form_is_not(inspect):
    pages = {"/": links("/old.html", "/dir", "/temp"), "/old.html": (301, "/new.html"), "/new.html": html("新")}
    pages |= {"/dir": (301, "/dir/"), "/dir/": html("目录"), "/temp": (302, "/new.html")}
    with web(pages).running() as site:
        outcome = inspect(site.url)
    assert outcome.targets("redirected-link") == {"/old.html"}
    assert outcome.rules == {"redirected-link"}


def test_an_address_that_no_browser_can_open_is_shown_as_written(inspect):
    with web({"/": html('<a href="http://[">x</a><a href="file:///D:/通知.doc">y</a>')}).running() as site:
        found = inspect(site.url).found("malformed-link")
    assert {finding["target"]["url"] for finding in found} == {"http://[", "file:///D:/通知.doc"}


def test_one_dead_target_is_one_finding_however_many_pages_share_it(inspect):
    pages = {"/": links(*(f"/{n}.html" for n in range(30)), "/gone")} | {
        f"/{n}.html": links("/gone") for n in range(30)
    }
    with web(pages).running() as site:
        (finding,) = inspect(site.url, settings=("crawl.referrers_kept=5",)).report["findings"]
    assert (len(finding["referrers"]), finding["referrer_count"], finding["severity"]) == (5, 31, "critical")


# ---- the crawl -----------------------------------------------------------------------------------


def test_no_address_is_asked_for_twice_not_even_behind_a_redirect(inspect):
    pages = {"/": links("/a", "/b", "/b#x", "/img.png"), "/a": (302, "/b"), "/b": links("/img.png", "/a", "/")}
    pages |= {"/img.png": b"\x89PNG"}
    with web(pages).running() as site:
        inspect(site.url)
        counted = {path: len(site.asked(path)) for path in ("/", "/a", "/b", "/img.png")}
    assert counted["/b"] <= 2
    assert counted | {"/b": 1} == {"/": 1, "/a": 1, "/b": 1, "/img.png": 1}


def test_foreign_targets_are_checked_once_with_head_and_never_read(inspect):
    with web({"/deep": links("/deeper")}, host="127.0.0.2").running() as other:
        pages = {"/": links("/a", f"{other.url}/deep"), "/a": links(f"{other.url}/deep")}
        with web(pages).running() as site:
            outcome = inspect(site.url)
        assert [method for method, _, _ in other.requests] == ["HEAD"]
    assert outcome.report["findings"] == []


def test_a_server_that_lies_to_head_is_asked_again(inspect):
    async def get_only(exchange: Exchange) -> None:
        await exchange.answer("x", status=200 if exchange.method == "GET" else 405, type="image/png")

    with web({"/": html("<img src=/a.png>"), "/a.png": get_only}).running() as site:
        outcome = inspect(site.url)
    assert outcome.report["findings"] == []


def test_the_homepage_scope_reads_the_homepage_its_frames_and_where_it_sends_the_reader(inspect):
    pages = {
        "/": html('<meta http-equiv="refresh" content="0;url=/portal/">'),
        "/portal/": html('<a href="/col/">栏目</a><a href="/gone">x</a><iframe src="/frame"></iframe>'),
        "/frame": links("/gone2"),
        "/col/": links("/gone3"),
    }
    with web(pages).running() as site:
        outcome = inspect(site.url, "--scope=homepage")
    assert outcome.targets("broken-link") == {"/gone", "/gone2"}


def test_robots_txt_is_obeyed_unless_the_owner_says_otherwise(inspect):
    pages = {"/": links("/private/a.html"), "/private/a.html": links("/gone")}

    async def robots(exchange: Exchange) -> None:
        await exchange.answer("User-agent: *\nDisallow: /private/\n", type="text/plain")

    with web(pages | {"/robots.txt": robots}).running() as site:
        outcome = inspect(site.url)
        assert (outcome.report["findings"], site.asked("/private/a.html")) == ([], [])
        assert "robots.txt" in str(outcome.report["notices"])
        assert inspect(site.url, settings=("crawl.robots=false",)).targets("broken-link") == {"/gone"}


def test_pages_that_only_the_sitemap_knows_are_read(inspect):
    async def sitemap(exchange: Exchange) -> None:
        text = f"<urlset><url><loc>{exchange.site.url}/hidden.html</loc></url></urlset>"
        await exchange.answer(text, type="application/xml")

    with web({"/": html(""), "/sitemap.xml": sitemap, "/hidden.html": links("/gone")}).running() as site:
        assert inspect(site.url).targets("broken-link") == {"/gone"}
        assert inspect(site.url, settings=("crawl.sitemap=false",)).report["findings"] == []


def test_a_busy_server_is_given_the_time_it_asks_for(inspect):
    times: list[float] = []

    async def busy(exchange: Exchange) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            await exchange.answer("", status=429, headers={"Retry-After": "1"})
        else:
            await exchange.answer(html("好"))

    with web({"/": links("/a"), "/a": busy}).running() as site:
        assert inspect(site.url).report["findings"] == []
    assert times[1] - times[0] >= 0.95


def test_no_more_requests_at_a_time_than_are_allowed_and_a_pause_between_them(inspect):
    now, most, starts, full = [0], [0], [], asyncio.Event()

    async def slow(exchange: Exchange) -> None:
        now[0] += 1
        most[0] = max(most[0], now[0])
        starts.append(time.monotonic())
        if now[0] == 3:
            full.set()
        await asyncio.wait_for(full.wait(), 60)
        await asyncio.sleep(0.05)
        now[0] -= 1
        await exchange.answer(html(""))

    pages = {"/": links(*(f"/p/{n}" for n in range(12))), "/p/": slow}
    with web(pages).running() as site:
        inspect(site.url, settings=("crawl.concurrency=3",))
        assert most[0] == 3
        starts.clear()
        inspect(site.url, settings=("crawl.delay=0.1", "crawl.conditional=false"))
    assert starts[-1] - starts[0] > 0.8, "eleven pauses, however late a busy machine sees a request"


@pytest.mark.parametrize(
    ("start", "page", "reason"),
    [
        (
            "/cal/?y=2024&m=1",
            lambda e: f'<h1>{e.query("m")}月日程</h1><a href="?y=2024&m={int(e.query("m")) + 1}">下月</a>',
            "same-pages",
        ),
        ("/x/", lambda e: f'<p>{len(e.path)}</p><a href="x/">再进</a>', "repeated-path"),
    ],
)
def test_a_space_without_an_end_is_cut_and_reported(inspect, start, page, reason):
    async def endless(exchange: Exchange) -> None:
        await exchange.answer(html(page(exchange)))

    with web({"/": links(start), "/cal/": endless, "/x/": endless}).running() as site:
        outcome = inspect(site.url)
        assert len(site.requests) < 60
    (finding,) = outcome.found("endless-space")
    assert outcome.report["run"]["status"] == "complete"
    assert finding["message"]
    assert reason


def test_a_long_chain_of_list_pages_is_no_trap(inspect):
    async def page(exchange: Exchange) -> None:
        n = int(exchange.query("page", "1"))
        rest = f'<a href="/list?page={n + 1}">下一页</a>' if n < 60 else ""
        await exchange.answer(html(f'<li><a href="/art/{n}.html">第{n}条</a></li>{rest}'))

    async def article(exchange: Exchange) -> None:
        number = int(exchange.path.rpartition("/")[2].removesuffix(".html"))
        await exchange.answer(html(f"关于{chr(0x4E00 + number)}的公告"))

    with web({"/": links("/list?page=1"), "/list": page, "/art/": article}).running() as site:
        outcome = inspect(site.url)
    assert outcome.report["findings"] == []
    assert outcome.report["run"]["pages"] == 121


def test_a_list_in_another_order_is_asked_whether_it_opens_and_not_read_again(inspect):
    async def table(exchange: Exchange) -> None:
        await exchange.answer(links("/t?id=1&sort=date", "/t?id=1&sort=name&order=asc", "/t?id=1"))

    with web({"/": links("/t?id=1", "/t?sort=x&id=1"), "/t": table}).running() as site:
        inspect(site.url)
        read = [target for method, target, _ in site.requests if method == "GET" and target.startswith("/t")]
        asked = {target for _, target, _ in site.requests if target.startswith("/t")}
    assert (read, len(asked)) == (["/t?id=1"], 4)


@pytest.mark.parametrize("query", ["sort=date", "order=3", "page=2", "orderby=time&id=1"])
def test_a_dead_link_with_an_order_is_reported_with_the_page_that_has_it(inspect, query):
    with web({"/": links(f"/gone.html?{query}")}).running() as site:
        (finding,) = inspect(site.url).found("broken-link")
        assert finding["target"]["url"] == f"{site.url}/gone.html?{query}"
        assert [referrer["url"] for referrer in finding["referrers"]] == [f"{site.url}/"]


def test_the_report_has_the_grade_of_the_headers(inspect):
    with web({"/": links("/")}).running() as site:
        security = inspect(site.url, checks="headers").report["security"]
    assert (security["grade"], security["score"]) == ("F", 10)
    assert security["tests"]["x-content-type-options"]["title"] == "禁止猜测文件类型"


# ---- again, and what has changed -----------------------------------------------------------------


def test_an_unchanged_page_is_not_read_again_and_what_was_wrong_with_it_still_is(inspect):
    async def stable(exchange: Exchange) -> None:
        same = exchange.headers.get("if-none-match") == '"1"'
        await exchange.answer(
            "" if same else links("/gone", "/b"), status=304 if same else 200, headers={"ETag": '"1"'}
        )

    with web({"/": links("/a"), "/a": stable, "/b": links("/gone2")}).running() as site:
        first, second = inspect(site.url), inspect(site.url)
    assert first.targets("broken-link") == second.targets("broken-link") == {"/gone", "/gone2"}
    assert [finding["baseline"] for finding in second.report["findings"]] == ["unchanged", "unchanged"]
    assert first.report["run"]["pages"] == second.report["run"]["pages"] == 3
    assert second.report["run"]["bytes"] < first.report["run"]["bytes"]


def test_new_fixed_and_reopened_are_told_apart(inspect):
    state = {"b": 404}

    async def page(exchange: Exchange) -> None:
        await exchange.answer(html(""), status=state["b"])

    with web({"/": links("/a", "/b"), "/a": (404, ""), "/b": page}).running() as site:
        first = inspect(site.url)
        state["b"] = 200
        second = inspect(site.url)
        state["b"] = 404
        third = inspect(site.url)
    assert {f["baseline"] for f in first.report["findings"]} == {"new"}
    assert [path_of(f["target"]["url"]) for f in second.report["fixed"]] == ["/b"]
    assert {path_of(f["target"]["url"]): f["baseline"] for f in third.report["findings"]} == {
        "/a": "unchanged",
        "/b": "reopened",
    }


def test_a_link_that_was_taken_out_is_fixed(inspect):
    state = {"page": links("/gone")}

    async def page(exchange: Exchange) -> None:
        await exchange.answer(state["page"])

    with web({"/": page}).running() as site:
        inspect(site.url)
        state["page"] = html("")
        second = inspect(site.url)
    assert (second.report["findings"], len(second.report["fixed"])) == ([], 1)


def test_what_a_cut_run_did_not_reach_is_not_called_fixed(inspect):
    pages = {"/": links("/a", "/b"), "/a": links("/c"), "/b": html(""), "/c": links("/gone")}
    with web(pages).running() as site:
        inspect(site.url)
        second = inspect(site.url, "--max-pages=1")
    assert (second.report["run"]["status"], second.report["fixed"]) == ("partial", [])
    assert "max_pages" in second.report["run"]["reason"]


# ---- how it ends ---------------------------------------------------------------------------------


def test_findings_as_bad_as_fail_on_exit_with_1(inspect):
    with web({"/": links("/a"), "/a": links("/gone")}).running() as site:
        assert inspect(site.url, "--fail-on=critical").code == 0
        assert inspect(site.url, "--fail-on=major").code == 1
        assert inspect(site.url, "--fail-on=minor").code == 1


@pytest.mark.parametrize(
    ("url", "options", "message"),
    [
        ("http://", (), "不是网址"),
        ("http://127.0.0.1:9/", ("--checks=nothing",), "没有检查项 'nothing'，可以是：links, "),
        (
            "http://127.0.0.1:9/",
            ("--format=odt",),
            f"没有 odt 格式，可以是：{', '.join(FORMATS)}",
        ),
        ("http://127.0.0.1:9/", ("--set=crawl.delay=x",), "crawl.delay"),
        ("http://127.0.0.1:9/", ("--set=store.url=oracle://x",), "store.url 'oracle://x' 不能用"),
        ("http://127.0.0.1:9/", ("--config=none.yaml",), "none.yaml：读不了：文件不存在"),
        ("http://127.0.0.1:9/", ("--scope=all",), "'--scope' 的取值不对"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_would_do(inspect, url, options, message):
    outcome = inspect(url, *options)
    assert (outcome.code, outcome.report) == (2, None)
    assert message in outcome.stderr


def test_a_site_that_does_not_open_exits_with_3_and_says_why(inspect):
    outcome = inspect("http://127.0.0.1:9/")
    assert outcome.code == 3
    assert outcome.report["run"]["status"] == "failed"
    assert outcome.report["run"]["reason"].startswith("首页打不开：连接不上")


def test_an_interrupted_run_exits_with_130_and_keeps_what_it_found(inspect):
    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(0.1)
        await exchange.answer(links("/gone"))

    pages = {"/": links("/gone", *(f"/p/{n}" for n in range(500))), "/p/": slow}
    with web(pages).running() as site:
        process = inspect.start(site.url)
        while len(site.requests) < 20:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        outcome = inspect.finish(process)
    assert (outcome.code, outcome.report["run"]["status"]) == (130, "partial")
    assert outcome.targets("broken-link") == {"/gone"}


def lasting(report: dict) -> dict[str, dict]:
    """What of a report's findings does not depend on when it was made."""
    return {finding["id"]: {**finding, "first_seen": "", "last_seen": ""} for finding in report["findings"]}


def test_a_killed_run_is_resumed_and_finds_what_an_undisturbed_one_finds(inspect, tmp_path):
    async def page(exchange: Exchange) -> None:
        n = int(exchange.last)
        await asyncio.sleep(0.01)
        further = links(f"/p/{2 * n % 97}", f"/p/{(2 * n + 1) % 97}", f"/gone/{n % 7}", f"/p/{n}#no")
        await exchange.answer(further + chr(0x4E00 + n))

    (tmp_path / "calm").mkdir()
    calm = Command(tmp_path / "calm")
    with web({"/": links("/p/1"), "/p/": page}).running() as site:
        expected = calm(site.url)
        calm_requests = len(site.requests)
        kills = 0
        while True:
            process = inspect.start(site.url)
            before = len(site.requests)
            while process.poll() is None and len(site.requests) < before + 25:
                time.sleep(0.005)
            if process.poll() is not None:
                outcome = inspect.finish(process)
                break
            process.kill()
            process.communicate()
            kills += 1
        asked = len(site.requests) - calm_requests
    assert kills >= 2
    assert lasting(outcome.report) == lasting(expected.report)
    assert outcome.report["run"]["pages"] == expected.report["run"]["pages"]
    assert asked <= calm_requests + kills * 70


def test_a_site_is_inspected_by_one_process_at_a_time(inspect):
    answer = threading.Event()

    async def held(exchange: Exchange) -> None:
        await asyncio.to_thread(answer.wait, 300)
        await exchange.answer(html(""))

    with web({"/": links("/a"), "/a": held}).running() as site:
        first = inspect.start(site.url, settings=("crawl.timeout=60",))
        while not site.asked("/a"):
            assert first.poll() is None
            time.sleep(0.02)
        second = inspect(site.url, settings=("crawl.timeout=60",))
        answer.set()
        assert (second.code, "正在检查" in second.stderr) == (3, True)
        assert inspect.finish(first).code == 0


def test_a_link_to_an_address_of_our_own_network_is_not_followed(inspect):
    with web({"/": html("")}, host="127.0.0.2").running() as inner:
        pages = {"/": links(f"{inner.url}/", "/hop"), "/hop": (302, f"{inner.url}/admin")}
        with web(pages).running() as site:
            outcome = inspect(site.url, "--strict", settings=("crawl.allowed_networks=[127.0.0.1/32]",))
        assert inner.requests == []
    assert [f["target"]["error"] for f in outcome.found("broken-link")] == ["forbidden-address"] * 2


def test_lists_behind_a_cut_are_read_to_the_last(inspect):
    """A hundred lists by two filters name one another, of which the first sixty are empty."""
    lists = [f"/list?dept={dept}&kind={kind}" for dept in "abcdefghij" for kind in "klmnopqrst"]

    async def listed(exchange: Exchange) -> None:
        at = lists.index(f"/list?dept={exchange.query('dept')}&kind={exchange.query('kind')}")
        menu = "".join(f'<a href="{url.replace("&", "&amp;")}">看</a>' for url in lists)
        shown = f'<p>第{at}号公告{chr(0x4E00 + at)}</p><a href="/gone/{at}.html">原文</a>' if at >= 60 else "没有内容"
        await exchange.answer(html(menu + shown))

    with web({"/": links(lists[0]), "/list": listed}).running() as site:
        outcome = inspect(site.url, "--checks", "links,spaces")
        assert set(lists) <= {target for _, target, _ in site.requests}
    assert len(outcome.found("broken-link")) == 40
    assert outcome.found("endless-space") == []


def test_an_endless_space_is_cut_although_the_run_is_killed_within_it(inspect):
    async def calendar(exchange: Exchange) -> None:
        month = int(exchange.query("m"))
        await asyncio.sleep(0.01)
        await exchange.answer(html(f'{month}月日程<a href="?m={month + 1}">下月</a>'))

    with web({"/": links("/cal?m=1"), "/cal": calendar}).running() as site:
        for _ in range(3):
            process = inspect.start(site.url)
            before = len(site.asked("/cal"))
            while process.poll() is None and len(site.asked("/cal")) < before + 8:
                time.sleep(0.005)
            process.kill()
            process.communicate()
        outcome = inspect(site.url)
        assert len(site.asked("/cal")) < 60
    assert outcome.rules == {"endless-space"}


def test_a_cut_is_told_even_where_nobody_asked_for_that_check(inspect):
    async def endless(exchange: Exchange) -> None:
        await exchange.answer(html('<a href="x/">再进</a>'))

    with web({"/": links("/x/"), "/x/": endless}).running() as site:
        outcome = inspect(site.url, checks="links")
    assert "地址中的目录不断重复" in str(outcome.report["notices"])
