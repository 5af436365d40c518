"""Say what one request may cost, and what became of it."""

from __future__ import annotations

from msgspec import Struct

from checks.model import Response


class Limits(Struct, frozen=True):
    """What one request may cost; every figure is a bound."""

    timeout: float = 15.0
    """Seconds from the first look-up to the last byte of the body, over all redirects."""
    body: int = 8 * 1024 * 1024
    """Bytes of a decoded body that are kept; a longer one is cut there and marked (``Fetched.truncated``)."""
    redirects: int = 20
    """Hops that are followed; Chrome and Firefox give up after as many."""


class Fetched(Struct, frozen=True):
    """One outcome with its body; ``body`` is decoded from its content encoding and empty where there was none.

    A fault after the headers leaves status, headers and the body so far beside ``response.error``. ``incomplete`` is
    no fault: the server broke the body off after it had begun, and browsers show what came.
    """

    response: Response
    body: bytes = b""
    truncated: bool = False
    incomplete: bool = False
    address: str = ""
    """The address that answered."""
    head: bytes | None = None
    """The head of an HTTP/1 answer as it came, empty for an answer without one; None over HTTP/2 and without answer."""
