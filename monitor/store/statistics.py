"""Count what the store holds, for metrics and overviews: a handful of grouped queries, however many sites there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import Engine, Select, and_, case, delete, func, insert, select, update

from monitor.store.database import select_where_in
from monitor.store.run_facts import RunFacts, facts_from_json
from monitor.store.schema import (
    availability,
    entries,
    entry_history,
    findings,
    media_accounts,
    media_notes,
    probe_results,
    runs,
    schedules,
    sightings,
)
from reports.remediation.states import State

SUCCESSES = ("complete", "partial")
"""Statuses of runs that saw the site."""


class Totals(Struct, frozen=True):
    """What all runs of a site and scope come to; times are None where there was no such run."""

    site: str
    scope: str
    complete: int
    partial: int
    failed: int
    last_success: float | None
    last_run: float | None


class LastRun(NamedTuple):
    """What an overview of all sites says of the last run of one; times are seconds since the epoch."""

    id: int
    site: str
    scope: str
    url: str
    status: str
    started: float
    finished: float | None
    scheduled_for: float | None
    pages: int


class Counted(Struct, frozen=True):
    """How many findings of one run are alike (``places``), and how many of them are new or reopened."""

    run: int
    rule: str
    severity: str
    confidence: str
    places: int
    new: int


class Scored(Struct, frozen=True):
    """How a run was scored: None and "" where it was not; ``vetoes`` are the grounds for rejection (单项否决)."""

    run: int
    points: float | None
    vetoes: int
    grade: str


def _newest(*statuses: str) -> Select[tuple[int]]:
    """Select the number of the newest run of every site and scope that has one of these statuses."""
    return select(func.max(runs.c.id)).where(runs.c.status.in_(statuses)).group_by(runs.c.site, runs.c.scope)


def _key(site: str, scope: str) -> tuple[str, str]:
    """Return site and scope as strings that all figures share: 13,000 sites are named in four queries at once."""
    return intern(site), intern(scope)


def _last_run(row: Any) -> LastRun:  # noqa: ANN401 - a row with the columns of LastRun
    number, site, scope, url, status, *rest = row
    return LastRun(number, *_key(site, scope), url, intern(status), *rest)


class Statistics:
    """Figures over all sites."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def stamp(self) -> tuple[object, ...]:
        """Return what changes whenever a figure of this class does: a run that ended, a round settled, a probe made."""
        settled = select(func.count(), func.sum(schedules.c.skipped + schedules.c.missed))
        probed = select(func.sum(availability.c.probes))
        tried = select(func.count(), func.sum(probe_results.c.tried))
        media = select(func.sum(media_accounts.c.looked)), select(func.sum(media_notes.c.at))
        more = (value for statement in (settled, probed, tried, *media) for value in self._row(statement))
        return *self.runs_stamp(), *more

    def runs_stamp(self) -> tuple[object, ...]:
        """Return what changes whenever a run begins, ends, is gone on with, or is dropped."""
        is_running = case((runs.c.status == "running", 1), else_=0)
        return tuple(
            self._row(select(func.count(), func.max(runs.c.id), func.max(runs.c.finished), func.sum(is_running)))
        )

    def totals(self) -> list[Totals]:
        """Return the totals of every site and scope that was ever inspected."""
        status = runs.c.status
        counts = [func.sum(case((status == name, 1), else_=0)) for name in ("complete", "partial", "failed")]
        ended = case((status.in_(SUCCESSES), runs.c.finished))
        statement = select(
            runs.c.site,
            runs.c.scope,
            *counts,
            func.max(ended),
            func.max(runs.c.finished),
        ).group_by(runs.c.site, runs.c.scope)
        return [Totals(*_key(site, scope), *rest) for site, scope, *rest in self._rows(statement)]

    def durations(self, edges: Sequence[float]) -> dict[str, tuple[list[int], float]]:
        """Return by scope how many runs took at most each of the edges (seconds), how many in all, and the sum."""
        took = runs.c.finished - runs.c.started
        buckets = [func.sum(case((took <= edge, 1), else_=0)) for edge in edges]
        statement = select(runs.c.scope, *buckets, func.count(), func.sum(took)).where(runs.c.finished.is_not(None))
        return {row[0]: (list(row[1:-1]), row[-1]) for row in self._rows(statement.group_by(runs.c.scope))}

    def latest(self) -> dict[tuple[str, str], LastRun]:
        """Return the last finished run of every site and scope."""
        return self._last_runs(_newest(*SUCCESSES, "failed"))

    def latest_successes(self, latest: Mapping[tuple[str, str], LastRun]) -> dict[tuple[str, str], LastRun]:
        """Return the last run of every site and scope that saw the site; most of them are the ``latest``."""
        before_failures = _newest(*SUCCESSES).except_(_newest(*SUCCESSES, "failed"))
        seen = {key: run for key, run in latest.items() if run.status in SUCCESSES}
        return seen | self._last_runs(before_failures)

    def successes_before(self) -> dict[tuple[str, str], LastRun]:
        """Return the last but one run of every site and scope that saw the site."""
        last = _newest(*SUCCESSES)
        before = select(func.max(runs.c.id)).where(runs.c.status.in_(SUCCESSES), runs.c.id.not_in(last))
        return self._last_runs(before.group_by(runs.c.site, runs.c.scope))

    def _last_runs(self, numbers: Any) -> dict[tuple[str, str], LastRun]:  # noqa: ANN401 - a select or a compound of two
        statement = select(*(runs.c[name] for name in LastRun._fields)).where(runs.c.id.in_(numbers))
        rows = map(_last_run, self._rows(statement))
        return {(run.site, run.scope): run for run in rows}

    def newest_run(self) -> int:
        """Return the number of the newest run, 0 where there is none."""
        return self._row(select(func.max(runs.c.id)))[0] or 0

    def made_elsewhere(self, after: int, *, rounds: bool) -> list[LastRun]:
        """Return the runs of greater numbers that serve no round and see the site, or are still under way.

        ``rounds``: also those that serve a round, whatever became of them.
        """
        by_hand = runs.c.scheduled_for.is_(None) & runs.c.status.in_((*SUCCESSES, "running"))
        wanted = by_hand | runs.c.scheduled_for.is_not(None) if rounds else by_hand
        statement = select(*(runs.c[name] for name in LastRun._fields)).where(runs.c.id > after, wanted)
        return list(map(LastRun._make, self._rows(statement.order_by(runs.c.id))))

    def facts(self, numbers: Iterable[int]) -> Iterator[tuple[int, RunFacts]]:
        """Yield what the runs learned beside their findings."""
        for row in select_where_in(self.engine, select(runs.c.id, runs.c.facts), runs.c.id, numbers):
            yield row[0], facts_from_json(row[1])

    def counted(self, numbers: Iterable[int]) -> Iterator[Counted]:
        """Yield how many findings the runs have, by rule, severity and confidence; ``new`` are new or reopened."""
        new = func.sum(case((findings.c.baseline.in_(("new", "reopened")), 1), else_=0))
        columns = (findings.c.run, findings.c.rule, findings.c.severity, findings.c.confidence)
        shown = select(*columns, func.count(), new).where(~findings.c.suppressed)
        for row in self._of_runs(shown, numbers, *columns):
            yield Counted(*row)

    def scored(self, numbers: Iterable[int]) -> Iterator[Scored]:
        """Yield how runs were scored."""
        score, grade = runs.c.facts["score"], runs.c.facts["security"]["grade"]
        statement = select(runs.c.id, score["points"].as_float(), score["veto"], grade.as_string())
        for number, points, vetoes, mark in select_where_in(self.engine, statement, runs.c.id, numbers):
            yield Scored(number, points, len(vetoes or ()), mark or "")

    def links(self, numbers: Iterable[int], rules: Mapping[str, str]) -> Iterator[tuple[int, str, str, int]]:
        """Yield run, kind of target, reason, and how many links of a run certainly do not open.

        ``rules`` are the ids of the rules that say so, each with its reason, "" where the finding's variant is it.
        """
        kind = func.coalesce(findings.c.body["target"]["kind"].as_string(), "page")
        variant = func.coalesce(findings.c.body["variant"].as_string(), "")
        columns = (findings.c.run, kind, findings.c.rule, variant)
        statement = select(*columns, func.count()).where(
            findings.c.rule.in_(rules), findings.c.confidence == "confirmed", ~findings.c.suppressed
        )
        for run, of, rule, reason, count in self._of_runs(statement, numbers, *columns):
            yield run, of, rules[rule] or reason, count

    def open(self) -> dict[tuple[str, str], int]:
        """Return how many faults of every site and scope are open, false positives left out.

        A fault that two scopes saw counts in each of them, and is one entry of the ledger.
        """
        kind = sightings.c.site, sightings.c.scope
        is_open = select(*kind, func.count()).where(sightings.c.fixed.is_(None)).group_by(*kind)
        # False positives are few: they are counted apart, which spares a look-up for every open fault.
        entry = and_(entries.c.site == sightings.c.site, entries.c.fingerprint == sightings.c.fingerprint)
        judged = is_open.join_from(entries, sightings, entry).where(entries.c.state == State.FALSE_POSITIVE.value)
        hidden = {(site, scope): count for site, scope, count in self._rows(judged)}
        return {_key(site, scope): count - hidden.get((site, scope), 0) for site, scope, count in self._rows(is_open)}

    def fixed(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return how many entries of the ledger each run closed: what its report calls fixed."""
        history = entry_history.c
        closed = select(history.run, func.count(history.number.distinct())).group_by(history.run)
        statement = closed.where(history.field == "state", history.after == State.CLOSED.value)
        return {row[0]: row[1] for row in select_where_in(self.engine, statement, history.run, numbers)}

    def misfires(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Return how many rounds of a site and scope were skipped, and how many missed, where there were any."""
        columns = (schedules.c.site, schedules.c.scope, schedules.c.skipped, schedules.c.missed)
        rows = self._rows(select(*columns).where(schedules.c.skipped + schedules.c.missed > 0))
        return {_key(site, scope): (skipped, missed) for site, scope, skipped, missed in rows}

    # ---- availability ----------------------------------------------------------------------------

    def probed(self, site: str, day: str, *, failed: bool) -> None:
        """Count one probe of a homepage."""
        self.add_probes(site, day, 1, int(failed))

    def add_probes(self, site: str, day: str, probes: int, failures: int) -> None:
        """Count so many probes of a homepage on a day (ISO 8601), and how many of them failed."""
        where = and_(availability.c.site == site, availability.c.day == day)
        values = {"probes": availability.c.probes + probes, "failures": availability.c.failures + failures}
        with self.engine.begin() as connection:
            if not connection.execute(update(availability).where(where).values(values)).rowcount:
                added = insert(availability).values(site=site, day=day, probes=probes, failures=failures)
                connection.execute(added)

    def availability(self, since: str) -> dict[str, tuple[int, int]]:
        """Return probes and failures of every site from a day on."""
        statement = select(availability.c.site, func.sum(availability.c.probes), func.sum(availability.c.failures))
        grouped = statement.where(availability.c.day >= since).group_by(availability.c.site)
        return {row[0]: (row[1], row[2]) for row in self._rows(grouped)}

    def availability_of(self, site: str, since: str) -> tuple[int, int, int]:
        """Return probes, failures, and days with probes of one site from a day on."""
        sums = func.sum(availability.c.probes), func.sum(availability.c.failures), func.count()
        statement = select(*sums).where(availability.c.site == site, availability.c.day >= since)
        probes, failures, days = self._row(statement)
        return probes or 0, failures or 0, days

    def availability_by_day(self, site: str, since: str, until: str) -> list[tuple[str, int, int]]:
        """Return day (ISO 8601), probes and failures of one site from a day on, until another, the oldest first."""
        days = availability.c
        statement = select(days.day, days.probes, days.failures).where(
            days.site == site, days.day.between(since, until)
        )
        return [tuple(row) for row in self._rows(statement.order_by(days.day))]

    def forget_availability(self, before: str) -> None:
        """Drop the probes of days before one."""
        with self.engine.begin() as connection:
            connection.execute(delete(availability).where(availability.c.day < before))

    # ---- shared ----------------------------------------------------------------------------------

    def _rows(self, statement: Any) -> Iterator[Any]:  # noqa: ANN401 - a select of any columns
        with self.engine.connect() as connection:
            yield from connection.execute(statement)

    def _row(self, statement: Any) -> Any:  # noqa: ANN401 - likewise
        with self.engine.connect() as connection:
            return connection.execute(statement).one()

    def _of_runs(self, statement: Any, numbers: Iterable[int], *by: Any) -> Iterator[Any]:  # noqa: ANN401 - SQL
        return select_where_in(self.engine, statement.group_by(*by), findings.c.run, numbers)
