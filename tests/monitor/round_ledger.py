"""Account for every round of a calendar: it was served, or left out and counted, or it is lost."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from monitor.rounds import Calendar
from monitor.store.runs import RunRecord
from monitor.store.schedules import ScheduleRecord


class RoundLedger(NamedTuple):
    """What became of the rounds of one site and scope."""

    expected: int
    left_out: int
    lost: int
    """Negative where more are counted as left out than were."""
    doubled: int
    failed: int
    """Rounds whose last try did not see all of the site."""


def account(
    calendar: Calendar, record: ScheduleRecord, runs: Sequence[RunRecord], first: float, end: float
) -> RoundLedger:
    """Compare the rounds of a calendar from ``first`` to ``end`` with the runs that served them.

    ``first`` is when the site was new; the round before it is owed to it. Rounds after ``end`` count where the daemon,
    whose last look was a moment later, has settled them.
    """
    tries: dict[int, list[RunRecord]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: run.id):
        if run.scheduled_for is not None:  # a run that was given up serves no round any more
            tries[math.floor(run.scheduled_for)].append(run)  # the thousandths count the tries of a round
    owed = math.floor(calendar.latest(first))
    expected = {owed, *map(math.floor, calendar.between(owed, max(record.since, end) + 0.5))}
    left_out = record.skipped + record.missed
    return RoundLedger(
        len(expected),
        left_out,
        len(expected - tries.keys()) - left_out,
        sum(count > 1 for count in Counter(run.scheduled_for for run in runs if run.scheduled_for).values()),
        sum(each[-1].status != "complete" for each in tries.values()),
    )
