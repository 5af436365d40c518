"""A whole run: what failed by chance is run once more by itself and named, and what fails twice fails the run."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parent.parent / "tools" / "run_tests.py"

ONCE = """
from pathlib import Path

def test_passes():
    pass

def test_once():
    before = Path("seen").exists()
    Path("seen").touch()
    assert before, "the first time"
"""


def run(folder: Path, module: str, *arguments: str) -> tuple[int, str]:
    (folder / "test_module.py").write_text(module, "utf-8")
    command = [sys.executable, str(TOOL), "-q", "-p", "no:randomly", "-p", "no:schemathesis", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout


def test_what_fails_once_is_named_with_what_it_said_and_fails_nothing(tmp_path):
    status, said = run(tmp_path, ONCE, "-n", "2", "--dist", "worksteal")
    assert status == 0
    assert "AssertionError: the first time" in said
    assert said.rstrip().endswith("test_module.py::test_once")
    assert "1 failed, 1 passed" in said
    assert "UNSTABLE" in said


def test_what_fails_twice_fails_the_run(tmp_path):
    status, said = run(tmp_path, "def test_never():\n    assert False\n")
    assert status == 1
    assert said.count("1 failed") == 2
    assert "UNSTABLE" not in said


def test_where_much_fails_nothing_is_run_again(tmp_path):
    module = (
        "import pytest\n\n@pytest.mark.parametrize('number', range(6))\ndef test_never(number):\n    assert False\n"
    )
    status, said = run(tmp_path, module)
    assert status == 1
    assert said.count("6 failed") == 1


def test_what_is_no_failed_test_ends_the_run(tmp_path):
    assert run(tmp_path, "import nothing_of_this_name\n")[0] == 2
