"""Remember judgements: what somebody called right once is not reported as a fault again (SARIF: suppressions)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from checks.late_pattern import late
from checks.model import Finding
from reports import facts
from reports.remediation.entry import LedgerEntry

STALE_AFTER = timedelta(days=365)
"""A judgement that hid nothing for so long is reported: it hides something else one day."""

WORD = late(r"[\u3400-\u9fff]{2,}")
"""What can enter a vocabulary."""


class SuppressionKind(StrEnum):
    """What a judgement is remembered for."""

    ENTRY = "entry"
    """One entry of the ledger: a false positive that somebody marked there."""
    PAIR = "pair"
    """A wrong-right pair of the typo check: the wording that it calls wrong is right here, whatever it is to become."""
    TARGET = "target"
    """Links to one host."""
    RULE = "rule"
    """One rule on pages whose URL matches a pattern."""


class Suppression(Struct, frozen=True, kw_only=True):
    """One remembered judgement. ``site`` "" is everywhere; ``until`` is its last day, None for no end.

    ``id`` is its number in the store, 0 before it is there; ``entry`` is set for kind ENTRY alone, ``wrong`` and
    ``right`` for PAIR, ``host`` for TARGET, ``rule`` and ``pattern`` for RULE. ``configured`` ones stand in
    config.yaml. ``hidden`` counts the findings that it hid, ``last_hidden`` is when it last did.
    """

    kind: SuppressionKind
    author: str
    reason: str
    made: datetime
    id: int = 0
    site: str = ""
    entry: int = 0
    wrong: str = ""
    right: str = ""
    host: str = ""
    rule: str = ""
    pattern: str = ""
    until: date | None = None
    configured: bool = False
    hidden: int = 0
    last_hidden: datetime | None = None

    @property
    def subject(self) -> str:
        """What it is about, on one line."""
        match self.kind:
            case SuppressionKind.ENTRY:
                return f"#{self.entry}"
            case SuppressionKind.PAIR:
                return f"{self.wrong} → {self.right}" if self.right else self.wrong
            case SuppressionKind.TARGET:
                return self.host
            case SuppressionKind.RULE:
                return f"{self.rule} @ {self.pattern}"

    def covers(self, site: str, finding: Finding, today: date) -> bool:
        """Return whether it hides a finding of a site; entries are looked up by their number, never here."""
        if (self.site and self.site != site) or (self.until is not None and self.until < today):
            return False
        match self.kind:
            case SuppressionKind.ENTRY:
                return False
            case SuppressionKind.PAIR:
                pair = (finding.params.get("wrong"), finding.params.get("right"))
                return pair == (self.wrong, self.right) or self._accepts(finding)
            case SuppressionKind.TARGET:
                return finding.target is not None and urlsplit(finding.target.url).hostname == self.host
            case SuppressionKind.RULE:
                return finding.rule.id == self.rule and re.search(self.pattern, facts.place(finding)) is not None

    def _accepts(self, finding: Finding) -> bool:
        """Return whether a typo lies within the word that was called right, so that it is right as it stands.

        The word is in the vocabulary from then on: other changes to it, or to a part of it, are hidden as well. What
        goes beyond it is not. One character, or what is no Chinese word, would hide too much: only its pair counts.
        """
        text = finding.text
        if text is None or finding.rule.family != "typos" or not WORD.fullmatch(self.wrong):
            return False
        around = text.before + text.wrong + text.after
        start, end = len(text.before), len(text.before) + len(text.wrong)
        places = (found.start() for found in re.finditer(f"(?={self.wrong})", around))
        return any(at <= start and end <= at + len(self.wrong) for at in places)

    def is_stale(self, now: datetime) -> bool:
        """Return whether it has hidden nothing for a year."""
        return now - (self.last_hidden or self.made) > STALE_AFTER


def widened(judgement: Suppression, entry: LedgerEntry) -> Suppression | None:
    """Return the judgement of one entry as that of all that are alike: a typo's wording, a link's host.

    It is good for the judgement's site, "" for everywhere. None for an entry that is neither.
    """
    finding = entry.finding
    if finding.text is not None and finding.rule.family == "typos":
        wrong, right = (str(finding.params.get(name, "")) for name in ("wrong", "right"))
        return replace(judgement, kind=SuppressionKind.PAIR, entry=0, wrong=wrong, right=right)
    host = urlsplit(entry.target).hostname if finding.target is not None else None
    return replace(judgement, kind=SuppressionKind.TARGET, entry=0, host=host) if host else None


def covering(suppressions: Iterable[Suppression], site: str, finding: Finding, today: date) -> Suppression | None:
    """Return the first judgement that hides a finding, None where there is none."""
    return next((each for each in suppressions if each.covers(site, finding, today)), None)
