"""What the API does of documents and people: workbooks, proofreading, reports of periods, users, tokens, views."""

from __future__ import annotations

from io import BytesIO

import httpx
import openpyxl
import pytest

from monitor.accounts.auditing import AuditLog
from monitor.pages.documents import passages
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from tests.monitor.console.api.test_problems import problem
from tests.monitor.console.bureau import PASSWORD, Bureau, filled_in, send
from tests.monitor.console.programs import program, token
from tests.monitor.proofreading.word_files import draft
from tests.monitor.service.test_stopping import until
from tests.monitor.typo_lists import share_lists


def note(console, number: int) -> str:
    return EntryStore(console.bureau.store.engine).get([number])[number].note


# ---- workbooks ----------------------------------------------------------------------------------------


def test_a_workbook_goes_out_is_tried_and_comes_back(own, ask):
    rows = [each.number for each in own.bureau.ledger().select(LedgerFilter(department="办公室"))]
    with ask("mender") as client:
        body = client.get("/workbook").raise_for_status().content
        cells = [cell for row in openpyxl.load_workbook(BytesIO(body)).worksheets[0].values for cell in row]
        assert {cell for cell in cells if isinstance(cell, int)} >= set(rows)
        sent = {"file": ("台账.xlsx", filled_in(body, 整改说明="已改好"))}
        tried = client.post("/workbook", params={"dry_run": True}, files=sent).raise_for_status().json()
        assert {note(own, number) for number in rows} == {""}
        done = client.post("/workbook", files=sent).raise_for_status().json()
    assert tried["changed"] == done["changed"] == rows
    assert {row["field"] for row in done["changes"]} == {"note"}
    assert {note(own, number) for number in rows} == {"已改好"}


def test_a_workbook_changes_nothing_that_its_sender_may_not_change(own, ask):
    with ask("admin") as client:
        whole = client.get("/workbook", params={"rule": "directory-listing", "language": "zh-CN"}).content
    with ask("mender") as client:
        sent = {"file": ("x.xlsx", filled_in(whole, 整改说明="别人的"))}
        outcome = client.post("/workbook", files=sent).raise_for_status().json()
    assert (outcome["changed"], outcome["held_back"] > 0) == ([], True)
    assert "没有这个编号" in outcome["lines"][0]["text"]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 no workbook", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused(shared, reader, body):
    problem(reader.post("/workbook", files={"file": ("x.xlsx", body)}), 422)


def test_departments_are_those_that_the_page_shows(shared):
    with program(shared, "mender") as client:
        (shown,) = client.get("/departments").json()["items"]
    assert (shown["name"], shown["open"]) == ("办公室", 2)


# ---- proofreading -------------------------------------------------------------------------------------


@pytest.fixture
def lists(tmp_path, monkeypatch):
    """The lists of the typo check, without its models."""
    monkeypatch.setenv("SITEHEALTH_DATA", str(tmp_path / "data"))
    share_lists(tmp_path / "data")


def read_to_its_end(client: httpx.Client, begun: httpx.Response) -> tuple[str, dict]:
    assert begun.status_code == 202, begun.text
    place = begun.headers["location"].removeprefix("/api/v1")
    assert until(lambda: client.get(place).json()["ended"])
    return place, client.get(place).json()


def test_a_text_is_proofread_decided_and_forgotten(shared, lists):
    with program(shared, "viewer", ["read"]) as client:
        text = "各单位要认真布署，确保落实。\n会议决定按装监控设备。"
        place, shown = read_to_its_end(client, client.post("/proofreadings", json={"text": text}))
        marks = {each["wrong"]: each for each in shown["marks"]}
        assert marks["布署"]["right"] == "部署"
        at = marks["布署"]
        assert shown["passages"][at["passage"]][at["start"] : at["end"]] == "布署"
        decisions = [{"mark": marks["按装"]["number"], "verdict": "replace", "replacement": "装配"}]
        wanted = {"decisions": decisions, "accept_confirmed": True}
        client.post(f"{place}/decisions", json=wanted).raise_for_status()
        assert client.get(f"{place}/text").text == "各单位要认真部署，确保落实。\n会议决定装配监控设备。\n"
        undone = [{"mark": each["number"], "verdict": "open"} for each in marks.values()]
        client.post(f"{place}/decisions", json={"decisions": undone}).raise_for_status()
        assert "认真布署" in client.get(f"{place}/text").text
        problem(client.post(f"{place}/decisions", json={"decisions": [{"mark": 99, "verdict": "keep"}]}), 422)
        with program(shared, "admin") as other:
            problem(other.get(place), 404)
            assert other.get("/proofreadings").json() == {"items": []}
        assert client.delete(place).status_code == 204
        problem(client.get(place), 404)


def test_a_word_file_comes_back_with_tracked_changes(shared, lists):
    with program(shared, "viewer") as client:
        begun = client.post("/proofreadings/files", files={"file": ("通知.docx", draft())}, data={"site": "a"})
        place, shown = read_to_its_end(client, begun)
        assert (shown["name"], shown["site"], shown["has_docx"]) == ("通知.docx", "a", True)
        client.post(f"{place}/decisions", json={"accept_confirmed": True}).raise_for_status()
        body = client.get(f"{place}/docx").raise_for_status().content
        client.delete(place)
    assert any("认真部署" in each.text for each in passages(BytesIO(body), "x.docx"))


def test_what_cannot_be_proofread_is_refused(shared):
    with program(shared, "mender") as client:
        problem(client.post("/proofreadings", json={"text": "  "}), 422)
        problem(client.post("/proofreadings/files", files={"file": ("x.txt", b" ")}), 422)
        problem(client.post("/proofreadings", json={"text": "正文", "site": "b"}), 404)


# ---- reports of periods ---------------------------------------------------------------------------------


def test_the_report_of_a_period_is_written_and_downloaded_by_who_asked(shared, reader):
    wanted = {"about": "site", "name": "a", "from": "2027-01-01", "to": "2027-01-15", "formats": ["json", "markdown"]}
    begun = reader.post("/reports", json=wanted)
    assert begun.status_code == 202, begun.text
    place = begun.headers["location"].removeprefix("/api/v1")
    assert until(lambda: reader.get(place).json()["ended"])
    shown = reader.get(place).json()
    assert ([each["format"] for each in shown["files"]], shown["faults"]) == (["json", "markdown"], {})
    assert "清河县政府" in reader.get(f"{place}/json").text
    assert "attachment" in reader.get(f"{place}/markdown").headers["content-disposition"]
    problem(reader.get(f"{place}/docx"), 404)
    with program(shared, "viewer") as other:
        problem(other.get(place), 404)


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"quarter": "2026Q9"}, 422),
        ({"quarter": "2027Q2"}, 422),
        ({"quarter": "2026Q4", "from": "2026-10-01", "to": "2026-10-02"}, 422),
        ({"from": "2026-10-01"}, 422),
        ({"from": "2026-10-02", "to": "2026-10-01"}, 422),
        ({"from": "2026-10-02", "to": "2030-10-01"}, 422),
        ({"quarter": "2026Q4", "formats": ["exe"]}, 422),
        ({"quarter": "2026Q4", "about": "group", "name": "nobody"}, 404),
        ({"quarter": "2026Q4", "about": "site", "name": "../a"}, 404),
    ],
    ids=str,
)
def test_a_period_that_makes_no_sense_is_refused(reader, wanted, status):
    problem(reader.post("/reports", json={"formats": ["json"], **wanted}), status)


# ---- users and tokens -----------------------------------------------------------------------------------


def test_a_user_is_made_given_rights_and_let_in_no_more(own, ask):
    with ask("admin") as client:
        wanted = {"name": "zhang", "full_name": "张三", "rights": [{"scope": "site", "name": "a", "role": "editor"}]}
        made = client.post("/users", json=wanted)
        assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
        password = made.json()["password"]
        assert client.get("/users/zhang").json() == {k: v for k, v in made.json().items() if k != "password"}
        problem(client.post("/users", json=wanted), 409)
        with own.visitor() as browser:
            assert send(browser, "/login", {"name": "zhang", "password": password}).status_code == 303
        rights = {"rights": [{"scope": "all", "role": "viewer"}], "departments": ["信息中心"]}
        changed = client.put("/users/zhang/rights", json=rights).json()
        assert (changed["rights"], changed["departments"]) == (
            [{"scope": "all", "name": "", "role": "viewer"}],
            ["信息中心"],
        )
        assert client.post("/users/zhang/password", json={}).json()["password"] not in {None, password}
        assert client.patch("/users/zhang", json={"disabled": True}).json()["disabled"]
        assert client.patch("/users/zhang", json={"disabled": False}).json()["disabled"] is None
        assert client.delete("/users/zhang/totp").status_code == 204
        names = [each["name"] for each in client.get("/users").json()["items"]]
    assert names == ["admin", "editor", "mender", "viewer", "zhang"]
    lines = AuditLog(own.bureau.store).select(AuditFilter(action="user."))
    assert {line.entry.channel for line in lines if line.entry.object == "user zhang"} == {"api"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", "/users/admin", {"disabled": True}, 422),
        ("PUT", "/users/admin/rights", {"rights": [{"scope": "all", "role": "viewer"}]}, 422),
        ("PUT", "/users/viewer/rights", {"rights": [{"scope": "site", "name": "zz", "role": "viewer"}]}, 422),
        ("PUT", "/users/viewer/rights", {"rights": []}, 422),
        ("POST", "/users/viewer/password", {"password": "short"}, 422),
        ("POST", "/users", {"name": "a b", "rights": [{"scope": "all", "role": "viewer"}]}, 422),
        ("POST", "/users", {"name": "li", "rights": [{"scope": "all", "role": "viewer"}], "disabled": None}, 422),
        ("PATCH", "/users/nobody", {"disabled": True}, 404),
        ("POST", "/users/nobody/tokens", {"label": "x", "scopes": ["read"], "days": 1}, 404),
        ("DELETE", "/users/viewer/tokens/999", None, 404),
        ("POST", "/users/viewer/tokens", {"label": "x", "scopes": ["admin"], "days": 1}, 422),
        ("POST", "/users/viewer/tokens", {"label": "x", "scopes": ["read"], "days": 9999}, 422),
    ],
)
def test_what_may_not_become_of_a_user_is_refused(reader, method, path, body, status):
    problem(reader.request(method, path, json=body), status)


def test_a_token_is_made_shown_once_and_revoked(own, ask):
    with ask("admin") as client:
        made = client.post("/users/viewer/tokens", json={"label": "大屏", "scopes": ["read"], "days": 7}).json()
        headers = {"Authorization": f"Bearer {made['token']}"}
        (mine,) = client.get("/me/tokens", headers=headers).json()["items"]
        assert (mine["label"], mine["valid"]) == ("大屏", True)
        assert made["token"] not in client.get("/users/viewer/tokens").text
        assert client.delete(f"/users/viewer/tokens/{made['number']}").status_code == 204
        problem(client.get("/me", headers=headers), 401)


def test_a_token_makes_none_of_scopes_that_it_lacks(own):
    """Who holds a token to look after users has not the ledger with it."""
    with program(own, "admin", ["admin"]) as client:
        for scopes in (["ledger"], ["admin", "runs"]):
            wanted = {"label": "x", "scopes": scopes, "days": 1}
            problem(client.post("/users/admin/tokens", json=wanted), 403)
        assert client.post("/users/admin/tokens", json={"label": "x", "scopes": ["admin"], "days": 1}).is_success


def test_secrets_are_masked_in_the_settings(tmp_path, made):
    bureau = Bureau(tmp_path, made)
    provider = "{issuer: https://sso.example/, client_id: x, client_secret: hunter2-secret, "
    provider += "roles: [{value: x, role: viewer}]}"
    bureau.settings = bureau.configured(f"console.oidc={provider}")
    with bureau.served() as console, program(console, "admin") as client:
        shown = client.get("/settings").text
    assert "sso.example" in shown
    assert "hunter2" not in shown
    bureau.close()


# ---- saved views ----------------------------------------------------------------------------------------


def test_a_view_is_saved_shared_and_dropped(own, ask):
    with ask("editor") as client, ask("admin") as other:
        wanted = {"name": "错别字", "query": "rule=typo&nonsense=1", "shared": True}
        kept = client.post("/views", json=wanted).json()
        assert (kept["query"], kept["own"]) == ("rule=typo", True)
        (seen,) = other.get("/views").json()["items"]
        assert (seen["name"], seen["own"], seen["author"]) == ("错别字", False, "editor同志")
        again = client.post("/views", json=wanted | {"query": "state=any", "shared": False}).json()
        assert (again["id"], again["query"]) == (kept["id"], "state=any")
        assert other.get("/views").json() == {"items": []}
        with ask("mender") as stranger:
            problem(stranger.delete(f"/views/{kept['id']}"), 404)
        assert client.delete(f"/views/{kept['id']}").status_code == 204
    with program(own, "editor", ["read"]) as client:
        problem(client.post("/views", json=wanted), 403)


def test_the_vocabulary_is_the_suppressions_of_pairs(own, ask):
    with ask("editor") as client:
        for wanted in ({"kind": "pair", "wrong": "按装", "right": "安装"}, {"kind": "target", "host": "x.cn"}):
            client.post("/suppressions", json={**wanted, "site": "a", "reason": "x"}).raise_for_status()
        (pair,) = client.get("/suppressions", params={"kind": "pair"}).json()["items"]
    assert pair["wrong"] == "按装"


def test_an_account_is_not_reached_by_a_password(shared):
    """Tokens are what programs have; a name and a password open pages alone."""
    with shared.visitor(auth=("admin", PASSWORD)) as client:
        problem(client.get("/api/v1/me"), 401)
    assert token(shared, "viewer").startswith("sh_")
