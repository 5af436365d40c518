"""Fetch the certificates that a server forgot to send, as browsers do, so that its pages open here as they do there.

The certificate names where its issuer's can be had (RFC 5280, 4.2.2.1). What is fetched is trusted no further than it
leads to a root that is trusted anyway. That the server forgot it is a finding of its own, ``tls-missing-intermediate``.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from checks.model import Certificate

if TYPE_CHECKING:
    from monitor.fetch.certificates import Issuer

DEEPEST = 3
"""Missing certificates that are fetched, one above the other."""
NO_ISSUER = frozenset({20, 21})
"""OpenSSL's codes for a chain that ends before a root that is known."""
KEPT = 32
"""Origins whose completed chains are remembered; a context takes about a megabyte."""

Download = Callable[[str], Awaitable[bytes]]
"""Fetch the bytes at a URL, b"" where there are none: how an issuer's certificate is had."""


async def missing_issuers(last: Certificate, download: Download) -> list[Issuer]:
    """Fetch the certificates above the last one sent; none where there are none to be had."""
    from monitor.fetch.certificates import read_all

    found: list[Issuer] = []
    while last.issuer_url.startswith("http://") and not last.self_signed and len(found) < DEEPEST:
        issuers = read_all(await download(last.issuer_url))
        if not issuers:
            break
        found += issuers
        last = issuers[0].facts
    return found


def sent_chain(secure: ssl.SSLSocket | ssl.SSLObject) -> tuple[bytes, ...]:
    """Return the certificates as the server sent them (DER); ``ssl`` says so in public from Python 3.13 on."""
    if hasattr(secure, "get_unverified_chain"):
        return tuple(secure.get_unverified_chain())
    inner: Any = secure._sslobj  # type: ignore[union-attr]  # noqa: SLF001 - the same method, one layer down
    sent = inner.get_unverified_chain() or ()
    return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in sent)


def verified_path(secure: ssl.SSLSocket | ssl.SSLObject) -> tuple[bytes, ...]:
    """Return the certificates (DER) by which a connection was verified, from the host's own to a root.

    Of those that were sent, some may be no part of it: what has ended there is passed over, as in browsers.
    """
    if hasattr(secure, "get_verified_chain"):
        return tuple(secure.get_verified_chain())
    inner: Any = secure._sslobj  # type: ignore[union-attr]  # noqa: SLF001 - the same method, one layer down
    path = inner.get_verified_chain() or ()
    return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in path)


class CompletedChains:
    """TLS contexts for origins that send too little; ``tls`` makes a context as every other origin gets it."""

    def __init__(self, tls: Callable[[], ssl.SSLContext], download: Download) -> None:
        self._tls, self._download = tls, download
        self._contexts: OrderedDict[str, ssl.SSLContext] = OrderedDict()

    def known(self, origin: str) -> ssl.SSLContext | None:
        """Return the context of an origin whose chain was completed before."""
        return self._contexts.get(origin)

    async def complete(self, origin: str, chain: tuple[bytes, ...]) -> ssl.SSLContext | None:
        """Return a context that knows what the chain lacks, None where that cannot be had."""
        from monitor.fetch.certificates import in_pem, read

        last = read(chain[-1]) if chain else None
        issuers = in_pem(await missing_issuers(last, self._download)) if last is not None else b""
        if not issuers:
            return None
        context = self._tls()
        context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN  # else what was fetched would do for a root
        context.load_verify_locations(cadata=issuers.decode("ascii"))
        self._contexts[origin] = context
        while len(self._contexts) > KEPT:
            self._contexts.popitem(last=False)
        return context
