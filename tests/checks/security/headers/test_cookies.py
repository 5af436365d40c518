"""Which cookies put readers at risk, whichever answer sets them."""

import pytest

from checks.model import Chain, Severity
from checks.security.headers.cookies import judge
from tests.hosts import NAME, answer, hop, host, http_host

FLAGS = "Secure; HttpOnly; SameSite=Lax"


def variants(given):
    return [finding.variant for finding in judge(given)]


@pytest.mark.parametrize(
    ("cookie", "found"),
    [
        (f"sessionid=1; {FLAGS}", []),
        ("theme=1; Secure", []),
        ("theme=1", ["insecure"]),
        ("JSESSIONID=1", ["session-insecure", "session-readable"]),
        ("connect.sid=1; HttpOnly", ["session-insecure"]),
        ("userLogin=1; Secure", ["session-readable"]),
        ("access_token=1; Secure; SameSite=Lax", ["session-readable"]),
        ("XSRF-TOKEN=1; Secure; SameSite=Lax", []),
        ("csrf_sess=1; Secure", ["anti-forgery"]),
        ("heroku-session-affinity=1", ["insecure"]),
        ("a=1; SameSite=None", ["rejected"]),
        ("a=1; Secure; SameSite=None", []),
        ("a=1; Secure; SameSite=always", ["same-site"]),
        ("a=1; Secure; SameSite", ["same-site"]),
        ("sess=; Max-Age=0", []),
        ("sess=; Max-Age=-1", []),
        ("sess=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", []),
        ("sess=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60; Secure; HttpOnly", []),
        ("__Host-sess=1", []),
        (f"__Host-sess=1; {FLAGS}; Path=/", []),
        ("sess=1; Domain=site-b.example", []),
        ("sess=1; Domain=example", []),
        ("theme=1; Domain=.site-a.example", ["insecure"]),
        ("", []),
        ("anonymous", ["insecure"]),
    ],
)
def test_one_cookie(cookie, found):
    assert variants(host([("Set-Cookie", cookie)])) == found


def test_a_session_cookie_that_travels_in_the_clear_is_major_and_others_are_hints():
    found = {
        finding.variant: finding.weight for finding in judge(host([("Set-Cookie", "sess=1"), ("Set-Cookie", "a=1")]))
    }
    assert found == {
        "session-insecure": Severity.MAJOR,
        "session-readable": Severity.MAJOR,
        "insecure": Severity.MINOR,
    }


def test_without_https_nothing_can_be_secure():
    assert variants(http_host([("Set-Cookie", "sess=1"), ("Set-Cookie", "a=1")])) == ["session-readable"]


@pytest.mark.parametrize("place", ["robots", "missing", "preflight"])
def test_side_answers_are_judged_too(place):
    side = answer(f"https://{NAME}/x", headers=[("Set-Cookie", "sess=1; HttpOnly")])
    finding = next(judge(host(**{place: side})))
    assert finding.variant == "session-insecure"
    assert f"https://{NAME}/x" in finding.evidence


def test_every_hop_is_judged_but_not_those_of_strangers():
    own = hop(f"https://{NAME}/", "https://site-a.example/", headers=[("Set-Cookie", "sess=1; HttpOnly")])
    sibling = hop(
        "https://site-a.example/", "https://www.site-c.example/", headers=[("Set-Cookie", "login=1; HttpOnly")]
    )
    stranger = answer("https://www.site-c.example/", headers=[("Set-Cookie", "auth=1; HttpOnly")])
    finding = next(judge(host(https=Chain((own, sibling, stranger)))))
    assert finding.params == {"names": "sess, login"}


def test_one_finding_names_all_cookies_with_the_fault():
    found = list(judge(host([("Set-Cookie", f"c{n}=1") for n in range(30)])))
    assert [(finding.variant, finding.key) for finding in found] == [("insecure", "insecure")]
    assert found[0].params["names"] == ", ".join(f"c{n}" for n in range(10))
