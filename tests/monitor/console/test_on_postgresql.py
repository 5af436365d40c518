"""Pages and API say the same over PostgreSQL as over SQLite, and change the same."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.monitor.command_server import Forked
from tests.monitor.console.bureau import Bureau, ServedConsole, send
from tests.monitor.console.programs import program
from tests.monitor.postgresql import Server, server

PAGES = (
    "/",
    "/sites/a",
    "/findings",
    "/findings?state=any&order=due",
    "/findings?order=newest&rule=typo",
    "/findings?q=gone.html&state=any",
    "/findings?q=gone.html&site=a",
    "/findings?q=%00",
    "/findings?overdue=1",
    "/findings?department=%E5%8A%9E%E5%85%AC%E5%AE%A4",
    "/findings/2",
    "/triage",
    "/triage?q=%E5%B8%90",
    "/runs/2",
    "/suppressions",
    "/outbox",
    "/audit?who=a%00b",
    "/settings",
    "/users",
)

DOCUMENTS = (
    "/sites",
    "/runs",
    "/runs/2",
    "/entries?state=any&order=due",
    "/entries?q=gone.html&state=any",
    "/entries/3",
    "/statistics?site=a",
    "/suppressions",
)


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with server() as started:
        yield started


@pytest.fixture(scope="module")
def consoles(tmp_path_factory, made, database) -> Iterator[list[ServedConsole]]:
    """The same bureau twice: over SQLite, and over PostgreSQL."""
    with ExitStack() as stack:
        offices = [
            Bureau(tmp_path_factory.mktemp("sqlite"), made),
            Bureau(tmp_path_factory.mktemp("postgresql"), url=database.url),
        ]
        for office in offices:
            stack.callback(office.close)
        yield [stack.enter_context(office.served()) for office in offices]


@pytest.fixture(scope="module")
def people(consoles):
    with ExitStack() as stack:
        yield [stack.enter_context(console.person("admin")) for console in consoles]


@pytest.fixture(scope="module")
def programs(consoles):
    with ExitStack() as stack:
        yield [stack.enter_context(program(console, "admin")) for console in consoles]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_answered_by_both(people, path):
    assert [client.get(path).status_code for client in people] == [200, 200]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_the_same_by_both(programs, path):
    first, second = (client.get(path).raise_for_status().json() for client in programs)
    assert first == second


def test_a_change_is_the_same_by_both(people, programs):
    for client in people:
        send(client, "/findings/4", {"state": "fixing", "note": "已派人"})
        send(client, "/findings/change", {"number": ["5", "6"], "state": "to-verify", "filter": ""})
    histories = [client.get(f"/entries/{number}").json()["history"] for client in programs for number in (4, 5)]
    assert [row["after"] for row in histories[0]] == [row["after"] for row in histories[2]]
    assert [row["field"] for row in histories[1]] == [row["field"] for row in histories[3]]
    assert [len(client.get("/entries?q=已派人&state=any").json()["items"]) for client in programs] == [1, 1]


def test_while_the_database_is_away_pages_api_and_commands_wait_for_it(consoles, database, tmp_path):
    _, office = consoles
    config = tmp_path / "config.yaml"
    config.write_text(f"store: {{url: '{database.url}'}}\nsites: [{{id: a, url: 'http://a.cn/'}}]\n", "utf-8")
    with office.person("admin") as client, program(office, "admin", ["read"]) as api:
        assert (client.get("/").status_code, api.get("/sites").status_code) == (200, 200)
        database.stop()
        page, answer = client.get("/"), api.get("/sites")
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert "Traceback" not in page.text
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.headers["content-type"] == "application/problem+json"
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with Forked(("status", "--config", config), **pipes) as command:
            assert "等待数据库" in command.stderr.readline()
            database.start()
            assert "首页" in command.stdout.read()
            assert command.wait() == 0
        assert (client.get("/").status_code, api.get("/sites").status_code) == (200, 200)
