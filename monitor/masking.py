"""Keep passwords out of what is written for people: the log, messages of faults, printed configurations."""

from __future__ import annotations

import re
from collections.abc import Mapping

MASK = "***"

PASSWORD_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@'\"]*):[^\s/'\"]*@", re.IGNORECASE)
"""User and password before the host (RFC 3986, 3.2.1); a password may hold an @ of its own, so the last one counts."""

PASSWORD_IN_QUERY = re.compile(
    r"([?&](?:password|passwd|pwd|token|secret|access_token|api_key)=)[^&\s'\"]+", re.IGNORECASE
)


def masked(text: str) -> str:
    """Return a text with the passwords of its URLs masked."""
    return PASSWORD_IN_QUERY.sub(rf"\1{MASK}", PASSWORD_IN_URL.sub(rf"\1:{MASK}@", text))


def masked_probe(step: Mapping[str, object]) -> dict[str, object]:
    """Return the step of a functional probe with everything masked that it sends: forms hold logins, headers tokens."""
    hidden = {name: _masked_values(step[name]) for name in ("form", "json_body", "headers") if name in step}
    return {**step, **hidden, "url": masked(str(step["url"]))}


def _masked_values(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _masked_values(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked_values(each) for each in value]
    return value if value is None else MASK
