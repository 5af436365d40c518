"""The Observatory's way with cookies: what its jar keeps, and the worst that can be said of it."""

import pytest

from checks.model import Chain
from checks.security.observatory.cookies import cookies
from tests.hosts import NAME, answer, hop, host

FLAGS = "Secure; HttpOnly; SameSite=Lax"
BEST = "cookies-secure-with-httponly-sessions-and-samesite"
GOOD = "cookies-secure-with-httponly-sessions"
ABSENT = "cookies-not-found"
PLAIN = "cookies-without-secure-flag"
SESSION = "cookies-session-without-secure-flag"
READABLE = "cookies-session-without-httponly-flag"
SAME_SITE = "cookies-samesite-flag-invalid"
FORGERY = "cookies-anticsrf-without-samesite-flag"
PROTECTED = "-but-protected-by-hsts"


@pytest.mark.parametrize(
    ("cookie", "result"),
    [
        (f"a=1; {FLAGS}", BEST),
        ("a=1;secure;HTTPONLY;samesite=STRICT", BEST),
        ("a=1; Secure=no; HttpOnly=no; SameSite=None", BEST),
        ("a=1; Secure", GOOD),
        ("a=1; SameSite=Lax", PLAIN),
        ("a=1; SameSite=None", SAME_SITE),
        ("a=1; Secure; SameSite=", SAME_SITE),
        ("a=1; Secure; SameSite=Lax=1", GOOD),
        ('a=1; Secure; SameSite="Lax"', SAME_SITE),
        ("a=1; Secure; SameSite=foo; SameSite=Lax", SAME_SITE),
        (f"samesite=1; {FLAGS}", SAME_SITE),
        (f"MYSESS=1; {FLAGS}", BEST),
        ("MYSESS=1; Secure; SameSite=Lax", READABLE),
        ("LoginToken=1; HttpOnly", SESSION),
        ("login=1", SESSION),
        ("x-CSRF=1; Secure", FORGERY),
        ("x-CSRF=1; Secure; SameSite=Lax", BEST),
        ("XSRF-TOKEN=1; Secure", GOOD),
        ("sid=1; Secure", GOOD),
        ("a", ABSENT),
        ("=a; Secure", ABSENT),
        ("", ABSENT),
        ("a=\x01", ABSENT),
        (f"heroku-session-affinity=1; {FLAGS}", ABSENT),
        ("heroku-session-affinity=1; SameSite=x", ABSENT),
        (f"__Secure-a=1; {FLAGS}", BEST),
        ("__Secure-a=1", ABSENT),
        (f"__Host-a=1; {FLAGS}", BEST),
        (f"__Host-a=1; {FLAGS}; Path=/a", ABSENT),
        (f"__Host-a=1; {FLAGS}; Domain={NAME}", ABSENT),
        ("__secure-a=1", PLAIN),
        (f"a=1; {FLAGS}; Domain=site-a.example", BEST),
        (f"a=1; {FLAGS}; Domain=..site-a.example", BEST),
        (f"a=1; {FLAGS}; Domain=example", ABSENT),
        (f"a=1; {FLAGS}; Domain=site-b.example", ABSENT),
        (f"a=1; {FLAGS}; Domain=www.site-b.example; Domain=", ABSENT),
        ("a=1; Max-Age=0", PLAIN),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", PLAIN),
    ],
)
def test_one_cookie_without_hsts(cookie, result):
    assert cookies(host([("Set-Cookie", cookie)], without=["Strict-Transport-Security"])) == result


@pytest.mark.parametrize(
    ("cookie", "result"),
    [("a=1", PLAIN + PROTECTED), ("sess=1; HttpOnly", SESSION + PROTECTED), ("sess=1", READABLE)],
)
def test_one_cookie_with_hsts(cookie, result):
    assert cookies(host([("Set-Cookie", cookie)])) == result


def test_a_public_suffix_sets_no_cookies():
    name = "www.qinghe.gov.cn"
    page = answer(f"https://{name}/", headers=[("Set-Cookie", f"a=1; {FLAGS}; Domain=gov.cn")])
    assert cookies(host(https=Chain((page,)))) == ABSENT


def test_the_last_cookie_of_a_name_counts():
    assert cookies(host([("Set-Cookie", "a=1"), ("Set-Cookie", f"a=2; {FLAGS}")])) == BEST


def test_what_a_redirect_sets_is_kept_and_what_it_deletes_is_dropped_at_the_next_request():
    """Deleting cookies are thrown away only when the jar is asked for what to send."""
    page = answer(f"https://{NAME}/home")

    def redirected(cookie):
        return host(https=Chain((hop(f"https://{NAME}/", "/home", headers=[("Set-Cookie", cookie)]), page)))

    assert cookies(redirected(f"a=1; {FLAGS}")) == BEST
    assert cookies(redirected(f"a=1; {FLAGS}; Max-Age=0")) == ABSENT
    assert cookies(redirected(f"a=1; {FLAGS}; Max-Age=0; Path=/other")) == BEST


def test_side_requests_share_the_jar_only_after_a_certificate_error():
    robots = answer(f"https://{NAME}/robots.txt", headers=[("Set-Cookie", "sess=1")])
    page = answer()
    assert cookies(host(https=Chain((page,)), robots=robots)) == ABSENT
    assert cookies(host(https=Chain((page,), trusted=False), robots=robots)) == SESSION
