"""Run pytest, and what failed once more by itself: ``python tools/run_tests.py [PYTEST ARGS]``.

Among thousands of tests with real servers, browsers and databases, one in a few runs fails by chance on a loaded
machine. Run again, alone, it tells whether the fault is there or was met once. A test that fails twice fails the run.
One that passes the second time does not, but it is named at the end, and what it said stands above: it, or what it
found, is to be mended.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TESTS_FAILED = 1
"""How pytest ends where tests failed and nothing else went wrong."""

BY_CHANCE = 5
"""Chance does not fail more tests than so many; where more failed, none is run again."""

LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
"""Where pytest leaves the names of what failed, as the keys of a JSON object."""


def main(arguments: Sequence[str]) -> int:
    """Run pytest in the working folder; return its exit status, or that of the second run where there was one."""
    # What failed in a run before would otherwise stand in LAST_FAILED too.
    status = _pytest("--cache-clear", *arguments)
    if status != TESTS_FAILED:
        return status
    failed = sorted(json.loads(LAST_FAILED.read_text("utf-8")))
    if len(failed) > BY_CHANCE:
        return status
    print(f"\nfailed: {len(failed)}; run again, by itself:", *failed, sep="\n  ", flush=True)
    # What stands later on a command line counts: one process, whatever the arguments say.
    status = _pytest(*arguments, "--last-failed", "--last-failed-no-failures", "none", "-n", "0")
    if status == 0:
        print("\nUNSTABLE, failed once and passed by itself (mend the test, or what it found):", *failed, sep="\n  ")
    return status


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
