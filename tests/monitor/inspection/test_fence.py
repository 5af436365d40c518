"""A check that fails costs the one subject: the rest is judged, the failure is counted, logged and reported."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest
import structlog
from docx import Document
from msgspec.structs import replace

import checks.model
from checks import CHECKS
from checks.links import Links
from checks.model import Block, Link, Page, Space
from checks.spaces import Spaces
from monitor.failure import Failure, failure_of
from monitor.garbage import IMPORTED, YOUNG
from monitor.inspection.checking import NAMED, Judging
from monitor.inspection.child import Child
from monitor.inspection.comparison import LookedAt, RunEvidence
from monitor.inspection.fence import judge_each
from monitor.inspection.large_pages import LARGE
from monitor.inspection.restarted_child import RestartedChild
from monitor.inspection.run import Inspection
from monitor.inspection.site_probes import PROBES
from monitor.inspection.workers import Crew, Crews, Patience, Workers
from monitor.logs import configure
from monitor.output.report import build_report
from monitor.settings.site import CrawlSettings, SiteSettings
from monitor.store import Store
from monitor.store.memory.verdicts import VerdictStore
from reports.digest import OpenFault
from reports.verdict import blind_spots
from reports.wording import words
from tests.cost import patience
from tests.factories import at, page
from tests.monitor.inspection.failing import (
    FailingAtDocument,
    FailingAtPage,
    FailingAtText,
    FailingAtTextHere,
    SlowToSend,
    Unsendable,
    answer_with_question,
    answer_with_threshold,
)
from tests.monitor.web import html, links, web
from tests.server.site import Exchange

PATIENT = Patience(seconds=500.0, characters=1e9)
"""For all but what hangs: a worker stands back for everybody, so that on a busy machine its start alone takes long."""


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


def active_children() -> set[int]:
    """Return the numbers of the processes for checks and large pages that this one has (proc(5))."""
    found = set()
    for numbers in Path("/proc/self/task").glob("*/children"):
        for number in numbers.read_text("ascii").split():
            with suppress(OSError):
                if Child.__module__ in Path(f"/proc/{number}/cmdline").read_text("utf-8"):
                    found.add(int(number))
    return found


@pytest.fixture
async def workers():
    made = Workers(Crew(FailingAtText(), 1), PATIENT)
    yield made
    made.close()


def said(verdicts: list) -> list[str]:
    """Return the texts in which something was found, and why there is no verdict on the others."""
    return [verdict.reason if isinstance(verdict, Failure) else verdict[0].key for verdict in verdicts]


@pytest.fixture(autouse=True)
def log_as_before():
    yield
    structlog.reset_defaults()


# ---- in this process -----------------------------------------------------------------------------


async def test_a_large_page_that_no_check_looks_at_is_not_handed_to_another_process(store):
    before = active_children()
    assert await Judging((), VerdictStore(store.engine)).judge(page(html="<p>" * LARGE)) == []
    assert active_children() <= before


def test_a_text_at_which_a_check_raises_costs_that_text_alone():
    verdicts = judge_each(FailingAtTextHere(), [Block("one"), Block("raise"), Block("two")])
    assert said(verdicts) == ["one", "ValueError: no verdict", "two"]


def test_a_failure_shows_where_and_never_with_what():
    def look(text: str) -> None:
        raise ValueError("two\nlines")

    with pytest.raises(ValueError, match="two") as raised:
        look("440106199003076235")
    failure = failure_of(raised.value)
    assert failure.reason == "ValueError: two lines"
    assert "in look" in failure.frames
    assert "440106199003076235" not in failure.frames.replace('look("440106199003076235")', "")


async def test_a_page_at_which_a_check_raises_is_counted_named_and_to_be_read_again(store):
    judging = Judging((FailingAtPage(),), VerdictStore(store.engine))
    for number in range(NAMED + 2):
        assert await judging.judge(page(at(f"/{number}"), title="raise")) == []
    assert len(await judging.judge(page(at("/fine")))) == 1
    (tally,) = judging.tallies.of(judging.checks)
    assert (tally.subjects, tally.findings, tally.errors) == (NAMED + 3, 1, NAMED + 2)
    assert tally.failed == tuple(at(f"/{number}") for number in range(NAMED))
    assert (judging.is_judged(at("/0")), judging.is_judged(at("/fine"))) == (False, True)


async def test_what_a_check_failed_on_is_no_evidence_and_what_it_saw_is(store):
    judging = Judging((FailingAtPage(), FailingAtTextHere()), VerdictStore(store.engine))
    for url, title, text in ((at("/1"), "raise", "one"), (at("/2"), "", "raise"), (at("/3"), "", "two")):
        await judging.judge(page(url, title=title, text=text))
    places = [at("/1"), at("/2"), at("/3")]
    evidence = RunEvidence(judging, LookedAt(set(places), set(places), frozenset()), whole=True)
    assert [evidence(OpenFault("", "failing-at-page", place), place) for place in places] == [False, True, True]
    assert not any(evidence(OpenFault("", "failing-at-text", place), place) for place in places)


async def test_a_text_without_a_verdict_is_asked_about_again_in_the_next_run(store):
    verdicts, check = VerdictStore(store.engine), FailingAtTextHere()
    await Judging((check,), verdicts).judge(page(text="one\nraise"))
    hashes = [Block("one").hash, Block("raise").hash]
    assert set(verdicts.load(check.id, check.version, hashes)) == {hashes[0]}


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_log_names_check_page_and_place_and_no_value(store, capsys, form):
    configure(form)
    await Judging((FailingAtPage(),), VerdictStore(store.engine)).judge(page(at("/a"), title="raise"))
    logged = capsys.readouterr().err
    for part in ("failing-at-page", at("/a"), "ValueError: no verdict", "in inspect"):
        assert part in logged
    assert "440106199003076235" not in logged


# ---- in workers ----------------------------------------------------------------------------------


async def test_a_text_at_which_a_worker_hangs_costs_that_text_alone():
    limit = patience(6.0)
    workers = Workers(Crew(FailingAtText(), 1), replace(PATIENT, seconds=limit))
    assert said(await workers.judge(["one", "hang", "two"])) == ["one", f"no verdict within {limit:.0f} s", "two"]
    assert said(await workers.judge(["three"])) == ["three"]
    workers.close()


@pytest.mark.parametrize(("text", "reason"), [("die", "the worker died"), ("raise", "ValueError: no verdict")])
async def test_a_text_that_a_worker_does_not_survive_costs_that_text_alone(workers, text, reason):
    assert said(await workers.judge(["one", text, "two"])) == ["one", reason, "two"]
    assert said(await workers.judge(["three"])) == ["three"]


async def test_a_check_that_hangs_at_text_after_text_is_not_asked_any_more(store):
    workers = Workers(Crew(FailingAtText(), 1), replace(PATIENT, hangs=2))
    verdicts = said(await workers.judge(["die", "die 2", "one"]))
    workers.close()
    assert verdicts[:2] == ["the worker died"] * 2
    assert verdicts[2] == "the check hung too often and is not asked any more"


async def test_a_check_that_cannot_be_sent_fails_and_the_run_goes_on():
    workers = Workers(Crew(Unsendable(), 1), PATIENT)
    assert said(await workers.judge(["one"])) == ["TypeError: not to be sent"]
    workers.close()


async def test_closing_ends_processes_that_are_busy(workers):
    busy = asyncio.create_task(workers.judge(["hang"]))
    await asyncio.sleep(0)  # the task has taken the worker
    while not active_children():  # noqa: ASYNC110 - a process tells nobody that it is there
        await asyncio.sleep(0.05)
    workers.close()
    assert active_children() == set()
    busy.cancel()
    with pytest.raises(asyncio.CancelledError):
        await busy


async def test_a_worker_whose_question_was_given_up_never_answers_the_next_one(workers):
    asked = asyncio.create_task(workers.judge(["hang"]))
    await asyncio.sleep(0)  # the task has taken the worker
    while not active_children():  # noqa: ASYNC110 - a process tells nobody that it is there
        await asyncio.sleep(0.05)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert said(await workers.judge(["one", "two"])) == ["one", "two"]


async def test_a_question_that_was_given_up_before_its_process_started_starts_none_beside_that_of_the_next():
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    slow, both_threads = SlowToSend(), Barrier(2, timeout=60)
    child = RestartedChild(answer_with_question, slow)
    given_up = asyncio.create_task(child.ask("first", 60))
    assert await asyncio.to_thread(slow.is_being_sent.wait, 60)
    before = active_children()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert await child.ask("second", 60) == "second"
    slow.may_be_sent.set()
    await asyncio.gather(*(asyncio.to_thread(both_threads.wait) for _ in range(2)))  # that of the first has ended
    assert len(active_children() - before) == 1
    child.kill()


def test_a_process_that_was_ended_is_not_started_again():
    child = Child(answer_with_question, None)
    child.kill()
    with pytest.raises(EOFError):
        child.ask("late", 60)


def test_a_process_is_one_and_brings_no_other():
    program = """
import os
from pathlib import Path
from monitor.inspection.child import Child
from tests.monitor.inspection.failing import answer_with_threshold

child = Child(answer_with_threshold)
child.ask("", 60)
print(*(numbers.read_text("ascii") for numbers in Path("/proc/self/task").glob("*/children")))
child.kill()
print(*(numbers.read_text("ascii") for numbers in Path("/proc/self/task").glob("*/children")))
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    there, left = done.stdout.splitlines()
    assert (len(there.split()), left.split()) == (1, [])


def test_the_garbage_collector_of_a_worker_looks_seldom():
    child = Child(answer_with_threshold)
    try:
        assert child.ask("", 60) == (IMPORTED, YOUNG)
    finally:
        child.kill()


async def test_runs_of_a_daemon_share_processes_which_end_some_time_after_the_last():
    crews = Crews(kept=0.5)
    processes = set()
    for _ in range(2):
        first, second = (Workers(crews.of(FailingAtText()), PATIENT) for _ in range(2))
        assert said(await first.judge(["one"])) == said(await second.judge(["one"])) == ["one"]
        processes |= active_children()
        first.close()
        assert said(await second.judge(["two"])) == ["two"]
        second.close()
    assert len(processes) == 1
    while active_children():  # noqa: ASYNC110 - likewise
        await asyncio.sleep(0.05)
    third = Workers(crews.of(FailingAtText()), PATIENT)
    assert said(await third.judge(["three"])) == ["three"]
    crews.close()
    assert active_children() == set()


@pytest.mark.parametrize("module", ["monitor.inspection.text_process", "monitor.inspection.attachment_reader"])
def test_a_worker_starts_without_what_it_has_no_use_for(module):
    heavy = ("sqlalchemy", "pydantic", "monitor.fetch", "jinja2", "click")
    heavy += ("asyncio",) if module == "monitor.inspection.text_process" else ()
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


# ---- a whole run ---------------------------------------------------------------------------------


async def stable(exchange: Exchange) -> None:
    """Answer a page at which the check raises; with 304 once it is known."""
    known = exchange.headers.get("if-none-match") == '"1"'
    body = "" if known else html("<p>一</p>", "raise")
    await exchange.answer(body, status=304 if known else 200, headers={"ETag": '"1"'})


def document() -> bytes:
    made, out = Document(), io.BytesIO()
    made.add_paragraph("关于召开会议的通知")
    made.save(out)
    return out.getvalue()


async def test_the_report_names_what_a_check_failed_on_in_every_run(store):
    pages = {"/": links("/a.html", "/b.docx"), "/a.html": stable, "/b.docx": document()}
    settings = CrawlSettings(delay=0, second_look=False, allow_private=True)
    tallies = []
    with web(pages).running() as site:
        for _ in range(2):
            checks = (FailingAtPage(), FailingAtDocument())
            run = await Inspection(store, settings, SiteSettings(url=site.url), "site", checks).run()
            tallies.append({tally.id: (tally.errors, tally.failed) for tally in run.facts.checks})
    failed = {
        "failing-at-page": (1, (f"{site.url}/a.html",)),
        "failing-at-document": (1, (f"{site.url}/b.docx",)),
    }
    assert tallies == [failed, failed]
    assert any(
        f"{site.url}/a.html" in sentence for sentence in blind_spots(build_report(store, run.id), words("zh-CN"))
    )


async def test_a_probe_that_fails_costs_its_subjects_and_not_the_run(store, monkeypatch):
    async def broken(site):
        raise RuntimeError("not to be asked")
        yield

    monkeypatch.setitem(PROBES, Space, broken)
    settings = CrawlSettings(delay=0, second_look=False, allow_private=True)
    with web({"/": links("/gone.html")}).running() as site:
        run = await Inspection(store, settings, SiteSettings(url=site.url), "site", (Links(), Spaces())).run()
    tallies = {tally.id: tally for tally in run.facts.checks}
    assert (run.status, tallies["links"].findings, tallies["spaces"].errors) == ("complete", 1, 1)
    assert tallies["spaces"].failed == (f"{site.url}/",)


def test_every_subject_that_a_check_judges_has_somebody_who_makes_it():
    made_by_the_crawl = {Page, Block, Link, checks.model.Document, checks.model.PictureText, checks.model.Viewing}
    made_of_accounts = {checks.model.Post}
    assert {check.subject for check in CHECKS} == made_by_the_crawl | made_of_accounts | set(PROBES)
