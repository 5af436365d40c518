"""Slips on the command line are answered with what was meant, and before any work is done."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.store import Store
from tests.monitor.daemons import free_port


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("inspct", "inspect"), ("stauts", "status"), ("reprot", "report"), ("publication", "publications")],
)
def test_a_mistyped_command_is_guessed(typed, meant):
    done = CliRunner().invoke(main, [typed])
    assert done.exit_code == 2
    assert f"是不是 '{meant}'？" in done.output


def test_a_command_like_no_other_is_only_refused():
    done = CliRunner().invoke(main, ["zzz"])
    assert done.exit_code == 2
    assert "是不是" not in done.output


@pytest.mark.parametrize(
    ("override", "meant"), [("crawl.delai=1", "delay"), ("checks.link.run=false", "links"), ("crawl.zzz=1", None)]
)
def test_a_mistyped_setting_is_guessed(override, meant):
    done = CliRunner().invoke(main, ["config", "check", "--set", override])
    assert done.exit_code == 2
    assert (f"是不是 {meant}？" in done.output) == (meant is not None)


def test_a_daemon_without_sites_is_refused(tmp_path):
    (tmp_path / "c.yaml").write_text("sites: []\n", "utf-8")
    done = CliRunner().invoke(main, ["run", "--config", str(tmp_path / "c.yaml")])
    assert done.exit_code == 2
    assert f"{tmp_path / 'c.yaml'}：没有配置网站，无事可做" in done.output


def test_a_report_that_cannot_be_written_is_refused_before_the_crawl(tmp_path):
    (tmp_path / "file").touch()
    site = f"http://127.0.0.1:{free_port()}/"
    out = tmp_path / "file" / "below.html"
    store = f"store.url=sqlite:///{tmp_path / 'store.db'}"
    done = CliRunner().invoke(main, ["inspect", site, "--allow-private", "--out", str(out), "--set", store])
    assert done.exit_code == 2
    assert f"--out：{out} 写不进去" in done.output
    assert not (tmp_path / "store.db").exists()


def test_doctor_names_a_missing_package_and_does_not_fall_over_it(monkeypatch):
    monkeypatch.setattr("monitor.commands.doctor.REQUIRED", ("click", "a-package-that-is-not-there"))
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 2
    assert "a-package-that-is-not-there 没有安装；请运行 make run" in done.output
    assert "typo check" not in done.output


STATE = {"zh-CN": re.compile("(正常|缺少|故障) "), "en": re.compile("(ok|missing|broken) ")}
DETAIL = {"zh-CN": re.compile("[一-鿿]"), "en": re.compile("^[^一-鿿]*$")}


@pytest.mark.parametrize("language", STATE)
def test_doctor_speaks_the_language_of_the_reader(tmp_path, monkeypatch, language):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    monkeypatch.chdir(tmp_path)
    with Store(f"sqlite:///{tmp_path}/s.db"):
        done = CliRunner().invoke(main, ["doctor", "--set", f"store.url=sqlite:///{tmp_path}/s.db"])
    lines = done.stdout.splitlines()
    assert [line for line in lines if not STATE[language].match(line)] == []
    told = [line for line in lines if re.search(r" (disk|typo check|store|pictures|browser) ", line)]
    assert len(told) == 5
    assert [line for line in told if not DETAIL[language].search(line)] == []
