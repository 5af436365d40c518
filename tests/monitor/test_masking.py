"""Passwords reach neither messages nor the log nor a printed configuration, wherever they stood."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import main
from monitor.logs import FRAMES
from monitor.masking import masked

SECRET = "hunter2!"
TOKEN = "sh_" + "0123456789-_AbCdEf" * 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://u:p@db/x", "postgres://u:***@db/x"),
        ("postgresql+psycopg://u:p@ss@db:5432/x", "postgresql+psycopg://u:***@db:5432/x"),
        ("at https://a:b@c.cn/ and ftp://d:e@f/", "at https://a:***@c.cn/ and ftp://d:***@f/"),
        ("https://a.cn/?token=abc&x=1", "https://a.cn/?token=***&x=1"),
        ("https://a.cn:8443/x@y", "https://a.cn:8443/x@y"),
        ("Authorization: Bearer sh_Ab-cd_efghijklmnopqrstuvwxyz0123456789", "Authorization: Bearer sh_***"),
        ("sh_short, push_sh_and_deploy_to_the_servers", "sh_short, push_sh_and_deploy_to_the_servers"),
        ("2026-01-01 10:30 a@b.cn", "2026-01-01 10:30 a@b.cn"),
        ("", ""),
    ],
)
def test_passwords_of_urls(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "command", [["config", "check"], ["config", "show"], ["runs"], ["status"], ["doctor"], ["run"]]
)
@pytest.mark.parametrize(
    "url", ["postgres://u:{}@127.0.0.1:9/x", "nonsense://u:{}@h/x", "postgresql+psycopg://u:{}@127.0.0.1:9/x"]
)
def test_no_command_prints_the_password_of_the_store(tmp_path, command, url):
    (tmp_path / "c.yaml").write_text(
        yaml.safe_dump({"store": {"url": url.format(SECRET)}, "sites": [{"url": "http://a.cn/"}]}), "utf-8"
    )
    done = CliRunner().invoke(main, [*command, "--config", str(tmp_path / "c.yaml")])
    assert done.output
    assert SECRET not in done.output
    assert SECRET not in repr(done.exception)


def test_a_setting_that_is_refused_is_quoted_without_its_password(tmp_path):
    (tmp_path / "c.yaml").write_text(yaml.safe_dump({"store": {"url": [f"postgres://u:{SECRET}@h/x"]}}), "utf-8")
    done = CliRunner().invoke(main, ["config", "check", "--config", str(tmp_path / "c.yaml")])
    assert done.exit_code == 2
    assert "store.url" in done.output
    assert SECRET not in done.output


def test_what_probes_send_is_masked_in_a_printed_configuration(tmp_path):
    step = {"url": "/login", "form": {"user": "u", "password": SECRET}, "headers": {"Authorization": SECRET}}
    probes = [{"name": "登录", "steps": [step, {"url": "/q", "json": {"key": [SECRET]}}]}]
    (tmp_path / "c.yaml").write_text(yaml.safe_dump({"sites": [{"url": "http://a.cn/", "probes": probes}]}), "utf-8")
    done = CliRunner().invoke(main, ["config", "show", "--config", str(tmp_path / "c.yaml")])
    shown = yaml.safe_load(done.output)["sites"][0]["probes"][0]["steps"]
    assert shown[0]["form"] == {"user": "***", "password": "***"}
    assert SECRET not in done.output


LOGGING = """
import structlog
from monitor import logs
logs.configure({form!r})
def deep(n, secret):
    if n: return deep(n - 1, secret)
    raise ValueError("cannot reach postgres://u:{secret}@db/x with {token}")
try:
    deep(30, "a local {secret}")
except ValueError:
    structlog.get_logger().exception("broke at https://a:{secret}@b/", url="ftp://a:{secret}@b/", token="{token}")
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_holds_no_password_no_locals_and_a_short_traceback(form):
    code = LOGGING.format(form=form, secret=SECRET, token=TOKEN)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert SECRET not in done.stderr
    assert TOKEN not in done.stderr
    assert "ValueError" in done.stderr
    assert len(done.stderr) < 4000
    if form == "json":
        (line,) = done.stderr.splitlines()
        (raised,) = json.loads(line)["exception"]
        assert len(raised["frames"]) <= FRAMES + 1  # one says how many were left out
        assert not any(frame.get("locals") for frame in raised["frames"])
    else:
        assert "ValueError" in done.stderr.splitlines()[1]
