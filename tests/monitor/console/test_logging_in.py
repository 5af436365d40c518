"""Log in and out: one answer to whatever was wrong, a new session each time, cookies that nobody else reads."""

from __future__ import annotations

import pyotp
import pytest

from monitor.accounts.accounts import Accounts, Origin
from tests.monitor.console.bureau import NOW, PASSWORD, Bureau, form_token, send


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(own_console):
    answers = []
    for name in ("viewer", "nobody-of-that-name"):
        with own_console.visitor() as client:
            answer = send(client, "/login", {"name": name, "password": "wrong"})
            answers.append(answer.text.replace(name, "NAME").replace(form_token(answer.text), ""))
        assert answer.status_code == 401
    assert answers[0] == answers[1]


def test_logging_in_leads_back_to_where_somebody_wanted_to_go(own_console):
    with own_console.visitor() as client:
        answer = send(client, "/login", {"name": "viewer", "password": PASSWORD, "back": "/findings?site=a"})
        assert answer.headers["location"] == "/findings?site=a"


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "\\/evil",
        "javascript:x",
        "/\x00",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "/\r\nSet-Cookie: a=b",
        "/\u2028/evil",
        "///evil.example",
        "http:evil.example",
        "//evil.example\\@127.0.0.1/",
        "/\u200b//evil",
        "data:text/html,x",
        "//127.0.0.1@evil.example/",
    ],
)
def test_it_leads_nowhere_else(own_console, back):
    with own_console.visitor() as client:
        answer = send(client, "/login", {"name": "viewer", "password": PASSWORD, "back": back})
        assert answer.headers["location"] == "/"


def test_a_session_is_new_and_its_cookie_private(own_console):
    with own_console.visitor() as client:
        client.cookies.set("sitehealth", "fixed-by-somebody")
        answer = send(client, "/login", {"name": "viewer", "password": PASSWORD})
        (cookie,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("sitehealth=")]
        assert "fixed-by-somebody" not in cookie
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


def test_over_https_cookies_go_that_way_alone(tmp_path, made):
    bureau = Bureau(tmp_path, made, {"https": True})
    with bureau.served() as console, console.visitor() as client:
        answer = client.get("/login")
        assert all("Secure" in each and each.startswith("__Host-") for each in answer.headers.get_list("set-cookie"))
        assert "max-age" in answer.headers["strict-transport-security"]
    bureau.close()


def test_after_logging_out_the_session_is_dead(own_console):
    with own_console.person("viewer") as client:
        token = client.cookies["sitehealth"]
        assert client.get("/").status_code == 200
        send(client, "/logout", {})
        client.cookies.set("sitehealth", token)
        assert client.get("/").status_code == 303


def test_many_tries_have_to_wait(own_console):
    with own_console.visitor() as client:
        answers = [send(client, "/login", {"name": "viewer", "password": f"wrong{at}"}) for at in range(12)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_an_account_with_codes_asks_for_one(own_console):
    bureau = own_console.bureau
    accounts = Accounts(bureau.store, bureau.settings, lambda: NOW)
    begun = accounts.log_in("viewer", PASSWORD, Origin("127.0.0.1"))
    offer = accounts.begin_totp(begun.session, PASSWORD)
    code = pyotp.TOTP(offer.secret)
    accounts.confirm_totp(begun.session, code.at(int(NOW)), begun.session.actor("127.0.0.1"))
    with own_console.visitor() as client:
        asked = send(client, "/login", {"name": "viewer", "password": PASSWORD})
        assert asked.status_code == 200
        assert "sitehealth" not in client.cookies
        pending = asked.text.partition('name="pending" value="')[2].partition('"')[0]
        wrong = client.post("/login/code", data={"form_token": form_token(asked.text), "pending": pending, "code": "1"})
        assert wrong.status_code == 401
        # The code of the moment before was used to set it up: the next one is asked for.
        fields = {"form_token": form_token(asked.text), "pending": pending, "code": code.at(int(NOW) + 30)}
        assert client.post("/login/code", data=fields).status_code == 303
        assert client.get("/").status_code == 200
