"""What one host does on the wire: its answers, its TLS, its certificates, its addresses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks.model.response import Answer, Chain, ErrorKind, Response


class Trust(StrEnum):
    """Where a certificate chain leads, its host name and its dates aside."""

    TRUSTED = "trusted"
    SELF_SIGNED = "self-signed"
    UNKNOWN_ROOT = "unknown-root"
    NO_ISSUER = "no-issuer"
    INVALID = "invalid"


class Certificate(Struct, frozen=True):
    """What one certificate says; the dates are aware.

    ``names`` are its DNS names and addresses (RFC 5280 subjectAltName). ``signature`` is the hash it is signed with
    ("sha256"; "" where the algorithm has none of its own), ``key`` the kind of its key ("RSA", "EC", "SM2" …) of
    ``bits``. ``issuer_url`` is where it says that its issuer's certificate can be had (AIA).
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    signature: str = ""
    key: str = ""
    bits: int = 0
    self_signed: bool = False
    issuer_url: str = ""


class Tls(Struct, frozen=True):
    """What one port offers to those who want to talk in secret, from a handful of handshakes.

    ``addresses`` are those of the name, ``address`` the one that was asked; ``seen`` is when (aware). ``versions`` are
    the protocols it accepts, oldest first. ``chain`` is as sent, the host's own certificate first. ``path`` leads from
    there to a root that is known, empty where none was found: the rest of the chain is of no use to anybody.
    ``completed`` tells
    whether a chain that ends too early verifies once the missing certificates are fetched, None where none were had.
    ``error`` is None or why there was no handshake;
    ``tlcp`` is True where the port speaks the Chinese protocol of GB/T 38636 instead. ``suite`` is what was agreed on
    first, by OpenSSL's name; ``offered_to_browsers`` is False where none of those of browsers' is accepted, though
    theirs is a version.
    """

    name: str
    port: int
    seen: datetime
    address: str = ""
    addresses: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    chain: tuple[Certificate, ...] = ()
    path: tuple[Certificate, ...] = ()
    trust: Trust | None = None
    completed: bool | None = None
    error: ErrorKind | None = None
    detail: str = ""
    tlcp: bool = False
    suite: str = ""
    offered_to_browsers: bool = True

    @property
    def used(self) -> tuple[Certificate, ...]:
        """The certificates that were sent and that count: of a chain that verifies, those that it was verified by."""
        return tuple(each for each in self.chain if each in self.path) if self.path else self.chain

    @property
    def certificate_not_after(self) -> datetime | None:
        """When the host's own certificate ends, None where none was shown: the figure behind the metric."""
        return self.chain[0].not_after if self.chain else None


class Host(Struct, frozen=True):
    """What one host does on the wire, asked politely: a handful of requests that any browser might send.

    ``name`` is the host name without port, in its ASCII form. ``http`` starts at ``http://name/``, ``https`` at
    ``https://name/``. ``preflight`` is the answer to one OPTIONS request with ``Origin: origin``, an origin that is
    not the host's own; ``missing`` is what an address that does not exist gets. ``preload`` holds names known to be on
    the browsers' HSTS preload list with their subdomains, besides those in the packaged copy of it. ``tls`` is what
    its https port offers, None where nobody looked; ``security_txt`` is the answer to the address of RFC 9116.
    ``fetched`` is aware.
    """

    name: str
    http: Chain
    https: Chain
    fetched: datetime
    origin: str = ""
    preflight: Answer | None = None
    robots: Answer | None = None
    missing: Answer | None = None
    preload: frozenset[str] = frozenset()
    tls: Tls | None = None
    security_txt: Answer | None = None

    @property
    def secure(self) -> bool:
        """Whether the host can be read over https at all, whatever its certificate is worth."""
        return self.https.final is not None

    @property
    def judged(self) -> Chain:
        """The chain whose final answer is judged: that of https where there is one."""
        return self.https if self.secure else self.http

    @property
    def url(self) -> str:
        """The address of the host itself, which its findings are about."""
        answers = self.judged.answers
        return answers[0].response.url if answers else f"http://{self.name}/"


class Exposure(Struct, frozen=True):
    """The answer to one address that should not answer; ``head`` is the start of its body, as Latin-1."""

    path: str
    response: Response
    head: str = ""

    @property
    def url(self) -> str:
        """The address that answered, after redirects."""
        return self.response.url


class DualStack(Struct, frozen=True):
    """What a host offers over IPv6: its AAAA addresses, how its homepage answered there, and whether it is the same.

    ``response`` is None where nothing was asked, as from a network without IPv6; ``same`` is None then too.
    """

    host: str
    url: str
    addresses: tuple[str, ...]
    response: Response | None = None
    same: bool | None = None
