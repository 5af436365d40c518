"""What the README shows works as it stands there."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def blocks(name, language):
    text = (ROOT / name).read_text("utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, body in found]


@pytest.mark.parametrize("name", READMES)
def test_the_check_of_the_walk_through_passes_its_own_test(name, tmp_path):
    """In a folder of its own that comes first on the path: the project itself has no such check."""
    check, test = blocks(name, "python")
    (tmp_path / "titles.py").write_text(check, "utf-8")
    (tmp_path / "test_titles.py").write_text(test.replace("checks.titles", "titles"), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--rootdir", ROOT]
    command += ["-o", f"pythonpath={tmp_path} {ROOT}", "-o", "addopts=--import-mode=importlib", tmp_path]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert "3 passed" in done.stdout, done.stdout


@pytest.mark.parametrize("name", READMES)
def test_the_configuration_it_shows_is_valid(name, tmp_path):
    (example,) = blocks(name, "yaml")
    (tmp_path / "config.yaml").write_text(example, "utf-8")
    program = Path(sys.executable).with_name("sitehealth")
    command = [program, "config", "check", "--config", tmp_path / "config.yaml"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [*READMES, "docs/architecture.md", "CHANGELOG.md"])
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
