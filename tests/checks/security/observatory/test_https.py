"""The Observatory's way to https: HSTS as JavaScript reads it, and the redirects of the http address."""

import pytest

from checks.model import Answer, Chain, Response
from checks.security.observatory import grade
from checks.security.observatory.https import hsts, redirection
from tests.hosts import NAME, answer, hop, host, http_host

LONG = "hsts-implemented-max-age-at-least-six-months"
SHORT = "hsts-implemented-max-age-less-than-six-months"
INVALID = "hsts-header-invalid"

HTTP, HTTPS = f"http://{NAME}/", f"https://{NAME}/"
OTHER = "https://www.site-c.example/"


@pytest.mark.parametrize(
    ("sent", "result"),
    [
        ("max-age=15552000", LONG),
        ("max-age=15551999", SHORT),
        ("MAX-AGE=31536000", LONG),
        ("includeSubDomains;max-age=31536000", LONG),
        ('max-age="60"', LONG),
        ("max-age=", LONG),
        ("max-age=x", LONG),
        ("max-age= 31536000", LONG),
        ("max-age=+31536000", LONG),
        ("max-age=31536000s", LONG),
        ("max-age=-1", SHORT),
        ("max-age=1e9", SHORT),
        ("max-age=0x1f4add400", SHORT),
        ("max-age=1; max-age=31536000", LONG),
        ("max-age=31536000; max-age=1", SHORT),
        ("max-age = 31536000", INVALID),
        ("max-age", INVALID),
        ("", INVALID),
        ("max-age=31536000,", INVALID),
        (";" * 1024 + "max-age=31536000", INVALID),
    ],
    ids=lambda text: text[:40],
)
def test_hsts_header(sent, result):
    assert hsts(host([("Strict-Transport-Security", sent)])) == result


def test_hsts_without_a_header():
    assert hsts(host(without=["Strict-Transport-Security"])) == "hsts-not-implemented"
    assert hsts(http_host()) == "hsts-not-implemented-no-https"
    assert hsts(host(https=Chain((answer(),), trusted=False))) == "hsts-invalid-cert"


def test_preloaded_outweighs_the_certificate_but_not_silence():
    page = answer()
    known = frozenset({"site-a.example"})
    assert hsts(host(https=Chain((page,), trusted=False), preload=known)) == "hsts-preloaded"
    assert hsts(host(https=Chain(), preload=known)) == "hsts-not-implemented-no-https"


@pytest.mark.parametrize(
    ("route", "result"),
    [
        ([answer(HTTP)], "redirection-missing"),
        ([hop(HTTP, HTTPS), answer(HTTPS)], "redirection-to-https"),
        ([hop(HTTP, HTTPS), hop(HTTPS, OTHER), answer(OTHER)], "redirection-to-https"),
        ([hop(HTTP, OTHER), answer(OTHER)], "redirection-off-host-from-http"),
        ([hop(HTTP, HTTP), hop(HTTP, HTTPS), answer(HTTPS)], "redirection-not-to-https-on-initial-redirection"),
        ([hop(HTTP, "/x"), answer(f"{HTTP}x")], "redirection-not-to-https"),
        ([hop(HTTP, HTTPS), hop(HTTPS, HTTP), answer(HTTP)], "redirection-not-to-https"),
        ([answer(HTTP, 302)], "redirection-not-to-https"),
        ([answer(HTTP, 300, [("Location", HTTPS)])], "redirection-missing"),
        ([Answer(Response(HTTP, error="connect"))], "redirection-not-needed-no-http"),
        ([hop(HTTP, HTTPS), Answer(Response(HTTPS, error="reset"))], "redirection-not-needed-no-http"),
        ([], "redirection-not-needed-no-http"),
    ],
)
def test_redirection(route, result):
    assert redirection(host(http=Chain(tuple(route)))) == result


def test_redirection_past_a_certificate_that_does_not_verify():
    route = (hop(HTTP, HTTPS), answer(HTTPS))
    assert redirection(host(http=Chain(route, trusted=False))) == "redirection-invalid-cert"


def test_redirection_to_preloaded_hosts_only():
    known = frozenset({NAME})
    assert redirection(host(preload=known)) == "redirection-all-redirects-preloaded"
    away = Chain((hop(HTTP, OTHER), answer(OTHER)))
    assert redirection(host(http=away, preload=known)) == "redirection-off-host-from-http"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, ""),
        (304, ""),
        (401, ""),
        (403, ""),
        (404, "Site did respond with an unexpected HTTP status code 404."),
        (500, "Site did respond with an unexpected HTTP status code 500."),
        (302, "Site did respond with an unexpected HTTP status code 404."),
    ],
)
def test_which_answers_get_a_grade(status, error):
    """A redirect without a target is followed to a page that is not there."""
    assert grade(host(status=status)).error == error


def test_nobody_home():
    assert grade(host(http=Chain(), https=Chain())).error == "The site seems to be down."
