"""The Observatory's way with policies: its decision order, and how it merges several into one."""

import pytest

from checks.security.observatory.csp import BrokenPolicyError, judge, merge
from tests.hosts import host, http_host

NONE = "csp-implemented-with-no-unsafe-default-src-none"
SAFE = "csp-implemented-with-no-unsafe"
INLINE = "csp-implemented-with-unsafe-inline"
STYLE = "csp-implemented-with-unsafe-inline-in-style-src-only"
EVAL = "csp-implemented-with-unsafe-eval"
SCHEME = "csp-implemented-with-insecure-scheme"
PASSIVE = "csp-implemented-with-insecure-scheme-in-passive-content-only"
INVALID = "csp-header-invalid"
ABSENT = "csp-not-implemented"
REPEATED = "csp-implemented-but-duplicate-directives"

HEADER = [
    ("default-src 'none'", NONE),
    ("default-src", NONE),
    ("default-src 'none' 'none'", NONE),
    ("default-src 'none' 'self'", SAFE),
    ("  default-src\t'self' ; ", SAFE),
    ("default-src 'self'; script-src 'nonce-abc' 'unsafe-inline'", SAFE),
    ("default-src 'self'; style-src 'sha384-x' 'unsafe-inline'", SAFE),
    ("default-src 'unsafe-inline' 'nonce-abc'", SAFE),
    ("default-src 'self'; script-src 'strict-dynamic' 'nonce-a' https: 'unsafe-inline' http:", SAFE),
    ("default-src 'strict-dynamic' 'nonce-a' https: 'self'", SAFE),
    ("default-src 'self'; script-src 'strict-dynamic'", INVALID),
    ("default-src 'self'; script-src data:", INLINE),
    ("default-src 'self'; script-src blob:", SAFE),
    ("default-src 'self'; script-src http://*.*", INLINE),
    ("default-src 'self'; script-src https://*.example", SAFE),
    ("default-src 'self'; object-src data:", SAFE),
    ("script-src 'self'", INLINE),
    ("default-src ftp:", INLINE),
    ("default-src 'self'; connect-src http:", SCHEME),
    ("default-src 'self'; report-uri http://a.example/", SCHEME),
    ("default-src 'self'; foo http://a.example/", SCHEME),
    ("default-src 'self' http://a.example", SCHEME),
    ("default-src 'self'; style-src 'unsafe-eval'", EVAL),
    ("default-src 'self'; img-src http:", PASSIVE),
    ("default-src 'self'; style-src *", STYLE),
    ("default-src 'none'; style-src http://*", SCHEME),
    ("img-sr", INLINE),
    ("img-s", INVALID),
    ("", INVALID),
    (";;;;;;", ABSENT),
    ("default-src 'self'; default-src 'self'", INVALID),
    ("default-src 'self'; report-to a; report-to b", REPEATED),
    ("default-src 'self' 'unsafe-eval'; report-to a; report-to b", EVAL),
]


@pytest.mark.parametrize(("policy", "result"), HEADER, ids=lambda text: text[:60])
def test_one_header(policy, result):
    assert judge(host([("Content-Security-Policy", policy)])).result == result


@pytest.mark.parametrize(
    ("meta", "result"),
    [
        ("default-src 'none'", NONE),
        ("frame-ancestors 'none'; img-src 'self'", INLINE),
        ("frame-ancestors 'none'", ABSENT),
        ("sandbox; report-uri /a", ABSENT),
        ("report-uri /a; report-uri /b", INLINE),
        ("report-to a", INLINE),
        ("   ", INVALID),
        ("", ABSENT),
    ],
)
@pytest.mark.parametrize(
    "element",
    [
        '<meta http-equiv="Content-Security-Policy" content="{}">',
        "<META HTTP-EQUIV=' content-security-policy ' CONTENT=\"{}\">",
        '<body><p><meta http-equiv="content-security-policy" content="{}">',
    ],
)
def test_meta(element, meta, result):
    body = f"<html><head>{element.format(meta)}</head></html>"
    assert judge(host(without=["Content-Security-Policy"], body=body)).result == result


@pytest.mark.parametrize(
    "wrap", ["<!--{}-->", "<noscript>{}</noscript>", "<template>{}</template>", "<title>{}</title>"]
)
def test_meta_that_is_not_there(wrap):
    body = wrap.format('<meta http-equiv="content-security-policy" content="default-src *">')
    assert judge(host(without=["Content-Security-Policy"], body=body)).result == ABSENT


def test_meta_in_something_that_is_not_html():
    headers = [("Content-Type", "Text/HTML")]
    body = '<meta http-equiv="content-security-policy" content="default-src \'self\'">'
    assert judge(host(headers, body, without=["Content-Security-Policy"])).result == ABSENT


@pytest.mark.parametrize(("sent", "result"), [("default-src x", f"{ABSENT}-but-reporting-enabled"), ("", ABSENT)])
def test_report_only(sent, result):
    headers = [("Content-Security-Policy-Report-Only", sent)]
    assert judge(host(headers, without=["Content-Security-Policy"])).result == result


def test_schemes_do_not_matter_on_http():
    assert judge(http_host([("Content-Security-Policy", "default-src 'self' http://a.example")])).result == SAFE


@pytest.mark.parametrize(
    ("policies", "merged"),
    [
        (["img-src a b", "img-src b c"], {"img-src": {"b"}}),
        (["img-src a", "img-src b"], {"img-src": {"'none'"}}),
        (["img-src a", "font-src b"], {"img-src": {"a"}, "font-src": {"'none'"}}),
        (["img-src https://a/", "img-src https://a/b"], {"img-src": {"https://a/b"}}),
        (["img-src https://a/%62", "img-src https://a/b"], {"img-src": {"https://a/b"}}),
        (["img-src A", "IMG-SRC a"], {"img-src": {"a"}}),
        (["img-src https: https://a"], {"img-src": {"https:"}}),
        (["img-src a", "img-src a", "img-src b"], {"img-src": {"a"}}),
    ],
)
def test_merging_keeps_what_all_policies_allow(policies, merged):
    """The last row is the Observatory's slip: what two policies agree on survives every further one."""
    assert merge(policies) == (merged, False)


@pytest.mark.parametrize("escape", ["%zz", "%e4%bd", "%"])
def test_a_broken_escape_breaks_the_policy_only_where_two_are_compared(escape):
    source = f"img-src https://a/{escape}"
    assert merge([source])[0] == {"img-src": {f"https://a/{escape}"}}
    with pytest.raises(BrokenPolicyError):
        merge([source, "img-src https://a/b"])
