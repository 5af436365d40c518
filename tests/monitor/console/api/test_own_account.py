"""One's own account by a program: password, one-time codes, sessions, tokens; the password goes with each change."""

from __future__ import annotations

import httpx
import pyotp
import pytest

from monitor.accounts.auditing import AuditLog
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.users import UserStore
from tests.monitor.console.bureau import NOW, PASSWORD, send
from tests.monitor.console.programs import program

WRONG = "wrong-wrong-wrong"


def problem(answer: httpx.Response, status: int) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_another_password_ends_all_sessions_and_no_token(own, ask):
    new = "初十改在二楼-Xiahe"
    with own.person("viewer") as browser, ask("viewer") as client:
        problem(client.post("/me/password", json={"old": WRONG, "new": new}), 403)
        problem(client.post("/me/password", json={"old": PASSWORD, "new": "short"}), 422)
        problem(client.post("/me/password", json={"old": PASSWORD, "new": PASSWORD}), 422)
        assert client.post("/me/password", json={"old": PASSWORD, "new": new}).json() == {"sessions_ended": 1}
        assert browser.get("/").status_code == 303
        assert client.get("/me").is_success
    with own.visitor() as browser:
        assert send(browser, "/login", {"name": "viewer", "password": new}).status_code == 303
    lines = AuditLog(own.bureau.store).select(AuditFilter(action="user.password"))
    assert [(line.entry.who, line.entry.channel) for line in lines] == [("viewer", "api")]


def test_codes_are_turned_on_with_a_code_and_off_with_the_password(own, ask):
    def has_totp() -> bool:
        return UserStore(own.bureau.store.engine).get("viewer").has_totp

    with ask("viewer") as client:
        problem(client.post("/me/totp/confirm", json={"code": "000000"}), 422)
        problem(client.post("/me/totp", json={"password": WRONG}), 403)
        offer = client.post("/me/totp", json={"password": PASSWORD})
        assert offer.headers["cache-control"] == "no-store"
        problem(client.post("/me/totp/confirm", json={"code": "abcdef"}), 422)
        assert not has_totp()
        code = pyotp.TOTP(offer.json()["secret"]).at(int(NOW))
        codes = client.post("/me/totp/confirm", json={"code": f"{code[:3]} {code[3:]}"}).json()["recovery_codes"]
        assert (len(codes), has_totp()) == (10, True)
        problem(client.post("/me/totp/end", json={"password": WRONG}), 403)
        assert client.post("/me/totp/end", json={"password": PASSWORD}).status_code == 204
        assert not has_totp()


def test_ones_sessions_are_listed_and_ended_and_nobody_elses(own, ask):
    with own.person("viewer") as browser, own.person("admin") as other, ask("viewer") as client:
        (mine,) = client.get("/me/sessions").json()["items"]
        with ask("admin") as admin_program:
            (foreign,) = admin_program.get("/me/sessions").json()["items"]
        problem(client.delete(f"/me/sessions/{foreign['number']}"), 404)
        assert other.get("/").is_success
        assert client.delete(f"/me/sessions/{mine['number']}").status_code == 204
        assert browser.get("/").status_code == 303
        assert client.get("/me/sessions").json() == {"items": []}


def test_ones_tokens_are_made_with_the_password_and_revoked(own, ask):
    with ask("viewer") as client:
        wanted = {"label": "大屏", "scopes": ["read"], "days": 7, "password": PASSWORD}
        problem(client.post("/me/tokens", json=wanted | {"password": None}), 403)
        problem(client.post("/me/tokens", json=wanted | {"scopes": ["admin"]}), 403)
        made = client.post("/me/tokens", json=wanted)
        assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
        place, secret = f"/me/tokens/{made.json()['number']}", {"Authorization": f"Bearer {made.json()['token']}"}
        assert client.get("/me", headers=secret).json()["scopes"] == ["read"]
        with ask("editor") as stranger:
            problem(stranger.delete(place), 404)
        assert client.delete(place).status_code == 204
        problem(client.get("/me", headers=secret), 401)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me/password", {"old": PASSWORD, "new": "初十改在二楼-Xiahe"}),
        ("POST", "/me/totp", {"password": PASSWORD}),
        ("POST", "/me/totp/confirm", {"code": "000000"}),
        ("POST", "/me/totp/end", {"password": PASSWORD}),
        ("GET", "/me/sessions", None),
        ("DELETE", "/me/sessions/1", None),
        ("POST", "/me/tokens", {"label": "x", "scopes": ["read"], "days": 1, "password": PASSWORD}),
        ("DELETE", "/me/tokens/1", None),
    ],
)
def test_each_needs_the_scope_of_the_account(shared, method, path, body):
    with program(shared, "admin", ["read", "ledger", "runs", "admin"]) as client:
        problem(client.request(method, path, json=body), 403)


def test_a_token_that_was_found_changes_no_account(own, ask):
    """Guessing the password with it has to wait as at the login; other tokens of the user are no way around."""
    with ask("viewer") as client, ask("viewer") as another:
        wanted = {"old": WRONG, "new": "初十改在二楼-Xiahe"}
        statuses = [each.post("/me/password", json=wanted).status_code for each in (client, another) * 4]
        assert statuses[0] == 403
        assert statuses[-1] == 429
        refused = client.post("/me/totp", json={"password": PASSWORD})
        problem(refused, 429)
        assert int(refused.headers["retry-after"]) >= 1
    with own.visitor() as browser:
        assert send(browser, "/login", {"name": "viewer", "password": PASSWORD}).status_code == 303
