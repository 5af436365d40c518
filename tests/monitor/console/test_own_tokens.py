"""Tokens in the console: who makes one for themselves, shown once; revoked by themselves or an administrator."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.monitor.console.bureau import PASSWORD, send
from tests.monitor.console.programs import API, token, users_of


def made(client: httpx.Client, **fields: object) -> httpx.Response:
    wish = {"label": "指挥中心大屏", "scope": ["read"], "days": "90", "password": PASSWORD}
    return send(client, "/account/tokens", wish | fields)


def ask(console, secret: str, path: str = "/me") -> httpx.Response:
    with console.visitor(headers={"Authorization": f"Bearer {secret}"}) as client:
        return client.get(f"{API}{path}")


def test_a_token_is_made_shown_once_and_revoked_by_its_owner(own_console):
    with own_console.person("viewer") as client:
        page = made(client).text
        secret = re.search(r'<p class="secret">(sh_[^<]+)</p>', page)[1]
        assert ask(own_console, secret).json()["scopes"] == ["read"]
        listed = client.get("/account/tokens").text
        assert ("指挥中心大屏" in listed, secret in listed) == (True, False)
        (place,) = re.findall(r'action="(/account/tokens/\d+/revoke)"', listed)
        assert send(client, place, {}).status_code == 303
        assert ask(own_console, secret).status_code == 401
        assert "已撤销" in client.get("/account/tokens").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scope": []}, "请指定范围和有效期"),
        ({"scope": ["admin"]}, "超出该用户权限"),
        ({"days": "9999"}, "请指定范围和有效期"),
        ({"label": " "}, "请说明令牌的用途"),
    ],
    ids=str,
)
def test_what_makes_no_token_is_said(own_console, fields, said):
    with own_console.person("viewer") as client:
        answer = made(client, **fields)
        assert (answer.status_code, said in answer.text) == (422, True)
        assert "/revoke" not in client.get("/account/tokens").text


def test_a_session_that_was_found_open_makes_no_token(own_console):
    """A token would outlive it for a year."""
    with own_console.person("viewer") as client:
        for wrong in ("", "wrong-wrong-wrong"):
            answer = made(client, password=wrong)
            assert (answer.status_code, "密码不正确" in answer.text) == (422, True)
    assert users_of(own_console).tokens("viewer") == []


def test_nobody_revokes_a_token_of_another_but_administrators(own_console):
    secret = token(own_console, "viewer", ["read"])
    (kept,) = users_of(own_console).tokens("viewer")
    with own_console.person("editor") as editor, own_console.person("admin") as admin:
        assert send(editor, f"/account/tokens/{kept.number}/revoke", {}).status_code == 404
        assert send(editor, f"/users/viewer/tokens/{kept.number}/revoke", {}).status_code == 403
        assert send(admin, f"/users/editor/tokens/{kept.number}/revoke", {}).status_code == 404
        assert ask(own_console, secret).is_success
        place = f"/users/viewer/tokens/{kept.number}/revoke"
        assert f'action="{place}"' in admin.get("/users/viewer").text
        assert send(admin, place, {}).status_code == 303
    assert ask(own_console, secret).status_code == 401
