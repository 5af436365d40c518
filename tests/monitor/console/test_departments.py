"""Departments in the console: who sees which, mended in one click, the workbook out and back, and the vocabulary."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from tests.monitor.console.bureau import filled_in, form_token, send


def rows(console, **wanted):
    return list(EntryStore(console.bureau.store.engine).select(LedgerFilter(**wanted)))


def of_office(console):
    return rows(console, department="办公室")


def test_departments_are_counted_for_who_sees_their_rows(admin, mender, editor):
    page = admin.get("/departments").text
    assert re.search(r'/department\?name=[^"]+">办公室</a></th>\s*<td[^>]*><a[^>]*>2<', page)
    assert "未分派" in page
    own = mender.get("/departments").text
    assert "办公室" in own
    assert "未分派" not in own
    assert "清河县政府" not in editor.get("/department?name=nobody").text
    assert editor.get("/department?name=nobody").status_code == 404
    assert editor.get("/department").status_code == 404


def test_a_department_says_mended_with_one_click_and_takes_it_back(own_console):
    first = of_office(own_console)[0]
    with own_console.person("mender") as client:
        page = client.get("/department?name=办公室").text
        assert "http://b.cn" not in page
        assert f'aria-label="已整改 #{first.number}"' in page
        send(client, f"/findings/{first.number}", {"state": "to-verify", "back": "/department?name=办公室"})
        page = client.get("/department?name=办公室").text
        assert f'aria-label="已整改 #{first.number}"' not in page
        undo = re.search(r'name="undo" value="([^"]+)"', page)[1]
        send(client, "/findings/undo", {"undo": undo})
    assert EntryStore(own_console.bureau.store.engine).get([first.number])[first.number].state == first.state


def test_who_may_only_look_is_offered_no_click(viewer):
    page = viewer.get("/department?name=办公室").text
    assert "已整改" not in page
    assert "/departments/workbook" not in page
    assert viewer.get("/departments/ledger.xlsx?name=办公室").status_code == 200


def bring_back(client, body: bytes, name: str = "台账.xlsx"):
    token = form_token(client.get("/departments").text)
    return client.post("/departments/workbook", data={"form_token": token}, files={"file": (name, body)})


def test_a_workbook_shows_what_it_would_change_before_it_does(own_console):
    with own_console.person("mender") as client:
        answer = client.get("/departments/ledger.xlsx?name=办公室")
        assert "filename*=UTF-8''" in answer.headers["content-disposition"]
        numbers = {entry.number for entry in of_office(own_console)}
        page = bring_back(client, filled_in(answer.content, 整改说明="已改好")).text
        assert "将修改 2 个问题" in page
        assert {int(each) for each in re.findall(r">#(\d+)</a></th><td>整改说明", page)} == numbers
        assert all(not entry.note for entry in of_office(own_console))
        key = re.search(r'name="key" value="([^"]+)"', page)[1]
        with own_console.person("admin") as other:
            send(other, "/departments/workbook/apply", {"key": key})
        assert all(not entry.note for entry in of_office(own_console))
        done = send(client, "/departments/workbook/apply", {"key": key}).text
        assert "已修改 2 个问题" in done
        assert {entry.note for entry in of_office(own_console)} == {"已改好"}
        assert send(client, "/departments/workbook/apply", {"key": key}).status_code == 303
        assert "表格已经失效" in client.get("/departments").text


def test_a_workbook_offers_nobody_of_whom_its_rows_do_not_speak(own_console):
    own, stranger = of_office(own_console)[0], next(each for each in rows(own_console) if each.department != "办公室")
    ledger = own_console.bureau.ledger()
    ledger.change([own.number], WantedChange(owner="王五"), "test")
    ledger.change([stranger.number], WantedChange(department="外事办", owner="钱七"), "test")
    with own_console.person("mender") as client:
        body = client.get("/departments/ledger.xlsx?name=办公室").content
    with ZipFile(BytesIO(body)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "王五" in text
    assert "外事办" not in text
    assert "钱七" not in text


def test_a_workbook_changes_nothing_that_its_sender_may_not(own_console):
    ledger = own_console.bureau.ledger()
    with own_console.person("admin") as admin, own_console.person("mender") as client:
        whole = admin.get("/departments/ledger.xlsx").content
        page = bring_back(client, filled_in(whole, 整改说明="不该写入")).text
        assert "将修改 2 个问题" in page
        assert "台账中没有这个编号" in page
        own = client.get("/departments/ledger.xlsx?name=办公室").content
        page = bring_back(client, filled_in(own, 责任人="外人")).text
        assert "将修改 0 个问题" in page
        assert "您没有这样修改的权限" in page
    assert all(entry.owner != "外人" for entry in ledger.select())


def test_what_somebody_else_changed_meanwhile_is_a_conflict(own_console):
    first = of_office(own_console)[0]
    with own_console.person("mender") as client:
        body = client.get("/departments/ledger.xlsx?name=办公室").content
        own_console.bureau.ledger().change([first.number], WantedChange(note="别人写的"), "李四")
        page = bring_back(client, filled_in(body, 整改说明="已改好")).text
    assert "冲突" in page
    assert "将修改 1 个问题" in page


def test_what_is_no_workbook_is_refused(own_console):
    with own_console.person("mender") as client:
        assert bring_back(client, b"nothing").status_code == 422
        token = form_token(client.get("/departments").text)
        assert client.post("/departments/workbook", data={"form_token": token}).status_code == 303
    with own_console.person("viewer") as client:
        assert bring_back(client, b"nothing").status_code == 403


# ---- vocabulary ---------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["帐", "bad word", "帐号<b>", ""])
def test_only_chinese_words_enter_the_vocabulary(own_console, word):
    with own_console.person("editor") as client:
        assert send(client, "/vocabulary", {"word": word, "site": "a", "reason": "x"}).status_code == 422


def test_a_word_is_added_for_a_site_hides_what_is_open_and_is_taken_back(own_console):
    with own_console.person("editor") as client:
        fields = {"word": "帐号", "site": "a", "reason": "系统名称"}
        assert send(client, "/vocabulary", {**fields, "site": ""}).status_code == 403
        assert send(client, "/vocabulary", {**fields, "site": "b"}).status_code == 404
        assert send(client, "/vocabulary", {**fields, "reason": ""}).status_code == 422
        assert send(client, "/vocabulary", fields).status_code == 303
        page = client.get("/vocabulary").text
        assert "系统名称" in page
        assert "editor同志" in page
        assert "帐号" not in client.get("/vocabulary?q=别的").text
        states = {
            entry.state for entry in rows(own_console, site="a", rules=("typo",)) if entry.finding.suggestion == "账号"
        }
        assert "false-positive" in states
        number = re.search(r"/suppressions/(\d+)/remove", page)[1]
        answer = send(client, f"/suppressions/{number}/remove", {"back": "/vocabulary"})
        assert answer.headers["location"] == "/vocabulary"
        assert "用语库是空的" in client.get("/vocabulary").text
