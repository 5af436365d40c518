"""The table of permissions: every role × action × own or other site × own or other department, spelled out here."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.permissions import (
    PERMISSIONS,
    About,
    Action,
    Right,
    Role,
    TokenScope,
    User,
    actions_of,
    allowed,
    may_somewhere,
    permission_table,
    reach,
)
from reports.remediation.changes import WantedChange
from reports.remediation.states import State

DOCUMENT = Path(__file__).parents[3] / "docs" / "console.md"

EVERYBODY = {"account.change", "site.see", "entry.see", "proofread"}
READING = EVERYBODY | {"run.see", "report.see", "suppression.see"}
WORK = {"entry.mend", "entry.recheck"}
EDITING = READING | WORK | {"run.start", "run.cancel", "entry.judge", "entry.assign", "suppression.change"}
EXPECTED = {
    Role.VIEWER: READING,
    Role.DEPARTMENT: EVERYBODY | WORK,
    Role.EDITOR: EDITING,
    Role.ADMIN: EDITING | {"outbox.see", "outbox.retry", "user.manage", "audit.see", "settings.see"},
}
"""What each role may do where it holds; written by hand, so that a slip in the table does not pass."""

ROWS = {"entry.see", "entry.mend", "entry.recheck", "entry.judge", "entry.assign"}
NOWHERE = {"account.change", "proofread", "outbox.see", "outbox.retry", "user.manage", "audit.see", "settings.see"}


def user(role, sites=frozenset({"own"}), departments=frozenset({"信息中心"}), scopes=None):
    return User("u", rights=(Right(role, sites),), departments=departments, scopes=scopes)


def test_every_action_is_in_the_table_and_knows_what_it_is_about():
    assert set(PERMISSIONS) == set(Action)
    assert {str(action) for action in Action if PERMISSIONS[action].about is About.ENTRY} == ROWS
    assert {str(action) for action in Action if PERMISSIONS[action].about is About.NOTHING} == NOWHERE


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_role_by_action_by_site_by_department(role, action):
    may = action in EXPECTED[role]
    person = user(role)
    for site, department in product(("own", "other", "", None), ("信息中心", "办公室", "", None)):
        on_site = site == "own" or action in NOWHERE
        on_row = role is not Role.DEPARTMENT or action not in ROWS or department == "信息中心"
        assert allowed(person, action, site, department) is (may and on_site and on_row), (site, department)


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_a_right_on_all_sites_covers_each_of_them_and_all_at_once(role, action):
    may = action in EXPECTED[role]
    for site in ("own", "other", "", None):
        assert allowed(user(role, sites=None), action, site, "信息中心") is may


@pytest.mark.parametrize("action", Action)
def test_nobody_may_do_anything_without_a_right(action):
    for person in (User("u"), user(Role.ADMIN, sites=frozenset())):
        assert not (allowed(person, action, "own", "信息中心") and action not in NOWHERE)
    assert not allowed(User("u"), action, "own", "信息中心")
    assert not may_somewhere(User("u"), action)


def test_rights_add_up():
    person = User("u", rights=(Right(Role.VIEWER, None), Right(Role.EDITOR, frozenset({"a"}))))
    assert allowed(person, Action.RUN_START, "a")
    assert allowed(person, Action.RUN_SEE, "b")
    assert not allowed(person, Action.RUN_START, "b")


def test_two_departments_on_one_site_and_an_editor_on_the_other():
    rights = (Right(Role.DEPARTMENT, frozenset({"a", "b"})), Right(Role.EDITOR, frozenset({"c"})))
    person = User("u", rights=rights, departments=frozenset({"甲", "乙"}))
    assert reach(person, Action.ENTRY_SEE, ["a", "c", "d"]) == {"a": {"甲", "乙"}, "c": None}
    assert reach(person, Action.ENTRY_JUDGE, ["a", "c", "d"]) == {"c": None}
    assert reach(person, Action.RUN_SEE, ["a", "c", "d"]) == {"c": None}


scopes = st.none() | st.frozensets(st.sampled_from(TokenScope))
places = st.none() | st.frozensets(st.sampled_from("abc"))
rights = st.lists(st.builds(Right, st.sampled_from(Role), places), max_size=3).map(tuple)
people = st.builds(User, st.just("u"), st.just(""), rights, st.frozensets(st.sampled_from("甲乙")), scopes)


@given(people, st.sampled_from(Action), st.sampled_from("abcd"), st.sampled_from("甲乙丙"))
def test_reach_and_menus_say_the_same_as_the_table(person, action, site, department):
    reached = reach(person, action, [site])
    if PERMISSIONS[action].about is About.ENTRY:
        covered = site in reached and (reached[site] is None or department in reached[site])
        assert covered is allowed(person, action, site, department)
    if allowed(person, action, site, department):
        assert may_somewhere(person, action)


@given(people, st.sampled_from(Action), st.sampled_from(["a", "d", None]), st.sampled_from(["甲", "", None]))
def test_a_token_never_exceeds_its_user(person, action, site, department):
    whole = User(person.name, person.full_name, person.rights, person.departments)
    if allowed(person, action, site, department):
        assert allowed(whole, action, site, department)
        assert person.scopes is None or PERMISSIONS[action].scope in person.scopes


@given(people, st.sampled_from(Action), st.sampled_from("abcd"), st.sampled_from("甲乙"))
def test_who_may_everywhere_may_here(person, action, site, department):
    if allowed(person, action):
        assert allowed(person, action, site, department)


@pytest.mark.parametrize(
    ("wanted", "actions"),
    [
        (WantedChange(state=State.FIXING), {"entry.mend"}),
        (WantedChange(state=State.TO_VERIFY, note="已换链接"), {"entry.mend"}),
        (WantedChange(note="x"), {"entry.mend"}),
        (WantedChange(), {"entry.mend"}),
        (WantedChange(state=State.FALSE_POSITIVE, reason="x"), {"entry.judge"}),
        (WantedChange(state=State.TO_FIX), {"entry.judge"}),
        (WantedChange(department="办公室"), {"entry.assign"}),
        (WantedChange(owner=""), {"entry.assign"}),
        (WantedChange(state=State.TO_VERIFY, department=""), {"entry.mend", "entry.assign"}),
    ],
)
def test_a_change_of_an_entry_is_what_it_amounts_to(wanted, actions):
    assert actions_of(wanted) == actions


@pytest.mark.parametrize("state", State)
def test_every_state_but_those_of_mending_is_a_judgement(state):
    mends = state in {State.FIXING, State.TO_VERIFY}
    assert actions_of(WantedChange(state=state)) == {Action.ENTRY_MEND if mends else Action.ENTRY_JUDGE}


def test_the_manual_has_the_table():
    assert permission_table("en") in DOCUMENT.read_text("utf-8"), permission_table("en")
