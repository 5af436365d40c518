"""Take secrets out of what a library or a server says of a failed attempt, before it is stored or logged."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from monitor.masking import MASK, masked
from monitor.settings.delivery import TargetSettings
from reports.safe import one_line

LEAST = 4
"""Characters of a part of an address that may be a secret; shorter ones are words like ``bot`` or ``v2``."""

LONGEST = 300
"""Characters of an error that are kept."""

OPEN = frozenset({"from", "to", "cc", "name", "mode", "robot", "send", "open-apis", "hook", "cgi-bin", "webhook"})
"""Parts of an address that anybody may see."""


def scrubbed(text: str, target: TargetSettings) -> str:
    """Return a text on one line, bounded, without any secret of a target's address."""
    for secret in sorted(_secrets(target), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return one_line(masked(text))[:LONGEST]


def _secrets(target: TargetSettings) -> set[str]:
    try:
        url, key = target.url.get_secret_value(), target.secret.get_secret_value()
    except ValueError:
        return set()
    parts = urlsplit(url)
    is_mail = parts.scheme.startswith("mailto")
    pieces = {url, key, parts.password or ""}
    if not is_mail:  # of a mail address all but the password is known to its recipients
        pieces |= {parts.username or "", *re.split(r"[/@]", parts.path), parts.netloc.rpartition("@")[2]}
        pieces |= {value for name, value in parse_qsl(parts.query) if name not in OPEN}
    if parts.scheme in {"http", "https"} or _is_address(parts.hostname or ""):
        pieces.discard(parts.netloc.rpartition("@")[2])  # a host that anybody may see, no token in its place
    spelled = {form(piece) for piece in pieces for form in (str, unquote, quote, quote_plus, _quoted)}
    return {piece for piece in spelled if len(piece) >= LEAST and piece not in OPEN}


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _is_address(host: str) -> bool:
    return "." in host or host == "localhost"
