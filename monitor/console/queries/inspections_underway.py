"""Say what is inspected now: as the daemon counts it, else as far as the store tells of other processes."""

from __future__ import annotations

from monitor.console.console_parts import ConsoleParts, Underway


def underway_at(parts: ConsoleParts, site: str) -> list[Underway]:
    """Return what runs and what waits of one site."""
    here = [each for each in parts.inspections.underway() if each.site == site] if parts.inspections else []
    known = {each.scope for each in here}
    runs = parts.reading.runs
    stored = [run for scope in ("homepage", "site") for run in runs.unfinished(site, scope) if run.alive]
    elsewhere = [
        Underway(site, run.scope, run.id, run.started, run.pages, run.links, run.requests)
        for run in stored
        if run.scope not in known
    ]
    return [*here, *elsewhere]
