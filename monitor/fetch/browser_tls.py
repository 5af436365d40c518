"""Make TLS as forgiving as a browser's, and not more: what opens there is no fault of a link, and what does not is one.

The suites are those that Chromium or Firefox still offer; a server that knows others only, as DHE or CBC with SHA-256,
opens in neither. Both also refuse a certificate that says that its key does not sign, where the handshake has it sign.
"""

from __future__ import annotations

import functools
import os
import re
import ssl
from pathlib import Path

import certifi

from checks.late_pattern import late

SUITES = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:"
    "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA:@SECLEVEL=1"
)
"""OpenSSL's names of the suites of TLS 1.2 that browsers offer, and how weak a key may be; those of 1.3 are theirs too.
"""

HTTP1 = ["http/1.1"]
"""What is offered where HTTP/2 is not (ALPN)."""
LEGACY_SERVER_CONNECT = 0x4
"""OP_LEGACY_SERVER_CONNECT, which ssl names from Python 3.12 on."""

CERTIFICATE = late("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
"""One in a file of many (PEM)."""

KEY_USAGE = re.compile(rb"\x06\x03\x55\x1d\x0f(?:\x01\x01.)?\x04.\x03[\x02\x03].(.)", re.DOTALL)
"""The extension in a certificate (DER; RFC 5280, 4.2.1.3), and the first byte of its bits."""
SIGNS = 0x80
NO_SIGNING = "key usage does not include digital signature"


class TlsContexts:
    """The TLS contexts of one fetcher.

    At first they know the authorities of the system's directory, in which OpenSSL looks up the one it wants. Those that
    stand in files have to be read all at once, 40 ms: that waits until somebody is refused without them, and no refusal
    counts before. Raises OSError for a ``trusted_ca`` that cannot be read.
    """

    def __init__(self, *, verify: bool, trusted_ca: str | None) -> None:
        self._make = functools.partial(tls_context, verify=verify, trusted_ca=trusted_ca)
        self._made: dict[bool, ssl.SSLContext] = {}
        self._hasty: set[ssl.SSLContext] = set()
        self._files_read = ssl.get_default_verify_paths().capath is None
        if trusted_ca:
            self.context()  # a file that cannot be read is the caller's mistake, not the fault of a server

    def context(self, *, http2: bool = True) -> ssl.SSLContext:
        """Return what to shake hands with; without ``http2`` it offers HTTP/1.1 alone."""
        context = self._made.get(http2)
        if context is None:
            context = self._made[http2] = self._make(http2=http2, files=self._files_read)
            if not self._files_read:
                self._hasty.add(context)
        return context

    def fresh(self) -> ssl.SSLContext:
        """Return a context that nobody else has, and that knows all authorities."""
        return self._make()

    def is_hasty(self, context: ssl.SSLContext) -> bool:
        """Return whether a context does not know all authorities, so that a refusal of its is none yet."""
        return context in self._hasty

    def read_files(self) -> None:
        """Know all authorities from now on."""
        if not self._files_read:
            self._files_read = True
            self._made.clear()


def tls_context(*, verify: bool, trusted_ca: str | None, http2: bool = True, files: bool = True) -> ssl.SSLContext:
    """Return what browsers bring along. ``trusted_ca`` is the path of a PEM file; raises OSError where it is none.

    Without ``http2`` it offers HTTP/1.1 alone. Without ``files`` it knows the authorities of the system's directory,
    which there has to be, and of ``trusted_ca`` alone.

    The renegotiation of RFC 5746 is OpenSSL's to ask for; many a bureau's load balancer is older.
    """
    if files:
        context = ssl.create_default_context()
        trust_mozillas(context)
    else:
        context = ssl.create_default_context(capath=ssl.get_default_verify_paths().capath)
    if trusted_ca:
        context.load_verify_locations(trusted_ca)
    context.set_ciphers(SUITES)
    context.options |= LEGACY_SERVER_CONNECT
    context.hostname_checks_common_name = False  # browsers have not looked at it since 2017
    context.set_alpn_protocols(["h2", *HTTP1] if http2 else HTTP1)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def trust_mozillas(context: ssl.SSLContext) -> None:
    """Trust Mozilla's roots, too: those of them that the system's file, which has most of them, does not write alike.

    To read one takes OpenSSL 0.2 ms.
    """
    file = ssl.get_default_verify_paths().cafile
    known = set(CERTIFICATE.findall(Path(file).read_text("latin-1"))) if file and os.access(file, os.R_OK) else set()
    missing = [root for root in CERTIFICATE.findall(certifi.contents()) if root not in known]
    if missing:
        context.load_verify_locations(cadata="\n".join(missing))


def refuse_unsigning(secure: ssl.SSLObject | ssl.SSLSocket) -> None:
    """Raise ssl.SSLCertVerificationError where browsers refuse what a certificate is used for, and OpenSSL does not."""
    if secure.context.verify_mode is ssl.CERT_REQUIRED and misused(secure):
        error = ssl.SSLCertVerificationError(1, NO_SIGNING)
        error.verify_code, error.verify_message = 0, NO_SIGNING
        raise error


def misused(secure: ssl.SSLObject | ssl.SSLSocket) -> bool:
    """Return whether a handshake had a key sign whose certificate says that it does not.

    It signs in all of TLS 1.3 and wherever keys are exchanged anew (DHE, ECDHE).
    """
    usage = KEY_USAGE.search(secure.getpeercert(binary_form=True) or b"")
    suite = secure.cipher()
    signed = suite is not None and (suite[1] == "TLSv1.3" or "DHE-" in suite[0])
    return signed and usage is not None and not usage[1][0] & SIGNS
