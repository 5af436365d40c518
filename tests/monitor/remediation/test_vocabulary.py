"""A typo that was called right is right on its site from the next inspection on, and a typo again afterwards."""

from __future__ import annotations

import os

import pytest

from tests.monitor import command_server
from tests.monitor.web import Command, html, serve, web

WRONG = html("<p>各单位要周密布署，确保工作落实到位。</p>")
AGAIN = html("<p>会议对下一步工作作了布署，要求抓好落实。</p>")


@pytest.fixture
def sitehealth(tmp_path):
    def run(*arguments: str) -> str:
        command = [*arguments, f"--set=store.url=sqlite:///{tmp_path}/store.db"]
        environment = {**os.environ, "SITEHEALTH_DATA": str(tmp_path)}
        done = command_server.run(*command, text=True, cwd=tmp_path, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def typos(outcome, kind: str = "findings") -> set[str]:
    return {each["text"]["wrong"] for each in outcome.report[kind] if each["family"] == "typos"}


def test_a_word_enters_the_vocabulary_of_its_site_and_leaves_it_with_the_judgement(tmp_path, sitehealth):
    inspect = Command(tmp_path)
    with web({"/": WRONG}).running() as here, web({"/": WRONG}).running() as elsewhere:
        first = inspect(f"{here.url}/", checks="typos")
        (entry,) = {each["number"] for each in first.report["findings"] if each["text"]["wrong"] == "布署"}
        told = sitehealth("suppressions", "add", "--entry", str(entry), "--alike", "--why", "系统名称", "--by", "张三")
        assert "涉及 1 条" in told
        here.routes["/"] = serve(WRONG + AGAIN)
        second = inspect(f"{here.url}/", checks="typos")
        assert (typos(second), typos(second, "suppressed")) == (set(), {"布署"})
        assert len(second.report["suppressed"]) == 2  # the one that was there, and one that is new
        assert typos(inspect(f"{elsewhere.url}/", checks="typos")) == {"布署"}
        assert "2 条重新待处理" in sitehealth("suppressions", "remove", "1", "--by", "李四")
        assert typos(inspect(f"{here.url}/", checks="typos")) == {"布署"}
