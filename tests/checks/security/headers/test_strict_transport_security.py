"""What binds browsers to https, as RFC 6797 has it."""

import pytest

from checks.model import Chain
from checks.security.headers.strict_transport_security import judge, max_age
from tests.hosts import NAME, answer, hop, host, http_host


def variants(given):
    return [finding.variant for finding in judge(given)]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=31536000", 31536000),
        ('max-age="31536000"', 31536000),
        (" MAX-AGE = 31536000 ; includeSubDomains", 31536000),
        ("max-age=0", 0),
        ("; ; max-age=1;", 1),
        ("unknown; unknown2=x; max-age=5", 5),
        ("preload; max-age=63072000; includeSubDomains", 63072000),
        ("max-age=1; max-age=31536000", None),
        ("includeSubDomains", None),
        ("max-age", None),
        ("max-age=", None),
        ("max-age=-1", None),
        ("max-age=1.5", None),
        ("max-age=31536000, max-age=31536000", None),
        ("max-age:31536000", None),
        ("max-age=" + "9" * 5000, None),
        ("", None),
    ],
    ids=lambda text: str(text)[:40],
)
def test_the_grammar(value, seconds):
    assert max_age(value) == seconds


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["max-age=31536000"], []),
        (["max-age=31536000", "nonsense"], []),
        (["nonsense", "max-age=31536000"], ["invalid"]),
        (["max-age=15551999"], ["short"]),
        (["max-age=0"], ["off"]),
        ([""], ["invalid"]),
        ([], ["missing"]),
    ],
)
def test_the_first_header_counts(values, found):
    headers = [("Strict-Transport-Security", value) for value in values]
    assert variants(host(headers, without=["Strict-Transport-Security"])) == found


def test_it_is_the_host_itself_that_must_say_so():
    page = answer("https://www.site-c.example/", headers=[("Strict-Transport-Security", "max-age=31536000")])
    start = f"https://{NAME}/"
    assert variants(host(https=Chain((hop(start, page.response.url), page)))) == ["missing"]
    own = [("Strict-Transport-Security", "max-age=31536000")]
    assert variants(host(https=Chain((hop(start, "https://www.site-c.example/", headers=own), answer())))) == []


def test_nothing_is_asked_of_hosts_that_browsers_could_not_hear():
    bare = answer()
    assert variants(http_host()) == []
    assert variants(host(https=Chain((bare,), trusted=False))) == []
    assert variants(host(https=Chain((bare,)), preload=frozenset({"site-a.example"}))) == []
