"""Say what is wrong: pure checks, values in, findings out.

The package names its checks and imports none: all of them together take 0.2 CPU s of a start, and a command pays for
those that it runs (``check_of``). ``CHECKS`` and ``RULES`` are for who needs all; the first look at one imports them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checks.model import Check, Rule

CLASSES = {
    "links": "checks.links:Links",
    "spaces": "checks.spaces:Spaces",
    "typos": "checks.typos.check:Typos",
    "half-width": "checks.punctuation_habit:HalfWidth",
    "injected-links": "checks.security.injection.check:InjectedLinks",
    "hijacked-links": "checks.security.hijacked:HijackedLinks",
    "cloaking": "checks.security.cloaking:Cloaking",
    "mixed-content": "checks.security.content:MixedContent",
    "browser": "checks.browser_faults:BrowserFaults",
    "headers": "checks.security.headers:Headers",
    "leaks": "checks.security.leaks:Leaks",
    "libraries": "checks.security.libraries:Libraries",
    "tls": "checks.security.tls:TlsCheck",
    "exposure": "checks.security.exposure:ExposedFiles",
    "security-txt": "checks.security.security_txt:SecurityTxt",
    "privacy": "checks.privacy:Privacy",
    "document-privacy": "checks.privacy:DocumentPrivacy",
    "pictures": "checks.read_pictures:Pictures",
    "homepage": "checks.freshness:Homepage",
    "freshness": "checks.freshness:Freshness",
    "media": "checks.media:MediaAccounts",
    "post-privacy": "checks.media:PostPrivacy",
    "dates": "checks.dates:Dates",
    "speed": "checks.speed:Speed",
    "http-syntax": "checks.http_syntax:HttpSyntax",
    "identity": "checks.identity:Identity",
    "meta": "checks.meta:Meta",
    "charset": "checks.charset:Charset",
    "templates": "checks.templates:Templates",
    "sources": "checks.sources:Sources",
    "publication": "checks.publication:Punctuality",
    "columns": "checks.publication:RequiredColumns",
    "interpretation": "checks.publication:Interpretations",
    "letters": "checks.services:Letters",
    "guides": "checks.services:Guides",
    "probes": "checks.probes:Probes",
    "ipv6": "checks.ipv6:Ipv6",
}
"""Check → ``module:class``, in the order in which reports and docs/rules.md list them."""

CHECKS: tuple[type[Check[Any]], ...]
"""Every check there is, in the order of the table."""

RULES: dict[str, Rule]
"""Every rule under its id."""

_checks: dict[str, type[Check[Any]]] = {}
_rules: dict[str, tuple[Rule, type[Check[Any]]]] = {}
"""The checks that were asked for, and their rules, under their ids."""


def check_of(name: str) -> type[Check[Any]]:
    """Return a check by its id. Raises KeyError where there is none."""
    if name not in _checks:
        module, _, of_class = CLASSES[name].partition(":")
        check: type[Check[Any]] = getattr(import_module(module), of_class)
        _rules.update((rule.id, (rule, check)) for rule in check.rules)
        _checks[name] = check
    return _checks[name]


def rule_of(name: str) -> Rule | None:
    """Return a rule by its id, None where there is none; one of a check that was asked for imports no other."""
    found = _found(name)
    return found[0] if found else None


def check_with(rule: str) -> type[Check[Any]] | None:
    """Return the check that has a rule, None where none does."""
    found = _found(rule)
    return found[1] if found else None


def _found(rule: str) -> tuple[Rule, type[Check[Any]]] | None:
    if rule not in _rules:
        _all_checks()
    return _rules.get(rule)


@cache
def _all_checks() -> tuple[type[Check[Any]], ...]:
    return tuple(map(check_of, CLASSES))


@cache
def _all_rules() -> dict[str, Rule]:
    return {rule.id: rule for check in _all_checks() for rule in check.rules}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what is declared above
    if name == "CHECKS":
        return _all_checks()
    if name == "RULES":
        return _all_rules()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
