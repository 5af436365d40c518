"""What happened makes the messages that targets want, once each, and nothing new makes none.

A real site is inspected while it changes; what is read here is what stands in the outbox afterwards.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.delivery.composing import Composer
from monitor.settings.config_file import load
from monitor.settings.delivery import NotifySettings
from monitor.settings.site import SiteSettings
from monitor.store import Store
from monitor.store.events import EventKind, EventStore
from monitor.store.outbox import MessageState, Outbox
from reports.messages.bodies import text_body
from reports.messages.message import message_from_json
from tests.monitor.desk import Desk
from tests.monitor.inspection.test_attachments import ID_NUMBER
from tests.monitor.official import NEAR
from tests.monitor.web import html, links, web
from tests.sites.pages import NOW

DAY = timedelta(days=1)
LEAK = f"<p>姓名：李明，身份证号：{ID_NUMBER}，请核对。</p>"
PAGE = html(LEAK + '<a href="/gone">旧文件</a>')
MENDED = html('<a href="/gone">旧文件</a>')
HOSTILE = "<img src=x onerror=alert(1)> {{1234577*7}} @all"


class Outgoing:
    """A desk, and what is written to people about its inspections; ``targets`` are settings of ``notify``.

    ``store`` is the address of the store where it is another than that of the desk's office.
    """

    def __init__(self, desk, store="", **notify):
        self.desk, self.notify, self.store = desk, notify, store or desk.office.store

    def compose(self, when, *, has_retry=True, more_sites=()):
        """Compose as the daemon does at some time, and return the new messages, the oldest first."""
        settings = load(self.desk.office.config)
        given = NotifySettings.model_validate(self.notify)
        named = settings.sites[0].model_copy(update={"name": "清河县人民政府"})
        others = [SiteSettings(url="http://b.cn/", id=each, name=each) for each in more_sites]
        sites = (named, *others)
        settings = settings.model_copy(update={"notify": given, "sites": sites})
        with Store(self.store) as store:
            outbox = Outbox(store.engine)
            known = {each.id for each in outbox.load(MessageState, 999)}
            moment = when.timestamp()
            Composer(store, lambda: settings, lambda: moment, lambda _: has_retry).compose()
            return [each for each in reversed(outbox.load(MessageState, 999)) if each.id not in known]


def target(name="a", *events, **fields):
    return {"name": name, "url": "jsons://a.cn/x", "events": list(events), **fields}


def texts(messages):
    return [text_body(message_from_json(each.body)) for each in messages]


@pytest.fixture
def desk(tmp_path):
    pages = {"/": links("/page.html"), "/page.html": PAGE, "/robots.txt": (404, "")}
    with web(pages).running() as site:
        yield Desk(tmp_path, site, "links,privacy", NEAR)


def test_a_first_run_a_change_and_nothing_new(desk):
    desk.inspect()
    out = Outgoing(desk, link="https://check.example.cn/", targets=[target("a", "run-finished")])
    (first,) = out.compose(NOW + timedelta(minutes=5))
    assert first.occasion == "run-finished"
    (text,) = texts([first])
    assert text.startswith("清河县人民政府 全站巡检：首次检查，发现 2\n")
    assert "发现的问题（2）" in text
    assert text.index("严重") < text.index("一般"), "the worst comes first"
    assert "打开报告：https://check.example.cn/fixture/fixture-2026-09-10-site-1.html" in text
    assert first.key.endswith("/a")
    assert out.compose(NOW + timedelta(minutes=6)) == []
    desk.now += DAY
    desk.inspect()
    assert out.compose(desk.now + timedelta(minutes=5)) == [], "nothing new, nothing sent"
    desk.change(home=links("/lost", "/page.html"), page_html=MENDED)
    desk.now += DAY
    desk.inspect()
    (text,) = texts(out.compose(desk.now + timedelta(minutes=5)))
    assert text.startswith("清河县人民政府 全站巡检：新增 1，恢复 1\n")
    assert "新发现和重新出现的问题（1）" in text
    assert "已恢复（1）" in text
    assert "/lost" in text
    assert "待整改 2" in text


def test_the_first_round_of_another_scope_is_compared_with_what_is_known(desk):
    desk.inspect(scope="homepage")
    out = Outgoing(desk, targets=[target("a", "run-finished")])
    (first,) = texts(out.compose(NOW + timedelta(minutes=5)))
    assert "首次检查" in first
    desk.now += DAY
    desk.change(page_html=html(LEAK + '<a href="/gone">旧文件</a><a href="/lost">旧闻</a>'))
    desk.inspect()
    (second,) = texts(out.compose(desk.now + timedelta(minutes=5)))
    assert second.startswith("清河县人民政府 全站巡检：新增 ")
    assert "清河县人民政府 · 编号" not in second, "the site stands in the subject"


def test_one_that_asks_for_it_gets_a_digest_of_nothing(desk):
    out = Outgoing(desk, targets=[target("a", "run-finished", only_new=False)])
    for _ in range(2):
        desk.inspect()
        (message,) = out.compose(desk.now + timedelta(minutes=5))
        desk.now += DAY
    assert "新增 0，恢复 0" in texts([message])[0]


def test_critical_and_recovered_come_at_once_and_to_those_concerned(desk):
    wanted = ("critical-at-once", "recovered")
    targets = [target("a", *wanted), target("b", *wanted, departments=["办公室"]), target("c", "overdue")]
    out = Outgoing(desk, targets=targets, gather=600)
    desk.inspect()
    (message,) = out.compose(NOW + timedelta(minutes=1), more_sites=["other"])
    assert (message.target, message.occasion) == ("a", "critical-at-once")
    (text,) = texts([message])
    assert text.startswith("【严重】清河县人民政府：发现 1 处严重问题\n")
    assert "/gone" not in text
    leak = desk.entry(rule="leaked")
    desk.run("ledger", "set", str(leak["number"]), "--department=办公室", "--by=张三")
    desk.change(page_html=MENDED)
    desk.now += DAY
    desk.inspect()
    gone = out.compose(desk.now + timedelta(minutes=1), more_sites=["other"])
    assert [(each.target, each.occasion) for each in gone] == [("a", "recovered"), ("b", "recovered")]
    assert texts(gone)[0].startswith("【恢复】清河县人民政府：1 处严重问题已消除\n")


def test_a_recheck_that_sees_something_critical_gone_tells_of_it(desk):
    desk.inspect()
    out = Outgoing(desk, targets=[target("a", "recovered")])
    assert out.compose(NOW + timedelta(minutes=1)) == []
    leak, lost = desk.entry(rule="leaked"), desk.entry("/gone")
    desk.change(page_html=html("无"), gone=html("在"))
    desk.recheck(leak["number"], lost["number"])
    (message,) = out.compose(NOW + timedelta(hours=4))
    assert f"编号 {leak['number']}" in texts([message])[0]
    assert message.key.startswith(f"recheck-{leak['number']}-")


def test_what_is_less_grave_or_of_another_department_is_left_out(desk):
    desk.inspect()
    lost = desk.entry("/gone")
    desk.run("ledger", "set", str(lost["number"]), "--department=信息中心", "--by=张三")
    targets = [
        target("all", "run-finished"),
        target("grave", "run-finished", severity="critical"),
        target("centre", "run-finished", departments=["信息中心"]),
        target("nobody", "run-finished", departments=["没有"]),
        target("elsewhere", "run-finished", sites=["other"]),
    ]
    found = Outgoing(desk, targets=targets, gather=0).compose(NOW + timedelta(hours=4), more_sites=["other"])
    rows = {each.target: [row[1] for row in each.body["sections"][0]["rows"]] for each in found}
    assert rows.keys() == {"all", "grave", "centre"}
    assert len(rows["all"]) == 2
    assert rows["grave"] + rows["centre"] == rows["all"]


def test_rounds_of_several_sites_wait_for_each_other(desk):
    desk.inspect()
    out = Outgoing(desk, targets=[target("a", "run-finished")], gather=30)
    assert out.compose(NOW + timedelta(minutes=29), more_sites=["other"]) == []
    assert len(out.compose(NOW + timedelta(minutes=45), more_sites=["other"])) == 1
    desk.now += DAY
    desk.change(home=links("/lost", "/page.html"))
    desk.inspect()
    with Store(desk.office.store) as store:
        store.runs.begin(site="other", name="", url="http://b.cn/", scope="site", engine="")
    late = desk.now + timedelta(minutes=45)
    assert out.compose(late, more_sites=["other"]) == [], "an inspection of the same scope is under way"
    assert len(out.compose(late + timedelta(hours=6), more_sites=["other"])) == 1


def test_what_is_late_is_told_once_a_week_to_the_department_concerned(desk):
    desk.inspect()
    lost = desk.entry("/gone")
    desk.run("ledger", "set", str(lost["number"]), "--department=信息中心", "--deadline=2026-09-11", "--by=张三")
    targets = [
        target("centre", "overdue", departments=["信息中心"]),
        target("office", "overdue", departments=["办公室"]),
        target("all", "overdue", "weekly-digest"),
    ]
    out = Outgoing(desk, targets=targets)
    monday = NOW.replace(day=14, hour=9, minute=0)
    assert out.compose(monday - timedelta(minutes=1)) == []
    found = out.compose(monday + timedelta(minutes=1))
    told = [(each.target, each.occasion) for each in found]
    assert told == [("centre", "overdue"), ("all", "overdue"), ("all", "weekly-digest")]
    own, everything, week = texts(found)
    assert own.startswith("【逾期提醒】信息中心：1 处问题超过整改期限\n")
    assert "期限 2026-09-11，已逾期" in own
    assert f"编号 {lost['number']}" in own
    assert "【逾期提醒】2 处" in everything, "the critical one had a day"
    assert week.startswith("网站健康周报（2026-09-07 至 2026-09-14）")
    assert "共 1 个网站：本周发现 2，销号 0；目前待整改 2，其中逾期 2" in week
    assert out.compose(monday + timedelta(minutes=2)) == []
    assert out.compose(monday + 3 * DAY) == []
    assert len(out.compose(monday + 7 * DAY)) == 3


def test_a_week_in_which_nobody_was_there_on_monday_is_told_within_a_day(desk):
    desk.inspect()
    out = Outgoing(desk, targets=[target("a", "weekly-digest")])
    monday = NOW.replace(day=14, hour=9, minute=0)
    assert out.compose(monday + timedelta(hours=25)) == []
    assert len(out.compose(monday + timedelta(days=7, hours=23))) == 1


@pytest.mark.parametrize(("has_retry", "told"), [(True, 0), (False, 1)])
def test_a_round_that_fails_for_good_is_trouble(desk, has_retry, told):
    desk.inspect()
    out = Outgoing(desk, targets=[target("a", "daemon-trouble", "run-finished"), target("b", "overdue")])
    out.compose(NOW + timedelta(minutes=1))
    with Store(desk.office.store) as store:
        run = store.runs.begin(site="fixture", name="", url="http://a.cn/", scope="site", engine="", scheduled_for=7.0)
        store.runs.finish(run.id, status="failed", reason=["首页打不开：域名解析失败", "no address"])
    found = out.compose(NOW + timedelta(minutes=2), has_retry=has_retry)
    assert [each.occasion for each in found] == ["daemon-trouble"] * told
    if told:
        assert "清河县人民政府 全站巡检：没有检查成，首页打不开：域名解析失败" in texts(found)[0]


def test_an_outage_of_the_store_is_told_when_it_is_over(desk):
    desk.inspect()
    out = Outgoing(desk, targets=[target("a", "daemon-trouble", language="en")])
    with Store(desk.office.store) as store:
        facts = {"reason": "disk full", "since": NOW.timestamp() - 600, "until": NOW.timestamp()}
        EventStore(store.engine).record("store-back-1", EventKind.STORE_BACK, NOW.timestamp(), facts)
    (text,) = texts(out.compose(NOW + timedelta(minutes=1)))
    assert "It failed from 2026-09-10 09:50 to 2026-09-10 10:00: disk full" in text


def test_what_happened_long_ago_or_to_others_is_not_told(desk):
    desk.inspect()
    out = Outgoing(desk, targets=[target("a", "run-finished", "critical-at-once")])
    assert out.compose(NOW + timedelta(days=2)) == []
    with Store(desk.office.store) as store:
        assert EventStore(store.engine).pending() == []
        run = store.runs.begin(site="stranger", name="", url="http://b.cn/", scope="site", engine="")
        store.runs.finish(run.id, status="complete")
    assert out.compose(NOW + timedelta(days=2)) == []


def test_texts_of_a_page_stay_texts(desk):
    desk.change(page_html=html(f'<a href="/gone?{{{{1234577*7}}}}">{HOSTILE}</a>'))
    desk.inspect()
    (message,) = Outgoing(desk, targets=[target("a", "run-finished")]).compose(NOW + timedelta(minutes=5))
    (text,) = texts([message])
    assert "{{1234577*7}}" in text
    assert str(1234577 * 7) not in text
