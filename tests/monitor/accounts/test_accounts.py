"""Logins, sessions and one's own account: who is let in, for how long, and what each change ends."""

from __future__ import annotations

import pyotp
import pytest

from monitor.accounts.accounts import CodeWanted, NewSession, Origin, csrf_matches
from monitor.accounts.auditing import Actor, Via
from monitor.accounts.own_account import CodeRefusedError, LoginRefusedError
from monitor.accounts.passwords import Cost, PasswordRefusedError, Passwords
from monitor.accounts.permissions import Action, allowed
from monitor.accounts.pruning import prune_accounts
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.sessions import MOST
from monitor.store.accounts.users import RightRecord, UserStore
from monitor.store.schema import api_tokens, devices, login_attempts, recovery_codes, sessions, users
from tests.monitor.accounts.conftest import ADMIN, HERE, PASSWORD, SETTINGS, THERE, Office

SELF = Actor("zhang", "10.1.1.1", Via.CONSOLE)


def log_in(office, name="zhang", password=PASSWORD, origin=HERE) -> NewSession:
    begun = office.accounts.log_in(name, password, origin)
    assert isinstance(begun, NewSession)
    return begun


def fails(office, name="zhang", password="not-the-password", origin=HERE):
    """Return for how long no further try is looked at."""
    with pytest.raises(LoginRefusedError) as caught:
        office.accounts.log_in(name, password, origin)
    return caught.value.retry_after


def all_text(office):
    """Return everything that the tables of accounts hold, as one text."""
    with office.store.engine.connect() as connection:
        tables = (users, sessions, devices, recovery_codes, api_tokens, login_attempts)
        return repr([tuple(row) for table in tables for row in connection.execute(table.select())])


# ---- logins and sessions -----------------------------------------------------------------------------


def test_who_knows_the_password_is_let_in_and_known_by_the_cookie(office):
    office.add()
    begun = log_in(office, " Zhang ")
    found = office.accounts.session(begun.token)
    assert found == begun.session
    assert found.user.name == "zhang"
    assert allowed(found.user, Action.RUN_START, "a")
    assert office.users.user("zhang").logged_in == office.now


def test_the_store_holds_no_cookie_and_no_password(office):
    office.add()
    begun = log_in(office)
    kept = all_text(office)
    for secret in (begun.token, begun.device, begun.session.csrf, PASSWORD):
        assert secret not in kept
        assert secret not in repr(begun)
    assert len(begun.token) >= 43  # 256 bits


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\ud800", "' OR 1=1 --"])
def test_what_is_no_cookie_of_ours_opens_nothing(office, token):
    office.add()
    log_in(office)
    assert office.accounts.session(token) is None


def test_a_session_ends_when_nobody_uses_it_and_in_any_case(office):
    office.add()
    idle, lifetime = 60 * 60, 12 * 3600
    begun = log_in(office)
    office.now += idle
    assert office.accounts.session(begun.token)
    office.now += idle + 1
    assert office.accounts.session(begun.token) is None
    begun = log_in(office)
    for _ in range(lifetime // idle):
        office.now += idle - 60
        assert office.accounts.session(begun.token)
    office.now += idle - 60
    assert office.accounts.session(begun.token) is None


def test_a_session_outlives_a_restart(office):
    office.add()
    assert office.restart().accounts.session(log_in(office).token)


def test_each_login_is_a_session_of_its_own_and_ends_alone(office):
    """What a browser held before the login is no session afterwards: there is nothing to fixate."""
    office.add()
    first, second = log_in(office), log_in(office, origin=THERE)
    assert first.token != second.token
    assert [each.address for each in office.accounts.sessions("zhang")] == ["10.2.2.2", "10.1.1.1"]
    office.accounts.log_out(first.session, SELF)
    assert office.accounts.session(first.token) is None
    assert office.accounts.session(second.token)


def test_another_id_is_another_csrf_token_and_no_longer_life(office):
    office.add()
    begun = log_in(office)
    office.now += 600
    renewed = office.accounts.rotate(begun.session)
    assert office.accounts.session(begun.token) is None
    found = office.accounts.session(renewed.token)
    assert (found.number, found.made) == (begun.session.number, begun.session.made)
    assert csrf_matches(found, renewed.session.csrf)
    assert not csrf_matches(found, begun.session.csrf)
    for other in ("", "x", "\ud800", renewed.token):
        assert not csrf_matches(found, other)
    office.accounts.log_out(found, SELF)
    with pytest.raises(LoginRefusedError):
        office.accounts.rotate(found)


def test_a_user_ends_sessions_of_their_own_alone(office):
    office.add()
    office.add("li")
    own, other = log_in(office), log_in(office, "li")
    assert not office.accounts.end_session("zhang", other.session.number, SELF)
    assert office.accounts.session(other.token)
    assert office.accounts.end_session("zhang", own.session.number, SELF)
    assert office.accounts.session(own.token) is None


def test_sessions_and_devices_of_a_user_are_bounded(office):
    office.add()
    for number in range(MOST + 3):
        office.now += 1
        log_in(office, origin=Origin(f"10.9.{number}.1"))
    assert len(office.accounts.sessions("zhang")) == MOST
    with office.store.engine.connect() as connection:
        assert len(connection.execute(devices.select()).all()) == MOST


def test_housekeeping_drops_what_is_over_and_nothing_else(office):
    office.add()
    old = log_in(office)
    office.now += 2 * 3600
    fails(office)
    new = log_in(office, origin=THERE)
    prune_accounts(office.store, SETTINGS.console, office.now)
    with office.store.engine.connect() as connection:
        assert [row.id for row in connection.execute(sessions.select())] == [new.session.number]
        assert len(connection.execute(devices.select()).all()) == 2
    office.now += 366 * 86_400
    prune_accounts(office.store, SETTINGS.console, office.now)
    assert "sha" not in all_text(office)
    with office.store.engine.connect() as connection:
        for table in (sessions, devices, login_attempts):
            assert connection.execute(table.select()).all() == []
    assert office.accounts.session(old.token) is None


def test_rights_are_read_anew_with_each_request(office):
    office.add()
    begun = log_in(office)
    # Past the administration, which would have ended the session.
    number = office.users.user("zhang").id
    with office.store.engine.begin() as connection:
        connection.execute(users.update().where(users.c.id == number).values(rights=[]))
    found = office.accounts.session(begun.token)
    assert not allowed(found.user, Action.SITE_SEE, "a")


# ---- what fails --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["zhang", "nobody", "", "x" * 100_000, "аdmin", "\ud800", "a\0b", "disabled", "keyless"]
)
def test_a_login_that_fails_says_the_same_and_costs_the_same(office, name):
    office.add()
    office.add("disabled")
    office.users.disable("disabled", ADMIN)
    office.users.add_user("keyless", None, [RightRecord("all", "", "viewer")], (), ADMIN)
    before = office.passwords.verifications
    for password in ("wrong", "", "wrong" if name == "zhang" else PASSWORD, "x" * 100_000):
        with pytest.raises(LoginRefusedError, match=r"^user name, password or code is wrong$") as caught:
            office.accounts.log_in(name, password, HERE)
        assert caught.value.retry_after == 0
    assert office.passwords.verifications == before + 4
    # The fifth has to wait, for whichever user, though the password may be right.
    assert fails(office, name, PASSWORD) == 2
    assert office.passwords.verifications == before + 4


def test_a_name_that_nobody_has_is_not_in_the_log(office):
    fails(office, "my-secret-password-by-mistake")
    (record,) = office.audit.select(AuditFilter())
    assert (record.entry.who, record.entry.object, record.entry.address) == ("", "user ?", "10.1.1.1")


def test_a_hash_of_before_is_made_anew_when_its_owner_comes(office):
    office.add()
    store, dear = UserStore(office.store.engine), Passwords(Cost(passes=2, memory=8, threads=1))
    before = store.credentials("zhang").password
    office.passwords = dear
    office.__post_init__()
    fails(office)
    assert store.credentials("zhang").password == before
    log_in(office)
    assert "t=2" in store.credentials("zhang").password
    assert dear.matches(PASSWORD, store.credentials("zhang").password)


# ---- one's own account -------------------------------------------------------------------------------


def test_another_password_ends_every_other_session(office):
    office.add()
    own, other = log_in(office), log_in(office, origin=THERE)
    with pytest.raises(LoginRefusedError):
        office.accounts.change_password(own.session, "wrong", "another-long-one", SELF)
    with pytest.raises(PasswordRefusedError, match="at least"):
        office.accounts.change_password(own.session, PASSWORD, "short", SELF)
    with pytest.raises(PasswordRefusedError, match="is the old one"):
        office.accounts.change_password(own.session, PASSWORD, PASSWORD, SELF)
    renewed = office.accounts.change_password(own.session, PASSWORD, "another-long-one", SELF)
    assert office.accounts.session(renewed.token).number == own.session.number
    assert office.accounts.session(own.token) is None
    assert office.accounts.session(other.token) is None
    assert fails(office) == 0
    log_in(office, password="another-long-one")


def test_who_finds_a_session_open_cannot_guess_the_password(office):
    office.add()
    session = log_in(office).session
    for _ in range(4):
        with pytest.raises(LoginRefusedError):
            office.accounts.change_password(session, "wrong", "another-long-one", SELF)
    with pytest.raises(LoginRefusedError) as caught:
        office.accounts.change_password(session, PASSWORD, "another-long-one", SELF)
    assert caught.value.retry_after > 0


# ---- the second factor -------------------------------------------------------------------------------


def enrol(office, name="zhang"):
    """Return the app and the recovery codes."""
    session = log_in(office, name).session
    offer = office.accounts.begin_totp(session, PASSWORD)
    app = pyotp.TOTP(offer.secret)
    _, codes = office.accounts.confirm_totp(session, app.at(int(office.now)), SELF)
    office.now += 30
    return app, codes


def test_a_code_is_asked_for_only_once_one_was_shown(office):
    office.add()
    begun = log_in(office)
    with pytest.raises(LoginRefusedError):
        office.accounts.begin_totp(begun.session, "wrong")
    offer = office.accounts.begin_totp(begun.session, PASSWORD)
    assert offer.uri.startswith("otpauth://totp/Sitehealth:zhang?secret=")
    with pytest.raises(CodeRefusedError):
        office.accounts.confirm_totp(begun.session, "000000", SELF)
    log_in(office)
    code = pyotp.TOTP(offer.secret).at(int(office.now))
    renewed, codes = office.accounts.confirm_totp(begun.session, f"{code[:3]} {code[3:]}", SELF)
    assert office.accounts.session(begun.token) is None
    assert office.accounts.session(renewed.token)
    assert len(set(codes)) == 10
    assert not any(code in all_text(office) for code in codes)
    assert isinstance(office.accounts.log_in("zhang", PASSWORD, HERE), CodeWanted)
    assert office.users.user("zhang").has_totp


def test_the_code_follows_the_password_and_only_once(office):
    office.add()
    app, _ = enrol(office)
    wanted = office.accounts.log_in("zhang", PASSWORD, HERE)
    assert office.accounts.session(wanted.pending) is None  # it opens nothing by itself
    code = app.at(int(office.now))
    begun = office.accounts.log_in_with_code(wanted.pending, code, HERE)
    assert office.accounts.session(begun.token)
    with pytest.raises(LoginRefusedError):  # what was pending is gone
        office.accounts.log_in_with_code(wanted.pending, code, HERE)
    again = office.accounts.log_in("zhang", PASSWORD, HERE)
    with pytest.raises(LoginRefusedError):  # so is the code
        office.accounts.log_in_with_code(again.pending, code, HERE)
    with pytest.raises(LoginRefusedError):  # and every one before it
        office.accounts.log_in_with_code(again.pending, app.at(int(office.now) - 30), HERE)
    office.now += 30
    assert office.accounts.log_in_with_code(again.pending, app.at(int(office.now)), HERE)


@pytest.mark.parametrize(("seconds", "is_let_in"), [(-31, True), (0, True), (31, True), (-61, False), (61, False)])
def test_a_clock_may_be_off_by_one_step(office, seconds, is_let_in):
    office.add()
    office.now = 1_800_000_010.0
    app, _ = enrol(office)
    office.now += 300
    wanted = office.accounts.log_in("zhang", PASSWORD, HERE)
    try:
        office.accounts.log_in_with_code(wanted.pending, app.at(int(office.now) + seconds), HERE)
    except LoginRefusedError:
        assert not is_let_in
    else:
        assert is_let_in


def test_what_is_pending_is_so_for_five_minutes(office):
    office.add()
    app, _ = enrol(office)
    wanted = office.accounts.log_in("zhang", PASSWORD, HERE)
    office.now += 301
    with pytest.raises(LoginRefusedError):
        office.accounts.log_in_with_code(wanted.pending, app.at(int(office.now)), HERE)


def test_a_recovery_code_stands_in_once(office):
    office.add()
    _, codes = enrol(office)
    typed = codes[3].upper().replace("-", " ")
    wanted = office.accounts.log_in("zhang", PASSWORD, HERE)
    assert office.accounts.log_in_with_code(wanted.pending, typed, HERE)
    wanted = office.accounts.log_in("zhang", PASSWORD, HERE)
    with pytest.raises(LoginRefusedError):
        office.accounts.log_in_with_code(wanted.pending, typed, HERE)
    assert UserStore(office.store.engine).count_recovery_codes(office.users.user("zhang").id) == 9


@pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "x" * 100_000, "１２３４５６", "\ud800", "-" * 19])
def test_what_is_no_code_lets_nobody_in(office, typed):
    office.add()
    enrol(office)
    wanted = office.accounts.log_in("zhang", PASSWORD, HERE)
    with pytest.raises(LoginRefusedError):
        office.accounts.log_in_with_code(wanted.pending, typed, HERE)


def test_codes_end_with_the_password_or_by_an_administrator(office):
    office.add()
    app, _ = enrol(office)
    wanted = office.accounts.log_in("zhang", PASSWORD, HERE)
    begun = office.accounts.log_in_with_code(wanted.pending, app.at(int(office.now)), HERE)
    with pytest.raises(LoginRefusedError):
        office.accounts.end_totp(begun.session, "wrong", SELF)
    office.accounts.end_totp(begun.session, PASSWORD, SELF)
    log_in(office)
    enrol(office)
    office.users.forget_totp("zhang", ADMIN)
    log_in(office)
    with office.store.engine.connect() as connection:
        assert connection.execute(recovery_codes.select()).all() == []


def test_a_restarted_process_knows_everything(office: Office):
    office.add()
    app, _ = enrol(office)
    wanted = office.restart().accounts.log_in("zhang", PASSWORD, HERE)
    begun = office.restart().accounts.log_in_with_code(wanted.pending, app.at(int(office.now)), HERE)
    assert office.restart().accounts.session(begun.token)
