"""Keep messages until somebody takes them: written with what they are about, sent later, each to one target.

A message is claimed before it is sent, so that two processes do not send it both. Who is killed between sending and
marking sends it once more after the next start (at least once): the message carries its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, and_, case, delete, func, select, update

from monitor.store.database import Row, insert_missing
from monitor.store.events import mark_announced, mark_digested
from monitor.store.runs import is_alive, me
from monitor.store.schema import messages


class MessageState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given-up"


class NewMessage(NamedTuple):
    """A message to be kept. ``body`` is what it says, as JSON (``reports.messages.message``)."""

    key: str
    target: str
    occasion: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """A message as it is stored; times in seconds since the epoch.

    ``remaining`` are the recipients who have not got it, None where nobody has. ``error`` is why the last attempt
    failed, without secrets.
    """

    id: int
    key: str
    target: str
    occasion: str
    created: float
    due: float
    state: MessageState
    attempts: int
    ended: float | None
    error: str
    remaining: tuple[str, ...] | None
    body: Mapping[str, object]


class TargetCount(NamedTuple):
    """Messages of one target; ``oldest`` is when the first of those that wait was written, None without any."""

    waiting: int
    given_up: int
    oldest: float | None


class Outbox:
    """The table of messages."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def announce(self, event: int, made: Iterable[NewMessage], now: float) -> None:
        """Write the messages at once of an event, and that they are: both or neither."""
        with self.engine.begin() as connection:
            _write(connection, made, now)
            mark_announced(connection, event, now)

    def digest(self, events: Sequence[int], made: Iterable[NewMessage], now: float) -> None:
        """Write the last messages about some events, and that there will be no other: both or neither."""
        with self.engine.begin() as connection:
            _write(connection, made, now)
            mark_digested(connection, events, now)

    def targets_with_mail(self, now: float) -> list[str]:
        """Return the targets for which a message is due."""
        column = messages.c
        is_due = column.state == MessageState.WAITING, column.due <= now
        with self.engine.connect() as connection:
            return list(connection.execute(select(column.target).where(*is_due).distinct()).scalars())

    def claim(self, target: str, now: float) -> MessageRecord | None:
        """Take the oldest message that is due for a target, None where there is none.

        A process sends one message to a target at a time: what it holds already was left behind by an error.
        """
        column = messages.c
        is_due = column.target == target, column.state == MessageState.WAITING, column.due <= now
        with self.engine.begin() as connection:
            for row in connection.execute(select(messages).where(*is_due).order_by(column.id)).mappings().all():
                if row["owner"] not in {"", me()} and is_alive(row["owner"], row["claimed"] or 0.0):
                    continue
                as_read = column.id == row["id"], column.state == MessageState.WAITING, column.owner == row["owner"]
                taken = {"owner": me(), "claimed": now, "attempts": column.attempts + 1}
                if connection.execute(update(messages).where(*as_read).values(taken)).rowcount:
                    return _message(row)
        return None

    def attempts_since(self, target: str, moment: float) -> list[float]:
        """Return when messages to a target were last tried, whatever came of it, from a moment on, in order."""
        column = messages.c
        tried = select(column.claimed).where(column.target == target, column.claimed >= moment)
        with self.engine.connect() as connection:
            return list(connection.execute(tried.order_by(column.claimed)).scalars())

    def mark_sent(self, number: int, now: float) -> None:
        """Keep that a message has arrived."""
        self._end(number, {"state": MessageState.SENT.value, "ended": now, "error": "", "remaining": None})

    def mark_failed(self, number: int, error: str, due: float, remaining: Sequence[str] | None) -> None:
        """Keep why a message has not arrived, who still lacks it, and when it is tried again."""
        self._end(number, {"error": error, "due": due, "remaining": _list_or_none(remaining)})

    def give_up(self, number: int, error: str, now: float, remaining: Sequence[str] | None) -> None:
        """Keep that a message is tried no more, and why it never arrived."""
        values: Row = {"state": MessageState.GIVEN_UP.value, "ended": now, "error": error}
        self._end(number, values | {"remaining": _list_or_none(remaining)})

    def _end(self, number: int, values: Row) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(messages).where(messages.c.id == number).values(values | {"owner": ""}))

    def retry(self, numbers: Sequence[int], now: float) -> list[int]:
        """Send some messages again that were given up or wait for their next attempt; return which of them those are.

        They have as long as new ones. What has arrived stays as it is.
        """
        unsent = messages.c.id.in_(numbers), messages.c.state != MessageState.SENT
        values = {"state": MessageState.WAITING.value, "due": now, "created": now, "attempts": 0, "ended": None}
        with self.engine.begin() as connection:
            found = list(connection.execute(select(messages.c.id).where(*unsent).order_by(messages.c.id)).scalars())
            connection.execute(update(messages).where(*unsent).values(values))
        return found

    def load(self, states: Iterable[MessageState], limit: int) -> list[MessageRecord]:
        """Return messages in some states, the newest first."""
        chosen = messages.c.state.in_([state.value for state in states])
        statement = select(messages).where(chosen).order_by(messages.c.id.desc()).limit(limit)
        with self.engine.connect() as connection:
            return [_message(row) for row in connection.execute(statement).mappings()]

    def count(self, since: float = 0.0) -> dict[str, TargetCount]:
        """Return of each target how many messages wait, and how many were given up since a moment."""
        column = messages.c
        waits = column.state == MessageState.WAITING
        figures = (
            func.sum(case((waits, 1), else_=0)),
            func.sum(case((and_(column.state == MessageState.GIVEN_UP, column.ended >= since), 1), else_=0)),
            func.min(case((waits, column.created))),
        )
        # Named, not "all but those that were sent": of these there are most, and the index leads past them.
        is_unsent = column.state.in_([MessageState.WAITING.value, MessageState.GIVEN_UP.value])
        unsent = select(column.target, *figures).where(is_unsent).group_by(column.target)
        with self.engine.connect() as connection:
            return {row[0]: TargetCount(int(row[1]), int(row[2]), row[3]) for row in connection.execute(unsent)}

    def forget(self, before: float) -> int:
        """Drop messages that were sent or given up before a moment; return how many."""
        ended = and_(messages.c.state != MessageState.WAITING, messages.c.ended < before)
        with self.engine.begin() as connection:
            return connection.execute(delete(messages).where(ended)).rowcount


def _write(connection: Connection, made: Iterable[NewMessage], now: float) -> None:
    common: Row = {"created": now, "due": now, "state": MessageState.WAITING.value, "attempts": 0, "owner": ""}
    common |= {"claimed": None, "ended": None, "error": "", "remaining": None}
    insert_missing(connection, messages, [common | {**each._asdict(), "body": dict(each.body)} for each in made], "key")


def _list_or_none(remaining: Sequence[str] | None) -> list[str] | None:
    return None if remaining is None else list(remaining)


def _message(row: RowMapping) -> MessageRecord:
    names = ("id", "key", "target", "occasion", "created", "due", "attempts", "ended", "error", "body")
    remaining = row["remaining"]
    return MessageRecord(
        **{name: row[name] for name in names},
        state=MessageState(row["state"]),
        remaining=None if remaining is None else tuple(remaining),
    )
