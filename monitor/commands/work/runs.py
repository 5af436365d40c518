"""List the runs that the store holds."""

from __future__ import annotations

import json

import click

from checks.model import Text
from monitor.beijing import beijing_time
from monitor.commands.common import Fault, opened_to_read, worded
from monitor.commands.work.chosen_group import BOTH, sites_of_group
from monitor.commands.work.chosen_site import refuse_unknown_site
from monitor.settings.site import Settings
from monitor.store.runs import RunRecord


def list_runs(settings: Settings, site: str | None, group: str, limit: int, form: str) -> None:
    """Print the newest runs, of one site, of a group or of all. Raises Fault."""
    if site and group:
        raise Fault(worded(*BOTH))
    sites = sites_of_group(settings, group) if group else None
    with opened_to_read(settings) as store:
        refuse_unknown_site(settings, store, site or "")
        rows = store.runs.latest(limit, site) if sites is None else store.runs.page(sites, None, limit)
    if form == "json":
        for row in rows:
            click.echo(json.dumps(_facts(row), ensure_ascii=False))
        return
    if not rows:
        click.echo(
            worded(
                "还没有检查；sitehealth inspect URL 进行第一次", "no runs yet; `sitehealth inspect URL` makes the first"
            )
        )
    for row in rows:
        click.echo(_line(row, settings.report.language))


def _facts(row: RunRecord) -> dict[str, object]:
    names = ("id", "site", "name", "url", "scope", "status", "pages", "links", "requests", "bytes")
    times = {name: _when(getattr(row, name), "seconds") for name in ("started", "finished", "scheduled_for")}
    return {name: getattr(row, name) for name in names} | times | {"alive": row.status == "running" and row.alive}


def _line(row: RunRecord, language: str) -> str:
    status = row.status
    if status == "running" and not row.alive:
        status = "killed"
    reason = Text(*row.reason)(language)
    when = _when(row.started, "minutes")
    why = f"  ({reason})" if reason else ""
    return f"{row.id:>6}  {when}  {row.scope:<8}  {status:<8}  {row.pages:>6}  {row.site}{why}"


def _when(seconds: float | None, precision: str) -> str | None:
    if seconds is None:
        return None
    return beijing_time(seconds).isoformat(timespec=precision)
