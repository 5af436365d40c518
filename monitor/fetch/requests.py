"""Headers of requests that more than one part of the monitor makes."""

from __future__ import annotations

from typing import Protocol

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
"""The header of a body made by ``urlencode``."""


class Validated(Protocol):
    """What was read before, with the validators that its answer had."""

    @property
    def etag(self) -> str | None:
        """The header ETag."""

    @property
    def modified(self) -> str | None:
        """The header Last-Modified."""


def conditional_headers(known: Validated | None) -> dict[str, str] | None:
    """Return the headers that ask for something only if it has changed; None where there is nothing to ask by."""
    if known is None:
        return None
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in headers.items() if value} or None
