"""Read Content-Security-Policy as its standard does (CSP Level 3).

Several policies are all enforced: what one of them forbids is forbidden. A comma starts a new policy, the first of two
directives of one name counts, and a meta element counts only inside head, without the directives that need a header.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from checks.model import Answer
from checks.model.html_tree import parse_html
from checks.security.fields import is_html

Policy = dict[str, tuple[str, ...]]
"""Directive → its values in lower case."""

HEADER_ONLY = frozenset({"frame-ancestors", "report-uri", "sandbox"})
ANYONE = frozenset({"*", "http:", "https:", "ftp:", "http://*", "http://*.*", "https://*", "https://*.*"})
"""Sources that let in every host of the world."""

_NONCE_OR_HASH = ("'nonce-", "'sha256-", "'sha384-", "'sha512-")


def policies(answer: Answer, header: str = "content-security-policy") -> list[Policy]:
    """Return the policies of an answer that are enforced, in order; those without any directive are none."""
    texts = [text for value in answer.response.header_list(header) for text in value.split(",")]
    found = [_parse(text) for text in texts]
    if header == "content-security-policy" and "content-security-policy" in answer.body.lower() and is_html(answer):
        found += [
            {name: values for name, values in _parse(content).items() if name not in HEADER_ONLY}
            for content in _metas(answer.body)
        ]
    return [policy for policy in found if policy]


def _parse(text: str) -> Policy:
    policy: Policy = {}
    for directive in text.split(";"):
        name, *values = directive.split() or [""]
        if name:
            policy.setdefault(name.lower(), tuple(value.lower() for value in values))
    return policy


@lru_cache(maxsize=4)
def _metas(body: str) -> tuple[str, ...]:
    nodes = parse_html(body, scripting=True).select("head > meta[http-equiv]")
    named = [node for node in nodes if (node.attr("http-equiv") or "").lower() == "content-security-policy"]
    return tuple(filter(None, (node.attr("content") for node in named)))


def script_sources(policy: Policy) -> tuple[str, ...] | None:
    """Return what a policy says of script elements, or None where it says nothing and so allows everything."""
    return _first(policy, "script-src-elem", "script-src", "default-src")


def _first(policy: Policy, *names: str) -> tuple[str, ...] | None:
    return next((policy[name] for name in names if name in policy), None)


def allows_inline(policy: Policy) -> bool:
    """Whether a policy lets scripts run that stand in the page itself."""
    sources = script_sources(policy)
    if sources is None:
        return True
    return "'unsafe-inline'" in sources and not _has_nonce_or_hash(sources) and "'strict-dynamic'" not in sources


def allows_any_host(policy: Policy) -> bool:
    """Whether a policy lets scripts come from anywhere, data: addresses included."""
    sources = script_sources(policy)
    if sources is None:
        return True
    return "'strict-dynamic'" not in sources and not {*ANYONE, "data:"}.isdisjoint(sources)


def allows_unencrypted(policy: Policy) -> bool:
    """Whether a policy lets scripts come over http or ftp."""
    sources = script_sources(policy)
    if sources is None:
        return True
    return "'strict-dynamic'" not in sources and any(source.startswith(("http:", "ftp:")) for source in sources)


def allows_eval(policy: Policy) -> bool:
    """Whether a policy lets scripts turn text into code."""
    sources = _first(policy, "script-src", "default-src")
    return sources is None or "'unsafe-eval'" in sources


def allows_any_plugin(policy: Policy) -> bool:
    """Whether a policy lets plug-in content come from anywhere."""
    sources = _first(policy, "object-src", "default-src")
    return sources is None or not ANYONE.isdisjoint(sources)


def limits_framing(found: Sequence[Policy]) -> bool:
    """Whether a header policy says who may frame the page, and does not name everybody."""
    return any("frame-ancestors" in policy and ANYONE.isdisjoint(policy["frame-ancestors"]) for policy in found)


def _has_nonce_or_hash(sources: Sequence[str]) -> bool:
    return any(source.startswith(_NONCE_OR_HASH) for source in sources)
