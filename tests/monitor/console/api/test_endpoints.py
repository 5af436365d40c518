"""What the API shows and changes: the same as the pages, paged, conditional, in the name of a token's user."""

from __future__ import annotations

import json

import httpx
import pytest
from msgspec import to_builtins

from monitor.accounts.auditing import AuditLog
from monitor.output.publish import publish
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.entry_items import entry_item
from reports.remediation.reasons import in_words
from tests.monitor.console.bureau import MARKUP, Bureau
from tests.monitor.console.programs import program
from tests.monitor.service.test_stopping import until


def entry(console, number):
    return EntryStore(console.bureau.store.engine).get([number])[number]


def pages(client: httpx.Client, path: str, **query) -> list:
    items, cursor = [], ""
    while cursor is not None:
        page = client.get(path, params={**query, "cursor": cursor}).raise_for_status().json()
        items += page["items"]
        cursor = page["next"]
    return items


# ---- reading ------------------------------------------------------------------------------------------


def test_entries_are_those_of_the_ledger_in_pages_of_any_size(shared, reader):
    ledger = shared.bureau.ledger()
    known = {each.number: entry_item(each, ledger.today, "zh-CN") for each in ledger.select()}
    for size in (7, 200):
        found = pages(reader, "/entries", state="any", limit=size, order="newest")
        assert [each["number"] for each in found] == sorted(known, reverse=True)
    plain = json.loads(json.dumps(known[1], ensure_ascii=False))
    shown = next(each for each in found if each["number"] == 1)
    assert {name: shown[name] for name in plain} == plain
    assert any(MARKUP in json.dumps(each, ensure_ascii=False).replace('\\"', '"') for each in found)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"rule": "typo"}, LedgerFilter(rules=("typo",))),
        ({"site": "b"}, LedgerFilter(site="b")),
        ({"severity": ["major", "critical"], "state": "any"}, LedgerFilter(severities=("major", "critical"))),
        ({"department": "办公室", "state": "any"}, LedgerFilter(department="办公室")),
    ],
)
def test_filters_are_those_of_the_command_line(shared, reader, query, wanted):
    found = {each["number"] for each in pages(reader, "/entries", **query)}
    assert found == {each.number for each in shared.bureau.ledger().select(wanted)}
    assert found


def test_a_search_finds_what_pages_find(reader):
    assert [each["rule"] for each in pages(reader, "/entries", q="gone.html", state="any")] == ["broken-link"]


def test_an_entry_comes_with_its_history_in_either_language(shared, reader):
    shown = reader.get("/entries/1").json()
    rows = EntryStore(shared.bureau.store.engine).history(1)
    assert [row["field"] for row in shown["history"]] == [row.field for row in rows]
    assert shown["message"] != reader.get("/entries/1", params={"language": "en"}).json()["message"]
    assert [row["why"] for row in shown["history"]] == [in_words(row.why, "zh-CN") for row in rows]


def test_sites_and_runs_are_what_the_pages_show(reader):
    sites = pages(reader, "/sites", limit=1)
    assert [(each["id"], each["name"]) for each in sites] == [("a", "清河县政府"), ("b", "下河乡")]
    assert sites[0] == reader.get("/sites/a").json()
    assert [each["id"] for each in pages(reader, "/sites", group="县直")] == ["a"]
    assert pages(reader, "/sites", group="没有") == []
    assert (sites[0]["grade"], sites[0]["score"], sites[0]["vetoes"]) == ("F", 64.5, 1)
    assert [each["id"] for each in pages(reader, "/runs", limit=1)] == [3, 2, 1]
    assert [each["id"] for each in pages(reader, "/runs", site="a")] == [2, 1]
    run = reader.get("/runs/2").json()
    assert {each["rule"] for each in run["rules"]} == {"typo", "broken-link", "directory-listing"}


def test_figures_are_those_of_the_command_line(shared, reader):
    figures = to_builtins(shared.bureau.ledger().count("a"))
    assert reader.get("/statistics", params={"site": "a"}).json() == json.loads(json.dumps(figures))
    whole = reader.get("/statistics", params={"from": "2027-01-01", "to": "2027-01-31"}).json()
    assert whole["total"]["found"] >= figures["total"]["found"]


def test_me_is_the_user_of_the_token(shared):
    with program(shared, "mender", ["read"]) as client:
        shown = client.get("/me").json()
    assert (shown["name"], shown["sites"], shown["departments"], shown["scopes"]) == (
        "mender",
        ["a"],
        ["办公室"],
        ["read"],
    )
    assert "entry.mend" not in shown["actions"]


def test_reports_are_sent_as_files(tmp_path, made):
    bureau = Bureau(tmp_path, made)
    bureau.settings = bureau.configured(f"daemon.reports={tmp_path / 'out'}")
    publish(bureau.store, 1, tmp_path / "out", bureau.settings.report, ["json"])
    with bureau.served() as console, program(console, "viewer") as client:
        (file,) = client.get("/runs/1/reports").json()["items"]
        answer = client.get(f"/runs/1/reports/{file['name']}")
        assert (answer.status_code, len(answer.content)) == (200, file["size"])
        assert answer.headers["content-disposition"].startswith("attachment")
        assert client.get("/runs/1/reports/..%2Fbureau.db").status_code == 404
    bureau.close()


# ---- conditions and cursors ---------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(own, editor_program):
    first = editor_program.get("/entries/4")
    again = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    answer = editor_program.get("/entries/4", headers=again)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", first.headers["etag"])
    editor_program.patch("/entries/4", json={"note": "x"}).raise_for_status()
    assert editor_program.get("/entries/4", headers=again).status_code == 200


def test_a_change_of_something_else_than_what_was_read_is_refused(own, editor_program):
    tag = editor_program.get("/entries/4").headers["etag"]
    first = editor_program.patch("/entries/4", json={"note": "x"}, headers={"If-Match": tag})
    assert (first.status_code, first.json()["note"]) == (200, "x")
    assert first.headers["etag"] == editor_program.get("/entries/4").headers["etag"]
    second = editor_program.patch("/entries/4", json={"note": "y"}, headers={"If-Match": tag})
    assert (second.status_code, second.headers["content-type"]) == (412, "application/problem+json")
    assert entry(own, 4).note == "x"
    editor_program.patch("/entries/4", json={"note": "y"}, headers={"If-Match": "*"}).raise_for_status()
    weak = {"If-Match": f"W/{editor_program.get('/entries/4').headers['etag']}"}
    assert editor_program.patch("/entries/4", json={"note": "z"}, headers=weak).status_code == 412


@pytest.mark.parametrize("cursor", ["x", "%00", "AAAA", "é", "Zm9vOmJhcg==", "1"])
def test_a_cursor_that_is_none_is_refused(reader, cursor):
    assert reader.get("/entries", params={"cursor": cursor}).status_code == 422


def test_a_cursor_is_good_for_its_own_list_alone(reader):
    cursor = reader.get("/entries", params={"limit": 1, "site": "a"}).json()["next"]
    assert reader.get("/entries", params={"limit": 5, "site": "a", "cursor": cursor}).status_code == 200
    assert reader.get("/entries", params={"limit": 1, "site": "b", "cursor": cursor}).status_code == 422
    assert reader.get("/runs", params={"cursor": cursor}).status_code == 422


def test_pages_lose_nothing_where_entries_change_meanwhile(own, editor_program):
    first = editor_program.get("/entries", params={"limit": 30}).json()
    gone = first["items"][5]["number"]
    editor_program.patch(f"/entries/{gone}", json={"state": "accepted", "reason": "x", "until": "2027-12-31"})
    second = editor_program.get("/entries", params={"limit": 200, "cursor": first["next"]}).json()
    numbers = [each["number"] for page in (first, second) for each in page["items"]]
    assert len(numbers) == len(set(numbers)) == 63


# ---- changing -----------------------------------------------------------------------------------------


def test_a_change_is_kept_with_who_made_it_and_which_way(own, editor_program):
    wanted = {"state": "postponed", "reason": "改版", "until": "2027-02-01", "owner": "李四"}
    editor_program.patch("/entries/4", json=wanted).raise_for_status()
    kept = entry(own, 4)
    assert (kept.state, kept.owner, str(kept.until)) == ("postponed", "李四", "2027-02-01")
    assert EntryStore(own.bureau.store.engine).history(4)[-1].by == "editor同志"
    line = AuditLog(own.bureau.store).select(AuditFilter(action="entry.change"))[0].entry
    assert (line.who, line.channel, line.address, line.object) == ("editor", "api", "127.0.0.1", "#4")


def test_many_are_changed_all_or_none(own, editor_program):
    editor_program.patch("/entries/4", json={"state": "accepted", "reason": "x", "until": "2027-12-31"})
    refused = editor_program.post("/entries/changes", json={"numbers": [4, 5], "change": {"state": "to-confirm"}})
    assert refused.status_code == 422
    assert [each["number"] for each in refused.json()["reasons"]] == [4]
    assert entry(own, 5).state == "to-fix"
    done = editor_program.post("/entries/changes", json={"numbers": [5, 6, 5], "change": {"state": "fixing"}}).json()
    assert (done["changed"], entry(own, 6).state) == ([5, 6], "fixing")
    assert {(row["number"], row["after"]) for row in done["changes"]} >= {(5, "fixing"), (6, "fixing")}


def test_one_that_may_not_be_seen_reads_like_one_that_is_not_there(own, ask):
    foreign = next(
        each.number for each in EntryStore(own.bureau.store.engine).get(range(1, 70)).values() if each.site == "b"
    )
    with ask("editor") as client:
        answers = [
            client.post("/entries/changes", json={"numbers": [4, number], "change": {"note": "x"}})
            for number in (foreign, 999_999)
        ]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert entry(own, 4).note == ""


def test_an_inspection_is_begun_seen_and_ended(own, editor_program):
    begun = editor_program.post("/sites/a/inspections", json={"scope": "site"})
    assert (begun.status_code, begun.json()["items"][0]["scope"]) == (202, "site")
    assert editor_program.post("/sites/a/inspections", json={"scope": "site"}).status_code == 409
    assert len(editor_program.get("/sites/a/inspections").json()["items"]) == 1
    assert editor_program.delete("/sites/a/inspections/site").status_code == 204
    assert editor_program.delete("/sites/a/inspections/site").status_code == 409
    kept = [each.entry.action for each in AuditLog(own.bureau.store).select(AuditFilter(action="run."))]
    assert kept == ["run.cancel", "run.start"]


def test_without_a_daemon_no_inspection_begins(own_console):
    with program(own_console, "editor") as client:
        assert client.post("/sites/a/inspections", json={"scope": "site"}).status_code == 409


def test_a_judgement_is_remembered_and_taken_back(own, editor_program):
    typo = next(
        each
        for each in pages(editor_program, "/entries", rule="typo", state="any")
        if each["confidence"] == "suspected"
    )
    wanted = {"kind": "entry", "entry": typo["number"], "site": "a", "reason": "写法正确"}
    made = editor_program.post("/suppressions", json=wanted)
    assert (made.status_code, made.json()["kind"], made.json()["hides"]) == (201, "pair", 1)
    assert entry(own, typo["number"]).state == "false-positive"
    place = made.headers["location"].removeprefix("/api/v1")
    shown = editor_program.get(place)
    assert shown.json() in pages(editor_program, "/suppressions")
    assert editor_program.delete(place, headers={"If-Match": '"other"'}).status_code == 412
    assert editor_program.delete(place, headers={"If-Match": shown.headers["etag"]}).status_code == 204
    assert editor_program.delete(place).status_code == 404
    assert entry(own, typo["number"]).state == "to-confirm"
    everywhere = editor_program.post("/suppressions", json={"kind": "target", "host": "a.cn", "reason": "x"})
    assert everywhere.status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": "pair", "wrong": "甲", "site": "a", "reason": "x"},
        {"kind": "target", "host": "a.cn", "entry": 1, "site": "a", "reason": "x"},
        {"kind": "rule", "site": "a", "reason": "x"},
        {"kind": "pair", "wrong": "甲", "right": "乙", "site": "a", "reason": "x", "until": "2020-01-01"},
        {"kind": "target", "host": "a.cn", "site": "a", "reason": " "},
        {"kind": "entry", "entry": 10, "site": "a", "reason": "neither a typo nor a link"},
    ],
)
def test_a_judgement_that_makes_no_sense_is_refused(own, editor_program, wanted):
    assert editor_program.post("/suppressions", json=wanted).status_code == 422


def test_a_recheck_goes_on_and_is_asked_for(own, editor_program):
    begun = editor_program.post("/rechecks", json={"numbers": [4]})
    assert begun.status_code == 202
    place = begun.headers["location"].removeprefix("/api/v1")
    assert until(lambda: editor_program.get(place).json()["ended"])
    shown = editor_program.get(place).json()
    assert [each["number"] for each in shown["results"]] == [4] or shown["fault"]
    with program(own, "admin") as other:
        assert other.get(place).status_code == 404


def test_outbox_and_audit_log_are_for_administrators(own, ask):
    with ask("admin") as client:
        client.patch("/entries/4", json={"note": "x"}).raise_for_status()
        client.patch("/entries/5", json={"note": "x"}).raise_for_status()
        assert client.get("/outbox").json() == {"items": []}
        assert client.post("/outbox/retries", json={"numbers": [1]}).json() == {"numbers": []}
        lines = pages(client, "/audit", action="entry.", limit=1)
        assert [line["object"] for line in lines] == ["#5", "#4"]
        assert client.get("/audit", params={"who": "a\0b"}).status_code == 422
