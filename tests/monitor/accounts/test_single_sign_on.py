"""Single sign-on against a provider on loopback: who is let in, with which rights, and what is not believed."""

from __future__ import annotations

import pytest

from monitor.accounts.accounts import Accounts
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import AuditLog
from monitor.accounts.claims import ClaimsRefusedError, claim, vouched_user
from monitor.accounts.own_account import LoginRefusedError
from monitor.accounts.permissions import Action, allowed
from monitor.accounts.single_sign_on import ProviderError, SingleSignOn
from monitor.settings.oidc import OidcSettings
from monitor.settings.site import Settings
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.users import RightRecord
from tests.monitor.accounts.conftest import ADMIN, HERE, NOW, PASSWORD, SETTINGS, Office
from tests.monitor.accounts.provider import CLIENT, SECRET, provider

BACK = "https://check.example.cn/login/return"
ROLES = [
    {"value": "sitehealth-admin", "role": "admin"},
    {"value": "sitehealth-editor", "role": "editor", "groups": ["市直"]},
    {"value": "sitehealth-viewer", "role": "viewer"},
    {"value": "xinxi", "role": "department", "departments": ["信息中心"], "sites": ["a"]},
]


class Desk:
    """Accounts that a provider vouches for."""

    def __init__(self, store, vouching):
        oidc = {"issuer": vouching.issuer, "client_id": CLIENT, "client_secret": SECRET, "roles": ROLES}
        document = SETTINGS.model_dump(mode="json", include={"sites", "console"})
        document["console"] |= {"oidc": oidc}
        self.settings = Settings.model_validate(document)
        self.provider, self.passwords = vouching, Office(store).passwords
        self.accounts = Accounts(store, self.settings, lambda: NOW, self.passwords)
        self.users = UserAdministration(store, self.settings, lambda: NOW, self.passwords)
        self.audit = AuditLog(store, lambda: NOW)
        self.entrance = SingleSignOn(self.settings.console.oidc, lambda: NOW)

    def come(self, answer=None, pending=None):
        departure = self.entrance.depart(BACK)
        back = self.provider.authorise(departure.url) | (answer or {})
        return self.entrance.arrive(self.accounts, departure.pending if pending is None else pending, back, BACK, HERE)


@pytest.fixture(scope="module")
def vouching():
    with provider(lambda: NOW) as started:
        yield started


@pytest.fixture
def desk(store, vouching):
    vouching.claims, vouching.faults = {}, set()
    return Desk(store, vouching)


def test_who_the_provider_vouches_for_is_let_in_with_the_rights_of_their_role(desk):
    begun = desk.come()
    user = desk.accounts.session(begun.token).user
    assert (user.name, user.full_name) == ("zhang", "张三")
    assert [site for site in "abc" if allowed(user, Action.ENTRY_JUDGE, site)] == ["a", "b"]
    record = desk.users.user("zhang")
    assert (record.has_password, record.logged_in) == (False, NOW)
    assert [each.entry.action for each in desk.audit.select(AuditFilter())] == ["login", "user.add"]
    with pytest.raises(LoginRefusedError):
        desk.accounts.log_in("zhang", "", HERE)


def test_rights_are_those_of_today_and_the_user_stays_the_same(desk):
    first = desk.come()
    desk.provider.claims = {"roles": ["sitehealth-admin"], "preferred_username": "Zhang.Renamed"}
    second = desk.come()
    assert desk.accounts.session(first.token) is None  # other rights end sessions
    assert allowed(second.session.user, Action.USER_MANAGE)
    assert [user.name for user in desk.users.users()] == ["zhang"]
    desk.come()
    assert len(desk.users.users()) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"roles": ["staff"]},
        {"roles": None},
        {"roles": {"sitehealth-admin": True}},
        {"preferred_username": None},
        {"preferred_username": ["zhang"]},
        {"preferred_username": "zh ang"},
        {"preferred_username": "аdmin"},
    ],
)
def test_who_has_no_name_or_role_of_ours_is_not_let_in_and_the_log_says_why(desk, claims):
    desk.provider.claims = claims
    with pytest.raises(LoginRefusedError):
        desk.come()
    assert desk.users.users() == []
    (record,) = desk.audit.select(AuditFilter())
    assert (record.entry.action, record.entry.object) == ("login.refused", "single sign-on")
    assert record.entry.after


def test_a_name_of_a_user_of_ours_is_not_taken_over(desk):
    desk.users.add_user("zhang", PASSWORD, [RightRecord("all", "", "admin")], (), ADMIN)
    desk.provider.claims = {"roles": ["sitehealth-viewer"]}
    with pytest.raises(LoginRefusedError):
        desk.come()
    assert desk.users.user("zhang").rights == (RightRecord("all", "", "admin"),)


def test_a_disabled_user_stays_out(desk):
    begun = desk.come()
    desk.users.disable("zhang", ADMIN)
    assert desk.accounts.session(begun.token) is None
    with pytest.raises(LoginRefusedError):
        desk.come()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("another key", "not to be believed: BadSignatureError"),
        ("no signature", "not to be believed: UnsupportedAlgorithmError"),
        ("shared secret", "not to be believed: UnsupportedAlgorithmError"),
        ("no id_token", "has no id_token"),
        ("another name", "calls itself by another name"),
        ("no JSON", "cannot be asked: JSONDecodeError"),
    ],
)
def test_an_answer_that_is_not_the_providers_is_not_believed(desk, fault, reason):
    departure = desk.entrance.depart(BACK)
    back = desk.provider.authorise(departure.url)
    desk.provider.faults = {fault}
    with pytest.raises(ProviderError, match=reason) as caught:
        desk.entrance.arrive(desk.accounts, departure.pending, back, BACK, HERE)
    assert SECRET not in str(caught.value)
    assert desk.users.users() == []


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://sso.example.cn"}, "InvalidClaimError"),
        ({"aud": "another"}, "InvalidClaimError"),
        ({"aud": [CLIENT, "another"]}, "for somebody else as well"),
        ({"aud": None}, "MissingClaimError"),
        ({"exp": int(NOW) - 61}, "ExpiredTokenError"),
        ({"exp": None}, "MissingClaimError"),
        ({"iat": int(NOW) + 3600}, "InvalidClaimError"),
        ({"nonce": "x"}, "InvalidClaimError"),
        ({"nonce": None}, "MissingClaimError"),
    ],
)
def test_a_token_for_another_place_time_or_login_is_not_believed(desk, claims, reason):
    desk.provider.claims = claims
    with pytest.raises(ProviderError, match=reason):
        desk.come()
    assert desk.users.users() == []


def test_a_browser_that_did_not_begin_the_login_does_not_end_it(desk):
    """Who is sent a link with somebody else's code is not logged in by it."""
    for answer, pending in (
        ({"state": "x"}, None),
        ({"state": ""}, None),
        ({"code": ""}, None),
        ({"error": "access_denied", "code": ""}, None),
        ({}, ""),
        ({}, desk.entrance.depart(BACK).pending),
    ):
        with pytest.raises(LoginRefusedError):
            desk.come(answer, pending)
    with pytest.raises(ProviderError):
        desk.come({"code": "made-up"})
    assert desk.users.users() == []


def test_a_code_is_good_once(desk):
    departure = desk.entrance.depart(BACK)
    back = desk.provider.authorise(departure.url)
    desk.entrance.arrive(desk.accounts, departure.pending, back, BACK, HERE)
    with pytest.raises(ProviderError):
        desk.entrance.arrive(desk.accounts, departure.pending, back, BACK, HERE)


def test_a_provider_that_is_away_is_a_fault_without_secrets():
    oidc = {"issuer": "http://127.0.0.1:9", "client_id": CLIENT, "client_secret": SECRET, "roles": ROLES[:1]}
    with pytest.raises(ProviderError, match="cannot be asked") as caught:
        SingleSignOn(OidcSettings.model_validate(oidc)).depart(BACK)
    assert SECRET not in str(caught.value)


# ---- claims, without a provider ----------------------------------------------------------------------

OIDC = OidcSettings.model_validate(
    {
        "issuer": "https://sso.example.cn/",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "roles": ROLES,
        "roles_claim": "realm_access.roles",
        "department_claim": "ou",
    }
)


def claims(*roles, **more):
    return {"sub": "1", "preferred_username": "li", "realm_access": {"roles": list(roles)}} | more


@pytest.mark.parametrize(
    ("roles", "rights"),
    [
        (["sitehealth-viewer"], [("all", "", "viewer")]),
        (["sitehealth-viewer", "sitehealth-admin"], [("all", "", "admin")]),
        (["sitehealth-admin", "sitehealth-viewer"], [("all", "", "admin")]),
        (["sitehealth-viewer", "sitehealth-editor"], [("group", "市直", "editor"), ("all", "", "viewer")]),
        (["xinxi", "unknown", 7, None], [("site", "a", "department")]),
    ],
)
def test_every_role_that_is_configured_gives_its_rights(roles, rights):
    assert list(vouched_user(claims(*roles), OIDC).rights) == rights


def test_departments_are_of_the_role_and_of_the_claim():
    made = vouched_user(claims("xinxi", ou=["办公室", "", "a\nb", "x" * 200, 7, "信息中心"]), OIDC)
    assert made.departments == ("信息中心", "办公室")
    assert vouched_user(claims("xinxi", ou="办公室"), OIDC).departments == ("信息中心", "办公室")


def test_a_subject_is_of_its_provider():
    other = OIDC.model_copy(update={"issuer": "https://other.example.cn"})
    assert vouched_user(claims("xinxi"), OIDC).subject != vouched_user(claims("xinxi"), other).subject
    for subject in (None, "", 7):
        with pytest.raises(ClaimsRefusedError):
            vouched_user(claims("xinxi", sub=subject), OIDC)


@pytest.mark.parametrize(
    ("path", "found"),
    [("a", {"b": [1]}), ("a.b", [1]), ("a.b.c", None), ("x.y", 2), ("x", None), ("", None)],
)
def test_a_claim_is_found_by_its_name_or_the_way_to_it(path, found):
    assert claim({"a": {"b": [1]}, "x.y": 2}, path) == found
