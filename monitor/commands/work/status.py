"""Show what ran, what runs, and what is due."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import lru_cache

import click

from monitor.beijing import beijing_time
from monitor.commands.common import language_of, opened_to_read, worded
from monitor.commands.work.chosen_group import sites_of_group
from monitor.commands.work.status_words import FunctionRow, SiteRow, StatusWords, UnsentRow
from monitor.models import is_without_models
from monitor.service.retries import Retry, retries_of
from monitor.service.timetable import candidate
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.ledger.counts import LedgerCounts
from monitor.store.outbox import Outbox
from monitor.store.probe_results import ProbeRecord, ProbeStore
from monitor.store.runs import RunRecord
from monitor.store.schedules import ScheduleRecord, ScheduleStore
from monitor.store.statistics import LastRun, Statistics
from reports.remediation.figures import SiteLedger

GIVEN_UP_SHOWN = 7 * 86_400.0
"""Seconds for which a message that was given up is mentioned."""


def show_status(settings: Settings, form: str, group: str = "") -> None:
    """Print where each site and scope stands, and how its functions were when they were last tried. Raises Fault."""
    if group:
        members = frozenset(sites_of_group(settings, group))
        settings = settings.model_copy(update={"sites": tuple(each for each in settings.sites if each.key in members)})
    with opened_to_read(settings) as store:
        rows = list(_rows(settings, store, time.time()))
        functions = list(_functions(settings, store))
        messages = list(_messages(store, time.time()))
    if form == "json":
        for row in (*rows, *functions, *messages):
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    if is_without_models(settings):
        click.echo(
            worded(
                "没有语言模型：错别字只按词表和形式检查（sitehealth models install）",
                "no language models: typos are found by lexicon and form only (sitehealth models install)",
            ),
            err=True,
        )
    if not rows:
        click.echo(
            worded(
                "没有配置网站；网站列在 config.yaml 的 sites 中",
                "no sites are configured; `sites:` in config.yaml lists them",
            )
        )
    say = StatusWords(language_of(settings))
    lines = [*map(say.round, rows), *map(say.function, functions), *map(say.messages, messages)]
    if lines:
        click.echo("\n".join(lines))


def _rows(settings: Settings, store: Store, now: float) -> Iterator[SiteRow]:
    schedules = ScheduleStore(store.engine)
    records, latest = schedules.load(), Statistics(store.engine).latest()
    calendars, unfinished = settings.calendars(), store.runs.unfinished_of_all()
    due = {
        key: candidate(calendar, records[key], now) if key in records else calendar.latest(now)
        for key, calendar in calendars.items()
    }
    served = schedules.served({key: fire for key, fire in due.items() if fire is not None})
    retries = retries_of(schedules.failed(), settings.schedule.retries)
    ledgers = LedgerCounts(store.engine).by_site(beijing_time(now).date())
    for key, calendar in calendars.items():
        owed = None if key in served else due[key]
        row = _row(key, latest.get(key), unfinished.get(key), owed, calendar.next(now), records.get(key))
        yield _with_ledger(_with_retry(row, retries.get(key)), ledgers.get(key[0], SiteLedger()))


def _messages(store: Store, now: float) -> Iterator[UnsentRow]:
    for target, count in Outbox(store.engine).count(now - GIVEN_UP_SHOWN).items():
        if count.waiting or count.given_up:
            yield {"target": target, "waiting": count.waiting, "given_up": count.given_up}


def _with_retry(row: SiteRow, retry: Retry | None) -> SiteRow:
    """Return the row with the retry that is to come; a round that is due or under way comes first."""
    if retry is not None and row["state"] == "waiting":
        row["state"], row["retry"] = f"retry {retry.number}", _when(retry.at)
    return row


def _with_ledger(row: SiteRow, ledger: SiteLedger) -> SiteRow:
    row["open"], row["overdue"], row["to_verify"] = ledger
    return row


def _row(
    key: tuple[str, str],
    last: LastRun | None,
    current: RunRecord | None,
    due: float | None,
    following: float,
    record: ScheduleRecord | None,
) -> SiteRow:
    state = "due" if due is not None else "waiting"
    if current is not None:
        state = "running" if current.alive else "cut off"
    shown = current or last
    return {
        "site": key[0],
        "scope": key[1],
        "state": state,
        "due": _when(due),
        "next": _moment(following),
        "last": last.status if last else "never",
        "last_ended": _when(last.finished) if last else None,
        "run": shown.id if shown else None,
        "skipped": record.skipped if record else 0,
        "missed": record.missed if record else 0,
        "retry": None,
        "open": 0,
        "overdue": 0,
        "to_verify": 0,
    }


def _functions(settings: Settings, store: Store) -> Iterator[FunctionRow]:
    known = ProbeStore(store.engine).load()
    for site in settings.sites:
        for name in (probe.name for probe in site.probes):
            last = known.get((site.key, name))
            yield _function_row(site.key, name, last, settings.report.language)


def _function_row(site: str, probe: str, last: ProbeRecord | None, language: str) -> FunctionRow:
    if last is None:
        return {
            "site": site,
            "probe": probe,
            "state": "untried",
            "tried": None,
            "since": None,
            "seconds": None,
            "reason": "",
        }
    found = last.finding
    return {
        "site": site,
        "probe": probe,
        "state": "works" if last.works else "fails",
        "tried": _when(last.tried),
        "since": _when(last.since),
        "seconds": round(last.seconds, 3),
        "reason": found.rule.say(found, language) if found else "",
    }


def _when(seconds: float | None) -> str | None:
    return None if seconds is None else _moment(seconds)


@lru_cache(10_000)
def _moment(seconds: float) -> str:
    """Return a time as it is shown; remembered, for the rounds of many sites come at the same ones."""
    return beijing_time(seconds).isoformat(timespec="minutes")
