"""Judge the headers that say one thing, as the Observatory does."""

from __future__ import annotations

from checks.model import Host
from checks.security.observatory import csp
from checks.security.observatory.elements import meta_referrer
from checks.security.observatory.https import page
from checks.security.observatory.node import header, trim

PRIVATE = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
LEAKY = frozenset({"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"})
CORP = {
    "same-origin": "corp-implemented-with-same-origin",
    "same-site": "corp-implemented-with-same-site",
    "cross-origin": "corp-implemented-with-cross-origin",
}


def _judged_header(host: Host, name: str) -> str | None:
    answer = page(host)
    return None if answer is None else header(answer.response, name)


def content_type_options(host: Host) -> str:
    """Return the result of the x-content-type-options test."""
    sent = _judged_header(host, "x-content-type-options")
    if not sent:
        return "x-content-type-options-not-implemented"
    if trim(sent[:256]).lower() == "nosniff":
        return "x-content-type-options-nosniff"
    return "x-content-type-options-header-invalid"


def frame_options(host: Host) -> str:
    """Return the result of the x-frame-options test; any frame-ancestors in a policy outweighs the header."""
    if "frame-ancestors" in (csp.judge(host).directives or {}):
        return "x-frame-options-implemented-via-csp"
    sent = _judged_header(host, "x-frame-options")
    if not sent:
        return "x-frame-options-not-implemented"
    value = trim(sent[:1024]).lower()
    if value in {"deny", "sameorigin"}:
        return "x-frame-options-sameorigin-or-deny"
    if value.startswith("allow-from"):
        return "x-frame-options-allow-from-origin"
    return "x-frame-options-header-invalid"


def referrer_policy(host: Host) -> str:
    """Return the result of the referrer-policy test: the last known value counts, and a meta element comes last."""
    answer = page(host)
    sources = [] if answer is None else [header(answer.response, "referrer-policy"), meta_referrer(answer)]
    values = [value for value in sources if value is not None]
    if not values:
        return "referrer-policy-not-implemented"
    tokens = [trim(token.lower()) for token in ", ".join(values).split(",")]
    known = [token for token in tokens if token in PRIVATE | LEAKY]
    if not known:
        return "referrer-policy-header-invalid"
    return "referrer-policy-private" if known[-1] in PRIVATE else "referrer-policy-unsafe"


def resource_policy(host: Host) -> str:
    """Return the result of the cross-origin-resource-policy test."""
    sent = _judged_header(host, "cross-origin-resource-policy")
    if not sent:
        return "corp-not-implemented"
    return CORP.get(trim(sent[:256]).lower(), "corp-header-invalid")


def resource_sharing(host: Host) -> str:
    """Return the result of the cross-origin-resource-sharing test: only a successful answer to OPTIONS counts.

    An origin that comes back as it was sent counts as restricted, whatever the credentials: the scanner never finds the
    origin that it sent. Our own findings know better.
    """
    response = host.preflight.response if host.preflight else None
    sent = header(response, "access-control-allow-origin") if response and _is_success(response.status) else None
    if not sent:
        return "cross-origin-resource-sharing-not-implemented"
    if trim(sent[:256]) == "*":
        return "cross-origin-resource-sharing-implemented-with-public-access"
    return "cross-origin-resource-sharing-implemented-with-restricted-access"


def _is_success(status: int | None) -> bool:
    return status is not None and 200 <= status < 300
