"""What a Content-Security-Policy lets through, as CSP Level 3 has it."""

import pytest

from checks.security.headers.content_security_policy import judge
from tests.hosts import host, http_host

HASH = "'sha256-B2yPHKaXnvFWtRChIbabYmUBFZdVfKKXHbWtWidDVF8='"


def variants(given):
    return [finding.variant for finding in judge(given)]


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        (["default-src 'self'"], []),
        (["default-src 'none'; script-src 'self'; style-src 'unsafe-inline'"], []),
        (["default-src 'self'; Default-Src *"], []),
        (["default-src 'self', script-src 'unsafe-inline' *"], []),
        (["script-src 'unsafe-inline'", "default-src 'self'"], []),
        (["default-src 'self'; script-src 'unsafe-inline' 'nonce-a'"], []),
        ([f"default-src 'self'; script-src 'unsafe-inline' {HASH}"], []),
        (["default-src 'self'; script-src 'strict-dynamic' https: 'nonce-a' 'unsafe-inline'"], []),
        (["default-src 'self'; script-src-elem 'self'; script-src 'unsafe-inline'"], []),
        (["img-s", "script-src 'self'; object-src 'none'"], []),
        ([""], ["missing"]),
        ([";;;"], ["missing"]),
        (["upgrade-insecure-requests"], ["scripts"]),
        (["frame-ancestors 'self'; img-src 'self'"], ["scripts"]),
        (["default-src 'self' 'unsafe-inline'"], ["inline"]),
        (["DEFAULT-SRC 'SELF' 'UNSAFE-INLINE'"], ["inline"]),
        (["default-src *"], ["anywhere"]),
        (["default-src 'self'; script-src data:"], ["anywhere"]),
        (["default-src 'self'; script-src https://*"], ["anywhere"]),
        (["script-src 'self'"], ["plugins"]),
        (["default-src 'self'; object-src *"], ["plugins"]),
        (["default-src 'self'; script-src http://cdn.site-b.example"], ["unencrypted"]),
        (["default-src 'self' 'unsafe-eval'"], ["eval"]),
        (["default-src 'self' 'unsafe-eval' 'unsafe-inline' *"], ["inline"]),
    ],
)
def test_headers(policies, found):
    assert variants(host([("Content-Security-Policy", policy) for policy in policies])) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<head><meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">", []),
        ("<body><meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">", ["missing"]),
        ("<head><meta http-equiv=Content-Security-Policy content=\"frame-ancestors 'self'\">", ["missing"]),
        ("<head><meta http-equiv=Content-Security-Policy-Report-Only content=\"default-src 'self'\">", ["missing"]),
        ("<head><meta http-equiv=Content-Security-Policy content=''>", ["missing"]),
    ],
)
def test_meta_counts_only_in_head_and_only_for_what_it_may_say(body, found):
    assert variants(host(without=["Content-Security-Policy"], body=body)) == found


def test_report_only_protects_nobody():
    headers = [("Content-Security-Policy-Report-Only", "default-src 'self'")]
    assert variants(host(headers, without=["Content-Security-Policy"])) == ["report-only"]


def test_unencrypted_sources_are_no_fault_of_a_page_that_is_unencrypted_itself():
    assert variants(http_host([("Content-Security-Policy", "default-src 'self' http://a.example")])) == []


def test_the_message_names_what_is_too_wide():
    finding = next(judge(host([("Content-Security-Policy", "default-src 'self'; script-src https: data: 'self'")])))
    assert finding.params["sources"] == "https: data:"
    assert finding.evidence == "default-src 'self'; script-src https: data: 'self'"
