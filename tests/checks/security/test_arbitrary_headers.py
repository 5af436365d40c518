"""Whatever a server sends, there is a verdict, and soon."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model import Chain
from checks.security.headers import Headers
from checks.security.observatory import GRADES, RESULTS, grade
from tests.cost import assert_bounded
from tests.hosts import NAME, PAGE, answer, hop, host

JUDGED = (
    "content-security-policy",
    "content-security-policy-report-only",
    "content-type",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "referrer-policy",
    "set-cookie",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "location",
)
SECONDS = 2.0
"""More than a hundred times what a page with ordinary headers takes."""

pieces = st.sampled_from(
    "default-src script-src frame-ancestors report-uri 'self' 'none' 'unsafe-inline' 'nonce-a' 'strict-dynamic' https: "
    '* data: %zz http://a/%e4 max-age= 31536000 includeSubDomains , ; = " \\ a=1 sess=1 __Host-x=1 Secure HttpOnly '
    "SameSite=None Domain=.site-a.example Path=/ Max-Age=0 Expires=0 nosniff DENY ALLOW-FROM unsafe-url".split()
)
values = st.one_of(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=80),
    st.lists(pieces, max_size=12).map(" ".join),
    st.lists(pieces, max_size=12).map("; ".join),
    st.text(max_size=40),
)
pairs = st.lists(st.tuples(st.sampled_from(JUDGED), values), max_size=8)
elements = st.sampled_from(
    (
        "<script src='{}'></script>",
        "<script src='{}' integrity='{}'></script>",
        "<base href='{}'>",
        '<meta http-equiv=content-security-policy content="{}">',
        "<meta name=referrer content='{}'>",
        "<svg><script src='{}'></script></svg>",
        "<template><script src='{}'>",
        "<!-- {}",
        "{}",
    )
)
bodies = st.lists(st.tuples(elements, values), max_size=6).map(
    lambda parts: "".join(element.format(*(value for _ in range(element.count("{}")))) for element, value in parts)
)


def judge(subject):
    """Return the grade and the findings, with every message written out."""
    findings = list(Headers().inspect(subject))
    said = [finding.rule.say(finding, language) for finding in findings for language in ("zh-CN", "en")]
    assert all(said)
    return grade(subject), findings


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(page=pairs, redirect=pairs, side=pairs, body=bodies, status=st.sampled_from((200, 204, 301, 403, 404, 500)))
def test_arbitrary_answers(page, redirect, side, body, status):
    first = hop(f"https://{NAME}/", "/home", headers=redirect)
    last = answer(f"https://{NAME}/home", status, page, body)
    subject = host(
        https=Chain((first, last), trusted=status != 403),
        robots=answer(f"https://{NAME}/robots.txt", headers=side),
        missing=answer(f"https://{NAME}/none", 404, side),
        preflight=answer(f"https://{NAME}/home", headers=side),
    )
    graded, findings = judge(subject)
    assert (graded.score is None) == bool(graded.error)
    assert graded.error or graded.grade in GRADES.values()
    assert all(verdict.result in RESULTS for verdict in graded.tests.values())
    assert len({finding.fingerprint for finding in findings}) == len(findings)


HUGE = 200_000


@pytest.mark.parametrize("name", JUDGED)
@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        ",",
        ";",
        '"',
        "\\",
        "=",
        "; a=",
        "default-src ",
        "'nonce-",
        "img-src a;",
        " https://a/",
        "%",
        '"\\',
        "*;",
    ],
)
def test_huge_headers_take_bounded_time(name, unit):
    value = (unit * HUGE)[:HUGE]
    assert_bounded(lambda: judge(host([(name, value)])), SECONDS)


@pytest.mark.parametrize("name", ["set-cookie", "content-security-policy", "x-frame-options", "referrer-policy"])
def test_headers_without_end_take_bounded_time(name):
    lines = [(name, f"name{n}=1; img-src a{n}, DENY{n}") for n in range(5_000)]
    assert_bounded(lambda: judge(host(lines)), SECONDS)


@pytest.mark.parametrize(
    "unit",
    [
        "<script src=https://a.example/></script>",
        "<svg>",
        "<div>",
        "<meta http-equiv=content-security-policy content=\"default-src 'self'\">",
        "<base href=//a.example/>",
        "<script",
        "<!--",
    ],
)
def test_huge_pages_take_bounded_time(unit):
    assert_bounded(lambda: judge(host(body=PAGE + unit * 5_000)), 2 * SECONDS)
