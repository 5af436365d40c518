"""Checks and reports are pure: they open no file but packaged ones, read no clock and draw no lots."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGED = ROOT / "checks" / "packaged.py"

IMPURE_MODULES = {"importlib.resources", "os", "pathlib", "random", "secrets", "shutil", "tempfile", "time"}
IMPURE_CALLS = {"open", "read_text", "read_bytes", "now", "today", "utcnow", "fromfile", "memmap"}
"""What a pure module neither imports nor calls; ``date.today()`` and ``Path.open`` are calls like any other."""


def pure_modules():
    for package in ("checks", "reports"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path != PACKAGED:
                yield path


def impurities(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
            yield from (f"line {node.lineno}: import {name}" for name in names & IMPURE_MODULES)
        elif isinstance(node, ast.ImportFrom):
            names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            yield from (f"line {node.lineno}: import {name}" for name in names & IMPURE_MODULES)
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in IMPURE_CALLS and not is_part_of_an_archive(node.func):
                yield f"line {node.lineno}: {called}()"


def is_part_of_an_archive(called):
    """Whether ``open`` is that of an archive: its parts stand in a stream that the caller has opened."""
    return isinstance(called, ast.Attribute) and ast.unparse(called.value) in {"archive", "self._archive"}


@pytest.mark.parametrize("path", list(pure_modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_does_nothing_but_compute(path):
    assert list(impurities(ast.parse(path.read_text("utf-8")))) == []


def test_the_parts_of_an_archive_are_no_files():
    assert list(impurities(ast.parse("archive.open('part', 'w')\nself._archive.open('part')"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from pathlib import Path",
        "from importlib import resources",
        "def f():\n    import random",
        "open('a')",
        "path.open()",
        "path.read_text()",
        "datetime.now()",
        "date.today()",
    ],
)
def test_what_is_impure_is_seen(source):
    assert len(list(impurities(ast.parse(source)))) == 1
