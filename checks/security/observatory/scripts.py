"""Judge where a page loads its scripts from, as the Observatory does: its subresource-integrity test."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ada_url import URL

from checks.model import Host
from checks.security.observatory.elements import ScriptElement, is_html, scripts
from checks.security.observatory.https import page
from checks.security.suffixes import registrable_domain

_PROTOCOL_RELATIVE = re.compile(r"//[^/]")
_FULL = re.compile(r"https?://")

BADNESS = (
    "sri-implemented-and-all-scripts-loaded-securely",
    "sri-implemented-but-external-scripts-not-loaded-securely",
    "sri-not-implemented-but-external-scripts-loaded-securely",
    "sri-not-implemented-and-external-scripts-not-loaded-securely",
)
"""From the least to the worst: one script without a hash weighs more than one with a hash over http."""


class BrokenAddressError(ValueError):
    """A script whose address starts like a full one and is none: the Observatory stops there without a verdict."""


def integrity(host: Host) -> str:
    """Return the result of the subresource-integrity test."""
    answer = page(host)
    if answer is None:
        return "sri-not-implemented-but-no-scripts-loaded"
    if not is_html(answer):
        return "sri-not-implemented-response-not-html"
    found = scripts(answer)
    if not found:
        return "sri-not-implemented-but-no-scripts-loaded"
    own = registrable_domain(host.name)
    results = list(_results(found, own, secure=host.secure))
    if results:
        return max(results, key=BADNESS.index)
    if any(not _is_own(script, own) for script in found if script.src):
        return "sri-implemented-and-external-scripts-loaded-securely"
    return "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"


def _results(found: list[ScriptElement], own: str | None, *, secure: bool) -> Iterator[str]:
    """Yield what each script alone would give; one that is foreign, with a hash and over https gives nothing."""
    for script in found:
        if not script.src:
            continue
        if _is_own(script, own):
            if script.integrity and (secure if _is_relative(script) else script.src.startswith("https:")):
                yield "sri-implemented-and-all-scripts-loaded-securely"
        elif script.src.startswith("https:"):
            if not script.integrity:
                yield "sri-not-implemented-but-external-scripts-loaded-securely"
        elif script.integrity:
            yield "sri-implemented-but-external-scripts-not-loaded-securely"
        else:
            yield "sri-not-implemented-and-external-scripts-not-loaded-securely"


def _is_own(script: ScriptElement, own: str | None) -> bool:
    if _PROTOCOL_RELATIVE.match(script.src):
        return False
    if _is_relative(script):
        return True
    try:
        return registrable_domain(URL(script.src).hostname) == own
    except ValueError as error:
        raise BrokenAddressError("Invalid URL") from error


def _is_relative(script: ScriptElement) -> bool:
    return not _FULL.match(script.src) and not _PROTOCOL_RELATIVE.match(script.src)
