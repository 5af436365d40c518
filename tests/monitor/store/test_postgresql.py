"""The same inspection on a real PostgreSQL: what is found, kept and resumed does not depend on the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event, make_url, select

from monitor.store import Store
from monitor.store.database import insert_rows, update_rows, upsert
from monitor.store.memory.verdicts import VerdictStore
from monitor.store.schema import entry_history, sightings
from tests.monitor.delivery.test_composing import Outgoing, target, texts
from tests.monitor.desk import Desk
from tests.monitor.official import NEAR
from tests.monitor.postgresql import server
from tests.monitor.store.test_findings import FINDINGS
from tests.monitor.web import Command, html, links, path_of, serve, web


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The URL of an empty database on a server of the tests' own."""
    with server() as started:
        yield started.url


def test_runs_on_postgresql_find_keep_and_forget_what_runs_on_sqlite_do(postgresql, tmp_path):
    pages = {"/": links("/a", "/gone", "/b#gone"), "/a": links("/gone", "http://["), "/b": html("乙")}
    reports = {}
    with web(pages).running() as site:
        for name, store in (("sqlite", ""), ("postgresql", postgresql)):
            (tmp_path / name).mkdir()
            command = Command(tmp_path / name, store)
            reports[name] = [command(site.url, checks="links,headers,typos") for _ in range(2)]
    for ours, theirs in zip(*reports.values(), strict=True):
        assert (ours.code, theirs.code) == (0, 0)
        assert [_lasting(f) for f in ours.report["findings"]] == [_lasting(f) for f in theirs.report["findings"]]
    second = reports["postgresql"][1]
    assert {finding["baseline"] for finding in second.report["findings"]} == {"unchanged"}
    assert second.targets("broken-link") == {"/gone"}


def _lasting(finding: dict) -> dict:
    target = finding["target"]
    return finding | {"number": 0, "first_seen": "", "last_seen": "", "target": target and path_of(target["url"])}


def test_a_run_on_postgresql_is_resumed_after_a_kill(postgresql, tmp_path):
    inspect = Command(tmp_path, postgresql)
    pages = {"/": links(*(f"/{n}" for n in range(150)))} | {f"/{n}": links("/gone", f"/{n}#gone") for n in range(150)}
    with web(pages).running() as site:
        process = inspect.start(site.url, settings=("crawl.delay=0.02",))
        while len(site.requests) < 120:  # at fifty a second: the first pages are in the store by then, within a second
            assert process.poll() is None
        process.kill()
        process.communicate()
        outcome = inspect(site.url, settings=("crawl.delay=0.02",))
        assert len(site.asked("/0")) == 1
    assert len(outcome.found("broken-fragment")) == 150


def test_entries_are_rechecked_on_postgresql(postgresql, tmp_path):
    with web({"/": links("/lost", "/mended")}).running() as site:
        desk = Desk(tmp_path, site, "links", (*NEAR, f"store.url={postgresql}"))
        desk.inspect()
        lost, mended = (desk.entry(f"{site.url}{path}")["number"] for path in ("/lost", "/mended"))
        desk.site.routes["/mended"] = serve(html("回来了"))
        outcomes = {each["number"]: each for each in desk.recheck(lost, mended, code=1)}
        assert (outcomes[lost]["result"], outcomes[lost]["state"]) == ("still-there", "to-fix")
        assert (outcomes[mended]["result"], outcomes[mended]["state"]) == ("gone", "closed")
        desk.site.routes["/mended"] = serve((404, "又没有了"))
        assert desk.recheck(mended, code=1)[0]["state"] == "to-fix"


def test_a_database_that_is_not_there_is_named_and_its_password_is_not(tmp_path):
    outcome = Command(tmp_path, "postgresql+psycopg://me:geheim@127.0.0.1:9/none")("http://127.0.0.1:9/")
    assert outcome.code == 2
    assert "127.0.0.1:9/none 打不开" in outcome.stderr
    assert "geheim" not in outcome.stderr


def test_messages_are_composed_on_postgresql_as_on_sqlite(postgresql, tmp_path):
    pages = {"/": links("/lost", "/mended"), "/robots.txt": (404, "")}
    written = {}
    with psycopg.connect(postgresql.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE messages")
    stores = {"sqlite": "", "postgresql": f"{postgresql.rpartition('/')[0]}/messages"}
    with web(pages).running() as site:
        for name, store in stores.items():
            site.routes["/mended"] = serve((404, "没有了"))
            (tmp_path / name).mkdir()
            desk = Desk(tmp_path / name, site, "links", (*NEAR, *([f"store.url={store}"] if store else [])))
            out = Outgoing(desk, store, targets=[target("a", "run-finished", "critical-at-once", "recovered")])
            desk.inspect()
            first = out.compose(desk.now + timedelta(minutes=5))
            assert out.compose(desk.now + timedelta(minutes=6)) == [], "each is written once"
            site.routes["/mended"] = serve(html("回来了"))
            desk.now += timedelta(days=1)
            desk.inspect()
            second = out.compose(desk.now + timedelta(minutes=5))
            written[name] = texts([*first, *second])
    assert written["postgresql"] == written["sqlite"]
    assert len(written["sqlite"]) >= 2


def test_rows_written_together_are_on_postgresql_what_they_are_on_sqlite(postgresql, tmp_path):
    body = {"text": '帐号 "\\" \x00 \ud800 😀', "looks": [1, None]}
    common = {"site": "bulk.cn", "scope": "site", "rule": "typo", "check": "typos", "runs": 1, "fixed": None}
    common |= {"first_seen": 1790000000.123456, "last_seen": 0.1, "last_run": 2**40, "fixed_run": None, "body": body}
    first = [common | {"fingerprint": f"f{n}"} for n in range(3)]
    again = [common | {"fingerprint": "f1", "runs": n, "rule": "a'b\n\\"} for n in (2, 3)]
    raised = [{"fingerprint": f"f{n}", "runs": n, "body": {"n": n}, "fixed": 2.5} for n in range(2)]
    alone = common | {"fingerprint": "g", "fixed_run": 7}
    change = {"at": 0.5, "cause": "run", "by": "", "run": None, "field": "state", "after": "", "why": ""}
    read = []
    for url in (f"sqlite:///{tmp_path / 'bulk.db'}", postgresql):
        with Store(url) as store, store.engine.connect() as connection:
            upsert(connection, sightings, first)
            upsert(connection, sightings, again)
            update_rows(connection, sightings, raised, key="fingerprint", added={"runs"})
            upsert(connection, sightings, [alone])
            update_rows(connection, sightings, [raised[1] | {"fingerprint": "g"}], key="fingerprint", added={"runs"})
            insert_rows(connection, entry_history, [change | {"number": 2**40, "before": str(n)} for n in range(700)])
            kept = select(sightings).where(sightings.c.site == "bulk.cn").order_by(sightings.c.fingerprint)
            history = select(entry_history.c.before).where(entry_history.c.number == 2**40).order_by(entry_history.c.id)
            read.append((connection.execute(kept).all(), connection.execute(history).scalars().all()))
            connection.rollback()
    assert read[0] == read[1]
    rows, order = read[1]
    assert [(row.runs, row.fixed, row.fixed_run) for row in rows] == [
        (1, 2.5, None),
        (4, 2.5, None),
        (1, None, None),
        (2, 2.5, 7),
    ]
    assert [row.body for row in rows] == [{"n": 0}, {"n": 1}, body, {"n": 1}]
    assert order == [str(n) for n in range(700)]


def test_verdicts_on_postgresql_are_what_they_are_on_sqlite_and_each_is_looked_up(postgresql, tmp_path):
    """Also in a new store, of whose tables PostgreSQL knows nothing yet."""
    hashes = [number.to_bytes(16) for number in range(2_000)]
    said = {key: [FINDINGS[2]] if number % 7 == 0 else [] for number, key in enumerate(hashes)}
    asked: list[tuple[str, dict]] = []
    for url in (f"sqlite:///{tmp_path / 'verdicts.db'}", postgresql):
        with Store(url) as store:
            verdicts = VerdictStore(store.engine)
            for number in range(0, len(hashes), 100):
                verdicts.save("typos", "of tests", {key: said[key] for key in hashes[number : number + 100]}, 1.0)
            wanted = [*hashes[:20], b"unknown"]
            event.listen(
                store.engine,
                "before_cursor_execute",
                lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
            )
            assert verdicts.load("typos", "of tests", wanted) == {key: said[key] for key in hashes[:20]}
    statement, values = asked[-1]
    with psycopg.connect(make_url(postgresql).set(drivername="postgresql").render_as_string()) as connection:
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {statement}", values).fetchall())
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert "hash =" in condition
    assert "Filter" not in plan
