"""One change of a text, in characters."""

from typing import NamedTuple


class Change(NamedTuple):
    """Put ``right`` in the place of ``text[start:end]``."""

    start: int
    end: int
    right: str

    def of(self, text: str) -> str:
        """Return the changed text."""
        return text[: self.start] + self.right + text[self.end :]
