"""Texts and files of a large site are read by other workers, or here where none comes: the outcome is the same."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from sqlalchemy import text

from checks.model import Box, ReadCharacter
from monitor.failure import Failure
from monitor.inspection.attachment_reader import AttachmentReader
from monitor.inspection.helpers import HelpOfOthers
from monitor.inspection.picture_process import PictureReading
from monitor.inspection.workers import Crew, Crews, Patience, Workers
from monitor.service.fleet import batches
from monitor.service.fleet.batches import reading_in, words_of_reading
from monitor.service.fleet.fleet_schema import prepare
from monitor.service.fleet.queueing import TEXTS
from monitor.service.fleet.texts_for_others import LEAST, MOST, TextsForOthers
from monitor.service.fleet.texts_of_others import TextsOfOthers
from monitor.store import Store
from monitor.store.batch_store import BatchStore
from monitor.store.database import driver_parameters
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import JobStore
from monitor.store.json_text import decode_json, encode_json
from tests.monitor.inspection.failing import FailingAtText
from tests.monitor.inspection.test_attachments import FILES

PATIENT = Patience(seconds=500.0, characters=1e9)
QUEUE = "texts@judge"
LONG = "。" * LEAST
"""What makes a text worth its way."""


def page(*words: str) -> list[str]:
    return [f"{word}{LONG}" for word in words]


PAGE = page("one", "raise", "two")
VERDICTS = ["one", "ValueError: no verdict", "two"]


@pytest.fixture(name="store")
def opened(store: str):
    with Store(store) as opened:
        prepare(FleetTables(opened.engine))
        yield opened


@pytest.fixture
async def manager(store):
    connector = PsycopgConnector(kwargs=driver_parameters(store.engine), min_size=1, max_size=1)
    await connector.open_async()
    yield JobManager(connector)
    await connector.close_async()


@pytest.fixture
async def asker(store, manager):
    made = TextsForOthers(JobStore(store.engine, 30), lambda: QUEUE, lambda: number, lambda: changes.append(1))
    changes: list[int] = []
    number = await manager.register_worker()
    made.after = 0
    return made


@pytest.fixture
def crews():
    made = Crews()
    yield made
    made.close()


@pytest.fixture
def helper(store, crews):
    made = TextsOfOthers(BatchStore(store.engine), crews)
    made.adopt([FailingAtText()])
    return made


class BusyCrew(Crew):
    """A crew of one, which has no time before it is let go."""

    is_busy = True


@pytest.fixture
def workers(asker):
    """The way of a large inspection to a crew that is busy."""
    made = Workers(BusyCrew(FailingAtText(), 1), PATIENT, HelpOfOthers(asker))
    yield made
    made.close()


async def take(manager: JobManager, worker: int):
    """Wait for a batch, and return its job, which this worker does from now on."""
    while (job := await manager.fetch_job([QUEUE], worker)) is None:  # noqa: ASYNC110 - as in ``sent``
        await asyncio.sleep(0.01)
    return job


async def help_on(manager: JobManager, helper: TextsOfOthers) -> None:
    """Be a worker that does nothing but help; cancel to end."""
    worker = await manager.register_worker()
    while True:
        job = await take(manager, worker)
        await helper.read(job.task_kwargs["batch"])
        await manager.finish_job(job, Status.SUCCEEDED, delete_job=True)


@contextlib.asynccontextmanager
async def helped(manager: JobManager, helper: TextsOfOthers):
    task = asyncio.create_task(help_on(manager, helper))
    yield
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled(), task.exception()


def outcomes(verdicts: list) -> list[str]:
    return [each.reason if isinstance(each, Failure) else each[0].key.rstrip("。") for each in verdicts]


def left_behind(store: Store) -> tuple[int, int]:
    """Return how many batches and how many jobs there are."""
    with store.engine.connect() as connection:
        counted = "SELECT (SELECT count(*) FROM fleet_batches), (SELECT count(*) FROM procrastinate_jobs)"
        batches, jobs = connection.execute(text(counted)).one()
    return batches, jobs


async def sent(store: Store) -> None:
    """Wait until one batch is in the queue."""
    while left_behind(store) != (1, 1):  # noqa: ASYNC110 - the database tells nobody
        await asyncio.sleep(0.01)


async def test_what_others_say_is_what_would_be_said_here_in_the_same_order(store, manager, helper, workers):
    async with helped(manager, helper):
        first, second, poisoned = await asyncio.gather(
            workers.judge(PAGE), workers.judge(page("three", "four")), workers.judge(page("five", "die", "six"))
        )
    assert (outcomes(first), outcomes(second)) == (VERDICTS, ["three", "four"])
    assert outcomes(poisoned) == ["five", "the worker died", "six"]
    assert workers.take_seconds() > 0
    assert workers.hangs == 1
    assert left_behind(store) == (0, 0)


async def test_a_small_inspection_asks_nobody_and_neither_does_a_small_text(store, asker, workers):
    asker.after = 1
    await workers.judge([f"one{LONG}"])
    assert await asker.judge(FailingAtText(), ["one"]) is None
    assert await asker.judge(FailingAtText(), ["one" * MOST]) is None
    with store.engine.connect() as connection:
        assert not connection.execute(text("SELECT is_called FROM fleet_batches_id_seq")).scalar()


async def test_where_nobody_comes_texts_are_read_here_and_nobody_is_asked_for_a_while(store, asker, workers):
    asker.patience = 0.0
    assert outcomes(await workers.judge(PAGE)) == VERDICTS
    assert left_behind(store) == (0, 0)
    assert await asker.judge(FailingAtText(), PAGE) is None
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT last_value FROM fleet_batches_id_seq")).scalar() == 1


async def test_texts_that_were_lost_with_their_helper_are_read_here(store, manager, workers):
    reading = asyncio.create_task(workers.judge(PAGE))
    lost = await manager.register_worker()
    batch = (await take(manager, lost)).task_kwargs["batch"]
    with store.engine.begin() as connection:
        connection.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = '2000-01-01' WHERE id = :id"), {"id": lost}
        )
    kept = BatchStore(store.engine)
    assert JobStore(store.engine, 30).reclaim() == []
    kept.tidy(TEXTS, 30)
    assert outcomes(await reading) == VERDICTS
    kept.answer(batch, [[], 0.0, 0])  # it wakes up
    assert left_behind(store) == (0, 0)


class AnotherVersion(FailingAtText, frozen=True):
    """A check whose verdicts are others."""

    version = "another"


async def test_a_helper_that_judges_otherwise_leaves_texts_alone(store, manager, helper, workers):
    other = AnotherVersion()
    helper.adopt([other])
    async with helped(manager, helper):
        assert outcomes(await workers.judge(PAGE)) == VERDICTS
    assert left_behind(store) == (0, 0)


async def test_an_inspection_that_ends_takes_its_texts_back(store, asker, manager, workers):
    reading = asyncio.create_task(workers.judge(PAGE))
    await sent(store)
    assert asker.is_asking
    reading.cancel()
    await asyncio.wait([reading])
    assert left_behind(store) == (0, 0)
    assert not asker.is_asking


async def test_texts_of_a_worker_that_is_gone_are_dropped(store, asker, manager):
    reading = asyncio.create_task(asker.judge(FailingAtText(), PAGE))
    await sent(store)
    kept = BatchStore(store.engine)
    kept.tidy(TEXTS, 30)
    assert left_behind(store) == (1, 1)
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_workers"))
    kept.tidy(TEXTS, 30)
    assert left_behind(store) == (0, 0)
    assert await reading is None


@pytest.fixture
async def reader():
    """What reads attachments on this machine."""
    made = AttachmentReader()
    yield made
    await made.close()


async def test_what_others_read_in_files_is_what_would_be_read_here(store, manager, asker, helper, reader):
    async with helped(manager, helper):
        read = await asyncio.gather(*map(asker.read_file, FILES.values()))
    assert read == [await reader.read(body) for body in FILES.values()]
    assert [bool(each.text) for each in read] == [True, True, True, False]
    assert left_behind(store) == (0, 0)
    await helper.close()


async def test_a_file_that_is_too_large_does_not_travel(store, asker):
    assert await asker.read_file(bytes(asker.largest + 1)) is None
    assert left_behind(store) == (0, 0)
    with store.engine.connect() as connection:
        assert not connection.execute(text("SELECT is_called FROM fleet_batches_id_seq")).scalar()


async def test_a_helper_of_another_version_leaves_files_alone(manager, asker, helper, monkeypatch):
    monkeypatch.setattr(batches, "reader_of_files", lambda: "another version")
    async with helped(manager, helper):
        assert await asker.read_file(FILES["/a/hao.docx"]) is None


async def test_a_file_that_was_lost_with_its_helper_is_told_of(store, manager, asker):
    reading = asyncio.create_task(asker.read_file(FILES["/a/hao.docx"]))
    lost = await manager.register_worker()
    await take(manager, lost)
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_workers WHERE id = :id"), {"id": lost})
    BatchStore(store.engine).tidy(TEXTS, 30)
    assert await reading is None
    assert left_behind(store) == (0, 0)


def test_what_was_read_in_a_picture_travels_whole():
    line = tuple(ReadCharacter(each, 0.5, Box(1, 2, 30, 40, 3)) for each in "公示")
    for reading in (PictureReading((line,), "timeout", 1.5), PictureReading(trouble="died"), PictureReading()):
        assert reading_in(decode_json(encode_json(words_of_reading(reading)))) == reading
