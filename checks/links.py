"""Judge links: what a reader cannot open, and what a program cannot tell.

404, 410 and a host without an address are certain at once. Answers that may pass (5xx, timeouts, resets, refused
connections) are suspected until a second run agrees (criteria: 打不开 and 疑似打不开). A guard's challenge is never
broken. One finding per target, however many pages share it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from checks.late_pattern import late
from checks.link_rules import BLOCKED, BROKEN, FRAGMENT, MALFORMED, REDIRECTED, SOFT_404, UNAVAILABLE
from checks.model import (
    Check,
    Confidence,
    ErrorKind,
    Finding,
    Kind,
    Link,
    Repair,
    RepairReason,
    Response,
    Rule,
    Severity,
    Text,
)
from checks.reading.firewalls import CLOSED
from checks.reading.handshakes import asks_for_certificate, refuses_certificate

CERTAIN = frozenset(
    {
        "http-404",
        "http-410",
        ErrorKind.DNS,
        ErrorKind.REDIRECT_LOOP,
        ErrorKind.REDIRECT_BROKEN,
        ErrorKind.FORBIDDEN_ADDRESS,
        ErrorKind.EMPTY,
    }
)
"""Reasons that confirm at once."""

NOT_MODIFIED = 304
"""Sends a browser back to a copy that it may lack. With other statuses of 300 and more it shows what came, if it is
sent nowhere."""

HOST_WIDE = frozenset({ErrorKind.DNS, ErrorKind.RESOLVER, ErrorKind.CONNECT, ErrorKind.FORBIDDEN_ADDRESS})
"""Errors that every address of a host and port shares: no address, nobody who listens, an internal address."""

FILE_SUFFIXES = frozenset("pdf docx xlsx pptx doc xls ppt wps et dps ofd rtf zip rar 7z gz tar ceb".split())
POSTING = "form[method=post]"
"""A form that sends by POST: who only takes that may answer any GET with 404."""

FORMS = frozenset({"form[action]", POSTING, "button[formaction]", "input[formaction]"})
"""Elements that may send by POST: there a GET that is not allowed (405) says nothing."""

LOOSE_SUFFIXES = frozenset({"doc", "xls"})
"""Names under which systems export HTML tables that Word and Excel open all the same."""


class Links(Check[Link], frozen=True):
    """Find links that do not open."""

    id = "links"
    label = Text("链接", "Links")
    rules = (BROKEN, FRAGMENT, SOFT_404, BLOCKED, REDIRECTED, MALFORMED)

    permanent_redirects: bool = True
    """Also report links whose target has moved for good."""

    def inspect(self, subject: Link) -> Iterator[Finding]:
        """Yield at most one finding: the worst that is true of the target."""
        finding = self._judge(subject)
        if finding is not None:
            yield finding

    def _judge(self, link: Link) -> Finding | None:
        target = link.target
        if target.error == ErrorKind.MALFORMED:
            href = link.href or link.url
            return _finding(MALFORMED, link, params={"href": href}, confidence=_slip(href))
        if link.fragment is not None:
            sure = Confidence.SUSPECTED if link.scripted else Confidence.CONFIRMED
            params = {"fragment": unquote(link.fragment)}
            return _finding(FRAGMENT, link, key=f"{link.url}#{link.fragment}", params=params, confidence=sure)
        if link.challenge or target.status in CLOSED or _is_for_holders(target):
            return _blocked(link)
        if len(link.soft_404) > 1:
            return _finding(SOFT_404, link, params={"status": target.status}, evidence=link.title)
        reason = reason_of(link)
        if reason is not None:
            return _broken(link, reason)
        return self._redirected(link) if self.permanent_redirects else None

    def _redirected(self, link: Link) -> Finding | None:
        target = link.target
        if not target.redirects or link.kind is not Kind.PAGE:
            return None
        if not link.internal and _is_homepage(link.url) and _foreign(link.url, target.url):
            return _finding(REDIRECTED, link, variant="foreign", params={"final": target.url})
        permanent = all(hop.status in {301, 308} for hop in target.redirects)
        if permanent and _plain(link.url) != _plain(target.url):
            found = _finding(REDIRECTED, link, variant="moved", params={"final": target.url})
            return (
                replace(found, repairs=(Repair(target.url, RepairReason.REDIRECT),)) if target.status == 200 else found
            )
        return None


def reason_of(link: Link) -> str | None:
    """Return why a target does not open, as one of UNAVAILABLE's kinds; None where it does."""
    target = link.target
    if target.error is not None:
        return target.error if target.error in UNAVAILABLE else ErrorKind.PROTOCOL
    status = target.status or 0
    if status in {404, 410}:
        return f"http-{status}"
    if status == 405 and link.element in FORMS:
        return None
    if status >= 400:
        return ErrorKind.of_status(status)
    if status == NOT_MODIFIED:
        return ErrorKind.REDIRECT_BROKEN
    return _false_file(link)


def _false_file(link: Link) -> str | None:
    if link.kind is Kind.IMAGE and link.sniffed == "html":
        return ErrorKind.NOT_A_DOCUMENT
    if link.kind is Kind.ATTACHMENT and _suffix(link.url) in FILE_SUFFIXES:
        if link.sniffed == "html":
            return ErrorKind.NOT_A_DOCUMENT
        if link.sniffed == "empty":
            return ErrorKind.EMPTY
    return None


def unreachable_host(response: Response, *, internal: bool) -> str:
    """Return the host (``host:port``) that an error says cannot be reached at all, "" for any other answer.

    The site itself opens elsewhere, so that a connection that it refuses is a fault of that one address.
    """
    if response.redirects or response.error not in HOST_WIDE or (internal and response.error == ErrorKind.CONNECT):
        return ""
    return urlsplit(response.url).netloc.rpartition("@")[2].lower()


def _broken(link: Link, reason: str) -> Finding:
    target = link.target
    host = unreachable_host(target, internal=link.internal)
    params = {
        "status": target.status,
        "detail": target.detail[:200],
        "host": urlsplit(target.url or link.url).hostname or "",
    }
    sure = Confidence.CONFIRMED if is_certain(link, reason) else Confidence.SUSPECTED
    # What is true of a host is one fault, whichever of its addresses is the first in a run.
    key = f"{reason} {host}" if host else ""
    evidence = "\n".join(link.others)
    return _finding(BROKEN, link, key=key, variant=reason, params=params, evidence=evidence, confidence=sure)


def is_certain(link: Link, reason: str) -> bool:
    """Return whether one run is enough to say that the target is broken."""
    if reason == ErrorKind.TLS:
        return refuses_certificate(link.target.detail)
    if link.element == POSTING and link.target.status is not None:
        return False
    if reason == ErrorKind.NOT_A_DOCUMENT:
        return _suffix(link.url) not in LOOSE_SUFFIXES or bool(link.soft_404)
    return reason in CERTAIN


def _is_for_holders(target: Response) -> bool:
    """Return whether the server opens to those who have a certificate of their own."""
    return target.error == ErrorKind.TLS and asks_for_certificate(target.detail)


def _blocked(link: Link) -> Finding:
    status = link.target.status
    variant = {None: "certificate", 401: "login", 403: "forbidden", 429: "busy"}.get(status, "refused")
    variant = "wall" if link.challenge else variant
    params = {"wall": link.challenge or "", "status": status}
    return _finding(BLOCKED, link, variant=variant, params=params, confidence=Confidence.SUSPECTED)


def _finding(  # noqa: PLR0913 - a finding's own fields
    rule: Rule,
    link: Link,
    *,
    params: Mapping[str, object],
    key: str = "",
    variant: str = "",
    evidence: str = "",
    confidence: Confidence = Confidence.CONFIRMED,
) -> Finding:
    worst = Severity.CRITICAL if link.homepage and rule.severity is Severity.MAJOR else None
    return Finding(
        rule=rule,
        url=link.referrers[0].url if link.referrers else link.url,
        key=key or link.url,
        params=params,
        variant=variant,
        evidence=evidence,
        confidence=confidence,
        severity=worst,
        target=link,
        placeless=True,
    )


WEB_SCHEMES = (Counter("http"), Counter("https"))
LIKE_HTTP = 0.7
"""Share of letters that a slip has in common with ``http`` or ``https``: ``hppt`` has 0.75, ``sftp`` 0.67."""

PROGRAMME = late(r"\s*([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


def _slip(href: str) -> Confidence:
    """Return how sure it is that an address is a slip: ``htps://`` is one, ``someapp://`` may start a programme."""
    match = PROGRAMME.match(href)
    if match is None or match[1].lower() == "file":
        return Confidence.CONFIRMED
    letters = Counter(match[1].lower())
    shared = max(2 * (letters & meant).total() / (letters.total() + meant.total()) for meant in WEB_SCHEMES)
    return Confidence.CONFIRMED if shared >= LIKE_HTTP else Confidence.SUSPECTED


def _suffix(url: str) -> str:
    return urlsplit(url).path.rpartition(".")[2].lower()


def _is_homepage(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _plain(url: str) -> str:
    """Return a URL without what a redirect changes for form's sake: scheme, ``www.``, the last slash."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _foreign(url: str, final: str) -> bool:
    """Return whether two URLs lie under different registrable-looking domains (the last three labels under .gov.cn)."""
    return _domain(url) != _domain(final)


def _domain(url: str) -> str:
    labels = (urlsplit(url).hostname or "").split(".")
    wide = labels[-2:] in (["gov", "cn"], ["com", "cn"], ["org", "cn"], ["net", "cn"], ["edu", "cn"])
    return ".".join(labels[-3:] if wide else labels[-2:])
