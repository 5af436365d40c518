"""Look at who is written to, try it, and see what has not arrived."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

import click

from monitor.accounts.auditing import AuditLog, actor_at_keyboard
from monitor.beijing import beijing_time
from monitor.commands.common import Fault, opened, opened_to_read
from monitor.delivery.dispatcher import Unusable, attempted
from monitor.delivery.senders import sender_of
from monitor.loop import run
from monitor.settings.delivery import TargetSettings
from monitor.settings.site import Settings
from monitor.store.outbox import MessageRecord, MessageState, Outbox, TargetCount
from reports.messages.message import message_from_json, message_to_json
from reports.messages.occasions import Envelope, trial
from reports.safe import one_line


class TargetRow(TypedDict):
    """A target as it is listed; ``fault`` is why it cannot be used, "" where it can."""

    target: str
    channel: str
    events: list[str]
    sites: list[str]
    departments: list[str]
    waiting: int
    given_up: int
    fault: str


class MessageLine(TypedDict):
    """A message as it is listed. Times are ISO 8601 in China's time zone."""

    number: int
    key: str
    target: str
    event: str
    state: str
    written: str
    attempts: int
    next: str | None
    error: str
    subject: str


def list_targets(settings: Settings, form: str) -> None:
    """Print the targets; exit with 1 where one cannot be used."""
    with opened_to_read(settings) as store:
        counts = Outbox(store.engine).count()
    rows = [_target_row(target, counts.get(target.name, TargetCount(0, 0, None))) for target in settings.notify.targets]
    if not rows:
        click.echo("nobody is written to; `notify:` in config.yaml lists targets", err=True)
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if form == "json" else _target_line(row))
    if any(row["fault"] for row in rows):
        sys.exit(1)


def _target_row(target: TargetSettings, count: TargetCount) -> TargetRow:
    try:
        channel, fault = target.channel().value, ""
        sender_of(target)
    except ValueError as error:
        channel, fault = "unknown", str(error)
    return {
        "target": target.name,
        "channel": channel,
        "events": [event.value for event in target.events],
        "sites": list(target.sites),
        "departments": list(target.departments),
        "waiting": count.waiting,
        "given_up": count.given_up,
        "fault": fault,
    }


def _target_line(row: TargetRow) -> str:
    sites = ", ".join(row["sites"]) or "all sites"
    departments = ", ".join(row["departments"]) or "all departments"
    about = f"{', '.join(row['events'])}; {sites}; {departments}"
    counts = f"waiting {row['waiting']:<4} given up {row['given_up']:<4}"
    return f"{row['channel']:<8}  {counts}  {row['target']}: {about}" + (f"  [{row['fault']}]" if row["fault"] else "")


def send_trials(settings: Settings, name: str | None) -> None:
    """Send a test message and print what came of it; exit with 1 where it was not taken. Raises Fault."""
    targets = [target for target in settings.notify.targets if name in {None, target.name}]
    if not targets:
        known = ", ".join(target.name for target in settings.notify.targets)
        raise Fault(f"there is no target {name}; there are: {known}" if name and known else "notify: has no targets")
    errors = [_send_trial(settings, target) for target in targets]
    if any(errors):
        sys.exit(1)


def _send_trial(settings: Settings, target: TargetSettings) -> str:
    now = time.time()
    today, language = beijing_time(now).date(), target.language or settings.report.language
    envelope = Envelope(key=f"test-{now:.0f}/{target.name}", language=language, today=today)
    message = trial(envelope, target.name, [event.value for event in target.events])
    record = MessageRecord(
        id=0,
        key=message.key,
        target=target.name,
        occasion="test",
        created=now,
        due=now,
        state=MessageState.WAITING,
        attempts=0,
        ended=None,
        error="",
        remaining=None,
        body=message_to_json(message),
    )
    try:
        sender = sender_of(target)
    except ValueError as fault:
        sender = Unusable(str(fault))
    reason = run(attempted(sender, target, record)).error
    click.echo(f"{target.name}: {one_line(reason) or 'sent'}", err=bool(reason))
    return reason


def list_messages(settings: Settings, form: str, limit: int, *, failed: bool) -> None:
    """Print messages, the newest first."""
    states = [MessageState.WAITING, MessageState.GIVEN_UP] if failed else list(MessageState)
    with opened_to_read(settings) as store:
        found = Outbox(store.engine).load(states, limit)
    lines = [_message_line(record) for record in found if not failed or record.error]
    if not lines:
        click.echo("no messages", err=True)
    for line in _printed(lines, form):
        click.echo(line)


def _message_line(record: MessageRecord) -> MessageLine:
    is_waiting = record.state is MessageState.WAITING
    return {
        "number": record.id,
        "key": record.key,
        "target": record.target,
        "event": record.occasion,
        "state": record.state.value,
        "written": _moment(record.created),
        "attempts": record.attempts,
        "next": _moment(record.due) if is_waiting else None,
        "error": record.error,
        "subject": message_from_json(record.body).subject,
    }


def _printed(lines: Iterable[MessageLine], form: str) -> Iterator[str]:
    for line in lines:
        if form == "json":
            yield json.dumps(line, ensure_ascii=False)
            continue
        head = f"{line['number']:<6} {line['state']:<8}  {line['written']}"
        following = f"  next {line['next']}" if line["error"] and line["next"] else ""
        reason = f"  [{one_line(line['error'])}; attempts {line['attempts']}{following}]" if line["error"] else ""
        yield f"{head}  {line['target']}  {one_line(line['subject'])}{reason}"


def retry_messages(settings: Settings, numbers: Sequence[int]) -> None:
    """Have messages sent again. Raises Fault where one of them has arrived, or is not there."""
    with opened(settings) as store:
        found = Outbox(store.engine).retry(numbers, time.time())
        if found:
            AuditLog(store).add(actor_at_keyboard(), "outbox.retry", f"messages {', '.join(map(str, found))}")
    click.echo(f"to be sent again: {', '.join(map(str, found)) or 'none'}")
    others = sorted(set(numbers) - set(found))
    if others:
        raise Fault(f"not waiting and not given up: {', '.join(map(str, others))}")


def _moment(seconds: float) -> str:
    return beijing_time(seconds).isoformat(timespec="minutes")
