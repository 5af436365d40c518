"""Show every site at a glance: what is wrong, what is late, how it was scored, when it is looked at next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.beijing import beijing_time
from monitor.console.console_parts import ConsoleParts
from monitor.rounds import Calendar
from monitor.settings.site import Settings, SiteSettings
from monitor.store.ledger.counts import EntryGroup
from monitor.store.schedules import Key
from monitor.store.statistics import Statistics
from reports.index import SiteStanding
from reports.remediation.states import State

LEVELS = ("critical", "major", "unknown", "minor", "good")
"""How a site is, the worst first; of one that was never seen, or not the last time, nobody knows."""

AVAILABLE_OVER = 7
"""Days over which it is counted how often a homepage opened."""


@dataclass(frozen=True, slots=True)
class OpenEntries:
    """How many entries of a site somebody has to work on, by severity, and how many are late or wait for a word."""

    by_severity: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    to_confirm: int = 0
    to_verify: int = 0

    @property
    def open(self) -> int:
        """All that somebody has to work on."""
        return sum(self.by_severity.values())


@dataclass(frozen=True, slots=True)
class SiteCard:
    """One site of the overview. ``next_round`` is in seconds since the epoch, None where none is to come.

    ``opened`` is the share of probes that the homepage opened for, None where it was not asked.
    """

    key: str
    name: str
    url: str
    group: str
    standing: SiteStanding
    entries: OpenEntries
    next_round: float | None
    next_scope: str
    opened: float | None
    is_running: bool

    @property
    def level(self) -> str:
        """How the site is, one of ``LEVELS``."""
        if self.entries.by_severity.get("critical") or self.standing.vetoes:
            return "critical"
        if self.entries.overdue:
            return "major"
        if self.standing.status in {"never", "failed"}:
            return "unknown"
        return "minor" if self.entries.open else "good"


def open_entries(groups: Iterable[EntryGroup]) -> dict[str, OpenEntries]:
    """Return what is open of every site that has entries."""
    severities: dict[str, Counter[str]] = {}
    rest: dict[str, Counter[str]] = {}
    for group in groups:
        of_site = rest.setdefault(group.site, Counter())
        if group.is_open:
            severities.setdefault(group.site, Counter())[group.severity] += group.entries
        of_site["overdue"] += group.overdue
        of_site["to_confirm"] += group.entries if group.state is State.TO_CONFIRM else 0
        of_site["to_verify"] += group.entries if group.state is State.TO_VERIFY else 0
    return {site: OpenEntries(severities.get(site, {}), **counts) for site, counts in rest.items()}


def site_cards(
    parts: ConsoleParts, settings: Settings, sites: Mapping[str, SiteSettings], entries: Mapping[str, OpenEntries]
) -> list[SiteCard]:
    """Return the sites, the worst first: a handful of queries, however many there are."""
    now = parts.now()
    since = beijing_time(now).date() - timedelta(days=AVAILABLE_OVER - 1)
    probed = Statistics(parts.reading.engine).availability(since.isoformat())
    stood, running = parts.last_runs.read()
    rounds = _next_rounds(settings.calendars(), now)
    groups = _groups(settings)
    cards = []
    for key, site in sites.items():
        probes, failures = probed.get(key, (0, 0))
        following, scope = rounds.get(key, (None, ""))
        cards.append(
            SiteCard(
                key=key,
                name=site.name or key,
                url=site.url,
                group=site.group or groups.get(key, ""),
                standing=stood.get(key, SiteStanding()),
                entries=entries.get(key, OpenEntries()),
                next_round=following,
                next_scope=scope,
                opened=(probes - failures) / probes if probes else None,
                is_running=key in running,
            )
        )
    return sorted(cards, key=_worst_first)


def _worst_first(card: SiteCard) -> tuple[object, ...]:
    by_severity = card.entries.by_severity
    worst = [-by_severity.get(severity, 0) for severity in ("critical", "major", "minor")]
    score = card.standing.score if card.standing.score is not None else float("inf")
    return LEVELS.index(card.level), worst[0], -card.entries.overdue, score, *worst[1:], card.name


def _next_rounds(calendars: Mapping[Key, Calendar], now: float) -> dict[str, tuple[float, str]]:
    """Return the next round of every site, and its scope."""
    following: dict[str, tuple[float, str]] = {}
    for (site, scope), calendar in calendars.items():
        moment = calendar.next(now)
        if site not in following or moment < following[site][0]:
            following[site] = moment, scope
    return following


def _groups(settings: Settings) -> dict[str, str]:
    """Return the name of the first group that names a site."""
    return {site: name for name, sites in reversed(settings.console.groups.items()) for site in sites}
