"""Hold what each result of the Observatory is worth, as data (npm 1.4.8, algorithm 4)."""

from __future__ import annotations

from typing import NamedTuple


class Worth(NamedTuple):
    """What a result adds to the score, and whether its test counts as passed."""

    modifier: int
    passed: bool


def _passed(modifier: int, *results: str) -> dict[str, Worth]:
    return dict.fromkeys(results, Worth(modifier, passed=True))


def _failed(modifier: int, *results: str) -> dict[str, Worth]:
    return dict.fromkeys(results, Worth(modifier, passed=False))


RESULTS: dict[str, Worth] = {
    # content-security-policy
    **_passed(10, "csp-implemented-with-no-unsafe-default-src-none"),
    **_passed(5, "csp-implemented-with-no-unsafe"),
    **_passed(
        0,
        "csp-implemented-with-unsafe-inline-in-style-src-only",
        "csp-implemented-but-duplicate-directives",
    ),
    **_passed(-10, "csp-implemented-with-insecure-scheme-in-passive-content-only"),
    **_failed(-10, "csp-implemented-with-unsafe-eval"),
    **_failed(-20, "csp-implemented-with-unsafe-inline", "csp-implemented-with-insecure-scheme"),
    **_failed(-25, "csp-header-invalid", "csp-not-implemented-but-reporting-enabled", "csp-not-implemented"),
    # cookies
    **_passed(5, "cookies-secure-with-httponly-sessions-and-samesite"),
    **_passed(0, "cookies-secure-with-httponly-sessions", "cookies-not-found"),
    **_failed(-5, "cookies-without-secure-flag-but-protected-by-hsts"),
    **_failed(-10, "cookies-session-without-secure-flag-but-protected-by-hsts"),
    **_failed(
        -20,
        "cookies-without-secure-flag",
        "cookies-samesite-flag-invalid",
        "cookies-anticsrf-without-samesite-flag",
    ),
    **_failed(-30, "cookies-session-without-httponly-flag"),
    **_failed(-40, "cookies-session-without-secure-flag"),
    # cross-origin-resource-sharing
    **_passed(
        0,
        "cross-origin-resource-sharing-not-implemented",
        "cross-origin-resource-sharing-implemented-with-public-access",
        "cross-origin-resource-sharing-implemented-with-restricted-access",
    ),
    # redirection
    **_passed(0, "redirection-to-https", "redirection-not-needed-no-http", "redirection-all-redirects-preloaded"),
    **_failed(-5, "redirection-off-host-from-http"),
    **_failed(-10, "redirection-not-to-https-on-initial-redirection"),
    **_failed(-20, "redirection-missing", "redirection-not-to-https", "redirection-invalid-cert"),
    # referrer-policy
    **_passed(5, "referrer-policy-private"),
    **_passed(0, "referrer-policy-not-implemented"),
    **_failed(-5, "referrer-policy-unsafe", "referrer-policy-header-invalid"),
    # strict-transport-security
    **_passed(5, "hsts-preloaded"),
    **_passed(0, "hsts-implemented-max-age-at-least-six-months"),
    **_failed(-10, "hsts-implemented-max-age-less-than-six-months"),
    **_failed(-20, "hsts-not-implemented", "hsts-header-invalid", "hsts-not-implemented-no-https", "hsts-invalid-cert"),
    # subresource-integrity
    **_passed(
        5,
        "sri-implemented-and-all-scripts-loaded-securely",
        "sri-implemented-and-external-scripts-loaded-securely",
    ),
    **_passed(
        0,
        "sri-not-implemented-response-not-html",
        "sri-not-implemented-but-no-scripts-loaded",
        "sri-not-implemented-but-all-scripts-loaded-from-secure-origin",
    ),
    **_failed(-5, "sri-not-implemented-but-external-scripts-loaded-securely"),
    **_failed(-20, "sri-implemented-but-external-scripts-not-loaded-securely"),
    **_failed(-50, "sri-not-implemented-and-external-scripts-not-loaded-securely"),
    # x-content-type-options
    **_passed(0, "x-content-type-options-nosniff"),
    **_failed(-5, "x-content-type-options-not-implemented", "x-content-type-options-header-invalid"),
    # x-frame-options
    **_passed(5, "x-frame-options-implemented-via-csp"),
    **_passed(0, "x-frame-options-sameorigin-or-deny", "x-frame-options-allow-from-origin"),
    **_failed(-20, "x-frame-options-not-implemented", "x-frame-options-header-invalid"),
    # cross-origin-resource-policy
    **_passed(10, "corp-implemented-with-same-origin", "corp-implemented-with-same-site"),
    **_passed(0, "corp-implemented-with-cross-origin", "corp-not-implemented"),
    **_failed(-5, "corp-header-invalid"),
}
"""Every result that a live scan can reach → its worth.

Two that the documentation names cannot be reached and are left out: universal access by CORS (the scanner looks for the
``Origin`` it sent where its HTTP library does not keep it, so a reflected origin always counts as restricted), and
``html-not-parseable`` (an HTML parser that follows the standard parses everything).
"""

UNSCORED: dict[str, Worth] = {
    # cross-origin-opener-policy
    **_passed(
        10,
        "coop-implemented-with-same-origin",
        "coop-implemented-with-same-origin-allow-popups",
        "coop-implemented-with-noopener-allow-popups",
    ),
    **_passed(0, "coop-implemented-with-unsafe-none", "coop-not-implemented"),
    **_failed(-5, "coop-header-invalid"),
    # cross-origin-embedder-policy
    **_passed(10, "coep-implemented-with-require-corp", "coep-implemented-with-credentialless"),
    **_passed(0, "coep-implemented-with-unsafe-none", "coep-not-implemented"),
    **_failed(-5, "coep-header-invalid"),
}
"""Results of the two tests that later versions added (algorithm 6), with what they are worth there."""

EXTRA_CREDIT = 90
"""What is left of 100 after all deductions must reach this before bonuses count."""

GRADES = {
    100: "A+",
    95: "A",
    90: "A",
    85: "A-",
    80: "B+",
    75: "B",
    70: "B",
    65: "B-",
    60: "C+",
    55: "C",
    50: "C",
    45: "C-",
    40: "D+",
    35: "D",
    30: "D",
    25: "D-",
    20: "F",
    15: "F",
    10: "F",
    5: "F",
    0: "F",
}
"""Score rounded down to a multiple of 5, and no more than 100 → grade."""
