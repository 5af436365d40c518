"""Judge what is suspected, one after the other: what comes next, what is remembered, what is taken back, who may."""

from __future__ import annotations

import re

import pytest

from monitor.accounts.auditing import AuditLog
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryOrder, EntryQuery
from tests.monitor.console.bureau import send

ALL = range(1, 65)


def entries(console):
    return EntryStore(console.bureau.store.engine).get(ALL)


def state(console, number):
    return entries(console)[number].state


def to_confirm(console, numbers):
    """Have entries wait for a judgement."""
    with console.person("admin") as client:
        send(client, "/findings/change", {"number": numbers, "state": "to-confirm", "filter": ""})


def typo(console):
    return next(
        each.number for each in entries(console).values() if each.finding.evidence == "" and each.rule == "typo"
    )


def shown(page):
    return int(re.search(r'class="number-of" href="[^"]*/findings/(\d+)"', page)[1])


def test_a_judgement_leads_to_the_next_one_and_the_count_falls(own_console):
    to_confirm(own_console, ["3", "4", "5"])
    with own_console.person("editor") as client:
        assert "还有 4 条" in client.get("/triage").text
        page = client.get("/triage?rule=directory-listing").text
        assert shown(page) == 3
        answer = send(client, "/triage/3", {"verdict": "to-fix", "filter": "rule=directory-listing"})
        page = client.get(answer.headers["location"]).text
        assert shown(page) == 4
        assert "还有 2 条" in page
        answer = send(client, "/triage/4", {"verdict": "false-positive", "reason": "", "filter": ""})
        assert state(own_console, 4) == "to-confirm"
        answer = send(client, "/triage/4", {"verdict": "false-positive", "reason": "无误", "filter": ""})
        page = client.get(answer.headers["location"]).text
    assert shown(page) == 5
    assert [state(own_console, number) for number in (3, 4, 5)] == ["to-fix", "false-positive", "to-confirm"]


def test_what_was_judged_is_undone_and_stands_there_again(own_console):
    to_confirm(own_console, ["4", "5"])
    with own_console.person("editor") as client:
        answer = send(client, "/triage/4", {"verdict": "to-fix", "filter": "site=a"})
        page = client.get(answer.headers["location"]).text
        fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("undo", "back")}
        answer = send(client, "/triage/undo", fields)
        page = client.get(answer.headers["location"]).text
    assert shown(page) == 4
    assert state(own_console, 4) == "to-confirm"


@pytest.mark.parametrize(
    ("who", "scope", "status"), [("editor", "site", 303), ("admin", "everywhere", 303), ("editor", "everywhere", 403)]
)
def test_a_kind_is_remembered_and_taken_back(own_console, who, scope, status):
    number = typo(own_console)
    with own_console.person(who) as client:
        verdict = {"verdict": "false-positive", "remember": scope, "reason": "本地写法", "filter": ""}
        answer = send(client, f"/triage/{number}", verdict)
        assert answer.status_code == status
        if status == 403:
            assert state(own_console, number) == "to-confirm"
            return
        page = client.get("/triage").text
        kept = own_console.bureau.ledger().suppressions()
        assert [(each.kind, each.wrong, each.site) for each in kept] == [
            ("pair", "帐号", "a" if scope == "site" else "")
        ]
        assert state(own_console, number) == "false-positive"
        undo = re.search(r'name="undo" value="([^"]+)"', page)[1]
        answer = send(client, "/triage/undo", {"undo": undo, "back": "/triage"})
        assert f"entry={number}" in answer.headers["location"]
    assert own_console.bureau.ledger().suppressions() == []
    assert state(own_console, number) == "to-confirm"
    done = {each.entry.action for each in AuditLog(own_console.bureau.store).select(AuditFilter(limit=50))}
    assert {"suppression.add", "suppression.remove"} <= done


def test_only_who_may_judge_sees_the_queue_and_only_their_own_sites(own_console):
    foreign = next(each.number for each in entries(own_console).values() if each.site == "b")
    to_confirm(own_console, [str(foreign)])
    for who, status in (("viewer", 403), ("mender", 403), ("editor", 200), ("admin", 200)):
        with own_console.person(who) as client:
            page = client.get("/triage")
            assert page.status_code == status
            assert ("/triage" in client.get("/").text) == (status == 200)
            if who == "editor":
                assert "还有 1 条" in page.text
                assert client.get(f"/triage?entry={foreign}").status_code == 404
                assert send(client, f"/triage/{foreign}", {"verdict": "to-fix"}).status_code == 404
            if who == "admin":
                assert "还有 2 条" in page.text


@pytest.mark.parametrize("fields", [{}, {"verdict": "closed"}, {"verdict": "false-positive", "remember": "site"}])
def test_what_makes_no_sense_changes_nothing(own_console, fields):
    to_confirm(own_console, ["4"])
    with own_console.person("editor") as client:
        answer = send(client, "/triage/4", {"reason": "x", "filter": "", **fields})
    assert answer.status_code == 422
    assert state(own_console, 4) == "to-confirm"


def test_what_a_false_alarm_is_remembered_for_is_one_of_three(own_console):
    number = typo(own_console)
    with own_console.person("admin") as client:
        answer = send(client, f"/triage/{number}", {"verdict": "false-positive", "remember": "x", "reason": "无误"})
    assert answer.status_code == 422
    assert own_console.bureau.ledger().suppressions() == []


def test_nothing_waits(own_console):
    with own_console.person("editor") as client:
        assert "筛选范围内" in client.get("/triage?rule=broken-link").text
        send(client, f"/triage/{typo(own_console)}", {"verdict": "to-fix", "filter": ""})
        assert "没有待核对的问题" in client.get("/triage").text


@pytest.mark.parametrize("order", list(EntryOrder))
def test_neighbours_are_those_of_the_list(console, order):
    browser = EntryBrowser(console.bureau.store.engine)
    listed = browser.page(EntryQuery(), order, 100).entries
    numbers = [None, *(each.number for each in listed), None]
    for at, entry in enumerate(listed):
        around = browser.neighbours(EntryQuery(), order, entry)
        assert (around.previous, around.following) == (numbers[at], numbers[at + 2])
