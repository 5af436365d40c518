"""Single sign-on through the pages: away with a cookie, back with an answer, in with a session, and nothing else."""

from __future__ import annotations

import json

import pytest

from tests.monitor.accounts.provider import CLIENT, SECRET, provider
from tests.monitor.console.bureau import NOW, Bureau


@pytest.fixture(scope="module")
def vouching():
    with provider(lambda: NOW) as started:
        yield started


@pytest.fixture
def console(tmp_path, made, vouching):
    vouching.claims, vouching.faults = {}, set()
    roles = [{"value": "sitehealth-editor", "role": "editor"}]
    oidc = {"issuer": vouching.issuer, "client_id": CLIENT, "client_secret": SECRET, "roles": roles}
    bureau = Bureau(tmp_path, made, {"oidc": json.dumps(oidc)})
    with bureau.served() as served:
        yield served
    bureau.close()


def test_who_comes_back_from_the_provider_is_logged_in(console, vouching):
    with console.visitor() as client:
        assert "/login/provider" in client.get("/login").text
        away = client.get("/login/provider")
        assert away.status_code == 303
        assert away.headers["location"].startswith(vouching.issuer)
        assert SECRET not in away.headers["location"]
        answer = vouching.authorise(away.headers["location"])
        back = client.get("/login/provider/return", params=answer)
        assert (back.status_code, back.headers["location"]) == (303, "/")
        assert client.get("/").status_code == 200
        assert "sitehealth-provider" not in client.cookies
        assert client.get("/login/provider/return", params=answer).status_code == 401  # nothing is pending any more


def test_a_link_with_the_answer_of_somebody_else_logs_nobody_in(console, vouching):
    with console.visitor() as attacker, console.visitor() as victim:
        answer = vouching.authorise(attacker.get("/login/provider").headers["location"])
        assert victim.get("/login/provider/return", params=answer).status_code == 401
        victim.get("/login/provider")
        assert victim.get("/login/provider/return", params=answer).status_code == 401
        assert victim.get("/").status_code == 303


def test_who_has_no_role_here_is_told_so(console, vouching):
    vouching.claims = {"roles": ["staff"]}
    with console.visitor() as client:
        answer = vouching.authorise(client.get("/login/provider").headers["location"])
        refused = client.get("/login/provider/return", params=answer)
        assert refused.status_code == 401
        assert "单点登录未通过" in refused.text


def test_a_provider_that_answers_nonsense_is_a_clear_page(console, vouching):
    vouching.faults = {"no JSON"}
    with console.visitor() as client:
        answer = client.get("/login/provider")
        assert answer.status_code == 503
        assert "单点登录暂时无法使用" in answer.text


def test_without_a_provider_there_is_no_such_page(own_console):
    with own_console.visitor() as client:
        assert "/login/provider" not in client.get("/login").text
        assert client.get("/login/provider").status_code == 404
        assert client.get("/login/provider/return?code=x&state=y").status_code == 404
