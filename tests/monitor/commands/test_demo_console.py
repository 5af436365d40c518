"""``demo --console`` serves the console over a store with one login that it prints, and ends on a signal.

The past that it is shown over is tested in ``tests/monitor/demo/test_history.py``; here a small store stands for it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import yaml

from monitor import __version__
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, Via
from monitor.accounts.permissions import Role
from monitor.demo.history import MARK, ready_history
from monitor.settings.config_file import load
from monitor.store import Store
from monitor.store.accounts.users import RightRecord
from tests.monitor import command_server
from tests.monitor.console.bureau import send
from tests.monitor.feeding import Feed

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path):
    """The folder of the data, with a history in it that this version made, as far as anybody can tell."""
    folder = tmp_path / "demo-history"
    folder.mkdir()
    url = f"sqlite:///{folder / 'store.db'}"
    document = {"store": {"url": url}, "sites": [{"id": "a", "name": "清河县政府", "url": "http://a.cn/"}]}
    (folder / "config.yaml").write_text(yaml.safe_dump(document), "utf-8")
    (folder / MARK).write_text(__version__, "utf-8")
    with Store(url) as store:
        Feed(store, "a", "清河县政府").run([])
    return tmp_path


@contextmanager
def shown(data, number: signal.Signals) -> Iterator[tuple[str, str, str, str]]:
    """Open the console of the demo; yield all that is printed, its address, the name and the password."""
    command = [sys.executable, "-u", "-m", "monitor", "demo", "--console"]
    environment = os.environ | {"SITEHEALTH_DATA": str(data), "SITEHEALTH_LANGUAGE": "en"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        try:
            address, password = re.search(r"http://\S+", said)[0], re.search(r"password:\s+(\S+)", said)[1]
            yield said, address, re.search(r"user:\s+(\S+)", said)[1], password
        finally:
            process.send_signal(number)
            assert process.wait(60) == 0


def answer_to_login(address: str, name: str, password: str) -> int:
    with httpx.Client(base_url=address, timeout=120) as client:
        status = send(client, "/login", {"name": name, "password": password}).status_code
        if status == 303:
            assert "清河县政府" in client.get("/").text
            assert client.get("/settings").status_code == 200  # for administrators alone
        return status


def test_it_prints_a_login_that_is_another_one_each_time(data):
    with shown(data, signal.SIGINT) as (said, address, name, first):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        assert "used again" in said
        assert said.count(first) == 1
        assert answer_to_login(address, name, first) == 303
    settings = load(data / "demo-history" / "config.yaml")
    with Store(settings.store.url.get_secret_value()) as store:
        users, somebody = UserAdministration(store, settings), Actor("test", "", Via.CLI)
        users.add_user("other", "九月初七开会-Qinghe", [RightRecord("all", "", Role.ADMIN)], (), somebody)
        users.disable(name, somebody)
        users.set_rights(name, [RightRecord("site", "a", Role.VIEWER)], (), somebody)
    with shown(data, signal.SIGTERM) as (_, address, name, second):
        assert second != first
        assert answer_to_login(address, name, second) == 303
        assert answer_to_login(address, name, first) != 303


def test_a_history_of_another_version_or_half_of_one_is_not_used(data):
    folder = data / "demo-history"
    assert ready_history(folder) == folder / "config.yaml"
    (folder / MARK).write_text("0.0.1", "utf-8")
    assert ready_history(folder) is None
    (folder / MARK).write_text(__version__, "utf-8")
    (folder / "store.db").unlink()
    assert ready_history(folder) is None
    assert ready_history(data / "nowhere") is None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--console", "--serve"], "--console likewise"),
        (["--console", "--scope", "homepage"], "--console likewise"),
        (["--listen", "127.0.0.1:0"], "--listen goes with --console"),
        (["--console", "--listen", "here"], "must be an IP address and a port"),
    ],
)
def test_wrong_use_is_told_before_anything_is_made(tmp_path, options, why):
    environment = os.environ | {"SITEHEALTH_DATA": str(tmp_path), "SITEHEALTH_LANGUAGE": "en"}
    done = command_server.run("demo", *options, env=environment, text=True)
    assert done.returncode == 2
    assert why in done.stderr
    assert list(tmp_path.iterdir()) == []
