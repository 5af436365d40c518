"""Read from scripts where they take the reader: ``location.href = "…"``, ``window.open("…")``.

Only plain strings are read: an address that a script puts together is not guessed. Comments and strings are told apart
from code, so that a move which is commented out or quoted moves nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.late_pattern import late

LONGEST = 20_000
"""Characters of one script that are looked through; what moves the reader on at once stands in short ones."""

MOVES = ("location", "open(")
"""One of them stands in every script that moves the reader on."""

STRING = r"""["']([^"'+\s]{1,500})["']"""
CODE = late(
    r"//[^\n]*|<!--[^\n]*|/\*.*?(?:\*/|\Z)"
    r"|(?<![\w$.])(?:(?:window|top|self|parent|document)\.)?location(?:\.href)?\s*=\s*"
    rf"{STRING}(?=\s*(?:[;,\n}})]|\Z|<!--|//|return\b))"
    rf"|location\.(?:replace|assign)\(\s*{STRING}\s*\)"
    rf"|(?P<window>(?<![\w$.])(?:window\.)?open\(\s*{STRING}\s*[,)])"
    r"""|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?""",
    re.DOTALL,
)
"""A comment, a move, or a string. One character of ``(?<!…)`` keeps ``mylocation=`` and ``xhr.open(`` out."""


def scripted_targets(script: str, *, windows: bool = True) -> Iterator[str]:
    """Yield the addresses that a script leads to; without ``windows`` those only that replace the page itself."""
    for match in CODE.finditer(script[:LONGEST]):
        if match["window"] is None or windows:
            href = match[1] or match[2] or match[4]
            if href:
                yield href
