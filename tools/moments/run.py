"""Run the tests that depend on the calendar at another moment: ``python tools/moments/run.py [MOMENT] [PYTEST ARGS]``.

Without a moment one is drawn anew, and printed so that the run can be repeated; ``all`` goes through the chosen ones.
Options and paths go to pytest; without any, it runs what is marked ``calendar``. Needs Debian's package faketime.

The wall clock alone is moved, of this process and of those that it starts: spans are measured on the monotonic clock.
Prometheus and Alertmanager are written in Go and read the kernel's clock, so what they watch is not tested here.
"""

import os
import random
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

CHOSEN = {
    "2026-11-29 15:30": "Sunday evening in Beijing: a new site comes within twelve hours of its weekly round",
    "2026-12-31 15:50": "New Year's Eve in Beijing, ten minutes before midnight there",
    "2026-12-31 23:50": "ten minutes before the year ends in UTC; in Beijing it has begun",
    "2027-01-02 16:30": "half an hour before the first quarterly round of the year",
    "2027-02-28 15:57": "the last minutes of February in Beijing",
    "2028-02-29 04:00": "leap day, noon in Beijing",
    "2027-03-31 16:03": "just after midnight in Beijing, the first of a month and of a quarter; March still in UTC",
    "2027-10-10 17:45": "a quarter of an hour before a weekly round: Monday in Beijing, Sunday in UTC",
}
"""Moments in UTC, and what each is chosen for. Beijing is eight hours ahead; rounds fall at 02:00 on Mondays and 01:00
on the first Saturdays of January, April, July and October."""

EARLIEST, DAYS = datetime(2026, 1, 1, tzinfo=UTC), 4 * 366
"""From when a moment is drawn, and over how many days: a leap year is among them."""


def main(arguments: list[str]) -> int:
    """Run pytest at each moment asked for; return 0 where all runs passed."""
    moments, rest = _asked(arguments)
    if shutil.which("faketime") is None:
        print("tests at another moment need faketime: tools/install-debian.sh faketime", file=sys.stderr)
        return 3
    failed = [moment for moment in moments if not _passes(moment, rest or ["-m", "calendar"])]
    for moment in failed:
        print(f'failed; again with:  make calendar MOMENT="{moment}"')
    return 1 if failed else 0


def _asked(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return the moments of a command line, and what is left of it for pytest."""
    first, *rest = arguments or [""]
    if first == "all":
        return list(CHOSEN), rest
    try:
        datetime.strptime(first, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        drawn = EARLIEST + timedelta(minutes=random.SystemRandom().randrange(DAYS * 24 * 60))
        return [f"{drawn:%Y-%m-%d %H:%M}"], [argument for argument in arguments if argument]
    return [first], rest


def _passes(moment: str, arguments: list[str]) -> bool:
    print(f"tests at {moment} UTC: {CHOSEN.get(moment, 'drawn anew')}", flush=True)
    environment = os.environ | {"TZ": "UTC", "DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(HERE / "python")}
    command = ["faketime", f"{moment}:00", sys.executable, "tools/run_tests.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
