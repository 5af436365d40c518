"""Name what goes wrong with a message on the wire; what goes wrong with the connection under it is an OSError."""

from __future__ import annotations


class MalformedResponseError(Exception):
    """No browser opens this: it is not HTTP, it says two things at once, or it ends before it has said anything."""


class Http2Error(MalformedResponseError):
    """What came over HTTP/2 makes no sense to its reader, which is stricter than browsers are: HTTP/1.1 may do.

    Lengths that are not kept, a goodbye before the answer, "not over HTTP/2": browsers show what came, or ask anew.
    """


class UnsendableRequestError(Exception):
    """A request cannot be sent as it is."""
