"""Help is shown in the reader's language: every text of every command stands in the table of its Chinese."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from monitor.cli import SUMMARIES, main
from monitor.commands.help_text import paragraphs
from monitor.commands.help_words import HELP
from monitor.commands.work.text_table import width

OF_CLICK = {"Options", "Commands", "Show this message and exit.", "Show the version and exit."}
"""What click itself says in help."""

COLUMNS = 80
"""Of a terminal; click keeps two of them free."""


def commands(
    command: click.Command = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that it is called by."""
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from commands(found, (*path, name))


def texts() -> Iterator[str]:
    """Every help text of every command."""
    yield from SUMMARIES.values()
    for _, command in commands():
        yield from filter(None, (command.help, command.short_help))
        yield from filter(None, (getattr(each, "help", None) for each in command.params))


def test_every_help_text_has_its_chinese_and_nothing_else_does():
    said = {paragraph for text in texts() for paragraph in paragraphs(inspect.cleandoc(text))} | OF_CLICK
    assert sorted(said - HELP.keys()) == []
    assert sorted(HELP.keys() - said) == []


def test_a_group_lists_its_commands_in_words_of_their_own():
    """Words that click cuts out of a longer help would stand in no table."""
    unsaid = [path for path, command in commands() if len(path) > 1 and command.short_help is None]
    assert unsaid == []


PATHS = [path for path, _ in commands()]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def shown(path, monkeypatch, language) -> str:
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    done = CliRunner(env={"COLUMNS": str(COLUMNS)}).invoke(main, [*path, "--help"])
    assert done.exit_code == 0
    return done.output


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_is_in_chinese_and_fits_a_terminal(path, monkeypatch):
    output = shown(path, monkeypatch, "zh-CN")
    whole = joined(output)
    assert [each for each in HELP if len(each) > 20 and joined(each) in whole and joined(HELP[each]) not in whole] == []
    assert "选项：\n" in output
    assert [line for line in output.splitlines() if width(line) > COLUMNS] == []
    assert [line for line in output.splitlines() if line.strip().startswith(("，", "。", "；", "：", "、", "）"))] == []


def test_help_in_english_is_as_click_lays_it_out(monkeypatch):
    output = shown(("ledger", "recheck"), monkeypatch, "en")
    assert "Look now at the places of the entries NUMBERS" in output
    assert "Options:\n" in output
    assert "  --by TEXT             Who asks; kept with the history.  [default: recheck]" in output


def test_defaults_and_what_is_required_are_said_in_chinese(monkeypatch):
    output = joined(
        shown(("ledger", "recheck"), monkeypatch, "zh-CN") + shown(("ledger", "export"), monkeypatch, "zh-CN")
    )
    assert "由谁提出；记入历史。[默认：recheck]" in output
    assert "xlsx文件。[必填]" in output


def test_the_language_of_help_is_that_of_the_configuration_that_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("SITEHEALTH_LANGUAGE", raising=False)
    (tmp_path / "office.yaml").write_text("report: {language: en}\n", "utf-8")
    arguments = ["status", "--config", str(tmp_path / "office.yaml"), "--help"]
    monkeypatch.setattr("sys.argv", ["sitehealth", *arguments])
    assert "Show this message and exit." in CliRunner().invoke(main, arguments).output
