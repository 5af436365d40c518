"""Users, their rights and tokens as administrators change them: checked, at once, and in the audit log."""

from __future__ import annotations

import threading

import pytest

from monitor.accounts.own_account import LoginRefusedError
from monitor.accounts.permissions import Action, Role, TokenScope, allowed
from monitor.accounts.rights import RightsRefusedError, groups_of, user_of
from monitor.accounts.user_names import NameRefusedError
from monitor.masking import masked
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.users import NameTakenError, RightRecord
from tests.monitor.accounts.conftest import ADMIN, PASSWORD, SETTINGS
from tests.monitor.accounts.test_accounts import all_text, log_in

ALL = RightRecord("all", "", "editor")


def test_a_name_is_given_once_however_it_is_typed(office):
    office.add("zhang")
    for typed in ("zhang", "ZHANG", "ｚｈａｎｇ", " Zhang"):
        with pytest.raises(NameTakenError):
            office.add(typed)
    with pytest.raises(NameRefusedError):
        office.add("zhаng")  # a Cyrillic a
    assert [user.name for user in office.users.users()] == ["zhang"]


@pytest.mark.parametrize(
    ("rights", "departments", "reason"),
    [
        ([], (), "keeps one role"),
        ([RightRecord("all", "", "owner")], (), "no such role; there are: viewer, department, editor, admin"),
        ([RightRecord("site", "d", "editor")], (), "no such site or group in the configuration: 'd'"),
        ([RightRecord("group", "省直", "editor")], (), "no such site or group"),
        ([RightRecord("everything", "", "editor")], (), "no such site or group"),
        ([RightRecord("all", "a", "editor")], (), "no such site or group"),
        ([RightRecord("all", "", ["admin"])], (), "three texts"),
        ([RightRecord("all", None, "admin")], (), "three texts"),
        ([RightRecord({"all": 1}, "", "admin")], (), "three texts"),
        ([RightRecord("site", "a", "admin")], (), "an administrator is one of all sites"),
        ([RightRecord("group", "市直", "admin")], (), "an administrator is one of all sites"),
        ([RightRecord("all", "", "department")], (), "needs a department"),
        ([ALL], ("",), "printable name"),
        ([ALL], ("a\nb",), "printable name"),
        ([ALL], ("x" * 129,), "printable name"),
    ],
)
def test_rights_that_cannot_be_given(office, rights, departments, reason):
    office.add()
    before = office.users.user("zhang")
    for change in (
        lambda: office.users.add_user("li", PASSWORD, rights, departments, ADMIN),
        lambda: office.users.set_rights("zhang", rights, departments, ADMIN),
    ):
        with pytest.raises(RightsRefusedError, match=reason):
            change()
    assert office.users.users() == [before]


def test_rights_name_sites_and_groups(office):
    rights = [RightRecord("group", "市直", "editor"), RightRecord("site", "c", "viewer")]
    record = office.users.add_user("zhang", PASSWORD, rights, (), ADMIN)
    user = user_of(record, groups_of(SETTINGS))
    assert [site for site in "abcd" if allowed(user, Action.ENTRY_JUDGE, site)] == ["a", "b"]
    assert [site for site in "abcd" if allowed(user, Action.RUN_SEE, site)] == ["a", "b", "c"]
    # A group that the configuration has no more gives nothing.
    assert not allowed(user_of(record, {}), Action.RUN_SEE, "a")


def test_what_the_store_should_not_hold_gives_nothing(office):
    """An administrator of one site, a role of another version: neither opens what it does not cover."""
    rights = (RightRecord("site", "a", "admin"), RightRecord("all", "", "superuser"), RightRecord("?", "", "editor"))
    record = office.add()
    user = user_of(type(record)(**{name: getattr(record, name) for name in record.__slots__} | {"rights": rights}), {})
    assert not any(allowed(user, action, "a", "信息中心") for action in Action)


@pytest.mark.parametrize("field", ["id", "password", "disabled", "totp_secret", "logged_in", "subject", "is_admin"])
def test_a_form_with_a_field_more_than_it_has_sets_nothing(office, field):
    """What a request names is handed over by name: there is no way to set what the function does not take."""
    form = {"name": "zhang", "rights": [ALL], "departments": (), "actor": ADMIN, field: 1}
    with pytest.raises((TypeError, AttributeError)):
        office.users.add_user(**({"password": PASSWORD} | form))
    assert office.users.users() == []
    with pytest.raises(TypeError):
        RightRecord(scope="all", name="", role="viewer", **{field: 1})


def test_an_own_password_changes_nothing_else(office):
    """Whatever a session changes of itself leaves rights, departments and the names of others alone."""
    before = office.add(role="department", departments=("信息中心",))
    session = log_in(office).session
    renewed = office.accounts.change_password(session, PASSWORD, "another-long-one", ADMIN)
    after = office.users.user("zhang")
    assert (after.id, after.name, after.rights, after.departments) == (
        before.id,
        before.name,
        before.rights,
        before.departments,
    )
    assert renewed.session.user == session.user


def test_a_disabled_user_is_out_at_once_with_session_and_token(office):
    office.add()
    begun = log_in(office)
    _, secret = office.users.add_token("zhang", "导出", [TokenScope.READ], 30, ADMIN)
    assert office.users.user_of_token(secret, "10.1.1.1")
    assert office.users.disable("Zhang", ADMIN) == 1
    assert office.accounts.session(begun.token) is None
    assert office.users.user_of_token(secret, "10.1.1.1") is None
    with pytest.raises(LoginRefusedError):
        log_in(office)
    office.now += 3600
    office.users.enable("zhang", ADMIN)
    assert office.accounts.session(begun.token) is None
    assert office.users.user_of_token(secret, "10.1.1.1") is None
    log_in(office)


def test_other_rights_and_another_password_end_sessions(office):
    office.add()
    for change in (
        lambda: office.users.set_rights("zhang", [ALL], ("办公室",), ADMIN),
        lambda: office.users.set_password("zhang", "another-long-one", ADMIN),
    ):
        begun = log_in(office)
        assert change() == 1
        assert office.accounts.session(begun.token) is None
    log_in(office, password="another-long-one")


def test_the_last_administrator_stays(office):
    office.add("root", "admin")
    office.add("other", "admin")
    office.users.disable("other", ADMIN)
    for change in (
        lambda: office.users.disable("root", ADMIN),
        lambda: office.users.set_rights("root", [ALL], (), ADMIN),
    ):
        with pytest.raises(RightsRefusedError, match="one administrator has to be left"):
            change()
    assert office.users.user("root").rights == (RightRecord("all", "", "admin"),)
    office.users.enable("other", ADMIN)
    office.users.disable("root", ADMIN)


def test_two_administrators_cannot_take_each_other_out(office):
    office.add("first", "admin")
    office.add("second", "admin")
    gate, refused = threading.Barrier(2, timeout=60), []

    def disable(name):
        gate.wait()
        try:
            office.users.disable(name, ADMIN)
        except RightsRefusedError:
            refused.append(name)

    threads = [threading.Thread(target=disable, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(refused) == 1
    assert [user.name for user in office.users.users() if not user.disabled] == refused


def test_nobody_is_known_by_a_name_that_nobody_has(office):
    for call in (
        lambda: office.users.user("nobody"),
        lambda: office.users.set_password("nobody", PASSWORD, ADMIN),
        lambda: office.users.set_rights("nobody", [ALL], (), ADMIN),
        lambda: office.users.disable("nobody", ADMIN),
        lambda: office.users.enable("nobody", ADMIN),
        lambda: office.users.forget_totp("nobody", ADMIN),
        lambda: office.users.tokens("nobody"),
        lambda: office.users.add_token("nobody", "x", [TokenScope.READ], 1, ADMIN),
    ):
        with pytest.raises(KeyError, match="nobody"):
            call()
    assert office.audit.select(AuditFilter()) == []


# ---- tokens ------------------------------------------------------------------------------------------


def test_a_token_opens_what_its_scopes_say_until_it_expires(office):
    office.add()
    made, secret = office.users.add_token("zhang", " 导出 ", [TokenScope.READ, TokenScope.RUNS], 30, ADMIN)
    assert secret.startswith("sh_")
    assert secret not in all_text(office)
    assert secret not in masked(f"Authorization: Bearer {secret}")
    user = office.users.user_of_token(secret, "10.3.3.3")
    assert allowed(user, Action.RUN_START, "a")
    assert not allowed(user, Action.ENTRY_JUDGE, "a")
    (token,) = office.users.tokens("zhang")
    assert (token.number, token.label, token.used, token.address) == (made.number, "导出", office.now, "10.3.3.3")
    for wrong in ("", "sh_", secret[3:], secret + "x", secret.lower(), "\ud800"):
        assert office.users.user_of_token(wrong, "10.3.3.3") is None
    office.now += 30 * 86_400
    assert office.users.user_of_token(secret, "10.3.3.3") is None


@pytest.mark.parametrize(
    ("role", "scopes", "refused"),
    [
        (Role.VIEWER, [TokenScope.READ], []),
        (Role.VIEWER, list(TokenScope), ["ledger", "runs", "admin"]),
        (Role.DEPARTMENT, list(TokenScope), ["runs", "admin"]),
        (Role.EDITOR, list(TokenScope), ["admin"]),
        (Role.ADMIN, list(TokenScope), []),
    ],
)
def test_a_token_is_within_what_its_user_may_do(office, role, scopes, refused):
    office.add(role=role, departments=("信息中心",))
    if not refused:
        office.users.add_token("zhang", "x", scopes, 1, ADMIN)
        return
    with pytest.raises(RightsRefusedError, match=f"beyond what the user may do: {', '.join(refused)}$"):
        office.users.add_token("zhang", "x", scopes, 1, ADMIN)


def test_a_token_loses_what_its_user_loses(office):
    office.add(role="admin")
    office.add("other", role="admin")
    _, secret = office.users.add_token("zhang", "x", list(TokenScope), 1, ADMIN)
    assert allowed(office.users.user_of_token(secret, ""), Action.USER_MANAGE)
    office.users.set_rights("zhang", [RightRecord("site", "a", "viewer")], (), ADMIN)
    user = office.users.user_of_token(secret, "")
    left = [action for action in Action if allowed(user, action, "b", "信息中心")]
    assert left == [Action.PROOFREAD, Action.ACCOUNT_CHANGE]


@pytest.mark.parametrize(
    ("label", "scopes", "days"),
    [
        ("", ["read"], 1),
        ("a\nb", ["read"], 1),
        ("x" * 129, ["read"], 1),
        ("x", [], 1),
        ("x", ["read"], 0),
        ("x", ["read"], 367),
    ],
)
def test_a_token_that_cannot_be_made(office, label, scopes, days):
    office.add()
    with pytest.raises(RightsRefusedError):
        office.users.add_token("zhang", label, [TokenScope(each) for each in scopes], days, ADMIN)
    assert office.users.tokens("zhang") == []


def test_a_token_is_revoked_once_and_by_its_user_alone(office):
    office.add()
    office.add("li")
    made, secret = office.users.add_token("zhang", "x", [TokenScope.READ], 1, ADMIN)
    assert not office.users.revoke_token(made.number, ADMIN, "li")
    assert office.users.user_of_token(secret, "")
    assert office.users.revoke_token(made.number, ADMIN, "zhang")
    assert office.users.user_of_token(secret, "") is None
    assert not office.users.revoke_token(made.number, ADMIN)


def test_every_change_is_in_the_log_with_who_and_from_where(office):
    office.add("root", "admin")
    office.add()
    users = office.users
    users.set_password("zhang", "another-long-one", ADMIN)
    users.set_rights("zhang", [RightRecord("site", "a", "viewer")], ("办公室",), ADMIN)
    _, secret = users.add_token("zhang", "导出", [TokenScope.READ], 1, ADMIN)
    users.revoke_token(1 if users.tokens("zhang")[0].number == 1 else users.tokens("zhang")[0].number, ADMIN)
    users.forget_totp("zhang", ADMIN)
    users.disable("zhang", ADMIN)
    users.enable("zhang", ADMIN)
    records = office.audit.select(AuditFilter())
    assert [record.entry.action for record in records] == [
        "user.enable",
        "user.disable",
        "user.totp",
        "token.revoke",
        "token.add",
        "user.rights",
        "user.password",
        "user.add",
        "user.add",
    ]
    assert {(each.entry.who, each.entry.address, each.entry.channel) for each in records} == {ADMIN}
    rights = records[5].entry
    assert (rights.object, rights.before, rights.after) == ("user zhang", "editor", "viewer on site a; [办公室]")
    for secret_text in (PASSWORD, "another-long-one", secret, "argon2"):
        assert secret_text not in repr(records)
