"""Name what went wrong on the wire in the words of report.json."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator

from checks.model import ErrorKind
from checks.reading.handshakes import refuses_certificate
from monitor.fetch.content_encoding import DecodingError
from monitor.fetch.network_backend import is_no_way_out
from monitor.fetch.resolver import ForbiddenAddressError, UnresolvedError
from monitor.fetch.wire_errors import MalformedResponseError, UnsendableRequestError

GONE = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
WIRE_ERRORS = (
    MalformedResponseError,
    UnsendableRequestError,
    UnresolvedError,
    ForbiddenAddressError,
    DecodingError,
    OSError,
)
"""Everything that the guarded transport raises for what a network or a server does."""


SIGNS = (
    (ErrorKind.FORBIDDEN_ADDRESS, ForbiddenAddressError),
    (ErrorKind.DNS, UnresolvedError),
    (ErrorKind.TLS, ssl.SSLError),
)
"""Exceptions that tell the kind wherever they stand in a chain of causes; the first that is found counts."""


def name(error: Exception) -> tuple[ErrorKind, str]:
    """Return the kind of a fault and the library's words for it."""
    causes = tuple(_causes(error))
    for kind, sign in SIGNS:
        cause = next((each for each in causes if isinstance(each, sign)), None)
        if cause is not None:
            resolver = isinstance(cause, UnresolvedError) and cause.temporary
            return ErrorKind.RESOLVER if resolver else kind, _words(cause)
    return _kind(error), _words(causes[-1]) or _words(error) or "connection lost"


def _kind(error: Exception) -> ErrorKind:
    if isinstance(error, TimeoutError):  # the kernel's, which has given up on an address
        return ErrorKind.TIMEOUT
    if isinstance(error, GONE) or "disconnected" in str(error):
        return ErrorKind.RESET
    if is_no_way_out(error):
        return ErrorKind.NO_ROUTE
    return ErrorKind.CONNECT if isinstance(error, OSError) else ErrorKind.PROTOCOL


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        words = str(error.verify_message)
        return words if refuses_certificate(words) else f"certificate verify failed: {words}"
    if isinstance(error, ssl.SSLError):
        return (getattr(error, "reason", None) or str(error)).lower().replace("_", " ")
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return str(error)
