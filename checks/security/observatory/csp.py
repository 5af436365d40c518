"""Judge a Content-Security-Policy the way the Observatory does, its shortcuts included.

It merges all policies into one before judging, which the standard never does, and it takes a header with a comma for
one policy. What the standard says about the same headers is in ``checks.security.csp``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import unquote

from checks.model import Host
from checks.security.observatory.elements import meta_policies
from checks.security.observatory.https import page
from checks.security.observatory.node import header, trim, words

SHORTEST_POLICY = 6
"""Characters below which the Observatory takes a policy for broken."""

HEADER_ONLY = frozenset({"frame-ancestors", "report-uri", "sandbox"})
"""Directives that do not count towards "a policy exists" when they stand in a meta element."""

REPEATABLE = frozenset({"report-uri", "report-to"})
BROAD = frozenset({"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"})
INLINE = frozenset({"'unsafe-inline'", "data:"})
NONCES_AND_HASHES = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
PASSIVE = ("img-src", "media-src")
PASSING = frozenset(
    {
        "csp-implemented-with-no-unsafe",
        "csp-implemented-with-no-unsafe-default-src-none",
        "csp-implemented-with-unsafe-inline-in-style-src-only",
        "csp-implemented-with-insecure-scheme-in-passive-content-only",
    },
)

_COLLATION = {c: i for i, c in enumerate(" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz")}
"""ASCII in the order of the Unicode collation algorithm: merging compares neighbours in that order, and no others."""

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class BrokenPolicyError(ValueError):
    """A policy that the Observatory refuses to read."""


class Judged(NamedTuple):
    """The result, and the directives it came from (None where it never got as far as looking at them)."""

    result: str
    directives: dict[str, set[str]] | None = None


@dataclass(slots=True)
class _Source:
    text: str
    policy: int
    keep: bool
    rank: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.rank = [_COLLATION.get(character, len(_COLLATION) + ord(character)) for character in self.text]


def judge(host: Host) -> Judged:
    """Return the result of the content-security-policy test."""
    answer = page(host)
    if answer is None:
        return Judged("csp-not-implemented")
    sent = header(answer.response, "content-security-policy")
    in_header = [] if sent is None else [sent]
    in_meta = meta_policies(answer)
    try:
        directives, repeated = merge([*in_header, *in_meta])
    except BrokenPolicyError:
        return Judged("csp-header-invalid")
    if not _exists(in_header, in_meta):
        reporting = header(answer.response, "content-security-policy-report-only")
        return Judged("csp-not-implemented-but-reporting-enabled" if reporting else "csp-not-implemented")
    result = _result(directives, secure=host.secure)
    if repeated and result in PASSING:
        result = "csp-implemented-but-duplicate-directives"
    return Judged(result, directives)


def _exists(in_header: Sequence[str], in_meta: Sequence[str]) -> bool:
    """Whether anything is left of the policies once a meta element is denied what only a header may say.

    A repeated report-uri counts as something that is left: the Observatory keeps its warning beside the directives.
    """
    from_header, repeated_in_header = _merge_or_nothing(in_header)
    from_meta, repeated_in_meta = _merge_or_nothing(in_meta)
    return bool(from_header or repeated_in_header or from_meta.keys() - HEADER_ONLY or repeated_in_meta)


def _merge_or_nothing(policies: Sequence[str]) -> tuple[dict[str, set[str]], bool]:
    try:
        return merge(policies)
    except BrokenPolicyError:
        return {}, False


def merge(policies: Sequence[str]) -> tuple[dict[str, set[str]], bool]:
    """Return directive → sources over all policies, and whether a reporting directive was repeated.

    Raises:
        BrokenPolicyError: a policy is too short, repeats a directive, or holds a broken percent-escape where two
            policies are compared.

    """
    cleaned = [trim(policy.replace("\r", "").replace("\n", "")) for policy in policies]
    if any(len(policy) < SHORTEST_POLICY for policy in cleaned):
        raise BrokenPolicyError("a policy is shorter than any directive")
    merged: dict[str, list[_Source]] = {}
    repeated = False
    for index, policy in enumerate(cleaned):
        seen: set[str] = set()
        for name, sources in _directives(policy):
            if name in seen and name not in REPEATABLE:
                raise BrokenPolicyError(f"{name} is repeated")
            repeated = repeated or name in seen
            seen.add(name)
            merged[name] = _combine([] if index == 0 else merged.get(name, []), sources, index)
            if index == 0 and len(cleaned) > 1:
                for source in merged[name]:
                    source.keep = False
    return {name: {source.text for source in sources} or {"'none'"} for name, sources in merged.items()}, repeated


def _directives(policy: str) -> Iterator[tuple[str, list[str]]]:
    for directive in policy.split(";"):
        name, *sources = words(directive)
        if not name:
            continue
        name = name.lower()
        if not sources and name.endswith("-src"):
            sources = ["'none'"]
        yield name, [source.lower() for source in sources]


def _combine(before: list[_Source], sources: Iterable[str], index: int) -> list[_Source]:
    """Add one policy's sources to what earlier policies left, keeping what both allow.

    Only neighbours in sorted order are compared: that is the Observatory's shortcut, and some verdicts hang on it.
    """
    combined = before + [_Source(source, index, index == 0) for source in sources]
    combined.sort(key=attrgetter("rank"))
    for previous, source in pairwise(combined):
        if source.policy == previous.policy and source.text.startswith(previous.text):
            source.keep = False
        if source.policy != previous.policy and _covers(previous.text, source.text):
            source.keep = True
    kept = groupby((source for source in combined if source.keep), key=attrgetter("text"))
    return [source for _, group in kept for source in _outermost(list(group))]


def _outermost(copies: list[_Source]) -> list[_Source]:
    """Return the first and the last of equal sources: only they have other neighbours, and thousands may pile up."""
    return copies if len(copies) <= 2 else [copies[0], copies[-1]]


def _covers(wide: str, narrow: str) -> bool:
    """Whether one source's path takes in the other's, piece by piece."""
    if not wide or (wide == "/" and not narrow):
        return True
    wide_pieces, narrow_pieces = wide.split("/"), narrow.split("/")
    exact = not wide.endswith("/")
    if len(wide_pieces) > len(narrow_pieces) or (exact and len(wide_pieces) != len(narrow_pieces)):
        return False
    if not exact:
        wide_pieces.pop()
    return all(_unescape(a) == _unescape(b) for a, b in zip(wide_pieces, narrow_pieces, strict=False))


def _unescape(piece: str) -> str:
    if "%" not in piece:
        return piece
    if _BAD_ESCAPE.search(piece):
        raise BrokenPolicyError("a percent sign that escapes nothing")
    try:
        return unquote(piece, errors="strict")
    except UnicodeDecodeError as error:
        raise BrokenPolicyError("escaped bytes that are not UTF-8") from error


def _result(directives: dict[str, set[str]], *, secure: bool) -> str:
    """Return the first result of the decision order that applies; changes the sets as the Observatory does."""
    default = directives.get("default-src", {"*"})
    script = directives.get("script-src", default)
    style = directives.get("style-src", default)
    objects = directives.get("object-src", default)
    for sources in (script, style):
        if _has_nonce_or_hash(sources):
            sources.discard("'unsafe-inline'")
    if "'strict-dynamic'" in script:
        if not _has_nonce_or_hash(script):
            return "csp-header-invalid"
        script -= {s for s in script if s in {"'self'", "'unsafe-inline'"} or s.startswith(tuple(BROAD))}
    if script & (BROAD | INLINE) or objects & BROAD:
        return "csp-implemented-with-unsafe-inline"
    return _milder_result(directives, script, style, secure=secure)


def _milder_result(directives: dict[str, set[str]], script: set[str], style: set[str], *, secure: bool) -> str:
    active = [sources for name, sources in directives.items() if name not in {*PASSIVE, "script-src"}]
    if secure and _has_insecure([*active, script]):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in script | style:
        return "csp-implemented-with-unsafe-eval"
    default = directives.get("default-src", set())
    if secure and _has_insecure(directives.get(name, default) for name in PASSIVE):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    if style & (BROAD | INLINE):
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    if default == {"'none'"}:
        return "csp-implemented-with-no-unsafe-default-src-none"
    return "csp-implemented-with-no-unsafe"


def _has_nonce_or_hash(sources: Iterable[str]) -> bool:
    return any(source.startswith(NONCES_AND_HASHES) for source in sources)


def _has_insecure(lists: Iterable[set[str]]) -> bool:
    return any(source.startswith(("http:", "ftp:")) for sources in lists for source in sources)
