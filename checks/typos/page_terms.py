"""Know what a page itself establishes: a wording that it has again and again, or in its title, is a term of its own.

A slip is made once; 蚕业, 商位 or the name of a river stand all over the one page that is about them, however rare they
are elsewhere and however small the site is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from checks.typos.lexicon.boundaries import is_han, packaged_words

OFTEN, BESIDE_TITLE = 3, 2
"""Texts of a page that must have a wording for it to be a term; fewer where the title has it."""

SHORTEST, ENOUGH = 2, 3
"""Characters of a wording that may be a term, and from which on even a common word in its company is one."""


class PageTerms(Struct, frozen=True):
    """The texts of one page in their order, each once, and its title."""

    title: str = ""
    texts: Sequence[str] = ()

    def establishes(self, text: str, start: int, end: int) -> bool:
        """Return whether what stands at a place of one of the texts is a term of the page."""
        return any(map(self._is_term, telling(text, start, end)))

    def first_of_many(self, fault: Callable[[str], bool]) -> str:
        """Return the first text with a fault that so many of the page have that one cause made it in all; else ""."""
        faulty = [text for text in self.texts if fault(text)]
        return faulty[0] if len(faulty) >= OFTEN else ""

    def _is_term(self, wording: str) -> bool:
        least = BESIDE_TITLE if wording in self.title else OFTEN
        return sum(wording in text for text in self.texts) >= least


def telling(text: str, start: int, end: int) -> Iterator[str]:
    """Yield what stands at a place, unless it is a common word or too short, and what it is with either neighbour.

    Between two characters stand both of them: 非银|机构.
    """
    known = packaged_words().known
    if start == end:
        start, end = start - 1, end + 1
    around = {(start, end), (start - 1, end), (start, end + 1)}
    for first, last in around:
        wording = text[max(0, first) : last]
        is_whole = len(wording) >= SHORTEST and first >= 0 and all(map(is_han, wording))
        if is_whole and (len(wording) >= ENOUGH or wording not in known):
            yield wording
