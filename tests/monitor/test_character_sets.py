"""Sets of characters are read once by Python's compiler of expressions, and what it compiles is the same."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

EXPRESSIONS = (
    "[一-鿿]",
    "[^一-鿿]",
    "(?<![一-鿿])[甲乙丙丁][一-鿿]{1,2}(?![一-鿿])",
    "(?i:[a-z一-鿿])[a-z一-鿿]",
    "[\\w一-鿿]+|[^\\W一-鿿]+",
    "[\U00020000-\U0002ffff一-鿿]",
    "[]",
)

PROGRAM = """
import json, re, sys
from re import _compiler, _parser
read, sets = _compiler._optimize_charset, []
def counted(characters, *case):
    sets.append(characters)
    return read(characters, *case)
_compiler._optimize_charset = counted
if sys.argv[1] == "remembered":
    from monitor.character_sets import remember_character_sets
    remember_character_sets()
    remember_character_sets()
codes = []
for expression in json.loads(sys.argv[2]):
    for flags in (0, re.IGNORECASE, re.ASCII):
        try:
            codes.append(_compiler._code(_parser.parse(expression, flags), flags))
        except re.error as error:
            codes.append(str(error))
print(json.dumps([codes, len(sets)]))
"""


def compiled(how: str) -> tuple[list[object], int]:
    command = [sys.executable, "-c", PROGRAM, how, json.dumps(EXPRESSIONS)]
    codes, sets = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return codes, sets


@pytest.mark.skipif(not hasattr(__import__("re"), "_compiler"), reason="another compiler of expressions")
def test_expressions_are_compiled_to_the_same_with_fewer_sets_read():
    (codes, sets), (remembered, fewer) = compiled("plain"), compiled("remembered")
    assert remembered == codes
    assert fewer < sets


def test_every_process_that_reads_texts_remembers_sets():
    program = (
        "import re; from monitor.{module} import {what}; {what}{call}; print(re._compiler._optimize_charset.__module__)"
    )
    for module, what, call in (("cli", "main", ".callback()"), ("inspection.child", "stand_back", "()")):
        command = [sys.executable, "-c", program.format(module=module, what=what, call=call)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert done.stdout.strip() == "monitor.character_sets"
