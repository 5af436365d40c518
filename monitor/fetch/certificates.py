"""Read certificates into facts: names, dates, keys, who signed; whatever is odd about one comes out as a blank."""

from __future__ import annotations

from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID

from checks.model import Certificate
from monitor.fetch.resolver import is_address

SM2_SIGNATURE = "1.2.156.10197.1.501"
"""Object identifier of SM2 with SM3 (GM/T 0006)."""


class Issuer(NamedTuple):
    """A certificate that was fetched because the server did not send it."""

    facts: Certificate
    pem: bytes


UNREADABLE = (
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
)
"""What cryptography raises for certificates that are none, or not as they should be."""


def read(der: bytes) -> Certificate | None:
    """Return what a certificate says, or None for bytes that are none."""
    try:
        return _facts(x509.load_der_x509_certificate(der))
    except UNREADABLE:
        return None


def read_all(body: bytes) -> list[Issuer]:
    """Return the certificates in a file, be it DER, PEM or PKCS #7, none where it is anything else."""
    for load in (_single_certificate, x509.load_pem_x509_certificates, pkcs7.load_der_pkcs7_certificates):
        try:
            found = load(body)
            return [Issuer(_facts(certificate), certificate.public_bytes(Encoding.PEM)) for certificate in found]
        except UNREADABLE:
            continue
    return []


def in_pem(issuers: list[Issuer]) -> bytes:
    """Return certificates as OpenSSL takes them; roots are left out: others have no say in which we trust."""
    return b"".join(issuer.pem for issuer in issuers if not issuer.facts.self_signed)


def _single_certificate(body: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(body)]


def _facts(certificate: x509.Certificate) -> Certificate:
    key, bits = _key(certificate)
    return Certificate(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        names=_names(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        signature=_signature(certificate),
        key=key,
        bits=bits,
        self_signed=_self_signed(certificate),
        issuer_url=_issuer_url(certificate),
    )


def _signature(certificate: x509.Certificate) -> str:
    if certificate.signature_algorithm_oid.dotted_string == SM2_SIGNATURE:
        return "sm3"
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return ""
    return algorithm.name if algorithm else ""


def _key(certificate: x509.Certificate) -> tuple[str, int]:
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return ("SM2", 256) if certificate.signature_algorithm_oid.dotted_string == SM2_SIGNATURE else ("", 0)
    for kind, name in ((rsa.RSAPublicKey, "RSA"), (ec.EllipticCurvePublicKey, "EC"), (dsa.DSAPublicKey, "DSA")):
        if isinstance(key, kind):
            return name, key.key_size
    return ("EdDSA", 256) if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) else ("", 0)


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the names and addresses of a certificate; an address that is written as a name counts nowhere."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except UNREADABLE:
        return ()
    addresses = names.get_values_for_type(x509.IPAddress)
    hosts = (name for name in names.get_values_for_type(x509.DNSName) if not is_address(name))
    return (*hosts, *(str(address) for address in addresses))


def _issuer_url(certificate: x509.Certificate) -> str:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except UNREADABLE:
        return ""
    urls = [
        description.access_location.value
        for description in access
        if description.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(description.access_location, x509.UniformResourceIdentifier)
    ]
    return urls[0] if urls else ""


def _self_signed(certificate: x509.Certificate) -> bool:
    if certificate.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except InvalidSignature:
        return False
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return True  # signed in a way that nobody verifies any more; the names say it all the same
    return True
