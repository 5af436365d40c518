"""Keep passwords out of what is written for people: the log, messages of faults, printed configurations."""

from __future__ import annotations

import re

MASK = "***"

PASSWORD_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@'\"]*):[^\s/'\"]*@", re.IGNORECASE)
"""User and password before the host (RFC 3986, 3.2.1); a password may hold an @ of its own, so the last one counts."""

PASSWORD_IN_QUERY = re.compile(
    r"([?&](?:password|passwd|pwd|token|secret|access_token|api_key)=)[^&\s'\"]+", re.IGNORECASE
)

TOKEN_PREFIX = "sh_"  # noqa: S105 - what every token begins with is no secret
"""What a token of our API begins with, so that it is known wherever it turns up."""

TOKEN = re.compile(rf"(?<![A-Za-z0-9_]){TOKEN_PREFIX}[A-Za-z0-9_-]{{32,}}")


def masked(text: str) -> str:
    """Return a text with the passwords of its URLs and our own tokens masked."""
    text = TOKEN.sub(TOKEN_PREFIX + MASK, text)
    return PASSWORD_IN_QUERY.sub(rf"\1{MASK}", PASSWORD_IN_URL.sub(rf"\1:{MASK}@", text))
