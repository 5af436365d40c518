"""Name what went wrong on the wire in the words of report.json."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator

import httpcore

from monitor.fetch.decoding import DecodingError
from monitor.fetch.resolver import ForbiddenAddressError, UnresolvedError

GONE = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
WIRE_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    UnresolvedError,
    ForbiddenAddressError,
    DecodingError,
    OSError,
)
"""Everything that the guarded transport raises for what a network or a server does."""


def name(error: Exception) -> tuple[str, str]:
    """Return the kind of a fault (``dns``, ``connect``, ``tls``, ``reset`` …) and the library's words for it."""
    causes = tuple(_causes(error))
    for kind, tell in (("forbidden-address", ForbiddenAddressError), ("dns", UnresolvedError), ("tls", ssl.SSLError)):
        cause = next((each for each in causes if isinstance(each, tell)), None)
        if cause is not None:
            return kind, _words(cause)
    return _kind(error), _words(causes[-1]) or _words(error) or "connection lost"


def _kind(error: Exception) -> str:
    if isinstance(error, TimeoutError):  # the kernel's, which has given up on an address
        return "timeout"
    if isinstance(error, (httpcore.NetworkError, *GONE)) or "disconnected" in str(error):
        return "reset"
    return "connect" if isinstance(error, OSError) else "protocol"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(error.verify_message)
    if isinstance(error, ssl.SSLError):
        return (getattr(error, "reason", None) or str(error)).lower().replace("_", " ")
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return str(error)
