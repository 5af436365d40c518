"""Show who changed what, and from where."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime, time

import click

from checks.model import Text
from monitor.accounts.auditing import AuditLog
from monitor.accounts.user_names import as_looked_up
from monitor.beijing import ZONE, beijing_time
from monitor.commands.common import language_of, opened_to_read
from monitor.settings.site import Settings
from monitor.store.accounts.audit_log import AuditFilter, AuditRecord
from reports.csv import inert
from reports.safe import one_line

NONE = Text("没有符合条件的操作记录", "nothing was changed like that")


def list_changes(
    settings: Settings, who: str | None, since: date | None, action: str | None, limit: int, form: str
) -> None:
    """Print changes, the newest first."""
    start = None if since is None else datetime.combine(since, time(), ZONE).timestamp()
    with opened_to_read(settings) as store:
        name = None if who is None else as_looked_up(who)
        found = AuditLog(store).select(AuditFilter(who=name, since=start, action=action, limit=limit))
    if form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(["number", "at", "who", "address", "channel", "action", "object", "before", "after"])
        writer.writerows([inert(str(value)) for value in _item(record).values()] for record in found)
        return
    for record in found:
        click.echo(json.dumps(_item(record), ensure_ascii=False) if form == "json" else _line(record))
    if not found and form == "text":
        click.echo(NONE(language_of(settings)), err=True)


def _item(record: AuditRecord) -> dict[str, object]:
    entry = record.entry._asdict()
    at = beijing_time(record.entry.at).isoformat(timespec="seconds")
    return {"number": record.number, "at": at} | {name: entry[name] for name in entry if name != "at"}


def _line(record: AuditRecord) -> str:
    entry = record.entry
    change = f"{entry.before or '-'} → {entry.after or '-'}" if entry.before or entry.after else ""
    source = f"{entry.who or '?'} ({entry.channel} {entry.address})"
    parts = [f"{beijing_time(entry.at):%Y-%m-%d %H:%M:%S}", source, entry.action, entry.object, change]
    return "  ".join(one_line(part) for part in parts if part)
