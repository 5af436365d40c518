"""Users and one's own account in the console: who may, what each form does, what is shown once, what is kept of it."""

from __future__ import annotations

import re

import pyotp
import pytest

from monitor.accounts.accounts import Accounts
from monitor.accounts.auditing import AuditLog
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.users import RightRecord, UserStore
from tests.monitor.console.bureau import MARKUP, NOW, PASSWORD, form_token, send


def kept(console, name):
    return UserStore(console.bureau.store.engine).get(name)


def audited(console):
    found = AuditLog(console.bureau.store).select(AuditFilter(who="admin", limit=50))
    return [(record.entry.action, record.entry.object) for record in found if record.entry.action != "login"]


def once(page: str) -> str:
    return re.search(r'<p class="secret">([^<]+)</p>', page)[1]


@pytest.mark.parametrize("path", ["/users", "/users/new", "/users/admin"])
@pytest.mark.parametrize("who", ["viewer", "editor", "mender"])
def test_only_administrators_see_users(request, path, who):
    assert request.getfixturevalue(who).get(path).status_code == 403
    assert 'href="/users"' not in request.getfixturevalue(who).get("/").text


def test_an_administrator_makes_a_user_who_logs_in_with_the_password_that_was_shown_once(own_console):
    fields = {
        "name": "li",
        "full_name": MARKUP,
        "role": "department",
        "place": "site:a",
        "departments": "办公室、信息中心",
    }
    with own_console.person("admin") as client:
        made = send(client, "/users/new", fields)
        assert MARKUP not in made.text
        password = once(made.text)
        assert password not in client.get("/users/li").text
        assert "不能" not in client.get("/users").text
        again = send(client, "/users/new", fields)
        assert (again.status_code, "已有这个用户名" in again.text) == (422, True)
    user = kept(own_console, "li")
    assert user.rights == (RightRecord("site", "a", "department"),)
    assert user.departments == ("办公室", "信息中心")
    with own_console.visitor() as client:
        assert send(client, "/login", {"name": "li", "password": password}).status_code == 303
    assert ("user.add", "user li") in audited(own_console)


@pytest.mark.parametrize(
    "wrong",
    [{"name": "Ⅷ а"}, {"password": "short"}, {"role": "emperor"}, {"place": "site:nowhere"}, {"role": "department"}],
)
def test_what_makes_no_user_is_refused_and_said(own_console, wrong):
    fields = {"name": "wang", "role": "editor", "place": "all", **wrong}
    with own_console.person("admin") as client:
        answer = send(client, "/users/new", fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert len(UserStore(own_console.bureau.store.engine).load()) == 4


def test_rights_and_departments_are_given_and_taken(own_console):
    with own_console.person("admin") as client:
        send(client, "/users/editor/rights", {"role": "viewer", "place": "site:b"})
        assert {right.name for right in kept(own_console, "editor").rights} == {"a", "b"}
        send(client, "/users/editor/rights", {"remove": "site:a"})
        assert kept(own_console, "editor").rights == (RightRecord("site", "b", "viewer"),)
        send(client, "/users/editor/rights", {"departments": "办公室"})
        assert kept(own_console, "editor").departments == ("办公室",)
        send(client, "/users/editor/rights", {"role": "admin", "place": "all"})
        assert kept(own_console, "editor").rights == (RightRecord("all", "", "admin"),)
        send(client, "/users/editor/rights", {"role": "editor", "place": "group:none"})
        assert "没有这个网站或分组" in client.get("/users/editor").text
        assert send(client, "/users/nobody/rights", {"role": "viewer", "place": "all"}).status_code == 404
    assert audited(own_console).count(("user.rights", "user editor")) == 4


def test_the_last_administrator_stays(own_console):
    with own_console.person("admin") as client:
        send(client, "/users/admin/state", {"to": "disabled"})
        assert "至少保留一名可用的管理员" in client.get("/users/admin").text
        send(client, "/users/admin/rights", {"remove": "all"})
        assert client.get("/users").status_code == 200
    assert kept(own_console, "admin").disabled is None


def test_a_user_is_disabled_at_once_and_let_in_again_with_another_password(own_console):
    with own_console.person("admin") as client, own_console.person("viewer") as viewer:
        send(client, "/users/viewer/state", {"to": "disabled"})
        assert viewer.get("/").status_code == 303
        send(client, "/users/viewer/state", {"to": "enabled"})
        password = once(send(client, "/users/viewer/password", {}).text)
        assert send(viewer, "/login", {"name": "viewer", "password": password}).status_code == 303
        assert send(client, "/users/viewer/state", {"to": "nothing"}).status_code == 422
    assert [action for action, _ in audited(own_console)] == ["user.password", "user.enable", "user.disable"]


def test_one_changes_ones_password_and_other_sessions_end(own_console):
    new = "初十改在二楼-Xiahe"
    with own_console.person("viewer") as client, own_console.person("viewer") as elsewhere:
        old_cookie = dict(client.cookies)
        for fields, said in [
            ({"old": "wrong-wrong-wrong", "new": new, "again": new}, "密码不正确"),
            ({"old": PASSWORD, "new": new, "again": "other"}, "不一致"),
            ({"old": PASSWORD, "new": "short", "again": "short"}, "至少12个字符"),
        ]:
            answer = send(client, "/account/password", fields)
            assert (answer.status_code, said in answer.text) == (422, True)
        assert send(client, "/account/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 303
        assert "密码已修改" in client.get("/account").text
        assert elsewhere.get("/").status_code == 303
        assert dict(client.cookies) != old_cookie
        with own_console.visitor(cookies=old_cookie) as thief:
            assert thief.get("/account").status_code == 303


def test_codes_are_turned_on_with_a_code_and_off_with_the_password(own_console):
    with own_console.person("viewer") as client:
        offer = send(client, "/account/totp", {"password": PASSWORD}).text
        secret = re.search(r"secret=([A-Z2-7]+)", offer)[1]
        assert send(client, "/account/totp/confirm", {"code": "000000"}).status_code == 422
        page = send(client, "/account/totp/confirm", {"code": pyotp.TOTP(secret).at(NOW)}).text
        codes = re.findall(r"<span>([^<]+)</span>", page.partition('class="secret"')[2].partition("</p>")[0])
        assert len(codes) == 10
        # The page that shows them has the token of the session's new id.
        answer = client.post("/account/totp", data={"form_token": form_token(page), "password": PASSWORD, "end": "1"})
        assert answer.status_code == 303
    assert not kept(own_console, "viewer").has_totp


def test_codes_of_a_lost_telephone_are_forgotten(own_console):
    accounts = Accounts(own_console.bureau.store, own_console.bureau.settings, lambda: NOW)
    with own_console.person("viewer") as client, own_console.person("admin") as admin:
        offer = send(client, "/account/totp", {"password": PASSWORD}).text
        secret = re.search(r"secret=([A-Z2-7]+)", offer)[1]
        send(client, "/account/totp/confirm", {"code": pyotp.TOTP(secret).at(NOW)})
        assert "验证码" in admin.get("/users").text
        send(admin, "/users/viewer/state", {"to": "no-totp"})
    assert not kept(own_console, "viewer").has_totp
    assert accounts.sessions("viewer")


def test_one_ends_ones_other_sessions_and_nobody_elses(own_console):
    with (
        own_console.person("viewer") as client,
        own_console.person("viewer") as elsewhere,
        own_console.person("admin") as admin,
    ):
        numbers = re.findall(r'action="/account/sessions/(\d+)/end"', client.get("/account").text)
        assert len(numbers) == 1
        foreign = re.findall(r'action="/account/sessions/(\d+)/end"', elsewhere.get("/account").text)
        send(admin, f"/account/sessions/{foreign[0]}/end", {})
        assert client.get("/account").status_code == 200
        send(client, f"/account/sessions/{numbers[0]}/end", {})
        assert elsewhere.get("/").status_code == 303
