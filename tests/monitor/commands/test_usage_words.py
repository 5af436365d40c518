"""Wrong use of a command is told in the reader's language, whatever click has to say of it."""

from __future__ import annotations

import ast
import inspect
from string import Formatter

import click
import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.commands import common
from monitor.commands.usage_words import ASKING, NAMES, WORDS

FOR_PROGRAMMERS = ("DeprecationWarning", "Could not determine", "No options defined", "Arguments take exactly")
FOR_PROGRAMMERS += ("Name '{name}' defined", "Boolean option {decl!r}", "Invalid start character", "Value must be")
FOR_HELP = {"deprecated", "Options", "Positional arguments", "Commands", "(dynamic)", "Choice({choices})"}


def asked_for():
    """Every wording that the installed click looks up where it words errors."""
    for module in ASKING:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
                yield from (ast.literal_eval(each) for each in node.args if isinstance(each, ast.Constant))


def test_every_error_of_the_installed_click_is_in_the_table():
    missing = set(asked_for()) - set(WORDS) - set(NAMES) - FOR_HELP
    assert [words for words in missing if not words.startswith(FOR_PROGRAMMERS)] == []


def test_options_are_declared_without_a_look_into_the_configuration(tmp_path, monkeypatch):
    """Of 13,000 sites it takes a second, and every command reads it again."""
    monkeypatch.delenv("SITEHEALTH_LANGUAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("report: {language: en}\n", "utf-8")
    common._configured_language.cache_clear()
    click.Path(exists=True)
    click.File()
    click.Choice(["a"])
    assert common._configured_language.cache_info().misses == 0


@pytest.mark.parametrize(("english", "chinese"), WORDS.items())
def test_a_translation_fills_in_what_the_english_does(english, chinese):
    def fields(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert fields(english) >= fields(chinese)
    assert fields(english) - fields(chinese) <= {"len_value"}


WRONG = {
    ("ledger", "show", "abc"): ("'abc' 不是整数", "is not a valid integer range"),
    ("ledger", "list", "--site"): ("选项 '--site' 要带一个值", "requires an argument"),
    ("ledger", "list", "--fromat", "json"): ("没有选项 '--fromat'", "No such option"),
    ("ledger", "list", "--format", "xml"): ("'xml' 不在可选的值之中", "is not one of"),
    ("ledger", "set", "1", "--deadline", "soon", "--by", "x"): ("“soon”不是日期", "is no date"),
    ("ledger", "set", "1"): ("缺少选项 '--by'", "Missing option"),
    ("ledger", "import", "/none.xlsx", "--by", "x"): ("文件 '/none.xlsx' 不存在", "does not exist"),
    ("ledgr",): ("没有命令 'ledgr'。 是不是 'ledger'？", "Did you mean 'ledger'?"),
    ("ledger", "set", "1", "--by", " "): ("请写上姓名", "a name, please"),
    ("run", "extra"): ("多出了参数（extra）", "unexpected extra argument"),
    ("inspect",): ("缺少参数 'URL'", "Missing argument"),
    ("ledger", "show"): ("用法：", "Usage:"),
    ("report", "--quarter", "2026Q7"): ("“2026Q7”不是季度", "is no quarter"),
}


@pytest.mark.parametrize("arguments", WRONG)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_wrong_use_is_told_in_the_language_of_the_reader(arguments, language, monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert WRONG[arguments][language == "en"] in done.output


@pytest.mark.parametrize("override", [["--set", "report.language=en"], ["--set=report.language=en"]])
def test_the_language_may_be_set_on_the_command_line(monkeypatch, override):
    monkeypatch.delenv("SITEHEALTH_LANGUAGE", raising=False)
    arguments = ["status", "--nope", *override]
    monkeypatch.setattr("sys.argv", ["sitehealth", *arguments])
    assert "No such option" in CliRunner().invoke(main, arguments).output


@pytest.mark.parametrize(("language", "said"), [("en", "No such option"), ("zh-CN", "没有选项")])
def test_the_language_is_that_of_the_configuration_that_the_command_names(tmp_path, monkeypatch, language, said):
    monkeypatch.delenv("SITEHEALTH_LANGUAGE", raising=False)
    (tmp_path / "office.yaml").write_text(f"report: {{language: {language}}}\n", "utf-8")
    arguments = ["status", "--nope", "--config", str(tmp_path / "office.yaml")]
    monkeypatch.setattr("sys.argv", ["sitehealth", *arguments])
    assert said in CliRunner().invoke(main, arguments).output
