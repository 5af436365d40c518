"""Every way in which the wire fails has one name, and words for the engineer."""

from __future__ import annotations

import errno
import ssl

import pytest

from monitor.fetch import faults
from monitor.fetch.content_encoding import DecodingError
from monitor.fetch.resolver import ForbiddenAddressError, UnresolvedError
from monitor.fetch.wire_errors import MalformedResponseError

NAMES = [
    (UnresolvedError("no such host", temporary=False), "dns", "no such host"),
    (UnresolvedError("temporary failure", temporary=True), "resolver", "temporary failure"),
    (OSError(errno.ENETUNREACH, "x"), "no-route", "Network is unreachable"),
    (PermissionError(errno.EPERM, "x"), "no-route", "Operation not permitted"),
    (OSError(errno.EMFILE, "x"), "no-route", "Too many open files"),
    (OSError(errno.ENFILE, "x"), "no-route", "Too many open files in system"),
    (OSError(errno.ENOBUFS, "x"), "no-route", "No buffer space available"),
    (OSError(errno.ENOMEM, "x"), "no-route", "Cannot allocate memory"),
    (OSError(errno.EHOSTUNREACH, "x"), "connect", "No route to host"),
    (ForbiddenAddressError("10.0.0.1 is private"), "forbidden-address", "10.0.0.1 is private"),
    (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "connect", "Connection refused"),
    (OSError(errno.EHOSTUNREACH, "?"), "connect", "No route to host"),
    (OSError("several attempts failed"), "connect", "several attempts failed"),
    (TimeoutError(errno.ETIMEDOUT, "?"), "timeout", "Connection timed out"),
    (ConnectionResetError(errno.ECONNRESET, "?"), "reset", "Connection reset by peer"),
    (ConnectionAbortedError(), "reset", "connection lost"),
    (BrokenPipeError(errno.EPIPE, "?"), "reset", "Broken pipe"),
    (ConnectionResetError("the connection is closed"), "reset", "the connection is closed"),
    (MalformedResponseError("Server disconnected without sending a response."), "reset", "Server disconnected"),
    (MalformedResponseError("illegal status line"), "protocol", "illegal status line"),
    (DecodingError("incorrect header check"), "protocol", "incorrect header check"),
    (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), "tls", "[ssl: wrong version number] wrong"),
]


@pytest.mark.parametrize(("error", "kind", "words"), NAMES, ids=[f"{kind}-{words[:20]}" for _, kind, words in NAMES])
def test_faults_are_named(error, kind, words):
    told, detail = faults.name(error)
    assert told == kind
    assert detail.startswith(words)
    assert isinstance(error, faults.WIRE_ERRORS)
