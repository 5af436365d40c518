"""Change the ledger from pages: what makes sense, who may do it, all or none, and taken back by a click."""

from __future__ import annotations

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup

from monitor.accounts.auditing import AuditLog
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.ledger.entries import EntryStore
from tests.monitor.console.bureau import send


def entry(console, number):
    return EntryStore(console.bureau.store.engine).get([number])[number]


def test_a_button_changes_the_state_and_the_history_names_the_person(own_console):
    with own_console.person("editor") as client:
        answer = send(client, "/findings/4", {"state": "fixing"})
        assert answer.status_code == 303
        page = client.get(answer.headers["location"]).text
    assert entry(own_console, 4).state == "fixing"
    assert EntryStore(own_console.bureau.store.engine).history(4)[-1].by == "editor同志"
    assert 'class="toast"' in page
    kept = AuditLog(own_console.bureau.store).select(AuditFilter(limit=20))
    assert any(record.entry.who == "editor" and "4" in record.entry.object for record in kept)


def test_only_what_makes_sense_is_offered_and_taken(own_console):
    with own_console.person("editor") as client:
        offered = set(re.findall(r'name="state" value="([a-z-]+)"', client.get("/findings/4").text))
        assert offered == {"to-confirm", "fixing", "to-verify", "false-positive", "accepted", "postponed"}
        send(client, "/findings/4", {"state": "closed"})
        assert "已销号" in client.get("/findings/4").text
        assert send(client, "/findings/4", {"state": "nonsense"}).status_code == 422
        assert send(client, "/findings/4", {"state": "postponed", "reason": "x", "until": "soon"}).status_code == 422
        send(client, "/findings/4", {"state": "false-positive"})
    assert entry(own_console, 4).state == "to-fix"


def test_a_change_is_taken_back_once_by_who_made_it(own_console):
    with own_console.person("editor") as client, own_console.person("admin") as other:
        send(client, "/findings/4", {"state": "false-positive", "reason": "写法正确"})
        undo = re.search(r'name="undo" value="([^"]+)"', client.get("/findings/4").text)[1]
        send(other, "/findings/undo", {"undo": undo})
        assert entry(own_console, 4).state == "false-positive"
        answer = send(client, "/findings/undo", {"undo": undo, "back": "/findings/4"})
        assert answer.headers["location"] == "/findings/4"
        assert entry(own_console, 4).state == "to-fix"
        assert entry(own_console, 4).reason == ""
        send(client, "/findings/undo", {"undo": undo})
    assert entry(own_console, 4).state == "to-fix"


def test_what_somebody_changed_since_is_not_taken_back(own_console):
    with own_console.person("editor") as client, own_console.person("admin") as other:
        send(client, "/findings/4", {"state": "fixing"})
        undo = re.search(r'name="undo" value="([^"]+)"', client.get("/findings/4").text)[1]
        send(other, "/findings/4", {"state": "to-verify"})
        send(client, "/findings/undo", {"undo": undo})
    assert entry(own_console, 4).state == "to-verify"


def test_several_are_changed_at_once_or_all_that_match(own_console):
    with own_console.person("editor") as client:
        send(client, "/findings/change", {"number": ["4", "5", "6"], "state": "fixing", "filter": ""})
        assert [entry(own_console, number).state for number in (4, 5, 6)] == ["fixing"] * 3
        send(client, "/findings/change", {"all": "1", "filter": "rule=directory-listing&site=a", "state": "to-verify"})
        page = client.get("/findings?state=to-verify").text
    assert "60" in re.search(r'<p class="quiet">([^<]*)</p>\s*<nav', page)[1]


def test_one_that_is_refused_keeps_all_from_being_changed(own_console):
    with own_console.person("editor") as client:
        send(client, "/findings/4", {"state": "accepted", "reason": "历史页面", "until": "2027-12-31"})
        # An accepted one cannot go back to be confirmed.
        send(client, "/findings/change", {"number": ["4", "5"], "state": "to-confirm", "filter": ""})
        page = client.get("/findings").text
    assert 'class="toast wrong"' in page
    assert entry(own_console, 5).state == "to-fix"


@pytest.mark.parametrize(
    ("who", "number", "fields", "status"),
    [
        ("viewer", 4, {"state": "fixing"}, 403),
        ("mender", 1, {"state": "to-verify"}, 303),
        ("viewer", 4, {"remark": "x"}, 403),
        ("mender", 1, {"note": "已改"}, 303),
        ("mender", 1, {"mended": "2027-01-14", "remark": "已改"}, 303),
        ("mender", 1, {"state": "false-positive", "reason": "x"}, 403),
        ("mender", 1, {"owner": "李四"}, 403),
        ("mender", 4, {"state": "fixing"}, 404),
        ("editor", 4, {"owner": "李四"}, 303),
        ("editor", 64, {"state": "fixing"}, 404),
    ],
)
def test_rights_decide(own_console, who, number, fields, status):
    rows = own_console.bureau.store
    typo = next(each.number for each in EntryStore(rows.engine).get(range(1, 65)).values() if each.rule == "typo")
    foreign = next(each.number for each in EntryStore(rows.engine).get(range(1, 65)).values() if each.site == "b")
    chosen = {1: typo, 64: foreign}.get(number, number)
    with own_console.person(who) as client:
        assert send(client, f"/findings/{chosen}", fields).status_code == status
        if status == 403:
            bulk = send(client, "/findings/change", {"number": [str(chosen)], "filter": "", **fields})
            assert bulk.status_code == 403


def test_what_a_department_fills_in_is_kept_shown_and_offered_again(own_console):
    fields = {"mended": "2027-01-14", "remark": "网站已迁移\r\n旧站停用", "note": "已改\r\n待发布"}
    with own_console.person("editor") as client:
        send(client, "/findings/4", fields)
        page = BeautifulSoup(client.get("/findings/4").text, "lxml")
        kept = entry(own_console, 4)
        assert (kept.mended, kept.remark, kept.note) == (date(2027, 1, 14), "网站已迁移\n旧站停用", "已改\n待发布")
        shown = {each.dt.get_text(): each.dd.get_text() for each in page.select("aside dl.facts > div")}
        assert (shown["整改时间"], shown["备注"]) == ("2027-01-14", kept.remark)
        assert page.select_one("input[name=mended]")["value"] == "2027-01-14"
        before = len(EntryStore(own_console.bureau.store.engine).history(4))
        send(client, "/findings/4", fields)
        assert len(EntryStore(own_console.bureau.store.engine).history(4)) == before
        send(client, "/findings/4", {"state": "to-verify"})
        assert entry(own_console, 4).mended == date(2027, 1, 14)
        send(client, "/findings/4", {"remark": ""})
        assert entry(own_console, 4).remark == ""


def test_a_fault_is_not_mended_on_a_day_to_come(own_console):
    with own_console.person("editor") as client:
        send(client, "/findings/4", {"mended": "2027-01-16", "remark": "x"})
        assert "整改时间 2027-01-16 还没有到" in client.get("/findings/4").text
        assert send(client, "/findings/4", {"mended": "soon"}).status_code == 422
    assert (entry(own_console, 4).mended, entry(own_console, 4).remark) == (None, "")
