"""Show what ran, what runs, and what is due."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from monitor.commands.common import config_options, opened, settings_from

if TYPE_CHECKING:
    from monitor.service.retries import Retry
    from monitor.settings.site import Settings
    from monitor.store import Store
    from monitor.store.runs import RunRow
    from monitor.store.schedules import Record


@click.command(short_help="Show what ran, what runs, and what is due.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def status(form: str, config: Path | None, overrides: tuple[str, ...]) -> None:
    """Show for every configured site and scope the last inspection, the one under way, and the next round.

    Below stands how the site's functions (``probes``) were when they were last tried.

    Reads the store, so it works beside a running daemon and without one.
    """
    from monitor.models import is_without_models

    settings = settings_from(config, overrides)
    with opened(settings) as store:
        rows = list(_rows(settings, store, time.time()))
        functions = list(_functions(settings, store))
    if form == "json":
        for row in (*rows, *functions):
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    if is_without_models(settings):
        click.echo("no language models: typos are found by lexicon and form only (sitehealth models install)", err=True)
    if not rows:
        click.echo("no sites are configured; `sites:` in config.yaml lists them")
    for row in rows:
        click.echo(_line(row))
    for row in functions:
        click.echo(_line_of_function(row))


def _rows(settings: Settings, store: Store, now: float) -> Iterator[dict[str, Any]]:
    from monitor.service.daemon import calendars_of
    from monitor.service.retries import retries_of
    from monitor.service.timetable import candidate
    from monitor.store.schedules import Schedules
    from monitor.store.statistics import Statistics

    schedules = Schedules(store.engine)
    records, latest = schedules.load(), Statistics(store.engine).latest(successful=False)
    calendars, unfinished = calendars_of(settings), store.runs.unfinished_of_all()
    due = {
        key: candidate(calendar, records[key], now) if key in records else calendar.latest(now)
        for key, calendar in calendars.items()
    }
    served = schedules.served({key: fire for key, fire in due.items() if fire is not None})
    retries = retries_of(schedules.failed(), settings.schedule.retries)
    for key, calendar in calendars.items():
        owed = None if key in served else due[key]
        row = _row(key, latest.get(key), unfinished.get(key), owed, calendar.next(now), records.get(key))
        yield row | _retry_row(row["state"], retries.get(key))


def _retry_row(state: str, retry: Retry | None) -> dict[str, Any]:
    """Return what a retry that is to come changes of a row; a round that is due or under way comes first."""
    if retry is None or state != "waiting":
        return {"retry": None}
    return {"state": f"retry {retry.number}", "retry": _when(retry.at)}


def _row(
    key: tuple[str, str],
    last: RunRow | None,
    current: RunRow | None,
    due: float | None,
    following: float,
    record: Record | None,
) -> dict[str, Any]:
    state = "due" if due is not None else "waiting"
    if current is not None:
        state = "running" if current.alive else "cut off"
    return {
        "site": key[0],
        "scope": key[1],
        "state": state,
        "due": _when(due),
        "next": _when(following),
        "last": last.status if last else "never",
        "last_ended": _when(last.finished) if last else None,
        "run": current.id if current else last.id if last else None,
        "skipped": record.skipped if record else 0,
        "missed": record.missed if record else 0,
    }


def _functions(settings: Settings, store: Store) -> Iterator[dict[str, Any]]:
    from monitor.store.probe_results import ProbeResults

    known = ProbeResults(store.engine).load()
    for site in settings.sites:
        for name in (probe.name for probe in site.probes):
            last = known.get((site.key, name))
            found = last.finding if last else None
            yield {
                "site": site.key,
                "probe": name,
                "state": "untried" if last is None else "works" if last.works else "fails",
                "tried": _when(last.tried if last else None),
                "since": _when(last.since if last else None),
                "seconds": round(last.seconds, 3) if last else None,
                "reason": found.rule.say(found, settings.report.language) if found else "",
            }


def _line_of_function(row: dict[str, Any]) -> str:
    tried = f"tried {row['tried']}" if row["tried"] else "not tried yet"
    said = row["reason"] or row["probe"]
    return f"{row['state']:<8}  {'function':<8}  {tried}  {row['site']}  {said}"


def _line(row: dict[str, Any]) -> str:
    last = f"{row['last']} {row['last_ended'] or ''}".strip()
    return f"{row['state']:<8}  {row['scope']:<8}  next {row['retry'] or row['next']}  last {last:<34}  {row['site']}"


def _when(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, ZoneInfo("Asia/Shanghai")).isoformat(timespec="minutes")
