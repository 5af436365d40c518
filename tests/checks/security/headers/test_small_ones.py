"""Framing, guessing of types, referrers, sharing, scripts, isolation, error pages: what browsers make of each."""

import pytest

from checks.model import Severity
from checks.security.fields import split_values, token
from checks.security.headers import (
    Headers,
    cross_origin_policies,
    cross_origin_resource_sharing,
    error_pages,
    referrer_policy,
    subresource_integrity,
    x_content_type_options,
    x_frame_options,
)
from tests.hosts import NAME, PAGE, answer, host, http_host

CSP = "Content-Security-Policy"


def variants(module, given):
    return [finding.variant for finding in module.judge(given)]


def sent(name, values):
    return [(name, value) for value in values]


@pytest.mark.parametrize(
    ("values", "policies", "found"),
    [
        (["SAMEORIGIN"], [], []),
        (["DENY, SAMEORIGIN"], [], []),
        (["SAMEORIGIN", "SAMEORIGIN"], [], []),
        (["sameorigin", "ALLOWALL"], [], []),
        (["DENY", "nonsense"], [], []),
        (["ALLOWALL"], [], ["invalid"]),
        (["ALLOW-FROM https://p.example"], [], ["invalid"]),
        (["nonsense, rubbish"], [], ["invalid"]),
        (["SAMEORIGIN;"], [], ["invalid"]),
        ([""], [], ["missing"]),
        ([], [], ["missing"]),
        ([], ["frame-ancestors 'self'"], []),
        ([], ["frame-ancestors"], []),
        ([], ["frame-ancestors *"], ["anyone"]),
        ([], ["frame-ancestors https:"], ["anyone"]),
        (["DENY"], ["frame-ancestors *"], ["anyone"]),
        ([], ["frame-ancestors *", "frame-ancestors 'none'"], []),
        ([], ["frame-ancestors *, frame-ancestors 'none'"], []),
    ],
)
def test_framing(values, policies, found):
    headers = sent("X-Frame-Options", values) + sent(CSP, policies)
    assert variants(x_frame_options, host(headers, without=["X-Frame-Options"])) == found


def test_a_meta_element_does_not_keep_anybody_from_framing():
    body = "<head><meta http-equiv=Content-Security-Policy content=\"frame-ancestors 'none'; img-src x\"></head>"
    assert variants(x_frame_options, host(body=body, without=["X-Frame-Options", CSP])) == ["missing"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["nosniff"], []),
        (["NOSNIFF"], []),
        (["nosniff", "nosniff"], []),
        (["nosniff, other"], []),
        (["other, nosniff"], ["invalid"]),
        ([", nosniff"], ["invalid"]),
        (["nosniff;"], ["invalid"]),
        (['"nosniff"'], ["invalid"]),
        ([""], ["missing"]),
        ([], ["missing"]),
    ],
)
def test_guessing_of_types(values, found):
    given = host(sent("X-Content-Type-Options", values), without=["X-Content-Type-Options"])
    assert variants(x_content_type_options, given) == found


@pytest.mark.parametrize(
    ("values", "meta", "found"),
    [
        ([], None, []),
        (["no-referrer"], None, []),
        (["no-referrer, strict-origin-when-cross-origin"], None, []),
        (["unsafe-url", "no-referrer"], None, []),
        (["strict-origin, newer-than-us"], None, []),
        (["unsafe-url"], None, ["full"]),
        (["No-Referrer-When-Downgrade"], None, ["full"]),
        (["origin"], None, ["origin"]),
        (["nonsense"], None, ["unknown"]),
        (["no-referrer"], "unsafe-url", ["full"]),
        (["no-referrer"], "always", ["full"]),
        (["unsafe-url"], "never", []),
        (["unsafe-url"], "origin, no-referrer", ["full"]),
        ([""], None, []),
    ],
)
def test_referrers(values, meta, found):
    body = PAGE if meta is None else f"<head><meta name=referrer content='{meta}'></head>"
    assert variants(referrer_policy, host(sent("Referrer-Policy", values), body, without=["Referrer-Policy"])) == found


@pytest.mark.parametrize(
    ("allowed", "credentials", "found"),
    [
        ("https://stranger.example", "true", [("reflected", Severity.CRITICAL)]),
        ("null", "true", [("null", Severity.CRITICAL)]),
        ("https://stranger.example", "TRUE", [("misspelt", Severity.MINOR)]),
        ("https://stranger.example", "", []),
        ("https://stranger.example", "false", []),
        ("https://partner.example", "true", []),
        ("*", "true", []),
        ("*", "", []),
        ("https://stranger.example, *", "true", []),
        ("", "true", []),
    ],
)
@pytest.mark.parametrize("status", [204, 403])
def test_sharing(status, allowed, credentials, found):
    """The OPTIONS request may well be refused: what the server says of strangers is said all the same."""
    headers = {"Access-Control-Allow-Origin": allowed, "Access-Control-Allow-Credentials": credentials}
    given = host(preflight=answer(status=status, headers=headers))
    assert [(f.variant, f.weight) for f in cross_origin_resource_sharing.judge(given)] == found


def test_null_is_seen_on_the_page_itself():
    headers = [("Access-Control-Allow-Origin", "null"), ("Access-Control-Allow-Credentials", "true")]
    assert variants(cross_origin_resource_sharing, host(headers)) == ["null"]


HASH = "integrity=sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"


@pytest.mark.parametrize(
    ("element", "found"),
    [
        ("<script>1</script>", []),
        ("<script src=/a.js></script>", []),
        ("<script src=https://static.site-a.example/a.js></script>", []),
        ("<script src=http://static.site-a.example/a.js></script>", ["unencrypted"]),
        ("<script src=//cdn.site-b.example/a.js></script>", ["unchecked"]),
        (f"<script src=//cdn.site-b.example/a.js {HASH}></script>", []),
        (f"<script src=http://cdn.site-b.example/a.js {HASH}></script>", ["unencrypted"]),
        ("<script src=https://cdn.site-b.example/a.js integrity=md5-abc></script>", ["unchecked"]),
        ("<script src=HTTPS://cdn.site-b.example/a.js></script>", ["unchecked"]),
        ("<template><script src=http://cdn.site-b.example/a.js></script></template>", []),
        ("<noscript><script src=http://cdn.site-b.example/a.js></script></noscript>", []),
        ("<script type=text/template src=https://cdn.site-b.example/a.js></script>", []),
        ("<script type=module src=https://cdn.site-b.example/a.js></script>", ["unchecked"]),
        ("<base href=https://cdn.site-b.example/><script src=a.js></script>", ["unchecked"]),
        ("<script src=https://dcs.conac.cn/js/mark.js></script>", []),
        ("<script src=https://zfwzgl.www.gov.cn/exposure/jiucuo.js></script>", []),
        ("<script src=https://></script>", []),
        (
            "<script src=http://a.example/></script><script src=https://b.example/></script>",
            ["unencrypted", "unchecked"],
        ),
    ],
)
def test_scripts(element, found):
    assert variants(subresource_integrity, host(body=f"<html><head>{element}</head></html>")) == found


def test_own_scripts_of_a_page_that_is_unencrypted_itself():
    body = f"<script src=http://{NAME}/a.js></script>"
    assert variants(subresource_integrity, http_host(body=body)) == []


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [
        ("Cross-Origin-Resource-Policy", ["same-site"], 0),
        ("Cross-Origin-Resource-Policy", ["Same-Site"], 1),
        ("Cross-Origin-Resource-Policy", ["same-site", "same-site"], 1),
        ("Cross-Origin-Opener-Policy", ["same-origin"], 0),
        ("Cross-Origin-Opener-Policy", ['noopener-allow-popups; report-to="c"'], 0),
        ("Cross-Origin-Opener-Policy", ["same-origin", "same-origin"], 1),
        ("Cross-Origin-Opener-Policy", ["Same-Origin"], 1),
        ("Cross-Origin-Opener-Policy", ['"same-origin"'], 1),
        ("Cross-Origin-Embedder-Policy", ['require-corp; report-to="a,b"'], 0),
        ("Cross-Origin-Embedder-Policy", ["credentialless"], 0),
        ("Cross-Origin-Embedder-Policy", ["require-corp, credentialless"], 1),
    ],
)
def test_isolation(name, values, count):
    found = list(cross_origin_policies.judge(host(sent(name, values))))
    assert [finding.rule.id for finding in found] == [name.lower()] * count


def test_error_pages_want_what_other_pages_have():
    bare = answer(f"https://{NAME}/none", 404)
    finding = next(error_pages.judge(host(missing=bare)))
    names = "Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options"
    assert finding.params == {"status": 404, "names": names}
    good = answer(f"https://{NAME}/none", 404, host().judged.final.response.headers)
    assert list(error_pages.judge(host(missing=good))) == []
    assert list(error_pages.judge(host(without=names.split(", "), missing=bare))) == []
    assert list(error_pages.judge(host(missing=answer(f"https://{NAME}/none", 200)))) == []


@pytest.mark.parametrize(
    ("value", "parts"),
    [("a, b", ["a", "b"]), ('"a, b", c', ['"a, b"', "c"]), ("a,", ["a", ""]), ('"a', ['"a']), ("", [""])],
)
def test_lists_are_split_outside_quotation_marks(value, parts):
    assert split_values(answer(headers=[("X", value)]).response, "x") == parts


@pytest.mark.parametrize(
    ("value", "found"),
    [("a", "a"), (" a ;b=c; d", "a"), ("a,b", None), ('"a"', None), ("1", None), ("", None), ('a;b="c,d"', "a")],
)
def test_tokens(value, found):
    assert token(answer(headers=[("X", value)]).response, "x") == found


def test_a_good_host_has_nothing_to_change():
    assert list(Headers().inspect(host())) == []


def test_a_host_that_does_not_answer_is_not_judged():
    gone = http_host()
    assert list(Headers().inspect(type(gone)(NAME, gone.https, gone.https, gone.fetched))) == []


def test_findings_are_about_the_address_of_the_host():
    found = list(Headers().inspect(host(without=["X-Frame-Options", "X-Content-Type-Options"])))
    assert {finding.url for finding in found} == {f"https://{NAME}/"}
    assert len({finding.fingerprint for finding in found}) == len(found) == 2
