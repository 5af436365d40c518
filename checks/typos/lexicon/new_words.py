"""Know words of today's writing and of trades that dictionaries lack: 数智, 非银, 主院区.

They look like slips of usual words to whatever has only counted those (data/new_words.txt).
"""

from __future__ import annotations

from functools import cache

from checks.packaged import packaged_text

SHORTEST, LONGEST = 2, 4
"""Characters of the words."""


@cache
def new_words() -> frozenset[str]:
    """Read the list (once a process)."""
    return frozenset(packaged_text("checks.typos", "data/new_words.txt").split())


def is_in_new_word(text: str, start: int, end: int) -> bool:
    """Return whether a span lies in such a word; one of no length touches it."""
    if start == end:
        return is_in_new_word(text, start - 1, start) or is_in_new_word(text, start, start + 1)
    return start >= 0 and any(
        text[begin : begin + size] in new_words()
        for size in range(max(SHORTEST, end - start), LONGEST + 1)
        for begin in range(max(0, end - size), start + 1)
    )
