"""Know which hosts browsers reach over https only, from the preload list that ships with Chromium.

The list is a copy that ages with its package: a host that was added since is not on it, so callers may name more.
"""

from __future__ import annotations

import re

from hstspreload import in_hsts_preload  # type: ignore[import-untyped]  # it ships no types

_NAME = re.compile(r"[a-z0-9_.-]+")


def is_preloaded(name: str, extra: frozenset[str] = frozenset()) -> bool:
    """Whether a host, or a parent together with its subdomains, is on the list or among the extra names."""
    name = name.lower()
    if not _NAME.fullmatch(name):
        return False
    labels = name.split(".")
    if extra and any(".".join(labels[i:]) in extra for i in range(len(labels))):
        return True
    return bool(in_hsts_preload(name))
