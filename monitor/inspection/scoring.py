"""Score a finished crawl by an official score sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from checks import rule_of
from checks.freshness import STALE_COLUMN
from checks.link_rules import BROKEN
from checks.model import Check, Finding, Inventory, Text
from checks.reading.dates import CHINA
from checks.reading.official import is_official_site
from checks.scoring.profile import load_profile, score
from checks.scoring.sheet import Availability, Profile, Score, ScoredSite
from monitor.store.statistics import Statistics

PROBED_DAYS = 7
"""Days of availability probes that a score is computed from."""

BEHIND = 2_000
"""Items behind one line of a score that are stored with the run, at 35 bytes each; their number is exact."""

NEEDED = frozenset({BROKEN.id, STALE_COLUMN.id})
"""Rules without which a score says nothing; others that were switched off are listed as not judged."""


def score_of(
    name: str,
    checks: Iterable[Check[Any]],
    findings: Iterable[Finding],
    inventory: Inventory,
    availability: Availability | None,
) -> Score | None:
    """Return the score of a site by a profile, None where a run cannot be scored; what was not checked is named.

    It takes an official site, read as a whole, its links and columns judged.
    """
    rules = _rules_of(checks)
    if not (inventory.whole and rules >= NEEDED and is_official_site(inventory)):
        return None
    profile = load_profile(name)
    result = score(profile, ScoredSite(tuple(findings), inventory, availability))
    return replace(
        result,
        veto=tuple(replace(veto, behind=veto.behind[:BEHIND]) for veto in result.veto),
        items=tuple(replace(item, behind=item.behind[:BEHIND]) for item in result.items),
        unjudged=(*result.unjudged, *_unchecked(profile, rules)),
    )


def availability_of(statistics: Statistics, site: str, seen: datetime) -> Availability | None:
    """Return what the availability probe saw of a site in the week before a moment, None where it never asked."""
    since = f"{seen.astimezone(CHINA) - timedelta(days=PROBED_DAYS):%Y-%m-%d}"
    probes, failed, days = statistics.availability_of(site, since)
    return Availability(probes, failed, days) if probes else None


def _rules_of(checks: Iterable[Check[Any]]) -> set[str]:
    return {rule.id for check in checks for rule in check.rules}


def _unchecked(profile: Profile, ran: set[str]) -> Iterator[Text]:
    counted = {rule for line in (*profile.deductions, *profile.vetoes) for rule in _named(line.settings)}
    for rule in filter(None, map(rule_of, sorted(counted - ran))):
        yield Text(f"没有检查：{rule.title.zh}", f"not checked: {rule.title.en}")


def _named(settings: Mapping[str, Any]) -> Iterator[str]:
    yield from settings.get("rules", ())
    for part in settings.get("parts", ()):
        yield from _named(part)
