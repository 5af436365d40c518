"""Judge the two headers that only later versions of the Observatory look at; they do not count towards the score."""

from __future__ import annotations

from checks.model import Host
from checks.security.fields import token
from checks.security.observatory.https import page
from checks.security.observatory.node import header

COOP = {
    "same-origin": "coop-implemented-with-same-origin",
    "same-origin-allow-popups": "coop-implemented-with-same-origin-allow-popups",
    "noopener-allow-popups": "coop-implemented-with-noopener-allow-popups",
    "unsafe-none": "coop-implemented-with-unsafe-none",
}
COEP = {
    "require-corp": "coep-implemented-with-require-corp",
    "credentialless": "coep-implemented-with-credentialless",
    "unsafe-none": "coep-implemented-with-unsafe-none",
}


def opener_policy(host: Host) -> str:
    """Return the result of the cross-origin-opener-policy test."""
    return _result(host, "cross-origin-opener-policy", "coop", COOP)


def embedder_policy(host: Host) -> str:
    """Return the result of the cross-origin-embedder-policy test."""
    return _result(host, "cross-origin-embedder-policy", "coep", COEP)


def _result(host: Host, name: str, short: str, known: dict[str, str]) -> str:
    answer = page(host)
    if answer is None or not header(answer.response, name):
        return f"{short}-not-implemented"
    return known.get(token(answer.response, name) or "", f"{short}-header-invalid")
