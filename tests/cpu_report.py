"""A pytest plugin that says what tests cost in CPU seconds: on a busy machine the clock says what others do.

    make test ARGS="-p tests.cpu_report"

Counted are all processes that a test starts, but for those that leave their parent, as PostgreSQL does when pg_ctl
starts it. What a fixture of a module or a session costs stands at the test that asked for it first.
Linux only (proc(5)).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

SHOWN = 25
TICK = os.sysconf("SC_CLK_TCK")
COLLECTION = "collection, in every worker"

spent: Counter[str] = Counter()
"""CPU seconds by the id of a test."""


def cpu_seconds(process: int) -> float:
    """Return what a process, its children and those that they have waited for have used so far."""
    seconds = 0.0
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        seconds = sum(map(int, fields[11:15])) / TICK
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            seconds += sum(cpu_seconds(int(child)) for child in children.read_text().split())
    return seconds


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    before = cpu_seconds(os.getpid())
    result = yield
    spent[COLLECTION] += cpu_seconds(os.getpid()) - before
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = cpu_seconds(os.getpid())
    result = yield
    spent[item.nodeid] += cpu_seconds(os.getpid()) - before
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["cpu"] = dict(spent)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    modules: Counter[str] = Counter()
    for name, seconds in spent.items():
        modules[name.partition("::")[0]] += seconds
    terminalreporter.section(f"{spent.total():.0f} CPU seconds")
    for title, counted in (("modules", modules), ("tests", spent)):
        terminalreporter.line(f"{title}:")
        for name, seconds in counted.most_common(SHOWN):
            terminalreporter.line(f"{seconds:8.2f}  {name}")


class OfWorkers:
    """Where pytest-xdist runs the tests, its workers count."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        spent.update(getattr(node, "workeroutput", {}).get("cpu", {}))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(OfWorkers())
