"""Read in the words of a handshake that failed whether a certificate is the reason, and whose."""

from __future__ import annotations

import re

ALERT = re.compile(
    r"alert (?:(?:no|bad|unsupported) certificate|certificate (?:required|unknown|expired|revoked)"
    r"|unknown ca|access denied)",
    re.IGNORECASE,
)
"""What a server says of the certificate that we have none of (RFC 8446, 6.2): it asks its visitors for one."""

CERTIFICATE = ("certificate", "hostname", "self-signed", "self signed", "expired")
"""Words of a failure to verify the server's certificate, about which every browser warns; other handshake failures may
be ours alone."""


def asks_for_certificate(detail: str) -> bool:
    """Return whether the server wants a certificate from us, as office software for holders of a UKey does."""
    return ALERT.search(detail) is not None


def refuses_certificate(detail: str) -> bool:
    """Return whether the server's own certificate did not verify."""
    return not asks_for_certificate(detail) and any(word in detail.lower() for word in CERTIFICATE)
