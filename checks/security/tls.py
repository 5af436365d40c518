"""Judge what a host offers over TLS: its certificate, the chain behind it, and the protocol versions it accepts.

Each fault is a verdict of its own, so that an expired certificate for the wrong host is two things to repair.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from msgspec.structs import replace

from checks.model import (
    Certificate,
    Chain,
    Check,
    Confidence,
    ErrorKind,
    Finding,
    Host,
    Response,
    Rule,
    Severity,
    Text,
    Tls,
    Trust,
)
from checks.reading.handshakes import asks_for_certificate
from checks.security import tls_rules as rules

CHINA = timezone(timedelta(hours=8))
"""The zone that dates are told in."""

SKEW = timedelta(days=1)
"""What two clocks may differ by before one of them is wrong."""

OLD = ("TLSv1", "TLSv1.1")
WEAK_HASHES = frozenset({"md5", "md4", "md2", "sha1"})
SHORTEST = {"RSA": 2048, "EC": 224, "DSA": 1 << 16}
"""Bits of a key below which it is weak; DSA is weak at any length, nobody verifies it any more."""

SUFFIXES = frozenset(
    f"{label}.cn"
    for label in (
        "ac com edu gov mil net org ah bj cq fj gd gs gx gz ha hb he hi hk hl hn jl js jx ln mo nm nx qh sc sd sh sn "
        "sx tj tw xj xz yn zj"
    ).split()
)
"""Suffixes below .cn under which everybody registers (CNNIC)."""

FAILURES = frozenset({ErrorKind.NOT_TLS, ErrorKind.TLS, ErrorKind.RESET})
"""Errors of a port that answers; one that does not answer has no https, which is no fault of TLS."""

SPOKEN = {"TLSv1": "TLS 1.0", "TLSv1.1": "TLS 1.1", "TLSv1.2": "TLS 1.2", "TLSv1.3": "TLS 1.3"}


class TlsCheck(Check[Host], frozen=True):
    """Judge a host's certificate and protocol versions.

    The three thresholds are days before the end of the certificate: from ``notice_days`` on a hint, from
    ``warning_days`` on an ordinary fault, from ``alarm_days`` on a critical one.
    """

    id = "tls"
    label = Text("证书与加密", "Certificate and TLS")
    rules = rules.RULES

    notice_days: int = 30
    """Days before expiry from which it is mentioned."""
    warning_days: int = 14
    """Days before expiry from which it is an ordinary fault."""
    alarm_days: int = 7
    """Days before expiry from which it is critical."""

    def inspect(self, subject: Host) -> Iterator[Finding]:
        """Yield what is wrong with what the host offers; a host without https is for the check on headers."""
        tls = subject.tls
        if tls is None:
            return
        url = f"https://{tls.name}/" if tls.port == 443 else f"https://{tls.name}:{tls.port}/"
        yield from self._judge(tls, url, clocks_of(subject))
        if tls.error is None and _is_for_holders(subject.https):
            yield _handshake_failed(tls, url, "certificate")
        if not tls.offered_to_browsers and subject.https.final is None:
            params = {"versions": SPOKEN[tls.versions[-1]], "suite": tls.suite}
            yield Finding(rules.ONLY_OLD, url, params=params, variant="suites", evidence=tls.suite)

    def _judge(self, tls: Tls, url: str, clocks: tuple[datetime, ...]) -> Iterator[Finding]:
        if tls.error is not None:
            yield from _failed(tls, url)
            return
        if tls.chain:
            yield from self._dates(tls, url, clocks)
            yield from _name(tls, url)
            yield from _trust(tls, url)
            yield from _strength(tls, url)
        yield from _versions(tls, url)

    def _dates(self, tls: Tls, url: str, clocks: tuple[datetime, ...]) -> Iterator[Finding]:
        earliest, latest = min(clocks), max(clocks)
        for certificate in tls.used:
            if certificate.not_after <= earliest:
                yield _finding(rules.EXPIRED, url, certificate, date=_day(certificate.not_after))
            elif certificate.not_before > latest:
                yield _finding(rules.NOT_YET_VALID, url, certificate, date=_day(certificate.not_before))
            elif (certificate.not_after - earliest).days < self.notice_days:
                yield self._expiring(certificate, earliest, url)

    def _expiring(self, certificate: Certificate, seen: datetime, url: str) -> Finding:
        days = (certificate.not_after - seen).days
        finding = _finding(rules.EXPIRING, url, certificate, date=_day(certificate.not_after), days=days)
        return replace(finding, severity=self._severity(days))

    def _severity(self, days: int) -> Severity:
        """Return how bad it is that a certificate has so many days left."""
        if days < self.alarm_days:
            return Severity.CRITICAL
        return Severity.MAJOR if days < self.warning_days else Severity.MINOR


def clocks_of(host: Host) -> tuple[datetime, ...]:
    """Return when a host was looked at: by our clock, and by its own where the two differ by more than a day.

    One of the two is wrong then, and nobody here knows which: a certificate is out of date if it is so by both.
    """
    by_our_clock = host.tls.seen if host.tls else host.fetched
    final = host.https.final
    by_its_clock = _date_of(final.response) if final else None
    if by_its_clock is None or abs(by_its_clock - host.fetched) <= SKEW:
        return (by_our_clock,)
    return by_our_clock, by_its_clock


def _date_of(response: Response) -> datetime | None:
    try:
        when = parsedate_to_datetime(response.header("date") or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _finding(rule: Rule, url: str, certificate: Certificate, **params: object) -> Finding:
    evidence = f"{certificate.subject} ← {certificate.issuer}"
    return Finding(rule, url, key=certificate.subject, params=params, evidence=evidence)


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d")


def _name(tls: Tls, url: str) -> Iterator[Finding]:
    leaf = tls.chain[0]
    if not any(matches(name, tls.name) for name in leaf.names):
        shown = "、".join(leaf.names[:5]) or leaf.subject
        yield _finding(rules.WRONG_HOST, url, leaf, names=shown, host=tls.name)


def matches(pattern: str, host: str) -> bool:
    """Whether a name in a certificate covers a host (RFC 9525): ``*`` stands for one whole label, the leftmost.

    It stands for none right below a suffix under which everybody registers, such as gov.cn: browsers refuse that.
    """
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    try:
        return ipaddress.ip_address(host) == ipaddress.ip_address(pattern)
    except ValueError:
        pass
    first, _, rest = host.partition(".")
    return pattern == host or (pattern == f"*.{rest}" and "." in rest and rest not in SUFFIXES and bool(first))


def _trust(tls: Tls, url: str) -> Iterator[Finding]:
    leaf, last = tls.chain[0], tls.chain[-1]
    if tls.trust is Trust.SELF_SIGNED:
        yield _finding(rules.SELF_SIGNED, url, leaf, subject=leaf.subject)
    elif tls.trust is Trust.UNKNOWN_ROOT or (tls.trust is Trust.NO_ISSUER and _issuer_refused(tls)):
        yield _finding(rules.UNTRUSTED, url, leaf, issuer=last.issuer)
    elif tls.trust is Trust.NO_ISSUER:
        finding = _finding(rules.MISSING_INTERMEDIATE, url, leaf, issuer=last.issuer)
        yield finding if tls.completed else replace(finding, confidence=Confidence.SUSPECTED)
    elif tls.trust is Trust.INVALID:
        yield _finding(rules.INVALID_CHAIN, url, leaf, detail=tls.detail)


def _issuer_refused(tls: Tls) -> bool:
    """Whether the gap is no gap: the missing certificates were fetched and lead nowhere, or others were sent.

    Who leaves a chain at its own certificate forgot the intermediates; who sends some, and they lead to nobody we know,
    has an authority of their own.
    """
    return tls.completed is False or len(tls.chain) > 1


def _strength(tls: Tls, url: str) -> Iterator[Finding]:
    for certificate in tls.used:
        root = certificate.self_signed and certificate is not tls.chain[0]
        if certificate.signature in WEAK_HASHES and not root:
            signature = certificate.signature.upper().replace("SHA1", "SHA-1")
            yield _finding(rules.WEAK_SIGNATURE, url, certificate, subject=certificate.subject, signature=signature)
        if 0 < certificate.bits < SHORTEST.get(certificate.key, 0):
            key, bits = certificate.key, certificate.bits
            yield _finding(rules.WEAK_KEY, url, certificate, subject=certificate.subject, key=key, bits=bits)


def _versions(tls: Tls, url: str) -> Iterator[Finding]:
    old = [version for version in tls.versions if version in OLD]
    newer = [version for version in tls.versions if version not in OLD]
    listed = "、".join(SPOKEN[version] for version in old)
    if old:
        rule, variant = (rules.OLD_VERSION, "") if newer else (rules.ONLY_OLD, "versions")
        yield Finding(rule, url, params={"versions": listed}, variant=variant, evidence=listed)
    if newer and "TLSv1.3" not in newer:
        newest = SPOKEN[newer[-1]]
        yield Finding(rules.NO_TLS13, url, params={"newest": newest}, evidence=newest)


def _failed(tls: Tls, url: str) -> Iterator[Finding]:
    if tls.tlcp:
        yield Finding(rules.UNSUPPORTED, url, evidence=tls.detail)
    elif tls.error in FAILURES:
        yield _handshake_failed(tls, url, "certificate" if asks_for_certificate(tls.detail) else tls.error)


def _is_for_holders(chain: Chain) -> bool:
    """Return whether the handshake was right, and then visitors without a certificate were shut out (TLS 1.3)."""
    responses = [answer.response for answer in chain.answers]
    return any(each.error == ErrorKind.TLS and asks_for_certificate(each.detail) for each in responses)


def _handshake_failed(tls: Tls, url: str, variant: str) -> Finding:
    params = {"port": tls.port, "detail": tls.detail}
    return Finding(rules.HANDSHAKE_FAILED, url, params=params, variant=variant, evidence=tls.detail)
