"""Make what cookies and programs show instead of a password: 256 bits of chance, of which only the hash is kept.

SHA-256 without salt or cost is enough for these: nobody guesses 256 bits, and a hash can be looked up.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from monitor.masking import TOKEN_PREFIX

LONGEST = 128
"""Characters of which more is no secret of ours."""


def opaque() -> str:
    """Return a new secret: 43 characters that may stand in cookies and URLs."""
    return secrets.token_urlsafe(32)


def api_secret() -> str:
    """Return a new secret for a program, which scanners and our own log know by its prefix."""
    return TOKEN_PREFIX + opaque()


def digest(secret: str) -> str:
    """Return what is kept of a secret: 64 hexadecimal digits. What is too long to be one of ours is cut off."""
    return hashlib.sha256(secret[:LONGEST].encode("utf-8", "replace")).hexdigest()


def derived(secret: str, purpose: str) -> str:
    """Return another secret that follows from one, and does not betray it (HMAC-SHA-256)."""
    return hmac.new(secret[:LONGEST].encode("utf-8", "replace"), purpose.encode(), hashlib.sha256).hexdigest()


def same(kept: str, shown: str) -> bool:
    """Return whether two secrets are the same, in a time that does not say where they differ."""
    return hmac.compare_digest(kept.encode(), shown.encode("utf-8", "replace"))
