"""What the README shows works as it stands there, its new check in a copy of the whole tree."""

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.monitor import command_server

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def readme(name="README.md"):
    return (ROOT / name).read_text("utf-8")


def blocks(name, language):
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", readme(name), re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, body in found]


def test_both_walk_throughs_add_the_same_check():
    assert blocks(READMES[0], "python") == blocks(READMES[1], "python")


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """A copy of the tree with the check of the walk-through added to it, exactly as printed."""
    tree = tmp_path_factory.mktemp("tree")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if not name.startswith("bench/") and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    check, test = blocks("README.md", "python")
    (tree / "checks" / "titles.py").write_text(check, "utf-8")
    (tree / "tests" / "checks" / "test_titles.py").write_text(test, "utf-8")
    (registering,) = re.search(r"`(\"titles\": [^`]+)` in `CLASSES`", readme()).groups()
    table = (tree / "checks" / "__init__.py").read_text("utf-8")
    table = table.replace("CLASSES = {\n", f"CLASSES = {{\n    {registering}\n", 1)
    (tree / "checks" / "__init__.py").write_text(table, "utf-8")
    return tree


def in_tree(tree, *command):
    """Run a Python module in the copy."""
    return subprocess.run([sys.executable, "-m", *command], cwd=tree, check=False, capture_output=True, text=True)


def test_the_check_of_the_walk_through_is_written_into_docs_and_configuration(extended):
    rules = in_tree(extended, "reports.rules")
    assert "### missing-title" in rules.stdout, rules.stderr
    (extended / "docs" / "rules.md").write_text(rules.stdout, "utf-8")
    written = in_tree(extended, "monitor.settings.example", "config.yaml")
    assert written.returncode == 0, written.stderr
    assert "#     shortest: 1             # Characters that a title needs\n" in (extended / "config.yaml").read_text(
        "utf-8"
    )
    shown = in_tree(extended, "monitor", "config", "show", "--set", "checks.titles.shortest=3")
    assert "  titles:\n    run: true\n    shortest: 3\n" in shown.stdout, shown.stderr
    for command in (
        ("ruff", "check", "checks", "tests/checks"),
        ("ruff", "format", "--check", "checks", "tests/checks"),
    ):
        done = in_tree(extended, *command)
        assert done.returncode == 0, done.stdout
    kept = ("registered", "kebab", "current", "explained", "setting_of_every_check", "titles")
    tests = (
        "checks/test_titles.py",
        "test_conventions.py",
        "reports/test_rules_page.py",
        "monitor/settings/test_config_file.py",
    )
    done = in_tree(
        extended,
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        " or ".join(kept),
        *(f"tests/{name}" for name in tests),
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d+ passed", done.stdout), done.stdout


def test_the_check_of_the_walk_through_stands_in_the_report_under_its_label(extended, tmp_path):
    """No title of the demo site has two hundred characters."""
    (tmp_path / "config.yaml").write_text("checks: {titles: {shortest: 200}}\n", "utf-8")
    command = (
        "monitor",
        "demo",
        "--checks",
        "titles",
        "--max-pages",
        "3",
        "--format",
        "html",
        "--out",
        tmp_path / "r.html",
    )
    # A store of the test's own: the next `make run` would compare its report with these three pages.
    own = ("--config", tmp_path / "config.yaml", "--set", f"store.url=sqlite:///{tmp_path / 'store.db'}")
    done = in_tree(extended, *command, *own)
    assert "页面没有标题" in done.stdout, done.stderr
    assert "<td>页面标题</td>" in (tmp_path / "r.html").read_text("utf-8")


@pytest.mark.parametrize("name", READMES)
def test_the_configuration_it_shows_is_valid(name, tmp_path):
    (example,) = blocks(name, "yaml")
    (tmp_path / "config.yaml").write_text(example, "utf-8")
    done = command_server.run("config", "check", "--config", tmp_path / "config.yaml", cwd=tmp_path, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [*READMES, "docs/architecture.md", "docs/contributing.md", "CHANGELOG.md"])
def test_links_between_documents_lead_somewhere(name):
    document = ROOT / name
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_file_it_names_exists(name):
    """A path of the repository in backticks is there, but for those that the walk-through creates."""
    text = (ROOT / name).read_text("utf-8")
    paths = set(re.findall(r"`((?:checks|monitor|reports|tests|docs|tools)/[\w./-]+)`", text))
    assert {path for path in paths if not (ROOT / path).exists()} == {"checks/titles.py", "tests/checks/test_titles.py"}
