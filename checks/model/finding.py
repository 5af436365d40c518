"""Rules, and the findings that checks make by them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, field

from checks.model.link import Link
from checks.model.page import Referrer, Region
from checks.model.picture_text import PicturePlace
from checks.model.text import Excerpt, Text
from checks.network_words import in_chinese


class Severity(StrEnum):
    """How much a fault matters to the office: 严重, 一般, 提示."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting puts it first."""
        return _RANKS[self]


# Looked up, for findings are sorted by it by the ten thousand: a list made for each cost a fifth of a large report.
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Confidence(StrEnum):
    """How sure the program is: 确认, 疑似. A suspicion is for a person to look at, never an alarm."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"


class ServerSetting(Struct, frozen=True):
    """What to put into the configuration of one kind of server: ``code`` as it stands, ``where`` in a sentence."""

    server: Text
    where: Text
    code: str


class Rule(Struct, frozen=True):
    """What a check looks for, why, and what an operator does about it.

    ``id`` is kebab-case and the same in configuration, metric labels, reports and docs/rules.md. ``message`` is a
    ``str.format`` template over a finding's ``params``; where a rule has variants (error kinds), a table of them.
    ``remedy`` is advice in sentences; ``settings`` are what servers are told, for who administers one.
    ``basis`` names the clause or standard. ``unverified`` marks a basis that nobody on the team has read at its source.
    """

    id: str
    family: str
    severity: Severity
    title: Text
    message: Text | Mapping[str, Text]
    remedy: Text
    basis: Text
    why: Text
    unverified: bool = False
    settings: tuple[ServerSetting, ...] = ()

    def message_of(self, variant: str) -> Text:
        """Return the message of a variant with its placeholders; raises KeyError for an unknown variant."""
        return self.message[variant] if isinstance(self.message, Mapping) else self.message

    def say(self, finding: Finding, language: str) -> str:
        """Return the finding's message in a language; in Chinese also what a library said of a failed connection."""
        template = self.message_of(finding.variant)
        params = finding.params
        if "detail" in params and not language.startswith("en"):
            params = {**params, "detail": in_chinese(str(params["detail"]))}
        return template(language).format(**params)


class RepairReason(StrEnum):
    """Why an address is offered in the place of a broken one; ``checks.reading.likely_repairs`` has the words."""

    HTTPS = "https"
    WWW = "www"
    STRAY_END = "stray-end"
    CASE = "case"
    SLASH = "slash"
    INDEX = "index"
    SUFFIX = "suffix"
    FILE_NAME = "file-name"
    TITLE = "title"
    REDIRECT = "redirect"


class Repair(NamedTuple):
    """An address that was asked in the place of a broken one, and that answered."""

    url: str
    reason: RepairReason


class Finding(Struct, frozen=True):
    """One thing wrong in one place.

    ``url`` is the page or origin it is on. ``key`` tells apart two findings of one rule at one url; with ``rule`` and
    ``url`` it makes the ``fingerprint``, which is the same in every run and so must hold nothing that changes by itself
    (no date of today, no count). A link finding is one per target, so its ``url`` is left out of its identity
    (``placeless``). Placeless findings of equal fingerprint are one, ``count`` says on how many pages it stands and
    ``pages`` which (they may be cut; empty where it is on one).
    ``severity`` None means the rule's own. ``evidence`` is quoted from the site, never from us. ``referrers`` link to
    the file that the finding is in, of which ``referrer_count`` is the number; they may be cut. Those of a link's
    target are in ``target``. ``region`` is where on the page it stands; that of a link is its referrer's. ``repairs``
    are addresses that a broken link was probably meant to have, likeliest first. ``drawn``: it stands on a page as a
    browser shows it, and not in what the server sent. ``picture`` is where in the picture or scan at ``url`` it was
    read.
    """

    rule: Rule
    url: str
    key: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    variant: str = ""
    evidence: str = ""
    suggestion: str = ""
    confidence: Confidence = Confidence.CONFIRMED
    severity: Severity | None = None
    target: Link | None = None
    text: Excerpt | None = None
    column: str = ""
    placeless: bool = False
    count: int = 1
    pages: tuple[str, ...] = ()
    referrers: tuple[Referrer, ...] = ()
    referrer_count: int = 0
    region: Region = Region.UNKNOWN
    repairs: tuple[Repair, ...] = ()
    drawn: bool = False
    picture: PicturePlace | None = None

    @property
    def fingerprint(self) -> str:
        """32 hex digits that are the same for the same fault in every run."""
        parts = (self.rule.id, "" if self.placeless else self.url, self.key)
        return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def weight(self) -> Severity:
        """The severity that counts: the finding's own, else its rule's."""
        return self.severity or self.rule.severity
