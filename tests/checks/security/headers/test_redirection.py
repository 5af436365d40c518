"""Whether a typed address ends on https."""

import pytest

from checks.model import Answer, Chain, Response, Severity
from checks.security.headers.redirection import judge
from tests.hosts import NAME, NOON, answer, hop, host, http_host

HTTP, HTTPS, OTHER = f"http://{NAME}/", f"https://{NAME}/", "https://www.site-c.example/"


@pytest.mark.parametrize(
    ("route", "found"),
    [
        ([hop(HTTP, HTTPS), answer(HTTPS)], []),
        ([hop(HTTP, HTTPS), hop(HTTPS, OTHER), answer(OTHER)], []),
        ([Answer(Response(HTTP, error="connect"))], []),
        ([answer(HTTP)], [("missing", Severity.MAJOR)]),
        ([hop(HTTP, "/x"), answer(f"{HTTP}x")], [("unencrypted", Severity.MAJOR)]),
        ([hop(HTTP, "/x"), hop(f"{HTTP}x", HTTPS), answer(HTTPS)], [("detour", Severity.MINOR)]),
        ([hop(HTTP, OTHER), answer(OTHER)], [("other-host", Severity.MINOR)]),
    ],
)
def test_routes(route, found):
    given = host(http=Chain(tuple(route)))
    assert [(finding.variant, finding.weight) for finding in judge(given)] == found


@pytest.mark.parametrize(("error", "found"), [("connect", ["no-https"]), ("timeout", ["no-https"]), ("tls", [])])
def test_a_host_without_https(error, found):
    """Where TLS itself fails, as it does before a server that speaks only TLCP, the host is not without it."""
    given = http_host()
    given = type(given)(NAME, given.http, Chain((Answer(Response(HTTPS, error=error)),)), NOON)
    assert [finding.variant for finding in judge(given)] == found


def test_hosts_that_browsers_reach_over_https_only():
    assert list(judge(host(http=Chain((answer(HTTP),)), preload=frozenset({NAME})))) == []


def test_a_certificate_that_is_no_good_is_told_elsewhere():
    assert list(judge(host(http=Chain((answer(HTTP),)), https=Chain((answer(HTTPS),), trusted=False)))) == []
