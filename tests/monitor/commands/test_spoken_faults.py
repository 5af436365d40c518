"""What a command tells people is said in both languages: no sentence of a command is there in English alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main

ROOT = Path(__file__).parents[3]

SAYS = {"Fault", "UsageError", "BadParameter", "ClickException", "echo", "prompt", "confirm"}
"""What tells people something."""

IN_BOTH = {"worded", "Text"}
"""What takes both languages."""

SENTENCE = re.compile(r"[A-Za-z]{2,}[,;]? [a-z]{2,}")
"""Words with a space between them: names of options, commands and keys stand alone."""

CHINESE = re.compile("[一-鿿]")
"""What is told in both languages at once has Chinese in it."""

COMMANDS_SHOWN = re.compile(r"sitehealth [a-z-]+|--[a-z]+ [a-z]+|sudo -u|checks\.typos")
"""What is typed, and is the same in both."""


def unworded(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text that is told to people and stands in one language: its line, and what it says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAYS:
            for each in node.args:
                yield from _texts(each)


def _texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call) and _name(node.func) in IN_BOTH:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if SENTENCE.search(COMMANDS_SHOWN.sub("", node.value)) and not CHINESE.search(node.value):
            yield node.lineno, node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def _name(function: ast.AST) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


@pytest.mark.parametrize("path", sorted((ROOT / "monitor/commands").rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_is_told_in_english_alone(path: Path):
    assert [f"{path.name}:{line}: {text}" for line, text in unworded(ast.parse(path.read_text("utf-8")))] == []


def test_an_english_sentence_is_found():
    said = ast.parse(
        'raise Fault(f"there is no {name}", 3)\nclick.echo("ok: all is well")\nFault(worded("没有", "no one is"))'
    )
    assert [line for line, _ in unworded(said)] == [1, 2]


FAULTS = {
    ("headers", "http://["): ("不是网址", "is not a URL"),
    ("render", "http://["): ("不是网址", "is not a URL"),
    ("setup",): ("请加上 --system", "say --system"),
    ("run", "--set", "sites=[]"): ("没有配置网站", "no sites are configured"),
    ("console", "--set", "store.url=sqlite:////nowhere/none.db"): ("处没有数据库", "there is no store at"),
    ("notify", "test", "--set", "notify.targets=[]"): ("没有接收方", "has no targets"),
    ("user", "add", "zhang", "--role", "viewer", "--stdin", "--generate"): ("只能给一个", "give one of"),
    ("db", "migrate", "--set", "store.url=nothing://"): ("不能用", "cannot be used"),
    ("fleet", "status"): ("没有多机检查可显示", "there is no fleet to show"),
    ("worker", "--queues", "nope"): ("没有队列", "there are"),
    ("proofread", "%PDF"): ("读不出来", "cannot be read (damaged"),
    ("status", "--set", "crawl.timeout=soon"): ("应为数字（读到：'soon'）", "Input should be a valid number"),
    ("status", "--set", "crawl.timeout=0"): ("应大于 0", "Input should be greater than"),
    ("status", "--set", "crawl.delai=1"): ("没有这项设置（是不是 delay？）", "no such setting; did you mean delay?"),
    ("status", "--set", "report.formats=[odt]"): (
        "没有 'odt' 格式，可以是：html",
        "unknown format 'odt'; allowed: html",
    ),
    ("status", "--set", "sites=[{url: '::'}]"): ("不是网址，请写成", "is not a URL; write it as"),
    ("status", "--set", "console"): ("应写成 KEY=VALUE", "must be KEY=VALUE"),
    ("status", "--config", "none.yaml"): ("none.yaml：读不了：文件不存在", "none.yaml: cannot be read: No such file"),
    ("status", "--config", "twice.yaml"): ("'report' 写了两次", "key 'report' is given twice"),
    ("status", "--set", "sites_from=[{csv: sites.csv}]"): ("没有列 'adress'", "no such column: 'adress'"),
    ("inspect", "http://127.0.0.1:9/", "--checks", "nope"): (
        "没有检查项 'nope'，可以是",
        "unknown check 'nope'; there",
    ),
    ("headers", "--case", "%PDF"): ("第 1 行不是 JSON", "line 1: not JSON"),
    ("config", "check", "--set", "report.logo=none.png"): (
        "report.logo：none.png：文件不存在",
        "report.logo: none.png: No",
    ),
    ("ledger", "import", "%PDF", "--by", "x"): ("不是 xlsx 文件：请把", "no xlsx file: save the table"),
    ("ledger", "list", "--rule", "nope"): ("没有规则“nope”", "unknown rule 'nope'"),
}


@pytest.mark.parametrize("arguments", FAULTS, ids=" ".join)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_fault_is_told_in_the_language_of_the_reader(arguments, language, tmp_path, monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    monkeypatch.setenv("SITEHEALTH_DATA", str(tmp_path))  # its store: `user` opens the one of who names none
    monkeypatch.chdir(tmp_path)
    (tmp_path / "%PDF").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "twice.yaml").write_text("report: {}\nreport: {}\n", "utf-8")
    (tmp_path / "sites.csv").write_text("url,adress\n", "utf-8")
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in {2, 3}, done.output
    assert FAULTS[arguments][language == "en"] in done.output
    assert ("错误：" in done.output) == (language == "zh-CN")


def raised_in_english(path: Path) -> Iterator[str]:
    """Every fault of a setting that is raised with words of one language."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc.func) == "ValueError":
            yield f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("path", sorted((ROOT / "monitor/settings").glob("*.py")), ids=lambda path: path.stem)
def test_what_is_wrong_with_a_setting_is_raised_in_both_languages(path: Path):
    assert list(raised_in_english(path)) == []
