"""``sitehealth headers``, run as a person runs it."""

import json
import sys
from pathlib import Path

import pytest

from tests.hosts import CASES
from tests.monitor import command_server
from tests.server.site import Site

PROGRAM = Path(sys.executable).with_name("sitehealth")
RECORDED = json.loads(CASES.read_text("utf-8"))["cases"]
GOOD = [
    ("Content-Security-Policy", "default-src 'self'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
]


def run(*arguments, cwd=None):
    return command_server.run("headers", *arguments, cwd=cwd, text=True)


@pytest.fixture(scope="module")
def site():
    async def page(exchange):
        await exchange.answer("<title>t</title>", headers=[*GOOD, ("Set-Cookie", "sess\x1b[31m=1")])

    with Site({"/": page}).running() as running:
        yield running


def test_cases_are_judged_without_a_network(tmp_path):
    done = run("--case", CASES, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for line, case in zip(lines, RECORDED, strict=True):
        verdict = (line["name"], line["score"], line["grade"], line["tests"])
        assert verdict == (case["name"], case["score"], case["grade"], case["expected"])
    messages = [finding for line in lines for finding in line["findings"]]
    assert {tuple(finding) for finding in messages} == {("rule", "severity", "message")}


def test_a_file_that_holds_no_cases(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text("nonsense")
    done = run("--case", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"错误：{path}：第 1 行不是 JSON：Expecting value\n"


@pytest.mark.parametrize("arguments", [(), ("https://a.example", "--case", CASES), ("--case", "/nonexistent")])
def test_wrong_use(arguments):
    assert run(*arguments).returncode == 2


def test_a_host_in_chinese_and_in_english(site):
    done = run(site.url, "--allow-private")
    assert done.returncode == 1, done.stderr
    assert "得分 " in done.stdout
    assert "登录会话的 Cookie" in done.stdout
    assert "\x1b" not in done.stdout
    english = run(site.url, "--allow-private", "--language", "en")
    assert "What to change" in english.stdout
    assert "The site has no https" in english.stdout


def test_a_host_as_json(site):
    done = run(site.url, "--allow-private", "--format", "json", "--language", "en")
    judged = json.loads(done.stdout)
    assert set(judged) == {"url", "score", "grade", "tests", "extra", "error", "findings"}
    assert judged["url"] == f"{site.url}/"
    assert [finding["rule"] for finding in judged["findings"]] == ["cookies", "redirection", "headers-on-error-pages"]
    assert all(finding["remedy"] for finding in judged["findings"])


def test_a_host_that_does_not_answer():
    with Site({}).running() as gone:
        url = gone.url
    done = run(url, "--allow-private")
    assert (done.returncode, done.stdout) == (3, "")
    assert url in done.stderr


def test_private_addresses_need_leave(site):
    done = run(site.url)
    assert done.returncode == 3
    assert "loopback" in done.stderr


def test_something_that_is_no_address():
    assert run("http://").returncode == 2
