"""The simulation of a fleet's quarter: every round is accounted for, and what waits waits for a reason."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from bench import fleet_sim
from bench.fleet_sim import AT_ONCE, END, HOUR, SCHEDULE, START, Fleet, Job, Machines, Simulation

SITES = 40
WEEKS = 13


class Watched(Simulation):
    """A simulation that notes when an inspection of which site began, and how long it took."""

    def _lasts(self, job: Job, now: float) -> float:
        lasts = super()._lasts(job, now)
        noted = self.__dict__.setdefault("noted", [])
        noted.append((job.site, now, now + lasts))
        return lasts


def lived(workers: int, schedule=SCHEDULE, *, is_first: bool = False) -> Watched:
    made = Watched(Fleet([2_000] * SITES, schedule, is_first), Machines(workers, 2, 1))
    made.run()
    return made


@pytest.fixture(scope="module")
def quarter() -> Watched:
    return lived(2)


def test_every_round_of_the_quarter_is_served_skipped_or_left(quarter):
    tally = quarter.tally
    begun = sum(map(len, tally.waits.values()))
    assert tally.rounds == pytest.approx(SITES * (WEEKS + 1), abs=SITES)
    assert begun + tally.skipped + len(quarter.waiting) + sum(map(len, quarter.held.values())) == (
        tally.rounds + tally.retried - len(quarter.later)
    )
    assert tally.retried > 0


def test_no_site_is_inspected_twice_at_a_time_and_no_more_than_there_are_places(quarter):
    by_site = {site: [each for each in quarter.noted if each[0] == site] for site in range(SITES)}
    assert all(after[1] >= before[2] for noted in by_site.values() for before, after in pairwise(noted))
    changes = Counter[float]()
    for _, begun, ended in quarter.noted:
        changes[begun] += 1
        changes[ended] -= 1
    at_work = 0
    for moment in sorted(changes):
        at_work += changes[moment]
        assert at_work <= quarter.machines.slots


def test_the_same_is_drawn_every_time_and_more_workers_wait_no_longer(quarter):
    assert lived(2).tally == quarter.tally
    waits, fewer = (sum(map(sum, each.tally.waits.values())) for each in (quarter, lived(1)))
    assert waits < fewer


def test_rounds_spread_over_nights_begin_less_at_a_time_than_rounds_at_once():
    spread, at_once = (max(lived(4, each).tally.starts.values()) for each in (SCHEDULE, AT_ONCE))
    assert spread < at_once


def test_the_first_quarter_costs_more_and_what_it_takes_is_printed(quarter, monkeypatch, capsys):
    assert lived(2, is_first=True).tally.cpu > 2 * quarter.tally.cpu
    assert (END - START) / HOUR == 24 * 7 * WEEKS
    monkeypatch.setattr("sys.argv", ["fleet_sim.py", "--sites", str(SITES), "--workers", "1"])
    fleet_sim.main()
    printed = capsys.readouterr().out
    assert "1 workers of 4 cores" in printed
    assert "for 1,000 sites:" in printed
