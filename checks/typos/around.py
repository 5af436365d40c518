"""Look at the words around a place of a text."""

from __future__ import annotations

from typing import NamedTuple

from checks.typos.segmentation import Cut, vocabulary

MARGIN = 12
"""Characters on either side that are cut into words with what is looked at."""


class Around(NamedTuple):
    """The words around a place of a text, and where in ``text`` the text that was cut begins."""

    cut: Cut
    begin: int

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Around:
        """Cut the text from ``MARGIN`` characters before ``start`` to as many after ``end``."""
        begin = max(0, start - MARGIN)
        return cls(vocabulary().cut(text[begin : end + MARGIN]), begin)

    def is_border(self, place: int) -> bool:
        """Return whether a word begins at a place of the text."""
        return place - self.begin in self.cut.borders

    def are_borders(self, *places: int) -> bool:
        """Return whether a word begins or ends at each of these places."""
        return all(map(self.is_border, places))

    def word_at(self, place: int) -> str:
        """Return the word over a place of the text; empty beyond what was cut."""
        if not self.begin <= place < self.begin + len(self.cut.text):
            return ""
        start, end = self.cut.word_at(place - self.begin)
        return self.cut.text[start:end]

    def neighbours(self, first: int, last: int) -> tuple[str, str]:
        """Return the word before the one over ``first``, and the word after the one over ``last``."""
        start, _ = self.cut.word_at(first - self.begin)
        _, end = self.cut.word_at(last - self.begin)
        return self.word_at(self.begin + start - 1), self.word_at(self.begin + end)
