"""Write the settings of the checks into config.yaml: ``python -m monitor.settings.example FILE`` (``make rules``).

The end of the file, from the line ``# checks:`` on, is made from the checks themselves: every setting with its default
and the first sentence of its explanation. With the comment signs taken away it is a valid configuration.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

import yaml

from checks import CHECKS
from checks.model import Check
from monitor.settings.checks import RUN, settings_of
from reports.rules import field_docstrings

FIRST_LINE = "# checks:                     # settings of each check under its id; `run: false` switches one off"
WIDTH, COLUMN = 118, 30
"""Characters of a line at most, and the column at which comments begin where there is room."""


def with_checks(text: str) -> str:
    """Return the text of a configuration whose last section, ``# checks:``, is written anew."""
    above = re.split(r"^# checks:.*$", text, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [FIRST_LINE, *(f"# {line}".rstrip() for check in CHECKS for line in _check(check))]
    return above + "\n".join(lines) + "\n"


def _check(check: type[Check[Any]]) -> Iterator[str]:
    explained = field_docstrings(check)
    yield f"  {check.id}:"
    for name, field in settings_of(check).model_fields.items():
        default = field.get_default(call_default_factory=True)
        yield from _setting(name, default, "" if name == RUN else _sentence(explained.get(name, "")))


def _setting(name: str, default: object, comment: str) -> Iterator[str]:
    value = list(default) if isinstance(default, tuple) else default
    # None: a list or mapping on one line, with its key before it. A scalar would be put into braces together with it.
    flow = None if isinstance(value, list | dict) else False
    dumped = yaml.safe_dump({name: value}, allow_unicode=True, default_flow_style=flow, sort_keys=False, width=WIDTH)
    lines = [f"    {line}" for line in dumped.splitlines()]
    beside = f"{lines[0]:<{COLUMN - 3}} # {comment}"
    if not comment:
        yield from lines
    elif len(lines) == 1 and len(beside) < WIDTH:
        yield beside
    else:
        yield from (*(f"    # {line}" for line in wrap(comment, WIDTH - 8)), *lines)


def _sentence(text: str) -> str:
    """Return the first sentence of an explanation on one line, without its full stop."""
    line = " ".join(text.split()).replace("``", "`")
    return re.split(r"(?<=[^.])\.(?= [A-Z`]|$)", line, maxsplit=1)[0]


def main() -> None:
    """Write the file named on the command line anew."""
    path = Path(sys.argv[1])
    path.write_text(with_checks(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
