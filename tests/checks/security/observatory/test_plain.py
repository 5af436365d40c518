"""The Observatory's way with headers that say one thing; and how results become a grade."""

import pytest

from checks.security.observatory import score_of
from checks.security.observatory.charts import GRADES, RESULTS
from checks.security.observatory.plain import (
    content_type_options,
    frame_options,
    referrer_policy,
    resource_policy,
    resource_sharing,
)
from tests.hosts import answer, host


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ([], "not-implemented"),
        ([""], "not-implemented"),
        (["nosniff"], "nosniff"),
        (["NoSniff"], "nosniff"),
        (["nosniff;"], "header-invalid"),
        (["nosniff", "nosniff"], "header-invalid"),
    ],
)
def test_content_type_options(values, result):
    given = host([("x-content-type-options", value) for value in values], without=["X-Content-Type-Options"])
    assert content_type_options(given) == f"x-content-type-options-{result}"


@pytest.mark.parametrize(
    ("values", "policy", "result"),
    [
        ([], "img-src x", "not-implemented"),
        (["SameOrigin"], "img-src x", "sameorigin-or-deny"),
        (["DENY"], "img-src x", "sameorigin-or-deny"),
        (["allow-from"], "img-src x", "allow-from-origin"),
        (["ALLOWALL"], "img-src x", "header-invalid"),
        (["DENY", "DENY"], "img-src x", "header-invalid"),
        ([], "frame-ancestors *", "implemented-via-csp"),
        (["ALLOWALL"], "frame-ancestors", "implemented-via-csp"),
        (["DENY"], "frame-ancestors 'none'; frame-ancestors 'none'", "sameorigin-or-deny"),
    ],
)
def test_frame_options(values, policy, result):
    headers = [("X-Frame-Options", value) for value in values] + [("Content-Security-Policy", policy)]
    assert frame_options(host(headers, without=["X-Frame-Options"])) == f"x-frame-options-{result}"


@pytest.mark.parametrize(
    ("values", "meta", "result"),
    [
        ([], None, "not-implemented"),
        ([""], None, "header-invalid"),
        (["NO-REFERRER"], None, "private"),
        (["no-referrer, unknown"], None, "private"),
        (["no-referrer", "origin"], None, "unsafe"),
        (["no-referrer; origin"], None, "header-invalid"),
        (["no-referrer"], "unsafe-url", "unsafe"),
        (["unsafe-url"], "same-origin", "private"),
        (["unsafe-url"], "always", "unsafe"),
        ([], "", "not-implemented"),
        ([], "origin, same-origin", "private"),
    ],
)
def test_referrer_policy(values, meta, result):
    body = "<html>" if meta is None else f"<meta name=' Referrer' content='{meta}'>"
    given = host([("Referrer-Policy", value) for value in values], body, without=["Referrer-Policy"])
    assert referrer_policy(given) == f"referrer-policy-{result}"


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ([], "not-implemented"),
        ([""], "not-implemented"),
        (["Same-Origin"], "implemented-with-same-origin"),
        (["same-site"], "implemented-with-same-site"),
        (["cross-origin"], "implemented-with-cross-origin"),
        (["same-site", "same-site"], "header-invalid"),
    ],
)
def test_resource_policy(values, result):
    assert resource_policy(host([("Cross-Origin-Resource-Policy", value) for value in values])) == f"corp-{result}"


@pytest.mark.parametrize(
    ("status", "allowed", "result"),
    [
        (204, "*", "implemented-with-public-access"),
        (200, "null", "implemented-with-restricted-access"),
        (200, "*, *", "implemented-with-restricted-access"),
        (200, "", "not-implemented"),
        (404, "*", "not-implemented"),
        (302, "*", "not-implemented"),
    ],
)
def test_resource_sharing(status, allowed, result):
    preflight = answer(status=status, headers=[("Access-Control-Allow-Origin", allowed)])
    assert resource_sharing(host(preflight=preflight)) == f"cross-origin-resource-sharing-{result}"


def test_an_origin_that_is_echoed_with_credentials_passes_for_restricted():
    headers = [
        ("Access-Control-Allow-Origin", "https://stranger.example"),
        ("Access-Control-Allow-Credentials", "true"),
    ]
    given = host(preflight=answer(headers=headers))
    assert resource_sharing(given) == "cross-origin-resource-sharing-implemented-with-restricted-access"


@pytest.mark.parametrize(
    ("modifiers", "score"),
    [([], 100), ([5, 10], 115), ([-10, 5], 95), ([-11, 50], 89), ([-60, -60, 50], 0), ([-10], 90)],
)
def test_bonuses_need_an_a(modifiers, score):
    assert score_of(modifiers) == score


def test_every_score_has_a_grade():
    assert set(GRADES) == set(range(0, 101, 5))
    assert {worth.modifier for worth in RESULTS.values()} == {-50, -40, -30, -25, -20, -10, -5, 0, 5, 10}
