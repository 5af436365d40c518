"""Whatever a server sends: the checks of pages neither crash nor take long."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.security.content import MixedContent
from checks.security.injection.check import InjectedLinks
from checks.security.leaks import Leaks
from checks.security.libraries import Libraries
from tests.cost import assert_bounded

CHECKS = (InjectedLinks(), MixedContent(), Leaks(), Libraries())

PIECES = st.sampled_from(
    [
        *(
            "<form action=http://a.cn>",
            "<input type=password>",
            "<script src=",
            "jquery-1.8.3.js",
            "<img src=http:",
            "'>",
            '"',
        ),
        *(
            "at a.b(C.java:1)",
            " on line ",
            "Warning: x in /a.php",
            "#0 /",
            "ORA-00001: x",
            "Traceback (most",
            ".cs:",
            "at x (/a.js:1:1)",
        ),
        *(
            "http://10.1.1.1/",
            "//192.168.",
            "<title>Index of /",
            "<a href='../'>",
            "nginx/1.2.3",
            "<title>404 ",
            "javax.servlet.",
        ),
        *(
            "<div style='left:-999px'>",
            "<a href=//b.cn>",
            "</a>",
            "<style>a{display:none}a b>c,d::x{top:-9999px}</style>",
            "<base href=",
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=50).map("".join), st.text(max_size=20))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arbitrary_pages_and_headers_are_judged_without_crashing(parsed, html, value):
    page = parsed(html, headers=[("Server", value), ("X-Powered-By", "PHP/" + value)])
    for check in CHECKS:
        for finding in check.inspect(page):
            assert finding.rule.say(finding, "zh-CN")
            assert finding.fingerprint


BOMBS = {
    "traces": "at a.a.a.a.a.a.a.a.a.a.a.a.a.a" * 20_000 + ".java:",
    "warnings": "Warning: " * 50_000 + " on line ",
    "packages": "javax.a" * 50_000 + "javax.servlet",
    "paths": "D:\\" * 50_000 + ".cs:",
    "scripts": "at " * 100_000 + "(/.js:",
    "addresses": "http://10." * 50_000,
    "fields": "<input type=password>" * 9_000,
    "forms": "<form action=http://a.cn/>" * 9_000,
}


@pytest.mark.parametrize("html", BOMBS.values(), ids=BOMBS)
def test_hostile_pages_cost_bounded_time(parsed, html):
    page = parsed(html)
    assert_bounded(lambda: [list(check.inspect(page)) for check in CHECKS], 2)
