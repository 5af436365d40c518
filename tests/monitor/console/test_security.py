"""What the open web and careless proxies could do to the console: each tried, and shut."""

from __future__ import annotations

import socket
from contextlib import suppress

import httpx
import pytest

from monitor.console.security.host_names import is_ours
from monitor.console.security.request_bounds import FORM
from monitor.settings.console import ConsoleSettings
from monitor.store.ledger.entries import EntryStore
from tests.monitor.console.bureau import PASSWORD, Bureau, form_token, send


def state(console) -> str:
    return EntryStore(console.bureau.store.engine).get([4])[4].state


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("guessed", {}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Sec-Fetch-Site": "same-site"}),
        (None, {"Origin": "https://evil.example"}),
        (None, {"Origin": "null"}),
    ],
)
def test_a_form_of_another_site_changes_nothing(own_console, token, headers):
    with own_console.person("editor") as client:
        right = form_token(client.get("/").text)
        fields = {"form_token": right if token is None else token, "state": "fixing"}
        assert client.post("/findings/4", data=fields, headers=headers).status_code == 403
        assert client.post("/findings/4", json={"state": "fixing"}).status_code == 403
        assert client.post("/logout", data={"form_token": token or "x"}, headers=headers).status_code == 403
    assert state(own_console) == "to-fix"


def test_the_token_of_another_session_counts_for_nothing(own_console):
    with own_console.person("editor") as client, own_console.person("admin") as other:
        fields = {"form_token": form_token(other.get("/").text), "state": "fixing"}
        assert client.post("/findings/4", data=fields).status_code == 403


def test_a_login_cannot_be_forced_on_somebody(own_console):
    """A stranger's page could log a visitor in as itself, to read what they do then."""
    with own_console.visitor() as client:
        fields = {"name": "viewer", "password": PASSWORD, "form_token": "x" * 32}
        assert client.post("/login", data=fields).status_code == 403


def test_htmx_sends_the_token_in_a_header(own_console):
    with own_console.person("editor") as client:
        token = form_token(client.get("/").text)
        answer = client.post("/findings/4", data={"state": "fixing"}, headers={"X-Form-Token": token})
        assert answer.status_code == 303


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "",
        "[::1",
        "localhost.evil.example",
        "evil.example.",
        "evil.example:127.0.0.1",
        "127.0.0.1@evil.example",
        "localhost:80:80",
        "localhost, evil.example",
        "evil.example/127.0.0.1",
        "127.0.0.1.",
        "xn--localhost-",
        "127.0.0.1#evil.example",
    ],
)
def test_other_names_than_ours_are_not_answered(console, host):
    with console.visitor() as client:
        answer = client.get("/login", headers={"Host": host})
        assert answer.status_code in {400, 421}
        assert "登录" not in answer.text


def test_configured_names_are_answered_and_addresses_no_longer():
    settings = ConsoleSettings(hosts=("check.qinghe.gov.cn",))
    assert is_ours("check.qinghe.gov.cn:8443", settings)
    assert is_ours("127.0.0.1:8460", settings)
    assert not is_ours("10.0.0.7", settings)
    assert not is_ours("check.qinghe.gov.cn.evil.example", settings)
    assert is_ours("10.0.0.7:80", ConsoleSettings())
    assert is_ours("[::1]:80", ConsoleSettings())


def test_two_hosts_are_one_too_many(console):
    host, port = console.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        head = connection.recv(4096)
    assert head.split()[1] in {b"400", b"421"}


def test_forwarded_headers_count_from_configured_proxies_alone(tmp_path, console, made):
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}
    with console.visitor() as client:
        answer = client.get("/login", headers=told)
        assert answer.status_code == 200
        assert "strict-transport-security" not in answer.headers
    bureau = Bureau(tmp_path, made, {"trusted_proxies": '["127.0.0.1"]', "hosts": '["check.qinghe.gov.cn"]'})
    with bureau.served() as behind, behind.visitor() as client:
        right = {**told, "X-Forwarded-Host": "check.qinghe.gov.cn"}
        assert "strict-transport-security" in client.get("/login", headers=right).headers
        assert client.get("/login", headers=told).status_code == 421
    bureau.close()


def test_under_a_path_every_address_has_it(tmp_path, made):
    bureau = Bureau(tmp_path, made, {"root": "/sitehealth"})
    with bureau.served() as served, served.visitor() as client:
        for path in ("/sitehealth/login", "/login"):  # the proxy may have taken it off, or not
            page = client.get(path)
            assert page.status_code == 200
            assert 'action="/sitehealth/login"' in page.text
            assert 'src="/sitehealth/static/' in page.text
        assert client.get("/sitehealth/").headers["location"].startswith("/sitehealth/login")
        fields = {
            "name": "viewer",
            "password": PASSWORD,
            "form_token": form_token(client.get("/sitehealth/login").text),
        }
        assert client.post("/sitehealth/login", data=fields).headers["location"] == "/sitehealth/"
        assert "清河县政府" in client.get("/sitehealth/").text
        assert client.get("/sitehealthy/login").status_code == 404
    bureau.close()


def test_bodies_are_bounded_however_they_come(console):
    def endless():
        for _ in range(FORM // 1024 + 64):
            yield b"x" * 1024

    with console.visitor() as client:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert client.post("/login", content=b"x" * (FORM + 1), headers=kind).status_code == 413
        with suppress(httpx.WriteError):  # hung up on before the answer was read
            assert client.post("/login", content=endless(), headers=kind).status_code == 413


def test_every_answer_says_what_browsers_may_do_with_it(admin):
    for path in ("/", "/login", "/nowhere", "/findings/1"):
        headers = admin.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_methods_that_no_page_has_change_nothing(admin, method):
    assert admin.request(method, "/findings/1").status_code in {403, 404, 405}


def test_a_get_changes_nothing(own_console):
    with own_console.person("editor") as client:
        client.get("/findings/4?state=fixing")
        assert client.get("/findings/change?number=4&state=fixing").status_code in {404, 405}
    assert state(own_console) == "to-fix"


def test_more_fields_than_a_form_has_are_not_read(own_console):
    """Mass assignment: a form that names columns of the table."""
    with own_console.person("editor") as client:
        send(client, "/findings/4", {"note": "x", "severity": "minor", "site": "b", "revision": "9", "closed": "1"})
    entry = EntryStore(own_console.bureau.store.engine).get([4])[4]
    assert (entry.note, entry.site, entry.closed) == ("x", "a", None)
