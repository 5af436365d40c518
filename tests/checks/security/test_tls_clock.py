"""A certificate is out of date if it is so by our clock and by the server's: one of two that differ is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from checks.model import Answer, Certificate, Chain, Host, Response, Tls, Trust
from checks.security.tls import TlsCheck

NOW = datetime(2026, 8, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def rules(start: timedelta, end: timedelta, date: str | None) -> list[str]:
    certificate = Certificate("CN=a.cn", "CN=b", ("a.cn",), NOW + start, NOW + end, "sha256", "RSA", 2048)
    tls = Tls("a.cn", 443, NOW, versions=("TLSv1.3",), chain=(certificate,), trust=Trust.TRUSTED)
    headers = () if date is None else (("Date", date),)
    chain = Chain((Answer(Response("https://a.cn/", 200, headers)),))
    host = Host("a.cn", Chain(), chain, NOW, tls=tls)
    return [finding.rule.id for finding in TlsCheck().inspect(host)]


EXPIRED, EARLY = (-400 * DAY, -35 * DAY), (35 * DAY, 400 * DAY)

CASES = [
    (EXPIRED, None, ["tls-expired"]),
    (EXPIRED, "nonsense", ["tls-expired"]),
    (EXPIRED, format_datetime(NOW + DAY / 2, usegmt=True), ["tls-expired"]),
    (EXPIRED, format_datetime(NOW - 36 * DAY, usegmt=True), ["tls-expiring"]),
    (EXPIRED, format_datetime(NOW - 90 * DAY, usegmt=True), []),
    (EXPIRED, format_datetime(NOW + 90 * DAY, usegmt=True), ["tls-expired"]),
    (EARLY, format_datetime(NOW, usegmt=True), ["tls-not-yet-valid"]),
    (EARLY, format_datetime(NOW + 90 * DAY, usegmt=True), []),
    (EARLY, "Thu, 01 Jan 1970 00:00:00 GMT", ["tls-not-yet-valid"]),
]


@pytest.mark.parametrize(("valid", "date", "found"), CASES)
def test_both_clocks_have_to_agree(valid, date, found):
    assert rules(*valid, date) == found
