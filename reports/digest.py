"""Tell what is new, unchanged, reopened and fixed against what the ledger of the site has.

"Fixed" is a claim that an office signs, so it needs evidence: the check looked at that place in this run and found
nothing. What the run did not get to see again (it was cut short, the server was down, a check failed) stays open as
``unverified``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from checks.link_rules import BROKEN
from checks.model import PASSING, Confidence, Finding
from reports import facts
from reports.model import Baseline


class Looked(Protocol):
    """Say whether the check of a fault looked at a place (page, target, origin) in this run, and did not fail there."""

    def __call__(self, known: OpenFault, place: str, /) -> bool:
        """Answer for one fault and one URL."""


class OpenFault(Struct, frozen=True):
    """What one scope last saw of a fault that was open before this run, as far as it tells whether it is gone.

    ``place`` is the URL it was on; for a finding about a target (``Finding.placeless``) the target's. ``also_on`` are
    the other pages of a fault that stood on several, as far as they are known. ``referrers`` are the pages that pointed
    at the target; ``all_referrers`` is False where the list was cut.
    ``wider`` says that the scope looks at more than this run does, ``elsewhere`` that the fault stood in further places
    there which nobody noted.
    """

    fingerprint: str
    check: str
    place: str
    referrers: tuple[str, ...] = ()
    all_referrers: bool = True
    also_on: tuple[str, ...] = ()
    wider: bool = False
    elsewhere: bool = False


class Digest(Struct, frozen=True):
    """The outcome: how each current finding stands, and what became of those that are not there any more."""

    baselines: dict[str, Baseline]
    fixed: tuple[OpenFault, ...]
    unverified: tuple[OpenFault, ...]


def compare(
    current: Iterable[str], open_before: Iterable[OpenFault], fixed_before: Collection[str], looked: Looked
) -> Digest:
    """Compare the fingerprints of this run with what was open before it and what was once fixed.

    ``open_before`` is everything that the site's ledger has open, once for each scope that saw it. ``fixed_before``
    holds the fingerprints that an earlier look closed.
    """
    before: dict[str, list[OpenFault]] = {}
    for known in open_before:
        before.setdefault(known.fingerprint, []).append(known)
    baselines = {fingerprint: _standing(fingerprint, before, fixed_before) for fingerprint in current}
    gone = {fingerprint: sightings for fingerprint, sightings in before.items() if fingerprint not in baselines}
    verified = {fingerprint for fingerprint, sightings in gone.items() if all_verified(sightings, looked)}
    return Digest(
        baselines,
        fixed=tuple(sightings[0] for fingerprint, sightings in gone.items() if fingerprint in verified),
        unverified=tuple(sightings[0] for fingerprint, sightings in gone.items() if fingerprint not in verified),
    )


def all_verified(sightings: Iterable[OpenFault], looked: Looked) -> bool:
    """Return whether this run is evidence that a fault is gone from wherever a scope saw it.

    This one function decides what a report calls fixed and what the ledger closes.
    """
    return all(is_verified(known, looked) for known in sightings)


def _standing(fingerprint: str, open_before: Collection[str], fixed_before: Collection[str]) -> Baseline:
    if fingerprint in open_before:
        return Baseline.UNCHANGED
    return Baseline.REOPENED if fingerprint in fixed_before else Baseline.NEW


def is_verified(known: OpenFault, looked: Looked) -> bool:
    """Return whether this run is evidence that a finding it did not make again is gone."""
    return bool(verified_at(known, looked))


def verified_at(known: OpenFault, looked: Looked) -> tuple[str, ...]:
    """Return the places that show that a finding which this run did not make again is gone, none where nothing does.

    Either the check saw the place itself and every other page on which the fault is known to have stood, or, for a dead
    target, every page that pointed at it: a link that was taken out is never asked for again.
    """
    if known.elsewhere:
        return ()
    places = (known.place, *known.also_on)
    if all(looked(known, place) for place in places):
        return places
    pages = known.referrers
    return pages if known.all_referrers and all(looked(known, page) for page in pages) else ()


def settle(finding: Finding, seen_before: Collection[str]) -> Finding:
    """Confirm a suspected dead target when the previous run saw the same: that was the look at another time.

    ``seen_before`` holds the fingerprints that the previous run itself found. Only reasons that may pass by themselves
    are settled so; a suspicion about wording, a guard or a script is for a person, however often it repeats.
    """
    passing = finding.rule.id == BROKEN.id and facts.error(finding) in PASSING
    if passing and finding.confidence is Confidence.SUSPECTED and finding.fingerprint in seen_before:
        return replace(finding, confidence=Confidence.CONFIRMED)
    return finding
