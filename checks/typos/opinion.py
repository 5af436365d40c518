"""Ask a second opinion on what the other layers suspect: larger models that are too slow to read everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from checks.typos.candidate import Suspect


class SecondOpinion(Protocol):
    """A model that weighs suspicions; it makes none of its own."""

    def weigh(self, text: str, suspects: Sequence[Suspect]) -> list[Suspect]:
        """Return the suspects in the same order, each with the probability that it deserves after a second look.

        They may overlap: rivals for one place, of which the engine then believes the likeliest. Those of several layers
        that make the same change have the same probability.
        """
