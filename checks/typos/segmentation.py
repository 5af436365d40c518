"""Cut a few characters of Chinese into words, with the probabilities of words alone.

Chinese writes no spaces: whether 和和 is a slip depends on whether it is 缓和|和 or 加强|和|和. The rules of form ask
here only where characters look wrong, so memory matters more than speed: 121,000 words are two arrays of 3 MB, read
in 13 ms or mapped where they were kept, and a cut takes 60 µs.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from checks.packaged import packaged_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 6
"""Characters of the longest word; longer ones are cut into shorter ones."""

STEPS_A_NAT = 10.0
"""Steps of a stored cost that make one nat (the natural logarithm's unit of surprise)."""

UNKNOWN = 16.0
"""Cost, in nats, of a character that is no word of its own; words that occur once in a million cost 14."""

OUTSIDE = 3.0
"""Cost of anything that is no Han character."""

_SIZES = np.tri(LONGEST, dtype=np.uint32)
"""What leaves of ``LONGEST`` characters the first one, the first two and so on."""


class Vocabulary(Struct, frozen=True, eq=False):
    """Known words, sorted, and what each costs: minus the logarithm of its probability, in steps."""

    words: NDArray[np.str_]
    steps: NDArray[np.uint8]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        """Return the words of the arrays that ``packed`` made."""
        codes = arrays["codes"].astype(np.uint32)
        return cls(codes.T.copy().view(f"<U{LONGEST}")[:, 0], arrays["steps"])

    def packed(self) -> dict[str, NDArray[Any]]:
        """Return arrays to save; columns of characters of sorted words compress to a third of what the words would."""
        codes = self.words.view(np.uint32).reshape(len(self.words), LONGEST).T.astype(np.uint16)
        return {"codes": codes, "steps": self.steps}

    def costs(self, wordings: list[str]) -> list[float | None]:
        """Return the cost of each wording in nats; None: no known word."""
        row = np.minimum(np.searchsorted(self.words, np.array(wordings)), len(self.words) - 1)
        known = self.words[row] == wordings
        return [step / STEPS_A_NAT if hit else None for step, hit in zip(self.steps[row].tolist(), known, strict=True)]

    def cut(self, text: str) -> Cut:
        """Return the likeliest way to cut a text into words; raises ValueError if it is empty."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end, words in enumerate(self._ending(text), start=1):
            ways = [(best[start][0] + cost, start) for start, cost in words]
            if not ways or ways[-1][1] < end - 1:
                alone = UNKNOWN if "\u4e00" <= text[end - 1] <= "\u9fff" else OUTSIDE
                ways.append((best[end - 1][0] + alone, end - 1))
            best.append(min(ways))
        borders = [len(text)]
        while borders[-1]:
            borders.append(best[borders[-1]][1])
        return Cut(text, tuple(reversed(borders)), best[-1][0])

    def _ending(self, text: str) -> list[list[tuple[int, float]]]:
        """Return the known words that end with each character, longest first: where each begins and its cost."""
        codes = np.zeros(len(text) + LONGEST - 1, np.uint32)
        codes[: len(text)] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        windows = np.lib.stride_tricks.sliding_window_view(codes, LONGEST)[:, None, :] * _SIZES
        wordings = windows.view(f"<U{LONGEST}").ravel()
        rows = np.minimum(np.searchsorted(self.words, wordings), len(self.words) - 1)
        found = np.flatnonzero(self.words[rows] == wordings)
        ending: list[list[tuple[int, float]]] = [[] for _ in text]
        for place, step in zip(found.tolist(), self.steps[rows[found]].tolist(), strict=True):
            start, longer = divmod(place, LONGEST)
            if start + longer < len(text):  # beyond the end, a window is a shorter one again
                ending[start + longer].append((start, step / STEPS_A_NAT))
        return ending


class Cut(Struct, frozen=True):
    """A text with the borders of its words (0 and the length included), and its cost in nats."""

    text: str
    borders: tuple[int, ...]
    cost: float

    @property
    def words(self) -> list[str]:
        """The words from left to right."""
        return [self.text[start:end] for start, end in zip(self.borders, self.borders[1:], strict=False)]

    def word_at(self, place: int) -> tuple[int, int]:
        """Return where the word over a character begins and ends."""
        end = next(border for border in self.borders if border > place)
        return self.borders[self.borders.index(end) - 1], end


def compiled() -> dict[str, NDArray[Any]]:
    """Return the packaged words as arrays to keep; ``take`` takes them."""
    known = vocabulary()
    return {"words": known.words, "steps": known.steps}


def take(arrays: Mapping[str, NDArray[Any]]) -> None:
    """Have this process use the words that ``compiled`` returned. Raises KeyError."""
    _taken.update({name: arrays[name] for name in ("words", "steps")})


_taken: dict[str, NDArray[Any]] = {}


@cache
def vocabulary() -> Vocabulary:
    """Read the packaged words (once a process)."""
    if _taken:
        return Vocabulary(_taken["words"], _taken["steps"])
    return Vocabulary.of(packaged_arrays("checks.typos", "data/vocabulary.npz"))
