"""Look at who is written to, try it, and see what has not arrived."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

import click

from checks.model import Text
from monitor.accounts.auditing import AuditLog, actor_at_keyboard
from monitor.beijing import beijing_time
from monitor.commands.common import Fault, error_text, language_of, opened, opened_to_read
from monitor.delivery.dispatcher import Unusable, attempted
from monitor.delivery.senders import sender_of
from monitor.loop import run
from monitor.settings.delivery import TargetSettings
from monitor.settings.site import Settings
from monitor.store.outbox import MessageRecord, MessageState, Outbox, TargetCount
from reports.messages.message import message_from_json, message_to_json
from reports.messages.occasions import Envelope, trial
from reports.safe import one_line

NOBODY = Text(
    "没有接收方；接收方列在 config.yaml 的 notify 中", "nobody is written to; `notify:` in config.yaml lists targets"
)
ALL_SITES, ALL_DEPARTMENTS = Text("所有网站", "all sites"), Text("所有处室", "all departments")
COUNTS = Text("待发 {waiting} 放弃 {given_up}", "waiting {waiting} given up {given_up}")
NO_TARGET = Text("没有接收方 {name}，有：{known}", "there is no target {name}; there are: {known}")
NO_TARGETS = Text("notify：没有接收方", "notify: has no targets")
SENT = Text("已送出", "sent")
NO_MESSAGES = Text("没有消息", "no messages")
STATES = {
    MessageState.WAITING: Text("待发", "waiting"),
    MessageState.SENT: Text("已送出", "sent"),
    MessageState.GIVEN_UP: Text("已放弃", "given-up"),
}
"""States of a message, in English as JSON has them."""
NEXT = Text("  下次 {at}", "  next {at}")
ATTEMPTS = Text("已试 {n} 次", "attempts {n}")
AGAIN = Text("将重新发送：{numbers}", "to be sent again: {numbers}")
NONE = Text("无", "none")
OTHERS = Text("不在待发和已放弃之中：{numbers}", "not waiting and not given up: {numbers}")


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
        click.echo(NOBODY(language_of(settings)), err=True)
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if form == "json" else _target_line(row, language_of(settings)))
    if any(row["fault"] for row in rows):
        sys.exit(1)


def _target_row(target: TargetSettings, count: TargetCount) -> TargetRow:
    try:
        channel, fault = target.channel().value, ""
        sender_of(target)
    except ValueError as error:
        channel, fault = "unknown", error_text(error)
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


def _target_line(row: TargetRow, language: str) -> str:
    sites = ", ".join(row["sites"]) or ALL_SITES(language)
    departments = ", ".join(row["departments"]) or ALL_DEPARTMENTS(language)
    about = f"{', '.join(row['events'])}; {sites}; {departments}"
    counts = COUNTS(language).format(waiting=f"{row['waiting']:<4}", given_up=f"{row['given_up']:<4}")
    return f"{row['channel']:<8}  {counts}  {row['target']}: {about}" + (f"  [{row['fault']}]" if row["fault"] else "")


def send_trials(settings: Settings, name: str | None) -> None:
    """Send a test message and print what came of it; exit with 1 where it was not taken. Raises Fault."""
    targets = [target for target in settings.notify.targets if name in {None, target.name}]
    if not targets:
        known = ", ".join(target.name for target in settings.notify.targets)
        named = NO_TARGET if name and known else NO_TARGETS
        raise Fault(named(language_of(settings)).format(name=name, known=known))
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
    click.echo(f"{target.name}: {one_line(reason) or SENT(language_of(settings))}", err=bool(reason))
    return reason


def list_messages(settings: Settings, form: str, limit: int, *, failed: bool) -> None:
    """Print messages, the newest first."""
    states = [MessageState.WAITING, MessageState.GIVEN_UP] if failed else list(MessageState)
    with opened_to_read(settings) as store:
        found = Outbox(store.engine).load(states, limit)
    lines = [_message_line(record) for record in found if not failed or record.error]
    if not lines:
        click.echo(NO_MESSAGES(language_of(settings)), err=True)
    for line in _printed(lines, form, language_of(settings)):
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


def _printed(lines: Iterable[MessageLine], form: str, language: str) -> Iterator[str]:
    for line in lines:
        if form == "json":
            yield json.dumps(line, ensure_ascii=False)
            continue
        state = STATES[MessageState(line["state"])](language)
        head = f"{line['number']:<6} {state:<8}  {line['written']}"
        following = NEXT(language).format(at=line["next"]) if line["error"] and line["next"] else ""
        attempts = ATTEMPTS(language).format(n=line["attempts"])
        reason = f"  [{one_line(line['error'])}; {attempts}{following}]" if line["error"] else ""
        yield f"{head}  {line['target']}  {one_line(line['subject'])}{reason}"


def retry_messages(settings: Settings, numbers: Sequence[int]) -> None:
    """Have messages sent again. Raises Fault where one of them has arrived, or is not there."""
    with opened(settings) as store:
        found = Outbox(store.engine).retry(numbers, time.time())
        if found:
            AuditLog(store).add(actor_at_keyboard(), "outbox.retry", f"messages {', '.join(map(str, found))}")
    language = language_of(settings)
    click.echo(AGAIN(language).format(numbers=", ".join(map(str, found)) or NONE(language)))
    others = sorted(set(numbers) - set(found))
    if others:
        raise Fault(OTHERS(language).format(numbers=", ".join(map(str, others))))


def _moment(seconds: float) -> str:
    return beijing_time(seconds).isoformat(timespec="minutes")
