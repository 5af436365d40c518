"""What is tried against the console and the API, attack by attack, and where each is shown to be shut.

The table names the tests, so that nobody has to look for them, and none goes without being missed here. What people
write into the console themselves is tried on this page.
"""

from __future__ import annotations

import ast
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from monitor.accounts.auditing import Actor, Via
from monitor.accounts.permissions import TokenScope
from monitor.store.accounts.users import RightRecord
from tests.monitor.console.bureau import MARKUP, PASSWORD, Bureau, form_token
from tests.monitor.console.programs import BY, FakeInspections, program, users_of

TESTS = Path(__file__).parents[2]

CONSOLE, ACCOUNTS = "monitor/console", "monitor/accounts"

TRIED = {
    "csrf": (
        f"{CONSOLE}/test_security.py::test_a_form_of_another_site_changes_nothing",
        f"{CONSOLE}/test_security.py::test_the_token_of_another_session_counts_for_nothing",
        f"{CONSOLE}/test_security.py::test_a_login_cannot_be_forced_on_somebody",
        f"{CONSOLE}/test_security.py::test_a_get_changes_nothing",
        f"{CONSOLE}/api/test_problems.py::test_cookies_count_for_nothing_here_and_tokens_for_nothing_there",
    ),
    "session fixation": (
        f"{CONSOLE}/test_logging_in.py::test_a_session_is_new_and_its_cookie_private",
        f"{ACCOUNTS}/test_accounts.py::test_another_id_is_another_csrf_token_and_no_longer_life",
    ),
    "cookie flags": (
        f"{CONSOLE}/test_logging_in.py::test_a_session_is_new_and_its_cookie_private",
        f"{CONSOLE}/test_logging_in.py::test_over_https_cookies_go_that_way_alone",
    ),
    "open redirect": (f"{CONSOLE}/test_logging_in.py::test_it_leads_nowhere_else",),
    "host header": (
        f"{CONSOLE}/test_security.py::test_other_names_than_ours_are_not_answered",
        f"{CONSOLE}/test_security.py::test_two_hosts_are_one_too_many",
        f"{CONSOLE}/test_security.py::test_forwarded_headers_count_from_configured_proxies_alone",
        f"{CONSOLE}/api/test_problems.py::test_addresses_stand_below_the_configured_root",
    ),
    "path traversal": (
        f"{CONSOLE}/test_run_files.py::test_no_other_file_is_sent",
        f"{CONSOLE}/test_pages.py::test_what_is_not_there_is_not_found",
        f"{CONSOLE}/api/test_endpoints.py::test_reports_are_sent_as_files",
        f"{CONSOLE}/test_entry_pictures.py::test_a_picture_has_one_name_and_no_other_opens_anything",
    ),
    "stored XSS of what pages wrote": (
        f"{CONSOLE}/test_pages.py::test_what_a_page_wrote_stays_text",
        f"{CONSOLE}/test_entry_snapshots.py::test_what_a_hostile_page_holds_is_taken_out_and_what_were_left_has_no_rights",
    ),
    "stored XSS of what people wrote": (f"{CONSOLE}/test_attacks.py::test_what_people_wrote_stays_text",),
    "HTML in uploads": (f"{CONSOLE}/test_proofreading.py::test_a_text_is_marked_in_place_and_its_markup_is_inert",),
    "zip bombs": (
        f"{CONSOLE}/test_proofreading.py::test_what_cannot_be_read_says_why",
        "checks/reading/test_attachments.py::test_a_hostile_file_gives_nothing_and_costs_little",
    ),
    "large and slow bodies": (
        f"{CONSOLE}/test_security.py::test_bodies_are_bounded_however_they_come",
        f"{CONSOLE}/test_with_a_daemon.py::test_connections_that_say_nothing_delay_neither_scrape_nor_inspection",
    ),
    "brute force": (
        f"{CONSOLE}/test_logging_in.py::test_many_tries_have_to_wait",
        f"{ACCOUNTS}/test_brute_force.py::test_how_far_an_attacker_gets_in_a_day",
        f"{ACCOUNTS}/test_brute_force.py::test_a_thousand_tries_at_a_time_are_no_way_around",
    ),
    "timing of unknown users": (
        f"{ACCOUNTS}/test_accounts.py::test_a_login_that_fails_says_the_same_and_costs_the_same",
        f"{CONSOLE}/test_logging_in.py::test_a_wrong_password_and_an_unknown_name_get_the_same_answer",
    ),
    "what is another's (IDOR)": (
        f"{CONSOLE}/test_access_table.py::test_each_role_gets_what_the_table_says",
        f"{CONSOLE}/api/test_endpoints.py::test_one_that_may_not_be_seen_reads_like_one_that_is_not_there",
        f"{CONSOLE}/test_proofreading.py::test_a_document_is_its_owners_alone_and_gone_when_cleared",
        f"{CONSOLE}/api/test_documents_and_people.py::test_a_workbook_changes_nothing_that_its_sender_may_not_change",
        f"{CONSOLE}/api/test_documents_and_people.py::test_the_report_of_a_period_is_written_and_downloaded_by_who_asked",
        f"{CONSOLE}/api/test_documents_and_people.py::test_a_text_is_proofread_decided_and_forgotten",
    ),
    "mass assignment": (
        f"{CONSOLE}/test_security.py::test_more_fields_than_a_form_has_are_not_read",
        f"{CONSOLE}/api/test_problems.py::test_a_body_that_makes_no_sense_changes_nothing",
        f"{CONSOLE}/api/test_documents_and_people.py::test_what_may_not_become_of_a_user_is_refused",
    ),
    "reports of other sites": (
        f"{CONSOLE}/test_run_files.py::test_a_file_of_another_run_or_of_a_site_that_is_not_theirs_is_not_found",
    ),
    "misuse of tokens": (
        f"{CONSOLE}/api/test_problems.py::test_a_token_ends_by_date_by_revocation_and_with_its_user",
        f"{CONSOLE}/api/test_problems.py::test_a_token_does_what_its_scopes_are_for_and_no_more",
        f"{CONSOLE}/api/test_problems.py::test_what_is_no_token_opens_nothing",
        f"{ACCOUNTS}/test_permissions.py::test_a_token_never_exceeds_its_user",
        f"{CONSOLE}/api/test_documents_and_people.py::test_a_token_makes_none_of_scopes_that_it_lacks",
        f"{CONSOLE}/api/test_own_account.py::test_a_token_that_was_found_changes_no_account",
        f"{CONSOLE}/test_own_tokens.py::test_a_session_that_was_found_open_makes_no_token",
    ),
    "a session that outlives what it rests on": (
        f"{ACCOUNTS}/test_administration.py::test_a_disabled_user_is_out_at_once_with_session_and_token",
        f"{ACCOUNTS}/test_administration.py::test_other_rights_and_another_password_end_sessions",
        f"{CONSOLE}/test_attacks.py::test_a_page_that_is_kept_true_ends_with_its_session",
    ),
}
"""By attack the tests that try it."""


@pytest.mark.parametrize("attack", TRIED)
def test_each_attack_is_tried(attack):
    for place in TRIED[attack]:
        path, _, name = place.partition("::")
        tree = ast.parse((TESTS / path).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, place


PAGES = (
    "/",
    "/sites/a",
    "/findings?state=any",
    "/findings/4",
    "/triage",
    "/suppressions",
    "/users",
    "/users/hostile",
    "/account",
    "/account/tokens",
    "/audit",
    "/proofread",
    "/departments",
    f"/department?{urlencode({'name': MARKUP})}",
    f"/departments/ledger.xlsx?{urlencode({'name': MARKUP})}",
    f"/findings?{urlencode({'q': MARKUP, 'department': MARKUP, 'owner': MARKUP})}",
    f"/?{urlencode({'q': MARKUP, 'group': MARKUP, 'level': MARKUP})}",
    f"/vocabulary?{urlencode({'q': MARKUP, 'site': MARKUP})}",
    f"/sites/a?{urlencode({'month': MARKUP})}",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory, made):
    """A console in which somebody wrote markup wherever people can write."""
    bureau = Bureau(tmp_path_factory.mktemp("attacks"), made)
    with bureau.served() as console, program(console, "editor") as client:
        texts = dict.fromkeys(("note", "remark", "owner", "department", "reason"), MARKUP)
        client.patch("/entries/4", json=texts).raise_for_status()
        false = {"state": "accepted", "until": "2027-12-31", "reason": MARKUP}
        client.patch("/entries/5", json=false).raise_for_status()
        pair = {"kind": "pair", "wrong": MARKUP, "right": MARKUP, "site": "a", "reason": MARKUP}
        client.post("/suppressions", json=pair).raise_for_status()
        right = RightRecord("all", "", "viewer")
        by = Actor("test", "", Via.CLI)
        users_of(console).add_user("hostile", PASSWORD, [right], [MARKUP], by, full_name=MARKUP)
        for name in ("hostile", "admin"):
            users_of(console).add_token(name, MARKUP, [TokenScope.READ], 30, by)
        client.post("/views", json={"name": MARKUP[:40], "query": "state=any", "shared": True}).raise_for_status()
        with console.person("admin") as admin, program(console, "admin") as desk:
            file = {"file": (f"{MARKUP}.txt", b"no word of it")}
            desk.post("/proofreadings/files", files=file).raise_for_status()
            yield admin
    bureau.close()


@pytest.mark.parametrize("path", PAGES)
def test_what_people_wrote_stays_text(written, path):
    answer = written.get(path)
    assert answer.status_code == 200
    assert not any(each in answer.headers.get("content-disposition", "") for each in ('"', "<", "\n"))
    if not answer.headers["content-type"].startswith("text/html"):
        return
    page = BeautifulSoup(answer.text, "lxml")
    assert [tag for tag in page.find_all("script") if not tag.get("src")] == []
    assert [tag for tag in page.select("*") for name in tag.attrs if name.startswith("on")] == []
    assert page.find_all("img", src="x") == []


def test_what_people_wrote_is_there_to_be_read(written):
    assert MARKUP in BeautifulSoup(written.get("/findings/4").text, "lxml").get_text()
    assert MARKUP in BeautifulSoup(written.get("/users/hostile").text, "lxml").get_text()


@pytest.mark.parametrize("end", ["disabled", "password", "rights", "logout"])
def test_a_page_that_is_kept_true_ends_with_its_session(tmp_path, made, end):
    """It was opened by right, and would go on for minutes after that right was taken."""
    bureau = Bureau(tmp_path, made, inspections=FakeInspections())
    bureau.inspections.start("a", "site")
    with bureau.served() as console, console.person("viewer") as client:
        token = form_token(client.get("/").text)
        with client.stream("GET", "/sites/a/progress") as answer:
            lines = answer.iter_lines()
            assert next(line for line in lines if line.startswith("event")) == "event: part"
            users = users_of(console)
            match end:
                case "disabled":
                    users.disable("viewer", BY)
                case "password":
                    users.set_password("viewer", f"{PASSWORD}-neu", BY)
                case "rights":
                    users.set_rights("viewer", [RightRecord("site", "b", "viewer")], [], BY)
                case "logout":
                    client.post("/logout", data={"form_token": token})
            assert not any(line.startswith("event") for line in lines)
        assert client.get("/sites/a").status_code == 303
    bureau.close()
