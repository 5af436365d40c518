"""Write the page that lists the reports of every site, the worst site first."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from monitor.beijing import beijing_time
from monitor.output.file_names import REPORT, folder_of, newest_first, when_of
from monitor.output.files import whole
from monitor.store import Store
from monitor.store.database import chunks
from monitor.store.ledger.counts import LedgerCounts
from monitor.store.statistics import LastRun, Scored, Statistics
from reports.index import OLDER, SHOWN, Listed, ListedReport, SiteStanding, index
from reports.remediation.figures import SiteLedger

SEVERITIES = ("critical", "major", "minor")

Runs = Mapping[tuple[str, str], LastRun]
Counts = Mapping[str, int]
"""Findings by severity."""


def list_reports(store: Store, sites: Iterable[tuple[str, str]], folder: Path, language: str) -> Path:
    """Write ``index.html`` anew for the sites (id, name), with what is late in their ledgers now. Raises OSError."""
    today = beijing_time(time.time())
    statistics = Statistics(store.engine)
    last = [run.id for run in statistics.latest().values()]
    standings_of = standings(statistics, confirmed_counts(statistics, last))
    ledgers = LedgerCounts(store.engine).by_site(today.date())
    listed = [
        Listed(
            name or site,
            folder_of(site),
            standings_of.get(site, SiteStanding()),
            ledgers.get(site, SiteLedger()),
        )
        for site, name in sites
    ]

    def reports_of(name: str) -> tuple[ListedReport, ...]:
        return _reports_in(folder / name)

    path = folder / "index.html"
    with whole(path) as out:
        out.writelines(piece.encode() for piece in index(listed, reports_of, language, today))
    return path


def confirmed_counts(statistics: Statistics, runs: Iterable[int]) -> dict[int, Counts]:
    """Return how many findings of each severity runs are sure of, by run; runs with the same ones share them."""
    counts: dict[int, Counts] = {}
    shared: dict[tuple[tuple[str, int], ...], Counts] = {}
    for chunk in chunks(runs):
        of_chunk: dict[int, Counter[str]] = defaultdict(Counter)
        for row in statistics.counted(chunk):
            if row.confidence == "confirmed":
                of_chunk[row.run][row.severity] += row.places
        counts |= {run: shared.setdefault(tuple(sorted(of.items())), of) for run, of in of_chunk.items()}
    return counts


def standings(statistics: Statistics, counts: Mapping[int, Counts]) -> dict[str, SiteStanding]:
    """Return how every site stands after the last runs of its scopes: a handful of queries, however many sites.

    ``counts`` are the findings of the runs; empty where nobody asks for them, since they cost more than all else.
    """
    latest = statistics.latest()
    successes = statistics.latest_successes(latest)
    before = statistics.successes_before()
    numbers = {run.id for run in (*successes.values(), *before.values())}
    scored = {each.run: each for each in statistics.scored(numbers) if each.points is not None}
    by_site: dict[str, list[LastRun]] = {}
    for run in sorted(latest.values(), key=lambda run: run.finished or 0.0):
        by_site.setdefault(run.site, []).append(run)
    return {site: _standing(rows, counts, scored, successes, before) for site, rows in by_site.items()}


def _standing(
    rows: Sequence[LastRun],
    counts: Mapping[int, Counts],
    scored: Mapping[int, Scored],
    last: Runs,
    before: Runs,
) -> SiteStanding:
    """Describe a site by its last run, and the worst of what its scopes found: a homepage is part of the whole site.

    ``rows`` are the last runs of its scopes, the oldest first. Its score is that of the last scope that was scored,
    beside the one before of the same scope.
    """
    worst = max((counts.get(row.id, {}) for row in rows), key=lambda each: [each.get(s, 0) for s in SEVERITIES])
    now, earlier = _scores([(row.site, row.scope) for row in reversed(rows)], scored, last, before)
    return SiteStanding(
        rows[-1].status,
        when_of(rows[-1]),
        worst,
        score=now.points if now else None,
        score_before=earlier.points if earlier else None,
        vetoes=now.vetoes if now else 0,
        grade=now.grade if now else "",
    )


def _scores(
    scopes: Iterable[tuple[str, str]], scored: Mapping[int, Scored], last: Runs, before: Runs
) -> tuple[Scored | None, Scored | None]:
    """Return how the first of the scopes that was scored was scored last, and before that."""
    for scope in scopes:
        if scope in last and last[scope].id in scored:
            return scored[last[scope].id], scored.get(before[scope].id) if scope in before else None
    return None, None


def _reports_in(folder: Path) -> tuple[ListedReport, ...]:
    """Return the reports of a folder that the page has room for, with the files of each, the newest first."""
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return ()
    names = sorted(filter(REPORT.fullmatch, names), key=newest_first)
    found: dict[tuple[str, str, str], list[str]] = {}
    for name in reversed(names):
        match = REPORT.fullmatch(name)
        if match:
            found.setdefault((match["date"], match["run"] or "", match["scope"]), []).append(name)
    newest = islice(found.items(), SHOWN + OLDER)
    return tuple(ListedReport(day, scope, tuple(files)) for (day, _, scope), files in newest)
