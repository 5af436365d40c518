"""Ask a port what it offers over TLS: one handshake for the chain, one for every protocol version, one as browsers do.

All I/O is here; what the answers are worth is said in ``checks.security.tls``. The contexts offer what no client should
use any more (TLS 1.0, SHA-1, short keys), because the question is whether the server still takes it. Nothing is sent
after a handshake. The caller names the addresses, so whatever guards them has had its say.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import struct
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from checks.model import ErrorKind, Tls, Trust
from monitor.fetch.browser_tls import LEGACY_SERVER_CONNECT, NO_SIGNING, SUITES, misused, trust_mozillas
from monitor.fetch.intermediates import Download, missing_issuers, sent_chain, verified_path
from monitor.fetch.resolver import is_address

HANDSHAKE_SECONDS = 10.0
PAUSE_SECONDS = 0.1
"""Between two handshakes with one server."""

VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}

OLDEST_OF_BROWSERS = "TLSv1.2"

TRUST_BY_CODE = {
    9: Trust.TRUSTED,  # not yet valid, which is judged by the dates
    10: Trust.TRUSTED,  # expired, likewise
    18: Trust.SELF_SIGNED,
    19: Trust.UNKNOWN_ROOT,
    20: Trust.NO_ISSUER,
    21: Trust.NO_ISSUER,
}
"""OpenSSL's X509_V_ERR codes."""

DATED = frozenset({0, 9, 10})
"""Codes of a chain that leads to a root we know, whatever its dates."""

TLCP_VERSION = b"\x01\x01"
TLCP_SUITES = b"\xe0\x53\xe0\x51\xe0\x13\xe0\x11\xe0\x19\xe0\x1c"
"""ECC and ECDHE with SM4-GCM and SM4-CBC, and the RSA ones of GB/T 38636-2020, in the order of preference."""

ALERT, HANDSHAKE = 21, 22


class Shake(Struct, frozen=True):
    """One handshake: the version agreed on, the chain as sent, and what verification said; or why there was none.

    ``path`` are the certificates that it was verified by, none where it was not. ``suite`` is what was agreed on, and
    ``misused`` that the key signed though its certificate says that it does not.
    """

    version: str = ""
    chain: tuple[bytes, ...] = ()
    path: tuple[bytes, ...] = ()
    code: int = 0
    error: ErrorKind | None = None
    detail: str = ""
    suite: str = ""
    misused: bool = False


class Port(Struct, frozen=True):
    """Where to knock: an address that was checked, and the name to ask for."""

    address: str
    number: int
    name: str


async def survey(  # noqa: PLR0913 - options, all by name
    name: str,
    addresses: Sequence[str],
    *,
    port: int = 443,
    trusted_ca: str | None = None,
    download: Download | None = None,
    timeout: float = HANDSHAKE_SECONDS,  # noqa: ASYNC109 - it bounds each handshake inside a thread
) -> Tls:
    """Return what a port offers over TLS; never raises for what network or server do.

    ``addresses`` are those that may be asked, best first; the first is. ``timeout`` bounds each handshake, in seconds.
    ``download`` fetches certificates that the server failed to send, so that a gap can be told from a stranger.
    """
    from monitor.fetch.certificates import in_pem, read

    tls = Tls(name, port, datetime.now(UTC), addresses=tuple(addresses))
    if not addresses:
        return replace(tls, error=ErrorKind.DNS, detail="no address")
    place = Port(addresses[0], port, name.rstrip("."))  # no dot at the end of a server name (RFC 6066, 3)
    tls = replace(tls, address=place.address)
    verified = first = await asyncio.to_thread(_shake, place, _context(trusted_ca, verify=True), timeout)
    if verified.code:
        first = await asyncio.to_thread(_shake, place, _context(None, verify=False), timeout)
    if first.error is not None:
        tlcp = first.error in {ErrorKind.TLS, ErrorKind.RESET} and await asyncio.to_thread(_speaks_tlcp, place, timeout)
        return replace(tls, error=first.error, detail=first.detail, tlcp=tlcp)
    chain = tuple(filter(None, map(read, first.chain)))
    path = tuple(filter(None, map(read, verified.path)))
    trust = TRUST_BY_CODE.get(verified.code, Trust.INVALID) if verified.code else Trust.TRUSTED
    versions = await _versions(place, first.version, timeout)
    tls = replace(
        tls, chain=chain, path=path, trust=trust, versions=versions, detail=verified.detail, suite=first.suite
    )
    if versions and versions[-1] == OLDEST_OF_BROWSERS:
        tls = replace(tls, offered_to_browsers=not await _refuses_browsers(place, timeout))
    if trust is Trust.TRUSTED and first.misused:
        tls = replace(tls, trust=Trust.INVALID, detail=NO_SIGNING)
    if trust is Trust.NO_ISSUER and download is not None and chain:
        missing = await missing_issuers(chain[-1], download)
        if missing:
            context = _context(trusted_ca, in_pem(missing), verify=True)
            again = await asyncio.to_thread(_shake, place, context, timeout)
            tls = replace(tls, completed=again.error is None and again.code in DATED)
    return tls


async def _versions(place: Port, known: str, timeout: float) -> tuple[str, ...]:  # noqa: ASYNC109 - as in survey
    """Return every version that the port accepts; the one that was agreed on first is not asked for again."""
    accepted = []
    for version in VERSIONS:
        if version != known:
            await asyncio.sleep(PAUSE_SECONDS)
            shake = await asyncio.to_thread(_shake, place, _context(None, version=version, verify=False), timeout)
            if shake.error is not None:
                continue
        accepted.append(version)
    return tuple(accepted)


async def _refuses_browsers(place: Port, timeout: float) -> bool:  # noqa: ASYNC109 - as in survey
    """Return whether the port says no to every suite of TLS 1.2 that browsers offer; who only hangs up may be busy."""
    context = _context(None, version=OLDEST_OF_BROWSERS, verify=False)
    context.set_ciphers(SUITES)
    await asyncio.sleep(PAUSE_SECONDS)
    return (await asyncio.to_thread(_shake, place, context, timeout)).error is ErrorKind.TLS


def _context(trusted_ca: str | None, extra: bytes = b"", *, version: str | None = None, verify: bool) -> ssl.SSLContext:
    """Return a client context that offers everything, or one version only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
    context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN & ~ssl.VERIFY_X509_STRICT
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    context.options |= LEGACY_SERVER_CONNECT
    with warnings.catch_warnings():
        # Deprecated in Python for those who would talk over them; we only ask.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = VERSIONS[version] if version else ssl.TLSVersion.TLSv1
        context.maximum_version = VERSIONS[version] if version else ssl.TLSVersion.MAXIMUM_SUPPORTED
    if verify:
        context.load_default_certs()
        trust_mozillas(context)
        if trusted_ca:
            context.load_verify_locations(trusted_ca)
        if extra:
            context.load_verify_locations(cadata=extra.decode("ascii"))
    return context


def _shake(place: Port, context: ssl.SSLContext, timeout: float) -> Shake:
    """Connect, shake hands, leave."""
    try:
        with (
            socket.create_connection((place.address, place.number), timeout) as plain,
            context.wrap_socket(plain, server_hostname=None if is_address(place.name) else place.name) as secure,
        ):
            path = verified_path(secure) if context.verify_mode is ssl.CERT_REQUIRED else ()
            suite = (secure.cipher() or ("",))[0]
            return Shake(secure.version() or "", sent_chain(secure), path, suite=suite, misused=misused(secure))
    except ssl.SSLCertVerificationError as error:
        return Shake(code=error.verify_code, detail=error.verify_message)
    except (OSError, ValueError) as error:
        return Shake(error=_kind(error), detail=str(error))


NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})
"""OpenSSL's reasons for a handshake that ended because the other side does not speak TLS."""


def _kind(error: Exception) -> ErrorKind:
    if isinstance(error, TimeoutError):
        return ErrorKind.TIMEOUT
    if isinstance(error, ConnectionResetError | BrokenPipeError | ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return ErrorKind.RESET
    if isinstance(error, ssl.SSLError):
        return ErrorKind.NOT_TLS if error.reason in NOT_TLS else ErrorKind.TLS
    return ErrorKind.CONNECT


def tlcp_hello() -> bytes:
    """Return a ClientHello of TLCP (GB/T 38636-2020), version 0x0101."""
    body = TLCP_VERSION + os.urandom(32) + b"\0" + struct.pack("!H", len(TLCP_SUITES)) + TLCP_SUITES + b"\x01\0"
    message = b"\x01" + struct.pack("!I", len(body))[1:] + body
    return bytes([HANDSHAKE]) + TLCP_VERSION + struct.pack("!H", len(message)) + message


def _speaks_tlcp(place: Port, timeout: float) -> bool:
    """Whether the port answers a TLCP hello in kind: a record, be it only an alert, of version 0x0101."""
    try:
        with socket.create_connection((place.address, place.number), timeout) as plain:
            plain.sendall(tlcp_hello())
            head = plain.recv(5)
    except OSError:
        return False
    return len(head) >= 3 and head[0] in {ALERT, HANDSHAKE} and head[1:3] == TLCP_VERSION
