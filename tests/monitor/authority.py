"""Make certificates with any fault a server can show, and servers that show them."""

from __future__ import annotations

import hashlib
import os
import socket
import ssl
import threading
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)

SHA256_RSA = bytes.fromhex("06092a864886f70d01010b")
SHA1_RSA = bytes.fromhex("06092a864886f70d010105")
SHA1_INFO = bytes.fromhex("3021300906052b0e03021a05000414")


@cache
def key(bits=2048, number=0):
    """Return a key; keys take long to make, so each number is made once."""
    return rsa.generate_private_key(65537, bits)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Issuer:
    """An authority: its own certificate, its key, and the certificates between it and the root."""

    certificate: x509.Certificate
    secret: rsa.RSAPrivateKey
    above: list[x509.Certificate] = field(default_factory=list)

    def pem(self):
        return self.certificate.public_bytes(Encoding.PEM)


@cache
def root(text="Test Root"):
    secret = key(number=hash(text))
    return Issuer(_sign(name(text), name(text), secret, secret, ca=True), secret)


@cache
def intermediate(text="Test Intermediate", aia=""):
    secret, parent = key(number=1), root()
    certificate = _sign(name(text), parent.certificate.subject, secret, parent.secret, ca=True, aia=aia)
    return Issuer(certificate, secret, [certificate])


def of_no_use(start=-100 * DAY, end=-DAY):
    """Return another certificate of the intermediate, and one of the root, by other dates: a good one is known."""
    above, below = root(), intermediate()
    again = _sign(
        below.certificate.subject, above.certificate.subject, below.secret, above.secret, ca=True, start=start, end=end
    )
    stranger = root("Old Root")
    crossed = _sign(
        above.certificate.subject,
        stranger.certificate.subject,
        above.secret,
        stranger.secret,
        ca=True,
        start=start,
        end=end,
    )
    return [again, crossed]


@dataclass
class Leaf:
    """A host's certificate with its key and what is sent after it."""

    certificate: x509.Certificate | bytes
    secret: rsa.RSAPrivateKey
    chain: list[x509.Certificate] = field(default_factory=list)

    def pem(self):
        secret = self.secret.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        der = self.certificate if isinstance(self.certificate, bytes) else self.certificate.public_bytes(Encoding.DER)
        rest = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self.chain)
        return secret + ssl.DER_cert_to_PEM_cert(der).encode() + rest


def leaf(  # noqa: PLR0913 - the faults a certificate can have
    issuer=None,
    names=("localhost", "127.0.0.1"),
    *,
    bits=2048,
    start=-DAY,
    end=90 * DAY,
    chain=True,
    aia="",
    san=True,
    signs=None,
):
    """Return a certificate for ``names``, signed by an issuer, the root unless told.

    ``dns:`` before a name makes one of an address as well; without ``san`` the first stands as common name alone.
    ``signs`` is whether it says that its key does, None where it says nothing of that.
    """
    issuer = issuer or root()
    secret = key(bits, number=2)
    certificate = _sign(
        name(names[0]),
        issuer.certificate.subject,
        secret,
        issuer.secret,
        names=names if san else (),
        start=start,
        end=end,
        aia=aia,
        signs=signs,
    )
    return Leaf(certificate, secret, issuer.above if chain else [])


def self_signed():
    secret = key(number=3)
    return Leaf(_sign(name("localhost"), name("localhost"), secret, secret, names=("localhost", "127.0.0.1")), secret)


def with_sha1(made, issuer=None):
    """Return the same certificate signed anew with SHA-1, which no library signs with any more."""
    issuer = issuer or root()
    body = made.certificate.tbs_certificate_bytes.replace(SHA256_RSA, SHA1_RSA)
    numbers = issuer.secret.private_numbers()
    size = issuer.secret.key_size // 8
    info = SHA1_INFO + hashlib.sha1(body).digest()
    padded = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    signature = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
    whole = made.certificate.public_bytes(Encoding.DER).replace(SHA256_RSA, SHA1_RSA)
    return Leaf(whole[: -len(signature)] + signature, made.secret, made.chain)


def _sign(  # noqa: PLR0913 - the fields of a certificate
    subject, issuer, secret, signer, *, names=(), ca=False, start=-30 * DAY, end=365 * DAY, aia="", signs=None
):
    builder = (
        x509.CertificateBuilder(
            issuer, subject, secret.public_key(), x509.random_serial_number(), NOW + start, NOW + end
        )
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(secret.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(text) for text in names]), critical=False)
    if aia:
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(aia))
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    if signs is not None:
        builder = builder.add_extension(x509.KeyUsage(signs, *[False, True], *[False] * 6), critical=True)
    return builder.sign(signer, hashes.SHA256())


def _general(text):
    if text.startswith("dns:"):
        return x509.DNSName(text.removeprefix("dns:"))
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


@contextmanager
def serving(tmp_path, made, between=(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3), suites="ALL", visitors=None):
    """Serve a certificate over TLS, from the oldest version to the newest, on a loopback port; yields the port.

    ``suites`` are those of TLS 1.2 and older. ``visitors`` is the path of the root of those who may come in, None for
    everybody.
    """
    file = tmp_path / "server.pem"
    file.write_bytes(made.pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(f"{suites}:@SECLEVEL=0")
    context.load_cert_chain(file)
    if visitors:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(visitors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = between

    def answer(plain):
        with suppress(OSError), context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as secure:
            try:
                secure.do_handshake()
                secure.recv(1)
            except ssl.SSLError:
                secure.settimeout(None)
                while os.read(secure.fileno(), 1 << 16):
                    pass  # a reset, for what was not read, might overtake the alert

    with listening(answer) as port:
        yield port


@contextmanager
def listening(answer):
    """Hand every connection to a loopback port to ``answer``; yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_accept, args=(server, answer), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(server, answer):
    while True:
        try:
            plain, _ = server.accept()
        except OSError:
            return
        plain.settimeout(5)
        with plain:
            answer(plain)
