"""Set-Cookie as browsers read it (RFC 6265)."""

from datetime import UTC, datetime

import pytest

from checks.security.set_cookie import SetCookie, cookie_date, read_set_cookie
from tests.hosts import NOON


@pytest.mark.parametrize(
    ("header", "cookie"),
    [
        ("a=b", SetCookie("a", "b")),
        (" a = b=c ; ", SetCookie("a", "b=c")),
        ("a", SetCookie("", "a")),
        ("=b", SetCookie("", "b")),
        ("", SetCookie("", "")),
        ("a=b; SECURE; httponly=x", SetCookie("a", "b", secure=True, http_only=True)),
        ("a=b; SameSite", SetCookie("a", "b", same_site="")),
        ("a=b; SameSite=Lax; samesite=Strict", SetCookie("a", "b", same_site="strict")),
        ("a=b; Domain=.Site-A.example; Path=/x", SetCookie("a", "b", domain="site-a.example", path="/x")),
        ("a=b; Domain=x; Domain=; Path=/x; Path=y", SetCookie("a", "b", domain="x")),
        ("a=b; Max-Age=60; Max-Age=soon", SetCookie("a", "b", max_age=60)),
        ("a=b; Max-Age=99999999999999999999", SetCookie("a", "b", max_age=34_560_000)),
        ("a=b; Max-Age=-99999999999999999999", SetCookie("a", "b", max_age=-1)),
    ],
)
def test_attributes(header, cookie):
    assert read_set_cookie(header) == cookie


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 01 Jan 2031 00:00:00 GMT", datetime(2031, 1, 1, tzinfo=UTC)),
        ("Thu, 01-Jan-70 00:00:01 GMT", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("01 jan 31 1:2:3", datetime(2031, 1, 1, 1, 2, 3, tzinfo=UTC)),
        ("Sun Nov  6 08:49:37 1994", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("06 November 1994 08:49:37x", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("30 Feb 2031 00:00:00", None),
        ("01 Jan 1600 00:00:00", None),
        ("01 Jan 2031 24:00:00", None),
        ("01 Jan 2031", None),
        ("0", None),
        ("", None),
    ],
)
def test_dates(text, moment):
    assert cookie_date(text) == moment


@pytest.mark.parametrize(
    ("header", "expired"),
    [
        ("a=b", False),
        ("a=b; Max-Age=0", True),
        ("a=b; Max-Age=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("a=b; Expires=Wed, 01 Jan 2031 00:00:00 GMT", False),
    ],
)
def test_what_takes_a_cookie_away(header, expired):
    assert read_set_cookie(header).is_expired(NOON) is expired


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        ("a=b", True),
        ("__Secure-a=b", False),
        ("__Secure-a=b; Secure", True),
        ("__Host-a=b; Secure", False),
        ("__Host-a=b; Secure; Path=/", True),
        ("__Host-a=b; Secure; Path=/; Domain=x.example", False),
    ],
)
def test_prefixes(header, holds):
    assert read_set_cookie(header).prefix_holds is holds
