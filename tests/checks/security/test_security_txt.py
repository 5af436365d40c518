"""Whether someone who finds a hole can tell the keepers."""

from datetime import UTC, datetime

import pytest

from checks.model import Answer, Chain, Host, Response
from checks.security.security_txt import SecurityTxt

NOW = datetime(2026, 9, 7, tzinfo=UTC)
URL = "https://www.qinghe.gov.cn/.well-known/security.txt"
GOOD = "Contact: mailto:aq@qinghe.gov.cn\nExpires: 2027-01-01T00:00:00Z\n"

CASES = [
    (GOOD, 200, []),
    ("-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n" + GOOD.replace("\n", "\r\n"), 200, []),
    ("contact: https://a.cn/\nexpires: 2027-01-01t00:00:00+08:00", 200, []),
    ("", 404, ["missing"]),
    ("<!doctype html><title>首页</title>", 200, ["missing"]),
    ("Expires: 2027-01-01T00:00:00Z", 200, ["contact"]),
    ("Contact: a@b.cn", 200, ["expires"]),
    ("Contact: a@b.cn\nExpires: next year", 200, ["expires"]),
    ("Contact: a@b.cn\nExpires: 2026-01-01T00:00:00Z", 200, ["expired"]),
    ("Contact: a@b.cn\nExpires: 2026-01-01", 200, ["expired"]),
]


def judged(answer):
    host = Host("www.qinghe.gov.cn", Chain(), Chain(), NOW, security_txt=answer)
    return list(SecurityTxt().inspect(host))


@pytest.mark.parametrize(("body", "status", "expected"), CASES)
def test_a_file_is_there_with_a_contact_and_still_holds(body, status, expected):
    found = judged(Answer(Response(URL, status), body))
    assert [finding.variant for finding in found] == expected
    assert all(finding.rule.say(finding, "zh-CN") for finding in found)


def test_an_answer_that_never_came_says_nothing():
    assert judged(None) == []
    assert judged(Answer(Response(URL, error="timeout"))) == []
