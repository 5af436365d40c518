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
    ("proofread", "%PDF"): ("PDF 文件读不了", "PDF files cannot be read"),
}


@pytest.mark.parametrize("arguments", FAULTS, ids=lambda arguments: arguments[0])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_fault_is_told_in_the_language_of_the_reader(arguments, language, tmp_path, monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "%PDF").write_bytes(b"%PDF-1.7\n")
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in {2, 3}, done.output
    assert FAULTS[arguments][language == "en"] in done.output
