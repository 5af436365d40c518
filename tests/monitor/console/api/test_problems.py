"""What goes wrong is said in JSON, the same way whichever room it comes from, and nothing opens without a token."""

from __future__ import annotations

import json

import httpx
import pytest
from structlog.testing import capture_logs

from monitor.console.api import sites_endpoints
from monitor.console.security.request_bounds import FORM
from monitor.store.accounts.users import RightRecord
from monitor.store.ledger.entries import EntryStore
from tests.monitor.console.bureau import NOW, Bureau
from tests.monitor.console.programs import API, BY, program, users_of

DAY = 86_400.0


def problem(answer: httpx.Response, status: int) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert (document["status"], document["type"]) == (status, "about:blank")
    assert document["title"]
    return document


def test_what_is_not_there_or_not_so_is_a_problem(reader):
    problem(reader.get("/nowhere"), 404)
    problem(reader.get("/entries/999999"), 404)
    problem(reader.get("/entries/abc"), 404)
    problem(reader.get(f"/entries/{10**30}"), 404)
    assert problem(reader.put("/entries/4"), 405)
    assert reader.put("/entries/4").headers["allow"]
    problem(reader.get("/entries", params={"limit": 0}), 422)
    problem(reader.get("/entries", params={"state": "nonsense"}), 422)
    problem(reader.get("/sites", headers={"Host": "evil.example"}), 421)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"note": "\\ud800"}', 422),
        (b'{"note": "a\\u0000b"}', 422),
        (b'{"state": "closed"}', 422),
        (b'{"state": 1}', 422),
        (b'{"severity": "minor"}', 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"deadline": 20300}', 422),
        (b'{"deadline": "2027-02-30"}', 422),
        (b'{"until": NaN}', 422),
        (b"null", 422),
        (b"", 422),
        (b'{"note": "' + b"x" * FORM + b'"}', 413),
    ],
    ids=lambda value: value[:20].decode() if isinstance(value, bytes) else str(value),
)
def test_a_body_that_makes_no_sense_changes_nothing(own, editor_program, body, status):
    before = EntryStore(own.bureau.store.engine).get([4])
    problem(editor_program.patch("/entries/4", content=body, headers={"Content-Type": "application/json"}), status)
    assert EntryStore(own.bureau.store.engine).get([4]) == before


def test_what_a_request_held_is_not_repeated(reader):
    answer = reader.post("/rechecks", json={"numbers": ["hunter2"], "secret": "hunter2"})
    assert "hunter2" not in json.dumps(problem(answer, 422))


def test_an_error_of_ours_says_nothing_of_itself(own, editor_program, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("at /secret/place")

    monkeypatch.setattr(sites_endpoints, "site_cards", broken)
    with capture_logs() as logged:  # a traceback on a terminal takes a second to draw
        assert "secret" not in json.dumps(problem(editor_program.get("/sites"), 500))
    # Once a test of the process has set the log up, what libraries log comes along, with the name of their logger.
    assert [line["event"] for line in logged if "logger" not in line] == ["a page of the console failed"]


def test_without_a_token_there_is_the_description_alone(shared):
    with shared.visitor() as client:
        assert client.get(f"{API}/openapi.json").json()["openapi"].startswith("3.")
        answer = client.get(f"{API}/sites")
        problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("given", ["Bearer sh_wrong", "Bearer", "Basic YTpi", f"Bearer sh_{'x' * 5000}", "sh_x"])
def test_what_is_no_token_opens_nothing(shared, given):
    with shared.visitor(headers={"Authorization": given}) as client:
        problem(client.get(f"{API}/me"), 401)


def test_cookies_count_for_nothing_here_and_tokens_for_nothing_there(shared):
    with shared.person("admin") as client:
        assert client.get("/").status_code == 200
        problem(client.get(f"{API}/me"), 401)
        problem(client.patch(f"{API}/entries/4", json={"note": "x"}), 401)
    with program(shared, "admin") as client:
        assert client.get(f"{shared.url}/").status_code == 303
        assert client.get(f"{shared.url}{API}/me", params={"access_token": "x"}).status_code == 200


@pytest.mark.parametrize("end", ["revoked", "expired", "disabled", "rights"])
def test_a_token_ends_by_date_by_revocation_and_with_its_user(own, editor_program, end):
    users = users_of(own)
    assert editor_program.get("/sites/a").status_code == 200
    match end:
        case "revoked":
            assert users.revoke_token(users.tokens("editor")[-1].number, BY)
        case "expired":
            own.bureau.clock = NOW + 31 * DAY
        case "disabled":
            users.disable("editor", BY)
            problem(editor_program.get("/sites/a"), 401)
            users.enable("editor", BY)
        case "rights":
            users.set_rights("editor", [RightRecord("site", "b", "viewer")], [], BY)
    problem(editor_program.get("/sites/a"), 404 if end == "rights" else 401)


@pytest.mark.parametrize(
    ("scopes", "method", "path", "body"),
    [
        (["read"], "PATCH", "/entries/4", {"note": "x"}),
        (["read", "runs"], "POST", "/entries/changes", {"numbers": [4], "change": {"note": "x"}}),
        (["ledger"], "GET", "/entries/4", None),
        (["read", "ledger"], "POST", "/sites/a/inspections", {"scope": "site"}),
        (["read", "ledger", "runs"], "GET", "/audit", None),
        (["read", "ledger", "runs"], "POST", "/outbox/retries", {"numbers": [1]}),
        (["read", "runs"], "POST", "/suppressions", {"kind": "target", "host": "x.cn", "site": "a", "reason": "x"}),
        (["read", "runs"], "POST", "/rechecks", {"numbers": [4]}),
    ],
)
def test_a_token_does_what_its_scopes_are_for_and_no_more(shared, scopes, method, path, body):
    with program(shared, "admin", scopes) as client:
        answer = client.request(method, path, json=body)
        problem(answer, 403)
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_addresses_stand_below_the_configured_root(tmp_path, made):
    bureau = Bureau(tmp_path, made, {"root": "/sitehealth"})
    with bureau.served() as console, console.visitor() as client:
        document = client.get(f"/sitehealth{API}/openapi.json").json()
        assert document["servers"] == [{"url": f"/sitehealth{API}"}]
        problem(client.get(f"/sitehealth{API}/me"), 401)
        problem(client.get(f"{API}/me"), 401)
        problem(client.get(f"{API}/me", headers={"Host": "evil.example"}), 421)
    bureau.close()
