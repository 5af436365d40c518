"""Name the files of reports in one place, for the daemon, the commands and the list: SITE-DATE-SCOPE-RUN.

The number of the run keeps two reports of one day apart, so that none takes the place of another.
"""

from __future__ import annotations

import re
from datetime import datetime

from checks.late_pattern import late
from monitor.beijing import beijing_time
from monitor.store.runs import RunRecord
from monitor.store.statistics import LastRun

REPORT = late(r"(?:.+-)?(?P<date>\d{4}-\d\d-\d\d)-(?P<scope>homepage|site)(?:-(?P<run>\d+))?\.\w+")
"""The name of a report; those of earlier versions have neither site nor run."""


def stem_of(row: RunRecord | LastRun) -> str:
    """Return what the files of a run are called, without their endings."""
    return f"{folder_of(row.site)}-{when_of(row):%Y-%m-%d}-{row.scope}-{row.id}"


def folder_of(site: str) -> str:
    """Return the name of a site's folder: ``host:port`` as ``host-port``."""
    return re.sub(r"[^\w.-]", "-", site)


def when_of(row: RunRecord | LastRun) -> datetime:
    """Return the moment that a report speaks of: the end of the run, or its start where it has none."""
    return beijing_time(row.finished or row.started)


def newest_first(name: str) -> tuple[str, int, str]:
    """Sort names of reports by date, run and ending."""
    match = REPORT.fullmatch(name)
    if match is None:
        raise ValueError(f"no report is called {name}")
    return match["date"], int(match["run"] or 0), name
