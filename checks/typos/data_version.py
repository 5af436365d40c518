"""Name the edition of the engine and its lists, without loading them: every inspection asks, and workers judge."""

from __future__ import annotations

import hashlib
from functools import cache

from checks.packaged import packaged_edition, packaged_names

ENGINE = "5"
"""Raised by hand when the code would judge the same text differently."""


@cache
def data_version() -> str:
    """Return 12 hex digits that change with the code's edition or any packaged list."""
    digest = hashlib.sha256(ENGINE.encode())
    for name in packaged_names("checks.typos", "data"):
        if name != "README.md":
            digest.update(packaged_edition("checks.typos", f"data/{name}"))
    return digest.hexdigest()[:12]
