"""Events are written with what happened, messages once for each target, and nobody sends what another is sending."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text, update

from checks.model import Severity
from monitor.store import Store
from monitor.store.events import EventKind, EventStore
from monitor.store.ledger.message_figures import MessageFigures, Readership
from monitor.store.outbox import MessageState, NewMessage, Outbox
from monitor.store.schema import events, messages, metadata, runs

NOW = 1_800_000_000.0


@pytest.fixture
def outbox(store):
    return Outbox(store.engine)


def message(key="run-1/a", target="a"):
    return NewMessage(key, target, "run-finished", {"subject": "x"})


def begin(store, site="a"):
    return store.runs.begin(site=site, name="", url=f"http://{site}/", scope="site", engine="")


def put(store, *made):
    begun = begin(store)
    store.runs.finish(begun.id, status="complete")
    (event,) = [each for each in EventStore(store.engine).pending() if each.run == begun.id]
    Outbox(store.engine).digest([event.id], made, NOW)


def test_the_end_of_a_run_is_an_event_of_the_same_transaction(store):
    known = EventStore(store.engine)
    run = begin(store)
    assert known.pending() == []
    store.runs.finish(run.id, status="failed")
    store.runs.finish(run.id, status="failed")
    (event,) = known.pending()
    assert (event.kind, event.run, event.key) == (EventKind.RUN, run.id, f"run-{run.id}")


def test_an_event_that_cannot_be_written_takes_its_run_with_it(store, monkeypatch):
    run = begin(store)

    def fail(*_):
        raise RuntimeError("no room")

    monkeypatch.setattr("monitor.store.runs.record_end_of_run", fail)
    with pytest.raises(RuntimeError, match="no room"):
        store.runs.finish(run.id, status="complete")
    assert store.runs.load(run.id).status == "running"


def test_an_event_is_pending_until_it_is_in_a_digest(store, outbox):
    known = EventStore(store.engine)
    known.record("week-1", EventKind.WEEK, NOW)
    known.record("week-1", EventKind.WEEK, NOW)
    (event,) = known.pending()
    assert not event.is_announced
    assert known.knows("week-1")
    outbox.announce(event.id, [message("week-1/a")], NOW)
    assert [each.is_announced for each in known.pending()] == [True]
    outbox.digest([event.id], [message("week-1/a")], NOW)
    assert known.pending() == []
    with store.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(messages)).scalar() == 1


def test_a_message_is_claimed_once(store, outbox):
    put(store, message(), message("run-1/b", "b"))
    assert sorted(outbox.targets_with_mail(NOW)) == ["a", "b"]
    assert outbox.targets_with_mail(NOW - 1) == []
    claimed = outbox.claim("a", NOW)
    assert (claimed.key, claimed.body) == ("run-1/a", {"subject": "x"})
    held_by(store, "another-machine/7@1", at=1)
    assert outbox.claim("a", NOW) is not None, "a machine that gave no sign for two minutes is gone"
    outbox.mark_sent(claimed.id, NOW)
    assert outbox.claim("a", NOW) is None


def held_by(store, owner, at):
    with store.engine.begin() as connection:
        connection.execute(update(messages).values(owner=owner, claimed=at))


def test_a_message_that_a_living_process_sends_is_left_to_it(store, outbox, monkeypatch):
    put(store, message())
    held_by(store, "another-machine/7@1", at=NOW)
    monkeypatch.setattr("monitor.store.outbox.is_alive", lambda *_: True)
    assert outbox.claim("a", NOW) is None


def test_a_process_that_is_gone_holds_nothing(store, outbox):
    import socket

    put(store, message())
    held_by(store, f"{socket.gethostname()}/999999@1", at=NOW)
    assert outbox.claim("a", NOW).key == "run-1/a"


def test_what_failed_is_tried_later_with_those_who_have_not_got_it(store, outbox):
    put(store, message())
    claimed = outbox.claim("a", NOW)
    outbox.mark_failed(claimed.id, "451 later", NOW + 60, ["b@c.cn"])
    assert outbox.claim("a", NOW + 59) is None
    again = outbox.claim("a", NOW + 60)
    assert (again.attempts, again.error, again.remaining) == (1, "451 later", ("b@c.cn",))


def test_what_was_given_up_is_counted_and_can_be_sent_again(store, outbox):
    put(store, message(), message("run-1/b", "b"))
    claimed = outbox.claim("a", NOW)
    outbox.give_up(claimed.id, "no such host", NOW, None)
    assert outbox.count() == {"a": (0, 1, None), "b": (1, 0, NOW)}
    assert outbox.count(since=NOW + 1)["a"].given_up == 0
    assert [each.error for each in outbox.load([MessageState.GIVEN_UP], 9)] == ["no such host"]
    assert outbox.retry([claimed.id, 999], NOW + 5) == [claimed.id]
    assert outbox.claim("a", NOW + 5).attempts == 0


def test_only_what_has_ended_is_forgotten(store, outbox):
    put(store, message(), message("run-1/b", "b"))
    outbox.mark_sent(outbox.claim("a", NOW).id, NOW)
    assert outbox.forget(NOW) == 0
    assert outbox.forget(NOW + 1) == 1
    EventStore(store.engine).forget(NOW * 2)
    assert outbox.count() == {"b": (1, 0, NOW)}


def test_a_store_of_the_revision_before_gets_its_outbox_and_keeps_its_runs(store_url):
    with Store(store_url) as store:
        run = begin(store)
        with store.engine.begin() as connection:
            for table in ("events", "messages"):
                connection.execute(text(f"DROP TABLE {table}"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    with Store(store_url) as store:
        assert store.runs.load(run.id).site == "a"
        found = inspect(store.engine)
        for name in ("events", "messages"):
            assert [c["name"] for c in found.get_columns(name)] == [c.name for c in metadata.tables[name].columns]
            assert len(found.get_indexes(name)) >= 1
        store.runs.finish(run.id, status="complete")
        assert len(EventStore(store.engine).pending()) == 1
        with store.engine.begin() as connection:
            for table in (runs, events):
                connection.execute(table.delete())
    if store_url.startswith("sqlite"):
        path = Path(store_url.removeprefix("sqlite:///"))
        assert len(list(path.parent.glob("store.db.0004.*.bak"))) == 1


def test_the_figures_of_messages_are_asked_in_words_that_both_databases_know(store):
    run = begin(store)
    figures = MessageFigures(store.engine)
    readers = Readership(("a",), ("办公室",), (Severity.CRITICAL, Severity.MAJOR))
    assert figures.is_under_way("site")
    assert not figures.is_under_way("homepage")
    store.runs.finish(run.id, status="complete")
    assert not figures.is_under_way("site")
    assert figures.news_of_runs([run.id], readers) == {run.id: []}
    assert figures.first_looks(["a", "b"]) == {"a": run.id}
    assert figures.open_by_site(date(2026, 9, 10), readers) == {}
    assert figures.worst_overdue(date(2026, 9, 10), readers, 10) == ([], 0)
    assert figures.week_by_site(0.0, NOW, readers) == {}


def test_more_events_are_marked_than_fit_into_one_statement(store, outbox):
    known = EventStore(store.engine)
    for number in range(3):
        known.record(f"week-{number}", EventKind.WEEK, NOW)
    first, *_ = known.pending()
    outbox.digest([*range(first.id, first.id + 40_000)], [], NOW)
    assert known.pending() == []
