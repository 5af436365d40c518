"""The core of the parser comes without its package, which comes whole where it is wanted."""

from __future__ import annotations

import subprocess
import sys


def printed(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_what_reads_pages_starts_without_the_package():
    code = "import sys, monitor.pages.parse; print('turbohtml._html' in sys.modules, 'turbohtml' in sys.modules)"
    assert printed(code) == "True False"


def test_the_package_still_comes_whole_and_with_the_same_core():
    code = (
        "from checks.model.turbohtml_core import Element, SelectorSyntaxError, parse; import turbohtml;"
        "print(turbohtml.Element is Element, turbohtml.SelectorSyntaxError is SelectorSyntaxError,"
        " parse('<b>字').to_markdown().strip())"
    )
    assert printed(code) == "True True **字**"


def test_a_package_that_is_there_stays():
    code = "import turbohtml, sys, checks.model.turbohtml_core; print(sys.modules['turbohtml'] is turbohtml)"
    assert printed(code) == "True"
